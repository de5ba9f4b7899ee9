/**
 * Owns the whole build, in the only order that works: runtimes and workers give their names, the page is told them, the service worker
 * lists the result. `buildIfNeeded` compares a hash of everything that goes in with the one the last build left.
 */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "vite";
import type { RuntimeFile, Site } from "../../ports/tab/site.ts";
import { sandboxHash } from "../../server/sandbox.ts";
import { compressAll } from "./compress.ts";
import { writePrecache } from "./precache.ts";
import { copyRuntimes } from "./runtimes.ts";
import { buildWorkers } from "./workers.ts";

const top = join(import.meta.dirname, "../../..");
const root = join(top, "src");
export const distFolder = join(top, "dist");

/** The module `virtual:site`; `siteOf` is asked at each load. */
export const sitePlugin = (siteOf: () => Site): Plugin => ({
  name: "dagbok-site",
  resolveId: (id) => (id === "virtual:site" ? "\0virtual:site" : undefined),
  load: (id) => (id === "\0virtual:site" ? `export default ${JSON.stringify(siteOf())}` : undefined),
});

const hashOfInputs = (): string => {
  const hash = createHash("sha256");
  const files = ["package-lock.json", "svelte.config.js"].map((name) => join(top, name));
  for (const folder of [root, join(top, "public")])
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  for (const file of files.sort()) if (existsSync(file)) hash.update(file.slice(top.length)).update(readFileSync(file));
  return hash.digest("hex");
};
const stampFile = join(distFolder, "build.json");
const lastStamp = (): string | undefined =>
  existsSync(stampFile) ? (JSON.parse(readFileSync(stampFile, "utf8")) as { inputs: string }).inputs : undefined;

/** Answers whether anything had to be built. */
export const buildIfNeeded = async (say: (line: string) => void): Promise<boolean> => {
  const inputs = hashOfInputs();
  if (lastStamp() === inputs) return false;
  say("Building Dagbok (once, about half a minute) …");
  await buildAll(inputs);
  return true;
};

/** Workers and runtimes alone: what `npm run dev` needs beside Vite. */
export const buildSite = async (version: string): Promise<Site> => {
  mkdirSync(distFolder, { recursive: true });
  const runtimes = copyRuntimes(distFolder);
  return { version, workers: await buildWorkers(root, distFolder), runtimes };
};

export const buildAll = async (inputs: string = hashOfInputs()): Promise<void> => {
  rmSync(distFolder, { recursive: true, force: true });
  const site = await buildSite(inputs.slice(0, 12));
  await buildPage(site);
  await buildServiceWorker(site);
  compressAll(distFolder);
  writeFileSync(stampFile, JSON.stringify({ inputs, sandbox: sandboxHash() }));
};

const buildPage = (site: Site): Promise<unknown> =>
  build({
    configFile: false,
    root,
    publicDir: join(top, "public"),
    logLevel: "warn",
    plugins: [svelte({ configFile: join(top, "svelte.config.js") }), sitePlugin(() => site)],
    build: {
      outDir: distFolder,
      emptyOutDir: false,
      target: "es2022",
      chunkSizeWarningLimit: 2_000,
      rolldownOptions: { input: [join(root, "index.html"), join(root, "sandbox.html"), join(root, "sandbox-run.html")] },
    },
  });

/** A worker that carries a runtime belongs to its pack: it is kept and replaced with it. */
const packWorkers = ({ workers }: Site): readonly RuntimeFile[] =>
  (["python", "postgres"] as const).flatMap((pack) => {
    const url = workers[`step-${pack}`];
    return url === undefined ? [] : [{ name: `step-${pack}`, pack, url, bytes: statSync(join(distFolder, url)).size }];
  });

const buildServiceWorker = async (site: Site): Promise<void> => {
  await build({
    configFile: false,
    root,
    publicDir: false,
    logLevel: "warn",
    define: { __RUNTIMES__: JSON.stringify([...site.runtimes, ...packWorkers(site)]), __SANDBOX_HASH__: JSON.stringify(sandboxHash()) },
    build: {
      outDir: distFolder,
      emptyOutDir: false,
      target: "es2022",
      modulePreload: false,
      rolldownOptions: { input: join(root, "sw.ts"), output: { format: "es", entryFileNames: "sw.js", codeSplitting: false } },
    },
  });
  writePrecache(distFolder);
};
