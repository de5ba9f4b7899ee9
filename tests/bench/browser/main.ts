/**
 * The app in a real browser. The engine with a page open on the run: store, host worker, step workers, files, as built for the product, and
 * beside it the probe, in the same minute; a ratio is the probe's time over ours. Then the start of the whole app and live logs, from a
 * server of its own. `DAGBOK_BENCH=engine,dispatch,start,logs` chooses parts.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BrowserContext } from "playwright";
import { startServer } from "../../e2e/kit/server.ts";
import { serveBare, type BareSite } from "../../kit/tab/bare.ts";
import type { Row } from "../main.ts";
import { measureStart } from "./app.ts";
import { measureDispatch } from "./dispatch.ts";
import { measureEngine, type Bench } from "./engine.ts";
import { measureLogs } from "./logs.ts";
import { probeSource, type Parts, type ProbeOrder } from "./probe.ts";

const lanes = 4;
const chosen = process.env["DAGBOK_BENCH"]?.split(",");
const isWanted = (part: "engine" | "dispatch" | "start" | "logs"): boolean => chosen === undefined || chosen.includes(part);

interface Beside extends Pick<Bench, "probe" | "parts"> {
  readonly close: () => void;
}
/** The probe has an origin, and so a database, of its own. */
const openProbe = async (context: BrowserContext): Promise<Beside> => {
  const server = createServer((request, response) => {
    const isScript = request.url === "/probe.js";
    response.writeHead(200, { "Content-Type": isScript ? "text/javascript" : "text/html" }).end(isScript ? probeSource : "<!doctype html>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const page = await context.newPage();
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
  const ask = <T>(order: ProbeOrder | { readonly kind: "parts" }): Promise<T> =>
    page.evaluate(
      (wanted) =>
        new Promise<T>((resolve) => {
          const worker = new Worker("/probe.js");
          worker.onmessage = ({ data }) => {
            worker.terminate();
            resolve(data as T);
          };
          worker.postMessage(wanted);
        }),
      { ...order, lanes },
    );
  return { probe: (order) => ask<number>(order), parts: () => ask<Parts>({ kind: "parts" }), close: () => void server.close() };
};

const inBareTab = async (site: BareSite, measure: (context: BrowserContext, beside: Beside) => Promise<readonly Row[]>): Promise<readonly Row[]> => {
  const context = await site.persistent();
  const beside = await openProbe(context);
  try {
    return await measure(context, beside);
  } finally {
    beside.close();
    await context.close();
  }
};
const bareRows = async (): Promise<readonly Row[]> => {
  const site = await serveBare();
  try {
    const engine = isWanted("engine") ? await inBareTab(site, async (context, beside) => measureEngine({ ...beside, page: await site.open(context) })) : [];
    const dispatch = isWanted("dispatch") ? await inBareTab(site, (context, beside) => measureDispatch(site, context, beside)) : [];
    return [...engine, ...dispatch];
  } finally {
    await site.close();
  }
};
const appRows = async (): Promise<readonly Row[]> => {
  const server = await startServer();
  try {
    return [...(isWanted("start") ? await measureStart(server.url) : []), ...(isWanted("logs") ? await measureLogs(server.url) : [])];
  } finally {
    await server.close();
  }
};

export const run = async (): Promise<readonly Row[]> => [
  ...(isWanted("engine") || isWanted("dispatch") ? await bareRows() : []),
  ...(isWanted("start") || isWanted("logs") ? await appRows() : []),
];
