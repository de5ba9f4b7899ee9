/** PostgreSQL in the tab: its own worker, kept in the DAG's folder, ended when it must be, there without a network once it was used. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright";
import type { RunView } from "../../src/host/commands.ts";
import { ask, runYaml, visit, waitForOffline } from "./kit/app.ts";
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
  await waitForOffline(page);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
const step = (sql: string, rest = ""): string => `  - type: postgres\n    with: {dsn: "postgres://localhost/shop"${rest}}\n    command: ${JSON.stringify(sql)}\n`;
const endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT 1 FROM c) SELECT count(*) FROM c";

it("keeps a database between steps and runs, and refuses a server", async () => {
  const yaml = `name: pg-keep\nsteps:\n${step("CREATE TABLE IF NOT EXISTS t (a int)")}${step("INSERT INTO t SELECT count(*) + 1 FROM t RETURNING a")}${step("SELECT sum(a) AS total FROM t").replace("- type", "- id: sum\n    type")}`;
  const { dag, run, status } = await runYaml(page, yaml, 60_000);
  expect([status, await ask(page, "logs", run, "sum")]).toEqual(["succeeded", '{"total":1}\n']);
  const again = (await ask<{ run: string }>(page, "start", dag)).run;
  expect([await ask(page, "waitForEnd", again, { timeoutMs: 60_000 }), await ask(page, "logs", again, "sum")]).toEqual(["succeeded", '{"total":3}\n']);
  const remote = await runYaml(page, "name: pg-remote\nsteps:\n  - type: postgres\n    with: {dsn: \"postgres://db.example.com/x\"}\n    command: SELECT 1\n");
  const [refused = ""] = remote.view.steps.map((one) => one.name);
  expect([remote.status, await ask(page, "logs", remote.run, refused, { stream: "stderr" })]).toEqual(["failed", expect.stringContaining("db.example.com is a server")]);
}, 120_000);

it("ends an endless statement at its own limit, at the step's, and when it is stopped", async () => {
  const late = await runYaml(page, `name: pg-late\nsteps:\n${step(endless, ", timeout: 6")}`, 60_000);
  expect([late.status, late.view.steps[0]?.exitCode]).toEqual(["failed", 1]);
  const { dag } = await ask<{ dag: string }>(page, "importYaml", `name: pg-stop\nsteps:\n  - id: before\n    command: echo\n${step(endless).replace("localhost/shop", "localhost/other")}`);
  const { run } = await ask<{ run: string }>(page, "start", dag);
  await expect.poll(async () => (await ask<RunView>(page, "run", run)).steps[1]?.status, { timeout: 20_000 }).toBe("running");
  await ask(page, "stop", run);
  expect(await ask(page, "waitForEnd", run, { timeoutMs: 10_000 })).toBe("aborted");
}, 120_000);

it("runs without a network once it was used, also after a reload", async () => {
  await page.context().setOffline(true);
  await page.reload();
  await visit(page, server.url);
  await page.reload();
  const { status } = await runYaml(page, `name: pg-offline\nsteps:\n${step("SELECT 1")}`, 60_000);
  expect(status).toBe("succeeded");
  await page.context().setOffline(false);
}, 120_000);
