/** Stopping, and what one run may do to another. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright";
import type { RunView } from "../../src/host/commands.ts";
import { ask, runYaml, visit } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  page = await browser.newPage();
  await visit(page, server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
const statusOf = async (run: string): Promise<string> => (await ask<RunView>(page, "run", run)).status;

it("stops a tight JavaScript loop, and the next run starts at once", async () => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: tight-loop\nsteps:\n  - id: spin\n    shell: node\n    script: |\n      while (true) {}\n");
  const { run } = await ask<{ run: string }>(page, "start", dag);
  await expect.poll(() => statusOf(run), { timeout: 15_000 }).toBe("running");
  await page.waitForTimeout(300);
  const asked = Date.now();
  await ask(page, "stop", run);
  expect(await ask<string>(page, "waitForEnd", run, { timeoutMs: 5_000 })).toBe("aborted");
  expect(Date.now() - asked).toBeLessThan(3_000);
  expect((await runYaml(page, "name: after-loop\nsteps:\n  - id: hello\n    command: echo hello\n")).status).toBe("succeeded");
});

it("stops a tight shell loop", async () => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: tight-shell\nsteps:\n  - id: spin\n    script: |\n      while true; do :; done\n");
  const { run } = await ask<{ run: string }>(page, "start", dag);
  await expect.poll(() => statusOf(run), { timeout: 15_000 }).toBe("running");
  await ask(page, "stop", run);
  expect(await ask<string>(page, "waitForEnd", run, { timeoutMs: 8_000 })).toBe("aborted");
});

it("keeps the page quick while a step spins", async () => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: busy-beside\nsteps:\n  - id: spin\n    shell: node\n    script: |\n      const end = Date.now() + 2500; while (Date.now() < end) {}\n");
  const { run } = await ask<{ run: string }>(page, "start", dag);
  await expect.poll(() => statusOf(run), { timeout: 15_000 }).toBe("running");
  const worst = await page.evaluate(async () => {
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) longest = Math.max(longest, entry.duration);
    });
    observer.observe({ type: "longtask", buffered: false });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    observer.disconnect();
    return longest;
  });
  expect(worst).toBeLessThan(200);
  await ask(page, "stop", run);
});

it("caps a flood of output, names the cap, and harms no other run", async () => {
  const flood = await runYaml(page, "name: flood\nmax_output_size: 1024\nsteps:\n  - id: pour\n    script: |\n      yes dagbok | head -c 30000000\n", 55_000);
  expect(["succeeded", "failed"]).toContain(flood.status);
  expect((await runYaml(page, "name: beside-flood\nsteps:\n  - id: hello\n    command: echo hello\n")).status).toBe("succeeded");
}, 90_000);
