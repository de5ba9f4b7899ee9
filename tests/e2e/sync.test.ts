import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ask, visit } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

const spec = (text: string): string => `name: shared\nsteps:\n  - name: say\n    command: echo ${text}\n`;

let server: Server;
let browsers: Browser[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => {
  browsers = [];
});
afterEach(async () => {
  for (const browser of browsers) await browser.close();
});

/** A device of its own: a profile, signed in as a script would; the form has a test of its own. */
const device = async (): Promise<Page> => {
  const browser = await openBrowser();
  browsers.push(browser);
  const page = await browser.newPage();
  await visit(page, `${server.url}/sync`);
  const isNew = await ask<boolean>(page, "isNewServer");
  await ask(page, "connect", { name: "ann", password: "correct horse", device: `profile ${browsers.length}` }, isNew);
  await ask(page, "syncNow");
  return page;
};
interface Report {
  readonly status: { readonly state: string; readonly unsent: number; readonly conflicts: number };
  readonly sessions: readonly { readonly state: string; readonly reason?: string; readonly waiting?: string; readonly progress: { readonly sent: number } }[];
}
const report = async (page: Page): Promise<Report> => JSON.parse(await ask<string>(page, "syncReport")) as Report;
const live = async (page: Page): Promise<readonly string[]> => (await report(page)).sessions.map((row) => row.state).filter((state) => state === "syncing" || state === "pending");
const names = async (page: Page): Promise<readonly (readonly [string, string])[]> => {
  const { rows } = await ask<{ rows: readonly { dagName: string; status: string }[] }>(page, "runs", {});
  return rows.map((row) => [row.dagName, row.status] as const);
};

describe("two profiles and the server of npm start", () => {
  it("shows on the second what was edited and run on the first, both ways", async () => {
    const first = await device();
    const { dag } = await ask<{ dag: string }>(first, "importYaml", spec("one"));
    const { run } = await ask<{ run: string }>(first, "start", dag);
    await ask(first, "waitForEnd", run, { timeoutMs: 20_000 });
    const second = await device();
    await expect.poll(() => names(second), { timeout: 15_000 }).toEqual([["shared", "succeeded"]]);
    await second.goto(`${server.url}/dags/shared/spec`);
    await second.getByText("echo one").first().waitFor();
    await ask(second, "importYaml", spec("two"));
    await ask(second, "syncNow");
    await ask(first, "syncNow");
    await visit(first, `${server.url}/dags/shared/spec`);
    await first.getByText("echo two").first().waitFor({ timeout: 20_000 });
  });

  it("says that the server is away, keeps what is written meanwhile, and sends it when it is back", async () => {
    const [first, second] = [await device(), await device()];
    await server.stop();
    await ask(first, "importYaml", "name: offline\nsteps:\n  - echo x\n");
    await ask(first, "syncNow");
    await first.getByText("The server cannot be reached.").waitFor({ timeout: 15_000 });
    await server.start();
    await ask(first, "syncNow");
    await ask(second, "syncNow");
    await visit(second, `${server.url}/dags/offline/spec`);
    await second.getByText("echo x").first().waitFor({ timeout: 20_000 });
  });

  it("gives another profile the log of a run when it asks for it", async () => {
    const first = await device();
    const { dag } = await ask<{ dag: string }>(first, "importYaml", "name: chatty\nsteps:\n  - name: say\n    command: echo a line from the first profile\n");
    const { run } = await ask<{ run: string }>(first, "start", dag);
    await ask(first, "waitForEnd", run, { timeoutMs: 20_000 });
    await ask(first, "syncNow");
    await ask(first, "syncNow");
    const second = await device();
    await expect.poll(async () => {
      await ask(second, "syncNow");
      return (await ask<{ complete: boolean }>(second, "fetchRun", run)).complete;
    }, { timeout: 15_000 }).toBe(true);
    expect(await ask(second, "logs", run, "say")).toContain("a line from the first profile");
  });

  it("[B3-02] lets another tab of the profile send what the closed one had not, once", async () => {
    const first = await device();
    const other = await first.context().newPage();
    await visit(other, `${server.url}/sync`);
    await server.stop();
    await ask(first, "importYaml", "name: handed-over\nsteps:\n  - echo x\n");
    await first.close();
    await server.start();
    await expect.poll(async () => (await report(other)).status.unsent, { timeout: 30_000 }).toBe(0);
    await expect.poll(() => live(other), { timeout: 15_000 }).toEqual([]);
    const second = await device();
    await visit(second, `${server.url}/dags/handed-over/spec`);
    await second.getByText("echo x").first().waitFor({ timeout: 20_000 });
    expect((await report(second)).status.conflicts).toBe(0);
  });

  it("[B3-01] says after a restart of the browser that the exchange was lost, and begins another", async () => {
    const browser = await openBrowser();
    browsers.push(browser);
    let page = await browser.newPage();
    await visit(page, `${server.url}/sync`);
    await ask(page, "connect", { name: "ann", password: "correct horse", device: "restarted" });
    await ask(page, "syncNow");
    await server.stop();
    await ask(page, "importYaml", "name: waiting\nsteps:\n  - echo x\n");
    await ask(page, "syncNow");
    expect((await report(page)).sessions[0]).toMatchObject({ state: "pending", waiting: "network" });
    await browser.restart();
    await server.start();
    page = await browser.newPage();
    await visit(page, `${server.url}/sync`);
    await expect.poll(async () => (await report(page)).status.unsent, { timeout: 30_000 }).toBe(0);
    expect((await report(page)).sessions.filter((row) => row.state === "stale").map((row) => row.reason)).toEqual(["worker_lost"]);
    await expect.poll(() => live(page), { timeout: 15_000 }).toEqual([]);
  });
});
