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

/** A device of its own: a profile, at the sync settings, signed in by the form as a person would. */
const device = async (): Promise<Page> => {
  const browser = await openBrowser();
  browsers.push(browser);
  const page = await browser.newPage();
  await visit(page, `${server.url}/settings/sync`);
  await page.getByLabel("Name", { exact: true }).fill("ann");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: /^(Set up this server|Sign in)$/ }).click();
  await page.getByRole("button", { name: "Sync now" }).waitFor();
  return page;
};
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
});
