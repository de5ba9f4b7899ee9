/** The second visit needs no server: every screen, every sample, after the server stopped and the browser was started again. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright";
import { samples } from "../../src/ui/samples/list.ts";
import { ask, runYaml, visit, waitForOffline } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let browser: Browser;
let page: Page;
let known: { dag: string; run: string };
beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  page = await browser.newPage();
  await visit(page, server.url);
  known = await runYaml(page, "name: before-dark\nsteps:\n  - id: hello\n    command: echo hello\n");
  await waitForOffline(page);
  await server.stop();
  await browser.restart();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it("opens every address cold, without a server", async () => {
  const paths = [
    "/", "/dags", "/dags?dialog=new", "/runs", "/settings", "/settings/samples", "/settings/storage",
    ...["overview", "spec", "graph", "runs", "files"].map((tab) => `/dags/${known.dag}/${tab}`),
    ...["summary", "graph", "timeline", "logs", "outputs", "artifacts", "events"].map((tab) => `/runs/${known.run}/${tab}`),
  ];
  const blank: string[] = [];
  for (const path of paths) {
    await visit(page, server.url + path);
    await page.waitForTimeout(150);
    const text = await page.locator("main").innerText();
    const view = await page.locator("[data-view]").first().getAttribute("data-view");
    if (text.trim().length < 10 || view === "lost" || view === "cannot") blank.push(`${path} (${view})`);
  }
  expect(blank).toEqual([]);
  expect(browser.errors()).toEqual([]);
}, 120_000);

it.each(samples.map(({ id }) => [id]))("runs the sample %s without a server", async (id) => {
  await visit(page, `${server.url}/settings/samples`);
  const title = samples.find((sample) => sample.id === id)?.en.title ?? id;
  const item = page.getByRole("listitem").filter({ hasText: title }).first();
  await item.getByRole("button", { name: /run/i }).click();
  await page.waitForURL(/\/runs\/[^/]+/, { timeout: 15_000 });
  const run = decodeURIComponent(new URL(page.url()).pathname.split("/")[2] ?? "");
  // The first contact with a host asks.
  if (id === "uptime-check") await page.getByRole("button", { name: "Allow" }).first().click({ timeout: 15_000 });
  const status = await ask<string>(page, "waitForEnd", run, { timeoutMs: 45_000 });
  const expected: Readonly<Record<string, readonly string[]>> = { "release-checklist": ["waiting"], "uptime-check": ["failed", "partially_succeeded", "succeeded"] };
  expect(expected[id] ?? ["succeeded", "partially_succeeded"], JSON.stringify(await ask(page, "run", run), null, 1)).toContain(status);
}, 90_000);

it("asks no other origin for anything", () => {
  expect(browser.foreign(server.url).filter((url) => !url.includes("example"))).toEqual([]);
});
