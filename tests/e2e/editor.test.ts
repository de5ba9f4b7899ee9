/** The editor as a hand uses it: follow a name, rename it everywhere, see what a cron, a variable and a script come to. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright";
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
const spec = `name: edited
schedule: "5 4 * * *"
type: graph
steps:
  - id: first
    command: echo hello
    output: GREETING
  - name: second
    depends: first
    command: echo "\${GREETING} \${first.stdout}"
`;
const open = async (name: string): Promise<void> => {
  await page.goto(`${server.url}/dags/${name}/spec`);
  await page.locator(".cm-content").waitFor();
};
const word = (text: string) => page.locator(".cm-line", { hasText: text }).first();
const hover = async (line: string, part: string): Promise<string> => {
  const box = await word(line).evaluate((node, wanted) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let at = walker.nextNode(); at !== null; at = walker.nextNode()) {
      const from = at.textContent?.indexOf(wanted) ?? -1;
      if (from < 0) continue;
      const range = document.createRange();
      range.setStart(at, from);
      range.setEnd(at, from + wanted.length);
      const { left, top, width, height } = range.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    }
    return undefined;
  }, part);
  if (box === undefined) throw new Error(`${part} is not in ${line}`);
  await page.mouse.move(box.x + 1, box.y);
  await page.mouse.move(box.x, box.y);
  await page.locator(".cm-hover").waitFor();
  return (await page.locator(".cm-hover").textContent()) ?? "";
};

it("shows the next times of a cron, the meaning of a key and the last value of a variable", async () => {
  await runYaml(page, spec);
  await open("edited");
  expect(await hover("schedule:", "4 *")).toMatch(/Next times.*04:05:00/);
  await page.mouse.move(5, 5);
  await page.locator(".cm-hover").waitFor({ state: "detached" });
  expect(await hover("depends:", "depends")).toContain("Steps that must end first");
  await page.mouse.move(5, 5);
  await page.locator(".cm-hover").waitFor({ state: "detached" });
  expect(await hover("command: echo \"", "GREETING")).toMatch(/hello.*last value, from first/);
  await page.getByRole("region", { name: "Next times" }).getByText("5 4 * * *").waitFor();
});
it("goes to where a name is made and renames it everywhere", async () => {
  await open("edited");
  await word("depends: first").click();
  await page.keyboard.press("End");
  await page.keyboard.press("F12");
  await expect.poll(() => page.evaluate(() => getSelection()?.toString())).toBe("first");
  await page.keyboard.press("F2");
  const dialog = page.getByRole("dialog", { name: "Rename first" });
  await dialog.getByRole("textbox").fill("9 lives");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await dialog.getByRole("alert").waitFor();
  await dialog.getByRole("textbox").fill("begin");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => page.locator(".cm-content").textContent()).toMatch(/id: begin.*depends: begin.*\$\{begin\.stdout\}/s);
  await page.keyboard.press("Control+z");
  await expect.poll(() => page.locator(".cm-content").textContent()).toMatch(/id: first.*depends: first/s);
});
it("tells what will not work in a script, where it stands, and marks steps that run elsewhere", async () => {
  await ask(page, "importYaml", "name: hints\nsteps:\n  - name: go\n    script: |\n      echo one\n      frobnicate --now\n  - name: far\n    type: ssh\n    with: {host: a, user: b}\n    command: ls\n");
  await open("hints");
  await page.getByRole("button", { name: "6:7" }).waitFor();
  await page.locator(".cm-home").first().waitFor();
  expect(await page.locator(".cm-home").first().getAttribute("aria-label")).toContain("Needs a backend");
});
it("keeps the base configuration and lays it under a run", async () => {
  await page.goto(`${server.url}/settings/base`);
  await page.locator(".cm-content").click();
  await page.keyboard.type("env:\n- FROM_BASE: laid");
  await page.getByRole("button", { name: /^Save/ }).click();
  await page.getByText("Saved. It holds from the next start.").waitFor();
  const { run, status } = await runYaml(page, "name: under\nsteps:\n  - name: a\n    command: echo $FROM_BASE\n    output: SAID\n");
  expect(status).toBe("succeeded");
  expect((await ask<{ outputs: Record<string, string> }>(page, "run", run)).outputs["said"]).toBe("laid");
});
it("reads thousands of steps beside the page", async () => {
  const steps = Array.from({ length: 4_000 }, (_, n) => `  - name: s${n}\n    command: echo ${n}\n`).join("");
  await ask(page, "importYaml", `name: long\nsteps:\n${steps}`);
  await open("long");
  await page.getByText("4\u2009000 steps").first().waitFor({ timeout: 30_000 });
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("descriptoin: x\n", { delay: 20 });
  await page.getByText(/unknown key "descriptoin"/).first().waitFor({ timeout: 30_000 });
  await page.keyboard.press("Alt+.");
  await page.getByText("No problems.").waitFor({ timeout: 30_000 });
}, 90_000);
