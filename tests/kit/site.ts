/** Owns the real thing for end-to-end tests: the server of `npm start` on a free port, and a Chromium that visits it. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright";
import { chromeArgs, findBrowser } from "./browser.ts";

export interface Server {
  readonly url: string;
  readonly data: string;
  readonly stop: () => Promise<void>;
}
const top = join(import.meta.dirname, "../..");
const startMs = 120_000;

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });

/** Starts `npm start`'s own command; answers once it says where it is. `port` and `data` let a stopped server come back as it was. */
export const startServer = async (again?: { readonly port: number; readonly data: string }): Promise<Server & { readonly port: number }> => {
  const port = again?.port ?? (await freePort());
  const data = again?.data ?? mkdtempSync(join(tmpdir(), "dagbok-e2e-"));
  const child = spawn(process.execPath, ["--import", "tsx", "src/server/main.ts", "--port", String(port), "--data", data], { cwd: top, stdio: ["ignore", "pipe", "pipe"] });
  await said(child, "Dagbok is at");
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.kill("SIGTERM");
    });
  return { url: `http://localhost:${port}`, port, data, stop };
};
const said = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let out = "";
    const timer = setTimeout(() => reject(new Error(`the server did not start: ${out}`)), startMs);
    const read = (chunk: Buffer): void => {
      out += chunk.toString();
      if (!out.includes(text)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${out}`)));
  });
export const forget = (server: Server): void => rmSync(server.data, { recursive: true, force: true });

export const openBrowser = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await findBrowser(() => undefined), args: [...chromeArgs] });

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests that left the app's own origin. */
  readonly foreign: readonly string[];
  /** Uncaught errors and error messages of the console. */
  readonly errors: readonly string[];
}
export interface VisitOptions {
  readonly locale?: string;
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly path?: string;
}
/** A new profile, at the app. */
export const visit = async (browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> => {
  const context = await browser.newContext({
    locale: options.locale ?? "en-GB", viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.dark === true ? "dark" : "light", serviceWorkers: "allow",
  });
  const foreign: string[] = [];
  const errors: string[] = [];
  context.on("request", (request) => {
    const target = new URL(request.url());
    if (/^https?:$/.test(target.protocol) && target.origin !== url) foreign.push(request.url());
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(`${url}${options.path ?? "/"}`);
  await ready(page);
  return { context, page, foreign, errors };
};
/** The tab is up: its interface is there. */
export const ready = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => (window as { dagbok?: unknown }).dagbok !== undefined, undefined, { timeout: 30_000 });
};
/** Everything is cached that the next visit needs without a server. */
export const offlineReady = async (page: Page): Promise<void> => {
  await page.waitForFunction(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    const runtimes = await caches.open("dagbok-runtimes");
    return registration?.active?.state === "activated" && (await runtimes.keys()).length >= 2;
  }, undefined, { timeout: 60_000 });
};
