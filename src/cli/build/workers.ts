/** Owns building the workers: each alone, one file without imports, since a sandboxed worker may load nothing. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin, type Rolldown } from "vite";

const rootOf = (file: string): string => file.replace(/\.worker\.ts$/, "");

/** Runtimes name their own files beside themselves; ours are handed over as bytes, so the build must not copy them a second time. */
const runtimes = /\/node_modules\/(@electric-sql\/pglite|@sqlite\.org\/sqlite-wasm|@jitl\/|pyodide\/)/;
const withoutPackageFiles: Plugin = {
  name: "dagbok-without-package-files",
  enforce: "pre",
  transform: (code, id) =>
    runtimes.test(id) ? code.replaceAll(/new URL\((["'`])(\.\/)?[\w.-]+\.(wasm|data)\1,\s*import\.meta\.url\)/g, 'new URL("https://runtime.invalid/")') : undefined,
};

/** URL by root name. `root` is the `src` folder, `dist` the output. */
export const buildWorkers = async (root: string, dist: string): Promise<Readonly<Record<string, string>>> => {
  const files = readdirSync(root).filter((file) => file.endsWith(".worker.ts"));
  const urls: Record<string, string> = {};
  for (const file of files) {
    const built = (await build({
      configFile: false,
      root,
      logLevel: "warn",
      publicDir: false,
      plugins: [withoutPackageFiles],
      build: {
        outDir: join(dist, "workers"),
        emptyOutDir: false,
        target: "es2022",
        modulePreload: false,
        chunkSizeWarningLimit: 8_000,
        rolldownOptions: {
          input: join(root, file),
          output: { format: "es", entryFileNames: `${rootOf(file)}-[hash].js`, codeSplitting: false },
        },
      },
    })) as Rolldown.RolldownOutput;
    const chunks = built.output.filter((part) => part.type === "chunk");
    const [chunk] = chunks;
    if (chunk === undefined || chunks.length > 1) throw new Error(`${file} was built into ${chunks.length} files: a worker must be one`);
    urls[rootOf(file)] = `/workers/${chunk.fileName}`;
  }
  return urls;
};
