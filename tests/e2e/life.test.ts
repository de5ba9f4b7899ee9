/** A tab's life: closed, frozen and thawed, put away into the page cache and shown again. Nothing runs twice, and somebody always drives. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { RunView } from "../../src/host/commands.ts";
import { chromeArgs, findBrowser } from "../kit/browser.ts";
import { ask, visit } from "./kit/app.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let profile: string;
let context: BrowserContext;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());
beforeEach(async () => {
  profile = mkdtempSync(join(tmpdir(), "dagbok-life-"));
  // The page cache is off in driven browsers unless this is left out.
  context = await chromium.launchPersistentContext(profile, { executablePath: await findBrowser(() => undefined), args: [...chromeArgs], ignoreDefaultArgs: ["--disable-back-forward-cache"], locale: "en-US" });
});
afterEach(async () => {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
});
const open = async (): Promise<Page> => {
  const page = await context.newPage();
  await visit(page, server.url);
  return page;
};
const drives = (page: Page): Promise<unknown> => expect.poll(() => page.locator("body").innerText(), { timeout: 15_000 }).toContain("This tab drives runs");
const startYaml = async (page: Page, yaml: string): Promise<string> => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", yaml);
  return (await ask<{ run: string }>(page, "start", dag)).run;
};
const running = (page: Page, run: string, step: number): Promise<unknown> =>
  expect.poll(async () => (await ask<RunView>(page, "run", run)).steps[step]?.status, { timeout: 15_000 }).toBe("running");
const counter = "name: counted\nworking_dir: .\nsteps:\n  - name: once\n    command: echo x >> once.txt\n  - name: long\n    command: echo y >> long.txt; sleep 3\n    retry_policy: {limit: 3, interval_sec: 0}\n  - name: last\n    command: wc -l < once.txt\n    output: TIMES\n";

it("hands over within a second of the driving tab's end: to the first thing the new driver records", async () => {
  const first = await open();
  await drives(first);
  const second = await open();
  const run = await startYaml(second, counter.replace("counted", "handed"));
  await running(second, run, 1);
  const closedAt = await second.evaluate(() => Date.now());
  await first.close();
  const event = await second.evaluate(async (id) => {
    const { dagbok } = window as unknown as { dagbok: { run: (run: string) => Promise<RunView> } };
    while (((await dagbok.run(id)).steps[1]?.retryCount ?? 0) === 0) await new Promise((next) => setTimeout(next, 10));
    return Date.now();
  }, run);
  process.stdout.write(`hand-over: ${event - closedAt} ms from the close to the new driver's first event\n`);
  expect(await ask<string>(second, "waitForEnd", run, { timeoutMs: 20_000 })).toBe("succeeded");
  expect((await ask<RunView>(second, "run", run)).outputs).toEqual({ times: "1" });
  expect(event - closedAt).toBeLessThan(5_000);
}, 60_000);

it("gives way when it is told that it freezes, and takes its place again without doubling anything when it is thawed", async () => {
  const first = await open();
  await drives(first);
  const second = await open();
  const run = await startYaml(second, counter);
  await running(second, run, 1);
  // Browsers do not freeze a page that holds a lock; what they would tell it is told here.
  await first.evaluate(() => document.dispatchEvent(new Event("freeze")));
  await drives(second);
  expect(await ask<string>(second, "waitForEnd", run, { timeoutMs: 30_000 })).toBe("succeeded");
  await first.evaluate(() => document.dispatchEvent(new Event("resume")));
  expect((await ask<RunView>(second, "run", run)).outputs).toEqual({ times: "1" });
  expect(await ask<RunView>(first, "run", run)).toEqual(await ask<RunView>(second, "run", run));
  const after = await startYaml(first, "name: after\nsteps:\n  - command: echo on\n");
  expect(await ask<string>(first, "waitForEnd", after, { timeoutMs: 15_000 })).toBe("succeeded");
  const shown = await Promise.all([first, second].map((page) => page.locator("body").innerText()));
  expect(shown.filter((text) => text.includes("This tab drives runs"))).toHaveLength(1);
}, 90_000);

it("lets go when it is left for another page, and starts anew when it is shown again", async () => {
  const page = await open();
  await drives(page);
  const run = await startYaml(page, counter.replace("counted", "left"));
  await running(page, run, 1);
  await page.goto("about:blank");
  const other = await open();
  await drives(other);
  expect(await ask<string>(other, "waitForEnd", run, { timeoutMs: 30_000 })).toBe("succeeded");
  expect((await ask<RunView>(other, "run", run)).outputs).toEqual({ times: "1" });
  await page.goBack();
  await page.locator("[data-view]").first().waitFor({ timeout: 15_000 });
  expect(await ask<RunView>(page, "run", run)).toMatchObject({ status: "succeeded", outputs: { times: "1" } });
  await other.close();
  await drives(page);
  const after = await startYaml(page, "name: back\nsteps:\n  - command: echo back\n");
  expect(await ask<string>(page, "waitForEnd", after, { timeoutMs: 15_000 })).toBe("succeeded");
}, 90_000);
