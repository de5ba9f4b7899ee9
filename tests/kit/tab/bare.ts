/**
 * A tab without screens: the workers as built for the product, served with the product's headers, and a page that only boots. Tests and
 * benches of the machinery drive it in real Chromium; building takes a few seconds and no UI.
 */
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright";
import { build } from "vite";
import { copyRuntimes } from "../../../src/cli/build/runtimes.ts";
import { buildWorkers } from "../../../src/cli/build/workers.ts";
import { headersFor } from "../../../src/server/headers.ts";
import { chromeArgs, findBrowser } from "../browser.ts";

const src = join(import.meta.dirname, "../../../src");
const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".html": "text/html", ".wasm": "application/wasm" };
const html = `<!doctype html><meta charset="utf-8"><title>bare</title><script type="module" src="/boot.js"></script>`;
/** A browser without a private file system. */
const withoutStorage = `Object.defineProperty(navigator, "storage", { value: undefined });\n`;
const entry = (site: unknown): string => `
import { boot } from ${JSON.stringify(join(src, "boot.ts"))};
const asked = new URLSearchParams(location.search);
const site = ${JSON.stringify(site)};
if (asked.has("plain")) site.workers.file += "?plain";
window.ready = boot(site, asked.get("db") ?? "dagbok").then((booted) => { window.booted = booted; window.news = {}; booted.news((news) => { window.news = news; }); });
`;

export interface BareSite {
  readonly url: string;
  readonly browser: Browser;
  /** Lines to put before the scripts of workers, by root name; for those opened from now on. */
  readonly before: Map<string, string>;
  /** A page that has booted. `db` names its database; "plain" takes the private file system away. */
  readonly open: (context: BrowserContext, db?: string, plain?: "plain") => Promise<Page>;
  /** A browser with a profile on disk: quotas hold there, and closing it is a restart. */
  readonly persistent: () => Promise<BrowserContext>;
  readonly close: () => Promise<void>;
}

export const serveBare = async (): Promise<BareSite> => {
  const folder = mkdtempSync(join(tmpdir(), "bare-"));
  const site = { version: "test", workers: await buildWorkers(src, folder), runtimes: copyRuntimes(folder) };
  writeFileSync(join(folder, "entry.js"), entry(site));
  await build({
    configFile: false, root: folder, logLevel: "error", publicDir: false,
    build: { outDir: join(folder, "page"), target: "es2022", modulePreload: false, rolldownOptions: { input: join(folder, "entry.js"), output: { entryFileNames: "boot.js", codeSplitting: false } } },
  });
  const before = new Map<string, string>();
  const linesBefore = (path: string): string => [...before].filter(([name]) => path.startsWith(`/workers/${name}-`)).map(([, lines]) => lines).join("");
  const server = createServer((request, response) => {
    const { pathname: path, search } = new URL(request.url ?? "/", "http://localhost");
    const headers = headersFor(path === "/boot.js" ? "/assets/boot.js" : path, "");
    try {
      const file = path === "/" ? html : readFileSync(join(folder, path === "/boot.js" ? "page/boot.js" : path));
      const first = `${search === "?plain" && path.startsWith("/workers/") ? withoutStorage : ""}${linesBefore(path)}`;
      const body = first === "" ? file : `${first}${String(file)}`;
      response.writeHead(200, { ...headers, "Content-Type": types[path === "/" ? ".html" : extname(path)] ?? "application/octet-stream" }).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath: await findBrowser(() => undefined), args: [...chromeArgs] });
  return {
    url,
    browser,
    before,
    persistent: async () =>
      chromium.launchPersistentContext(mkdtempSync(join(folder, "profile-")), { executablePath: await findBrowser(() => undefined), args: [...chromeArgs] }),
    open: async (context, db = "dagbok", plain) => {
      const page = await context.newPage();
      await page.goto(`${url}/?db=${db}${plain === undefined ? "" : "&plain"}`);
      await page.evaluate(() => (window as unknown as { ready: Promise<void> }).ready);
      return page;
    },
    close: async () => {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
