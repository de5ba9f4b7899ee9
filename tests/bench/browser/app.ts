/** Owns the start of the whole app, as a visitor has it: with an empty profile, and again with the service worker; and how much script it asks for. */
import { gzipSync } from "node:zlib";
import { openBrowser, type Browser } from "../../e2e/kit/browser.ts";
import { waitForOffline } from "../../e2e/kit/app.ts";
import type { Row } from "../main.ts";
import { atMost, row } from "./rows.ts";

const rounds = 5;

/** Notes when Home stands and when the host answers. Text, since it is sent into a page. */
const watchStart = `{
  const look = () => {
    if (window.homeAt === undefined && document.querySelector("[data-view]") !== null) window.homeAt = performance.now();
    if (window.dagbok === undefined || window.homeAt === undefined) return void setTimeout(look, 2);
    void window.dagbok.runs({ limit: 1 }).then(() => { window.readyAt = performance.now(); });
  };
  look();
}`;
interface Started {
  readonly paint: number;
  readonly home: number;
  readonly ready: number;
  readonly scripts: readonly string[];
}
const visit = async (browser: Browser, url: string, isFirst: boolean): Promise<Started> => {
  const page = await browser.newPage();
  await page.addInitScript({ content: watchStart });
  await page.goto(url);
  await page.waitForFunction(() => "readyAt" in window, undefined, { timeout: 60_000 });
  const started = await page.evaluate(() => {
    const { homeAt, readyAt } = window as unknown as { readonly homeAt: number; readonly readyAt: number };
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN;
    const scripts = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith(".js") && entry.startTime < homeAt && !entry.name.includes("/workers/"));
    return { paint, home: homeAt, ready: readyAt, scripts: scripts.map((entry) => entry.name) };
  });
  if (isFirst) await waitForOffline(page);
  await page.close();
  return started;
};
const zippedKB = async (urls: readonly string[]): Promise<number> => {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  return texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length / 1000, 0);
};

/** `url`: of a running server. */
export const measureStart = async (url: string): Promise<readonly Row[]> => {
  const [cold, warm]: [Started[], Started[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const browser = await openBrowser();
    cold.push(await visit(browser, url, true));
    await browser.restart();
    warm.push(await visit(browser, url, false));
    await browser.close();
  }
  const seconds = (starts: readonly Started[], of: "paint" | "home" | "ready"): readonly number[] => starts.map((start) => start[of] / 1000);
  return [
    row("cold start, first paint, s", seconds(cold, "paint"), atMost(0.8, "0.8 s")),
    row("cold start, Home stands, s", seconds(cold, "home")),
    row("cold start, host answers, s", seconds(cold, "ready"), atMost(1.5, "1.5 s")),
    row("warm start, first paint, s", seconds(warm, "paint"), atMost(0.5, "0.5 s")),
    row("warm start, Home stands, s", seconds(warm, "home")),
    row("warm start, host answers, s", seconds(warm, "ready"), atMost(1.5, "1.5 s")),
    row("initial script, gzip, kB", [await zippedKB(cold[0]!.scripts)], atMost(120, "120 kB")),
  ];
};
