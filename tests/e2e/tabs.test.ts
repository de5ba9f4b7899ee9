/** Several tabs over one book: one drives, all see, and a tab that goes away takes no run with it. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { RunView } from "../../src/host/commands.ts";
import { ask, visit } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
afterEach(async () => {
  // Whoever drove in the last test is gone before the next one begins.
  for (const page of browser.context().pages()) await page.close();
});
const slow = "name: two-tabs\nsteps:\n  - id: first\n    command: echo one\n  - id: second\n    command: sleep 3\n  - id: third\n    command: echo three\n";

it("shows a run of one tab live in the other", async () => {
  const [mine, theirs] = [await browser.newPage(), await browser.newPage()];
  await visit(mine, server.url);
  await visit(theirs, `${server.url}/runs`);
  const { dag } = await ask<{ dag: string }>(mine, "importYaml", slow);
  const { run } = await ask<{ run: string }>(mine, "start", dag);
  await theirs.locator("main a").filter({ hasText: "two-tabs" }).first().waitFor({ timeout: 5_000 });
  await theirs.locator("main a").filter({ hasText: "two-tabs" }).filter({ hasText: "Running" }).first().waitFor({ timeout: 5_000 });
  expect(await ask<string>(mine, "waitForEnd", run, { timeoutMs: 20_000 })).toBe("succeeded");
  await expect.poll(() => theirs.locator("main").innerText(), { timeout: 5_000 }).toContain("Succeeded");
});

it("hands the run over when the driving tab is killed, and resolves the step it was running", async () => {
  const driving = await browser.newPage();
  await visit(driving, server.url);
  const { dag } = await ask<{ dag: string }>(driving, "importYaml", slow.replace("two-tabs", "killed-tab").replace("sleep 3", "sleep 30"));
  const watching = await browser.newPage();
  await visit(watching, server.url);
  const { run } = await ask<{ run: string }>(driving, "start", dag);
  await expect.poll(async () => (await ask<RunView>(watching, "run", run)).steps[1]?.status, { timeout: 15_000 }).toBe("running");
  await driving.close();
  expect(await ask<string>(watching, "waitForEnd", run, { timeoutMs: 10_000 })).toBe("failed");
  const view = await ask<RunView>(watching, "run", run);
  expect(view.steps.map(({ status }) => status)).toEqual(["succeeded", "failed", "aborted"]);
  expect(JSON.stringify(view)).toContain("worker_lost");
});

it("retries the lost step where the retry policy allows it", async () => {
  const driving = await browser.newPage();
  await visit(driving, server.url);
  const yaml = "name: killed-retry\nsteps:\n  - id: slow\n    command: sleep 4\n    retry_policy:\n      limit: 2\n      interval_sec: 0\n";
  const { dag } = await ask<{ dag: string }>(driving, "importYaml", yaml);
  const watching = await browser.newPage();
  await visit(watching, server.url);
  const { run } = await ask<{ run: string }>(driving, "start", dag);
  await expect.poll(async () => (await ask<RunView>(watching, "run", run)).steps[0]?.status, { timeout: 15_000 }).toBe("running");
  await driving.close();
  expect(await ask<string>(watching, "waitForEnd", run, { timeoutMs: 25_000 })).toBe("succeeded");
  expect((await ask<RunView>(watching, "run", run)).steps[0]?.retryCount).toBe(1);
});
