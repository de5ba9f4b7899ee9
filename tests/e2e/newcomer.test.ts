/** A newcomer's first minute, by role and name as a person finds things: open, run a sample, see its chart, edit, run again. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright";
import { ask, visit } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
const runOf = (): string => decodeURIComponent(new URL(page.url()).pathname.split("/")[2] ?? "");

it("opens on three samples, runs the first and shows its chart", async () => {
  const began = Date.now();
  await visit(page, server.url);
  await page.getByRole("button", { name: /run/i }).first().click();
  await page.waitForURL(/\/runs\/[^/]+/, { timeout: 15_000 });
  expect(await ask<string>(page, "waitForEnd", runOf(), { timeoutMs: 30_000 })).toBe("succeeded");
  await page.getByText("Succeeded").first().waitFor();
  await page.getByRole("link", { name: /^Artifacts/ }).click();
  const chart = page.getByRole("img", { name: /chart/i }).locator("svg");
  await chart.first().waitFor({ timeout: 20_000 });
  await expect.poll(() => chart.first().locator("path").count(), { timeout: 20_000 }).toBeGreaterThan(5);
  expect(Date.now() - began).toBeLessThan(60_000);
});

it("edits the spec in the editor, publishes it, and runs the new revision", async () => {
  const dags = page.getByRole("link", { name: /sales/i });
  await page.goto(`${server.url}/dags`);
  await dags.first().click();
  await page.waitForURL(/\/dags\/[^/]+/);
  const name = new URL(page.url()).pathname.split("/")[2] ?? "";
  await page.goto(`${server.url}/dags/${name}/spec`);
  const editor = page.locator(".cm-content").first();
  await editor.waitFor({ timeout: 15_000 });
  await editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n# edited by a newcomer\n");
  await page.keyboard.press("Control+s");
  await page.getByText(/revision 2/i).first().waitFor({ timeout: 10_000 });
  const before = (await ask<{ rows: readonly unknown[] }>(page, "runs", {})).rows.length;
  await page.goto(`${server.url}/dags/${name}/overview?dialog=start`);
  await page.getByRole("dialog").getByRole("button", { name: /^Run/ }).click();
  await page.waitForURL(/\/runs\/[^/]+/, { timeout: 10_000 });
  expect(await ask<string>(page, "waitForEnd", runOf(), { timeoutMs: 30_000 })).toBe("succeeded");
  expect((await ask<{ rows: readonly unknown[] }>(page, "runs", {})).rows.length).toBe(before + 1);
  await page.getByText(/revision 2/i).first().waitFor({ timeout: 5_000 });
}, 90_000);

it("speaks both languages and changes between them without a reload", async () => {
  await page.goto(`${server.url}/settings`);
  await page.evaluate(() => void ((window as unknown as { marked: boolean }).marked = true));
  await page.getByText("中文").first().click();
  await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("zh-CN");
  await page.getByRole("link", { name: "运行" }).first().click();
  await page.getByText("成功").first().waitFor();
  expect(await page.evaluate(() => (window as unknown as { marked?: boolean }).marked)).toBe(true);
});

it("says what is wrong with a text it cannot take, in the reader's words, and keeps nothing of it", async () => {
  await expect(ask(page, "importYaml", "name: bad\nsteps:\n  - id: a\n    comand: echo\n")).rejects.toThrow(/comand|command/);
  const circle = async (): Promise<unknown> => {
    const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: cycle\ntype: graph\nsteps:\n  - id: a\n    command: echo\n    depends: b\n  - id: b\n    command: echo\n    depends: a\n");
    return ask(page, "start", dag);
  };
  await expect(circle()).rejects.toThrow(/cycl|circ/i);
  await expect(ask(page, "run", "no-such-run")).rejects.toThrow();
});

it("asks no other origin for anything", () => {
  expect(browser.foreign(server.url)).toEqual([]);
  expect(browser.errors()).toEqual([]);
});
