/** The tests' projects. The build and the development server are src/cli/build. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { sitePlugin } from "./src/cli/build/build.ts";
import { chromeArgs } from "./tests/kit/browser.ts";

const executablePath = process.env["CHROME_PATH"] ?? "/usr/bin/chromium";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/**/*.browser.test.ts", "tests/e2e/**"],
          environment: "node",
          // A limit against hanging, not a measure of speed: the machine may be busy.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [svelte(), sitePlugin(() => ({ version: "test", workers: {}, runtimes: [] }))],
        optimizeDeps: { include: ["vitest-browser-svelte", "dexie", "comlink", "uuid", "valibot", "yaml", "axe-core", "fflate", "re2js", "@cfworker/json-schema"], exclude: ["@lucide/svelte"] },
        test: {
          name: "browser",
          include: ["tests/**/*.browser.test.ts"],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: { executablePath, args: [...chromeArgs] } }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
