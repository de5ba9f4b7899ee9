/** Owns running corpus entries in a worker of a real Chromium: builds one script, opens one page, sends entries one by one. */
import { join } from "node:path";
import { chromium } from "playwright";
import { build, type Rolldown } from "vite";
import type { CorpusEntry } from "./corpus.ts";

export interface BrowserCheck {
  readonly check: (entry: CorpusEntry) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}
const chromiumArguments = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** One module without imports: the shell and its commands. `entry` is a file beside this one. */
export const bundleScript = async (entry: string): Promise<string> => {
  const built = (await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "error",
    publicDir: false,
    build: { write: false, target: "es2022", modulePreload: false, rolldownOptions: { input: join(import.meta.dirname, entry), output: { format: "es", codeSplitting: false } } },
  })) as Rolldown.RolldownOutput;
  const chunk = built.output.find((part) => part.type === "chunk");
  if (chunk === undefined) throw new Error("nothing was built");
  return chunk.code;
};

/** What has to load before the first command can run: the entry and what it imports at once, without the parts that come when called. */
export const bundleFirst = async (entry: string): Promise<string> => {
  const built = (await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "error",
    publicDir: false,
    build: { write: false, target: "es2022", modulePreload: false, rolldownOptions: { input: join(import.meta.dirname, entry), output: { format: "es" } } },
  })) as Rolldown.RolldownOutput;
  const chunks = new Map(built.output.flatMap((part) => (part.type === "chunk" ? [[part.fileName, part] as const] : [])));
  const first = new Set([...chunks.values()].filter((chunk) => chunk.isEntry));
  for (const chunk of first) for (const name of chunk.imports) first.add(chunks.get(name) ?? chunk);
  return [...first].map((chunk) => chunk.code).join("");
};

export const createBrowserCheck = async (): Promise<BrowserCheck> => {
  const code = await bundleScript("page.ts");
  const browser = await chromium.launch({ executablePath: process.env["CHROME_PATH"] ?? "/usr/bin/chromium", args: chromiumArguments });
  const page = await browser.newPage();
  await page.route("**/*", (route) => {
    const script = route.request().url().endsWith(".js");
    return route.fulfill({ contentType: script ? "text/javascript" : "text/html", body: script ? code : "<!doctype html><title>corpus</title>" });
  });
  await page.goto("http://localhost/");
  await page.evaluate(() => {
    (globalThis as unknown as { corpusWorker: Worker }).corpusWorker = new Worker("/corpus.js", { type: "module" });
  });
  return {
    check: (entry) =>
      page.evaluate(
        (sent) =>
          new Promise<readonly string[]>((resolve) => {
            const { corpusWorker } = globalThis as unknown as { corpusWorker: Worker };
            corpusWorker.onmessage = (event: MessageEvent<readonly string[]>) => resolve(event.data);
            corpusWorker.onerror = (event) => resolve([`worker error ${event.message}`]);
            corpusWorker.postMessage(sent);
          }),
        entry,
      ),
    close: () => browser.close(),
  };
};
