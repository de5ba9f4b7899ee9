/** Owns live logs: a step that prints much while the app shows its log. Counted are bytes a second from the command to the recorded end, and long tasks of the page. */
import type { Page } from "playwright";
import { openBrowser } from "../../e2e/kit/browser.ts";
import { ask, visit } from "../../e2e/kit/app.ts";
import { logBytesMax } from "../../../src/ports/executor.ts";
import type { Row } from "../main.ts";
import { atLeast, atMost, row } from "./rows.ts";

const line = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 and on";
const limitMs = 300_000;
const capMB = logBytesMax / 1e6;
const yamlOf = (name: string, bytes: number): string => `name: ${name}\nsteps:\n  - name: print\n    command: yes '${line}' | head -c ${bytes}\n`;

interface Printed {
  readonly seconds: number;
  readonly storedMB: number;
  readonly isMarked: boolean;
  /** Milliseconds of each task of the page that took more than 50. */
  readonly longTasks: readonly number[];
}
const countLongTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const found: number[] = [];
    Object.assign(window, { longTasks: found });
    new PerformanceObserver((list) => found.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
  });
const print = async (page: Page, { name, bytes }: { readonly name: string; readonly bytes: number }): Promise<Printed> => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", yamlOf(name, bytes));
  const from = performance.now();
  const { run } = await ask<{ run: string }>(page, "start", dag);
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate")); // as a link would: a new document would end the run's host
  }, `/runs/${run}/logs?step=print`);
  await countLongTasks(page);
  const status = await ask<string>(page, "waitForEnd", run, { timeoutMs: limitMs });
  const seconds = (performance.now() - from) / 1000;
  if (status !== "succeeded") throw new Error(`the step that prints ended as ${status}`);
  await page.waitForTimeout(500); // what is drawn after the end counts as well
  const longTasks = await page.evaluate(() => (window as unknown as { readonly longTasks: number[] }).longTasks);
  const text = await page.evaluate(async ([id, cut]) => {
    const log = await (window as unknown as { dagbok: { logs: (run: string, step: string) => Promise<string> } }).dagbok.logs(id as string, "print");
    return { length: log.length, isMarked: log.slice(-200).includes(cut as string) };
  }, [run, "log cut"] as const);
  return { seconds, storedMB: text.length / 1e6, isMarked: text.isMarked, longTasks };
};

/** `url`: of a running server. */
export const measureLogs = async (url: string): Promise<readonly Row[]> => {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await visit(page, url);
  await print(page, { name: "print-warm", bytes: 1e6 });
  const hundred = await print(page, { name: "print-100-mb", bytes: 1e8 });
  const flood = await print(page, { name: "print-1-gb", bytes: 1e9 });
  await browser.close();
  const isCapped = flood.isMarked && flood.storedMB < capMB + 1;
  return [
    row("a step prints 100 MB, page on its log, MB a second", [100 / hundred.seconds], atLeast(50, "50 MB/s")),
    row(`of it kept (a stream's cap is ${capMB.toFixed(0)} MB), MB`, [hundred.storedMB]),
    row("long tasks of the page meanwhile", [hundred.longTasks.length], atMost(0, "0 of more than 50 ms")),
    row("longest task of the page meanwhile, ms", [Math.max(0, ...hundred.longTasks)], atMost(50, "50 ms")),
    row(`a step prints 1 GB: kept (cap ${capMB.toFixed(0)} MB, marked), MB`, [flood.storedMB], { words: `at most ${capMB.toFixed(0)} MB and the mark`, holds: () => isCapped }),
    row("1 GB, MB a second", [1000 / flood.seconds]),
    row("1 GB, long tasks of the page", [flood.longTasks.length], atMost(0, "0 of more than 50 ms")),
  ];
};
