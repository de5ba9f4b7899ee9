import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  vitePlugin: {
    // Our own components are in runes mode; packages decide for themselves.
    dynamicCompileOptions: ({ filename }) => (filename.includes("node_modules") ? {} : { runes: true }),
  },
};
