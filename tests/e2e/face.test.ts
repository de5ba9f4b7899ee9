/** What a reader of runs sees: one log of all steps, a page's scripts only where they are asked for, days that lead to their runs. */
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runYaml, visit } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let browser: Browser;
let page: Page;
let run: string;
const cards = `<button onclick="this.textContent='back'">front</button><script>fetch('https://example.invalid/').catch((error) => document.body.append(error.name)); try { parent.document } catch (error) { document.body.append(error.name) }</script>`;
beforeAll(async () => {
  server = await startServer();
  browser = await openBrowser();
  page = await browser.newPage();
  await visit(page, server.url);
  run = (await runYaml(page, `name: face\ntype: graph\nartifacts:\n  enabled: true\nsteps:\n  - name: early\n    command: echo first line\n  - name: late\n    depends: [early]\n    command: echo second line >&2\n  - name: cards\n    depends: [late]\n    command: |\n      cat > $DAG_RUN_ARTIFACTS_DIR/cards.html <<'EOF'\n      ${cards}\n      EOF\n`)).run;
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it("shows all steps in one log, in the order of time, on the tab and beside the summary", async () => {
  await visit(page, `${server.url}/runs/${run}/logs?step=*`);
  const log = page.getByRole("log");
  await expect.poll(() => log.innerText(), { timeout: 10_000 }).toMatch(/early\s+first line[\s\S]*late\s+second line/);
  await page.getByRole("searchbox").fill("second");
  await page.getByText("1 of 1 in 2 lines").waitFor();
  await visit(page, `${server.url}/runs/${run}`);
  await expect.poll(() => page.getByRole("log").innerText(), { timeout: 10_000 }).toMatch(/first line[\s\S]*second line/);
});

it("runs a page's scripts where a person asks for it, in an origin that reaches nothing", async () => {
  await visit(page, `${server.url}/runs/${run}/artifacts`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("button", { name: "front" }).click();
  expect(await frame.locator("body").innerText()).toBe("front");
  await page.getByRole("button", { name: "Run its scripts" }).click();
  await expect.poll(() => frame.locator("body").innerText(), { timeout: 10_000 }).toContain("SecurityError");
  await expect.poll(() => frame.locator("body").innerText()).toContain("TypeError");
  await frame.getByRole("button", { name: "front" }).click();
  await frame.getByRole("button", { name: "back" }).waitFor();
  await page.getByRole("button", { name: "Stop its scripts" }).click();
  await frame.getByRole("button", { name: "front" }).waitFor();
});

it("leads from a day to its runs, and shows today's on Home", async () => {
  await visit(page, `${server.url}/runs`);
  const days = page.getByRole("region", { name: "Per day" }).getByRole("button");
  expect(await days.count()).toBe(14);
  await days.last().click();
  await page.waitForURL(/after=/);
  await page.locator(`a.run[data-run="${run}"]`).waitFor();
  await visit(page, server.url);
  await page.getByRole("group", { name: "Today" }).getByRole("link", { name: /face.*Succeeded/ }).waitFor();
});
