/** Owns one stage of the sync bench: a fresh server process, a fresh browser, a page between them, and what it cost. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright";
import { build, type Rolldown } from "vite";
import { chromeArgs, findBrowser } from "../../kit/browser.ts";
import type { Contender, ServerPeer } from "./contender.ts";
import { serveDagbok } from "./dagbok-server.ts";
import { startMeter, type Traffic } from "./meter.ts";

const peers = join(import.meta.dirname, "peers");

/** Installs the peers when they are not there. */
export const installPeers = async (): Promise<void> => {
  if (existsSync(join(peers, "node_modules", "rxdb"))) return;
  process.stdout.write("installing PouchDB and RxDB for the comparison\n");
  const code = await new Promise<number | null>((resolve) => spawn("npm", ["ci", "--silent"], { cwd: peers, stdio: ["ignore", "ignore", "inherit"] }).once("close", resolve));
  if (code !== 0) throw new Error("PouchDB and RxDB could not be installed: `npm ci` in tests/bench/sync/peers says why");
};

/** A server as a process that says its port and takes POST /write. */
const servePeer = (file: string) => (records: number): Promise<ServerPeer> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", join(peers, file), String(records)], { stdio: ["ignore", "pipe", "inherit"] });
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      const port = Number(/port (\d+)/.exec(chunk.toString())?.[1] ?? 0);
      if (port === 0) return;
      resolve({
        port,
        how: undefined,
        write: async (from, to, version) => {
          const body = JSON.stringify({ from, to, version });
          const response = await fetch(`http://127.0.0.1:${port}/write`, { method: "POST", body, headers: { "content-type": "application/json" } });
          if (!response.ok) throw new Error(`write: ${response.status}`);
        },
        close: () => new Promise((closed) => (child.once("exit", () => closed()), child.kill("SIGTERM"))),
      });
    });
  });
export const contenders: readonly Contender[] = [
  { name: "Dagbok", page: join(import.meta.dirname, "dagbok-page.ts"), serve: serveDagbok },
  { name: "PouchDB 9", page: join(peers, "pouch-page.mjs"), serve: servePeer("pouch-server.ts") },
  { name: "RxDB 17", page: join(peers, "rxdb-page.mjs"), serve: servePeer("rxdb-server.ts") },
];

const scripts = new Map<string, string>();
const scriptOf = async (file: string): Promise<string> => {
  const known = scripts.get(file);
  if (known !== undefined) return known;
  const built = (await build({
    configFile: false, root: import.meta.dirname, logLevel: "error", publicDir: false,
    // PouchDB wants Node's events by that name.
    resolve: { alias: { events: join(peers, "node_modules/events/events.js") } },
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    build: { write: false, target: "es2022", modulePreload: false, rolldownOptions: { input: file, output: { format: "es", codeSplitting: false } } },
  })) as Rolldown.RolldownOutput;
  const chunk = built.output.find((part) => part.type === "chunk");
  if (chunk === undefined) throw new Error(`${file} gave no script`);
  scripts.set(file, chunk.code);
  return chunk.code;
};

export interface Cost {
  readonly seconds: number;
  readonly requests: number;
  /** Both ways, after compression. */
  readonly bytes: number;
  /** Highest seen while it ran. */
  readonly heapMb: number;
}
export interface Stage {
  readonly page: Page;
  readonly server: ServerPeer;
  readonly traffic: () => Traffic;
  readonly measure: (work: () => Promise<unknown>) => Promise<Cost>;
  readonly close: () => Promise<void>;
}
const heapEveryMs = 100;

export const openStage = async (contender: Contender, records: number): Promise<Stage> => {
  const server = await contender.serve(records);
  const meter = await startMeter(server.port, await scriptOf(contender.page));
  const browser = await chromium.launch({ executablePath: await findBrowser(() => undefined), args: [...chromeArgs] });
  const page = await browser.newPage();
  page.on("pageerror", (error) => process.stderr.write(`${contender.name}: ${error.message}\n`));
  await page.goto(`${meter.url}/bench/`);
  await page.waitForFunction(() => "peer" in window);
  await page.evaluate((how) => (window as any).peer.open(how), server.how);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const heap = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find((metric) => metric.name === "JSHeapUsedSize")?.value ?? 0) / 2 ** 20;
  };
  const traffic = meter.traffic;
  return {
    page, server, traffic,
    measure: async (work) => {
      const before = traffic();
      let heapMb = await heap();
      const timer = setInterval(() => void heap().then((now) => { heapMb = Math.max(heapMb, now); }), heapEveryMs);
      const from = performance.now();
      await work().finally(() => clearInterval(timer));
      const seconds = (performance.now() - from) / 1000;
      const after = traffic();
      return { seconds, requests: after.requests - before.requests, bytes: after.up + after.down - before.up - before.down, heapMb };
    },
    close: async () => {
      await browser.close();
      await meter.close();
      await server.close();
    },
  };
};
