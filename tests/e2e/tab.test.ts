import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Commands } from "../../src/host/commands.ts";
import { visit, waitForOffline } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

declare const dagbok: Commands;
const chain = "name: chain\nsteps:\n  - name: one\n    command: echo one; echo kept > here.txt\n  - name: two\n    command: cat here.txt\n    output: GOT\n";

let server: Server;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  browser = await openBrowser();
});
afterEach(() => browser.close());
/** The app in a new tab of this test's own profile. */
const open = async (): Promise<Page> => {
  const page = await browser.newPage();
  await visit(page, server.url);
  return page;
};

describe("a tab", () => {
  it("imports, runs, shows logs and outputs, and never leaves its origin", async () => {
    const page = await open();
    const seen = await page.evaluate(async (text) => {
      const { dag } = await dagbok.importYaml(text);
      const { run } = await dagbok.start(dag);
      const status = await dagbok.waitForEnd(run, { timeoutMs: 20_000 });
      return { status, log: await dagbok.logs(run, "one"), view: await dagbok.run(run), entry: await dagbok.entry() };
    }, chain);
    expect(seen).toMatchObject({ status: "succeeded", log: "one\n", view: { outputs: { got: "kept" } } });
    expect(seen.entry).toBeGreaterThan(0);
    expect({ foreign: browser.foreign(server.url), errors: browser.errors() }).toEqual({ foreign: [], errors: [] });
  });

  it("stops a tight loop at once and leaves the other run alone", async () => {
    const page = await open();
    const seen = await page.evaluate(async () => {
      const loop = await dagbok.importYaml("name: loop\nsteps:\n  - name: spin\n    command: while true; do :; done\n");
      const js = await dagbok.importYaml("name: jsloop\nsteps:\n  - name: spin\n    script: |\n      #!/usr/bin/env node\n      for (;;) {}\n");
      const other = await dagbok.importYaml("name: other\nsteps:\n  - command: sleep 1; echo done\n");
      const runs = await Promise.all([loop, js, other].map(({ dag }) => dagbok.start(dag)));
      await new Promise((done) => setTimeout(done, 700));
      const from = performance.now();
      await Promise.all([dagbok.stop(runs[0]!.run), dagbok.stop(runs[1]!.run)]);
      const ends = await Promise.all([0, 1].map((i) => dagbok.waitForEnd(runs[i]!.run, { timeoutMs: 20_000 })));
      return { ends, took: performance.now() - from, other: await dagbok.waitForEnd(runs[2]!.run, { timeoutMs: 20_000 }) };
    });
    expect(seen).toMatchObject({ ends: ["aborted", "aborted"], other: "succeeded" });
    expect(seen.took).toBeLessThan(5_000);
  });

  it("works with the server stopped, cold deep links and all, after one visit", async () => {
    const page = await open();
    await page.evaluate((text) => dagbok.importYaml(text), chain);
    await waitForOffline(page);
    await server.stop();
    try {
      for (const path of ["/", "/dags", "/dags/chain/spec", "/runs", "/settings"]) {
        await visit(page, `${server.url}${path}`);
      }
      const status = await page.evaluate(async () => {
        const { rows } = await dagbok.runs({ limit: 1 });
        const { dag } = await dagbok.importYaml("name: offline\nsteps:\n  - name: sql\n    type: sqlite\n    with: {dsn: ':memory:'}\n    command: SELECT 1 AS one\n  - name: js\n    script: |\n      #!/usr/bin/env node\n      console.log(6 * 7)\n");
        const { run } = await dagbok.start(dag);
        return [rows.length, await dagbok.waitForEnd(run, { timeoutMs: 30_000 }), await dagbok.logs(run, "js")];
      });
      expect(status).toEqual([0, "succeeded", "42\n"]);
    } finally {
      await server.start();
    }
  });

  it("shows one run in two tabs, and hands over when the driving one is closed", async () => {
    const page = await open();
    const second = await open();
    const run = await page.evaluate(async () => {
      const { dag } = await dagbok.importYaml("name: handover\nsteps:\n  - name: first\n    command: echo first\n  - name: long\n    command: sleep 60\n  - name: never\n    command: echo never\n");
      return (await dagbok.start(dag)).run;
    });
    await second.waitForFunction(async (id) => (await dagbok.run(id)).steps[1]?.status === "running", run);
    await page.close();
    const from = Date.now();
    const status = await second.evaluate((id) => dagbok.waitForEnd(id, { timeoutMs: 20_000 }), run);
    const view = await second.evaluate((id) => dagbok.run(id), run);
    expect({ status, steps: view.steps.map((step) => step.status) }).toEqual({ status: "failed", steps: ["succeeded", "failed", "aborted"] });
    expect(view.reason).toBe("worker_lost");
    expect(Date.now() - from).toBeLessThan(8_000);
  });

  it("saves everything to one file and restores it into an empty browser", async () => {
    const page = await open();
    const saved = await page.evaluate(async (text) => {
      const { dag } = await dagbok.importYaml(text);
      await dagbok.putFile(dag, "data/a.csv", "x,y\n1,2\n");
      const { run } = await dagbok.start(dag);
      await dagbok.waitForEnd(run, { timeoutMs: 20_000 });
      return { run, dag, bytes: [...(await dagbok.exportAll())] };
    }, chain);
    await browser.close();
    browser = await openBrowser();
    const fresh = await open();
    const back = await fresh.evaluate(async ({ run, dag, bytes }) => {
      await dagbok.importAll(Uint8Array.from(bytes));
      const file = new TextDecoder().decode(await dagbok.getFile(dag, "data/a.csv"));
      return { file, status: (await dagbok.run(run)).status, log: await dagbok.logs(run, "one") };
    }, saved);
    expect(back).toEqual({ file: "x,y\n1,2\n", status: "succeeded", log: "one\n" });
  });

  it("refuses bad input with a code and words, and stays usable", async () => {
    const page = await open();
    const refusals = await page.evaluate(async () => {
      const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => "none", (error: { code?: string; message?: string }) => [typeof error.code, (error.message ?? "").length > 0]);
      return [
        await codeOf(dagbok.start("no such dag")),
        await codeOf(dagbok.run("no such run")),
        await codeOf(dagbok.importYaml("a".repeat(10 << 20))),
        await codeOf(dagbok.importYaml("name: x\u0000y\n")),
        await codeOf(dagbok.getFile("none", "a")),
      ];
    });
    expect(refusals).toEqual(Array.from({ length: 5 }, () => ["string", true]));
  });
});
