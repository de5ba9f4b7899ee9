import type { Page } from "playwright";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ask, visit, waitForOffline } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

const base = "steps:\n  - id: load\n    command: echo load\n    retry_policy:\n      limit: 2\n      interval_sec: 5\n    timeout_sec: 1800\n";
const mine = base.replace("limit: 2", "limit: 4").replace("1800", "3600");
const theirs = base.replace("limit: 2", "limit: 3");

let server: Server;
let browsers: Browser[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
afterEach(async () => {
  for (const browser of browsers) await browser.close();
  browsers = [];
});
const device = async (): Promise<{ readonly browser: Browser; readonly page: Page }> => {
  const browser = await openBrowser();
  browsers.push(browser);
  const page = await browser.newPage();
  await visit(page, `${server.url}/sync`);
  await page.getByLabel("Name", { exact: true }).fill("ann");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: /^(Set up this server|Sign in)$/ }).click();
  await page.getByRole("button", { name: "Sync now" }).waitFor();
  return { browser, page };
};
const textOf = async (page: Page): Promise<string> => {
  await visit(page, `${server.url}/dags/etl/spec`);
  return (await page.locator(".cm-content").innerText({ timeout: 20_000 })).trim();
};

describe("two people edit one line while the server is away", () => {
  it("asks in three panes, publishes what the keys chose, and the other device has it", async () => {
    const [first, second] = [await device(), await device()];
    await ask(first.page, "importYaml", base, { name: "etl" });
    await ask(first.page, "syncNow");
    await ask(second.page, "syncNow");
    await server.stop();
    await ask(first.page, "importYaml", mine, { name: "etl" });
    await ask(second.page, "importYaml", theirs, { name: "etl" });
    await server.start();
    await ask(second.page, "syncNow");
    await ask(first.page, "syncNow");
    await visit(first.page, `${server.url}/sync/conflicts`);
    await first.page.getByRole("heading", { name: "etl was edited on two devices" }).waitFor({ timeout: 20_000 });
    await first.page.keyboard.press("2");
    await first.page.getByText("your choice: theirs").waitFor();
    await first.page.getByRole("button", { name: "Publish result" }).click();
    await first.page.getByText("Published the merge of etl").waitFor();
    await ask(first.page, "syncNow");
    await ask(second.page, "syncNow");
    await expect.poll(() => textOf(second.page), { timeout: 20_000 }).toContain("limit: 3");
    expect(await textOf(second.page)).toContain("timeout_sec: 3600");
    expect([...first.browser.errors(), ...second.browser.errors()]).toEqual([]);
  });
});

describe("a tab of Sync as an address", () => {
  it("opens in a browser started without the server, and says why what is written waits", async () => {
    const { browser, page } = await device();
    await waitForOffline(page);
    await server.stop();
    await ask(page, "importYaml", base, { name: "alone" });
    await browser.restart();
    const cold = await browser.newPage();
    await visit(cold, `${server.url}/sync/pending`);
    await cold.getByRole("link", { name: /^Pending/ }).and(cold.locator("[aria-current=page]")).waitFor();
    await cold.getByRole("cell", { name: "the server cannot be reached" }).first().waitFor({ timeout: 20_000 });
    expect(await cold.getByText("Up to date").count()).toBe(0);
    await server.start();
  });
});
