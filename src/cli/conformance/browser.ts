/** Owns the stage of a case in Chromium: one worker built from our sources, served locally, driven through the page that started it. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createNodeAssets } from "../../adapters/node/assets.ts";
import type { AssetName } from "../../ports/assets.ts";
import type { CaseFolder, CaseReport } from "./case.ts";
import type { Player } from "./judge.ts";

const launchArgs = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export const openBrowserStage = async (): Promise<{ readonly player: Player; readonly close: () => Promise<void> }> => {
  const { default: puppeteer } = await import("puppeteer-core");
  const server = await serve(await bundle());
  const browser = await puppeteer.launch({ executablePath: findBrowser(), args: launchArgs, headless: true, protocolTimeout: 300_000 });
  const page = await browser.newPage();
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  const player: Player = async (folder: CaseFolder) => {
    const answer = JSON.parse(await page.evaluate((text: string) => (globalThis as unknown as { play: (text: string) => Promise<string> }).play(text), JSON.stringify(folder))) as {
      readonly report?: CaseReport;
      readonly failed?: string;
    };
    if (answer.report === undefined) throw new Error(answer.failed);
    return answer.report;
  };
  return {
    player,
    close: async () => {
      await browser.close();
      server.close();
    },
  };
};

const findBrowser = (): string => {
  const given = process.env["CHROME_PATH"];
  if (given !== undefined && existsSync(given)) return given;
  for (const name of names) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      continue; // `which` says by its exit code that there is no such program.
    }
  }
  throw new Error("no Chromium was found: install one, or name it in CHROME_PATH");
};

const bundle = async (): Promise<string> => {
  const { build } = await import("vite");
  const built = await build({
    configFile: false, root: import.meta.dirname, logLevel: "error", publicDir: false,
    build: {
      write: false, target: "es2022", modulePreload: false, chunkSizeWarningLimit: 20_000,
      rolldownOptions: { input: join(import.meta.dirname, "stage.worker.ts"), output: { format: "es", entryFileNames: "stage.js", codeSplitting: false } },
    },
  });
  const outputs = "output" in built ? built.output : [];
  const chunk = outputs.find((part) => part.type === "chunk");
  if (chunk?.type !== "chunk") throw new Error("the stage was not built");
  return chunk.code;
};

const html = `<!doctype html><meta charset="utf-8"><title>conformance</title><script>
const worker = new Worker("/stage.js", { type: "module" });
const waiting = new Map();
let last = 0;
worker.onmessage = ({ data }) => { waiting.get(data.id)(JSON.stringify(data)); waiting.delete(data.id); };
worker.onerror = (event) => { for (const answer of waiting.values()) answer(JSON.stringify({ failed: event.message })); };
globalThis.play = (text) => new Promise((answer) => { last += 1; waiting.set(last, answer); worker.postMessage({ id: last, folder: JSON.parse(text) }); });
</script>`;

const serve = async (script: string): Promise<Server> => {
  const assets = createNodeAssets();
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path === "/") response.setHeader("content-type", "text/html").end(html);
    else if (path === "/stage.js") response.setHeader("content-type", "text/javascript").end(script);
    else if (path.startsWith("/runtimes/")) {
      assets.load(path.slice("/runtimes/".length) as AssetName).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return server;
};
