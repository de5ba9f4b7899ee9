/**
 * Owns the latency of one dispatch: from the report that makes a step ready, heard by the host, to the order heard by the step's worker;
 * between them lie one turn, its commit and one message. The clock of one process is shared by its threads; the workers' scripts are served
 * with a few lines before them that note the times.
 */
import type { BrowserContext, Page } from "playwright";
import type { BareSite } from "../../kit/tab/bare.ts";
import type { Row } from "../main.ts";
import type { Bench } from "./engine.ts";
import { row, sorted } from "./rows.ts";
import { chainYaml, runYaml } from "./runs.ts";

const rounds = 5;
const steps = 400;
const limit = 2;

const now = "performance.timeOrigin + performance.now()";
const inStep = `{ let heardAt = 0; const post = self.postMessage.bind(self); self.postMessage = (message, how) => post(message.type === "attempt" ? { ...message, heardAt } : message, how);
self.addEventListener("message", ({ data }) => { if (data.type === "attempt") heardAt = ${now}; }); }\n`;
const inHost = `{ const Real = self.Worker; let readyAt; self.dispatches = [];
self.Worker = class extends Real { constructor(...how) { super(...how); this.addEventListener("message", ({ data }) => {
  if (data.type !== "attempt") return; if (readyAt !== undefined) self.dispatches.push(data.heardAt - readyAt); readyAt = ${now}; }); } }; }\n`;

const taken = async (page: Page): Promise<readonly number[]> => {
  const host = page.workers().find((worker) => worker.url().includes("/workers/host-"));
  if (host === undefined) throw new Error("the page has no host worker");
  return host.evaluate(() => {
    const { dispatches } = self as unknown as { readonly dispatches: number[] };
    return dispatches.splice(0);
  });
};

export const measureDispatch = async (site: BareSite, context: BrowserContext, { parts }: Pick<Bench, "parts">): Promise<readonly Row[]> => {
  site.before.set("host", inHost).set("step", inStep);
  const page = await site.open(context);
  await runYaml(page, chainYaml(100));
  const [latencies, ratios, tails]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    const before = await parts();
    await taken(page);
    await runYaml(page, chainYaml(steps));
    const found = sorted((await taken(page)).slice(1));
    const after = await parts();
    const raw = (before.commitMs + before.messageMs + after.commitMs + after.messageMs) / 2;
    const [p50, p99] = [found[Math.floor(found.length * 0.5)] as number, found[Math.floor(found.length * 0.99)] as number];
    latencies.push(p50);
    ratios.push(p50 / raw);
    tails.push(p99 / p50);
  }
  await page.close();
  site.before.clear();
  return [
    row("dispatch, ready to started, p50, ms", latencies),
    row("dispatch, over one commit and one message of the probe", ratios, { words: `at most ${limit}`, holds: (median) => median <= limit }),
    row("dispatch, p99 over p50", tails),
  ];
};
