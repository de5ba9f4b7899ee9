/**
 * The root of `npm run dev`: Vite serves the page with hot replacement; workers and runtimes are built as in production, since a sandboxed
 * worker is one file or nothing, and are built again when their sources change. No service worker here: it would only hide changes.
 */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createServer, type Plugin } from "vite";
import { headersFor } from "../../server/headers.ts";
import { sandboxHash } from "../../server/sandbox.ts";
import { buildSite, distFolder, sitePlugin } from "./build.ts";

const port = 4680;
const quietMs = 300;
const top = join(import.meta.dirname, "../../..");
let site = await buildSite("dev");

/** Serves what was built beside the page with the headers it will have in production. */
const builtFiles: Plugin = {
  name: "dagbok-built-files",
  configureServer: ({ middlewares }) => {
    middlewares.use((request, response, next) => {
      const path = (request.url ?? "/").split("?")[0] ?? "/";
      const file = join(distFolder, path);
      const isOurs = /^\/(workers|runtimes)\//.test(path) && file.startsWith(distFolder) && existsSync(file);
      for (const [name, value] of Object.entries(headersFor(path, sandboxHash()))) {
        const isPagePolicy = name === "Content-Security-Policy" && !isOurs && !path.startsWith("/sandbox");
        if (!isPagePolicy) response.setHeader(name, name === "Cache-Control" ? "no-cache" : value);
      }
      if (!isOurs) return next();
      response.setHeader("Content-Type", path.endsWith(".js") ? "text/javascript" : path.endsWith(".wasm") ? "application/wasm" : "application/octet-stream");
      response.end(readFileSync(file));
    });
  },
};

const server = await createServer({
  configFile: false,
  root: join(top, "src"),
  publicDir: join(top, "public"),
  plugins: [svelte({ configFile: join(top, "svelte.config.js") }), sitePlugin(() => site), builtFiles],
  server: { port },
});
let timer: ReturnType<typeof setTimeout> | undefined;
server.watcher.on("change", (file) => {
  if (!file.endsWith(".ts") || file.includes("/ui/")) return;
  clearTimeout(timer);
  timer = setTimeout(() => void rebuild(), quietMs);
});
const rebuild = async (): Promise<void> => {
  try {
    site = await buildSite("dev");
    server.moduleGraph.invalidateAll();
    server.ws.send({ type: "full-reload" });
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
};
await server.listen();
server.printUrls();
