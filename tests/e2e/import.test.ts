/** What comes in from outside: paste, files, a zip of a Dagu home; reviewed on one screen, stored at once, taken back at once. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { strToU8, zipSync } from "fflate";
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
  await visit(page, `${server.url}/import`);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
const names = async (): Promise<readonly string[]> => {
  await page.goto(`${server.url}/dags`);
  await page.locator('[data-view="dags"][aria-busy="false"]').waitFor();
  return page.locator("li[data-dag]").evaluateAll((items) => items.map((item) => item.getAttribute("data-dag") ?? ""));
};
const paste = async (text: string): Promise<void> => {
  await page.goto(`${server.url}/import`);
  await page.getByRole("textbox", { name: /paste/i }).fill(text);
  await page.getByRole("button", { name: "Look at it" }).click();
};
const put = (files: readonly { name: string; data: Uint8Array }[]): Promise<void> =>
  page.locator("input[type=file]").first().setInputFiles(files.map(({ name, data }) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(data) })));

it("migrates an older text, shows both sides, stores it and takes it back", async () => {
  await paste("# my flow\nname: old-flow\nmaxActiveSteps: 2\nsteps:\n  - name: a # first\n    command: echo a\n    continueOn: {failure: true}\n");
  await page.getByText("Migrated", { exact: true }).waitFor();
  await page.locator(".cm-mergeView").waitFor();
  expect(await page.getByText("continueOn is continue_on now").count()).toBe(1);
  await page.getByRole("button", { name: "Import 1 DAG" }).click();
  await page.waitForURL(/\/dags\/old-flow\/spec/);
  await page.getByRole("button", { name: /^Undo/ }).click();
  await page.getByText("The import was taken back.").waitFor();
  expect(await names()).toEqual([]);
});
it("makes a DAG of a crontab line and says what is lost", async () => {
  await paste("MAILTO=me\n*/5 * * * * /opt/backup.sh --all\n");
  await page.getByText("Made from a crontab").waitFor();
  await page.getByText(/MAILTO has no counterpart/).waitFor();
  await page.getByRole("button", { name: "Put all away" }).click();
});
it("reads a zip of a Dagu home: DAGs, base configuration, environment; names the rest", async () => {
  await ask(page, "importYaml", "name: load\nsteps:\n  - echo old\n");
  await page.goto(`${server.url}/import`);
  const zip = zipSync({
    "home/dags/etl/load.yaml": strToU8("steps:\n  - command: sh tools/go.sh\n"), "home/dags/etl/tools/go.sh": strToU8("echo go\n"), "home/dags/etl/.env": strToU8("A=1\n"),
    "home/dags/bad.yaml": strToU8("steps:\n  - comand: echo\n"), "home/base.yaml": strToU8("env:\n  - FROM_BASE: yes\n"), "home/config.yaml": strToU8("port: 8080\n"), "home/logs/x.log": strToU8("x"),
    "home/dags/two.yaml": strToU8("steps:\n  - ssh: x\n    type: ssh\n    command: ls\n"),
  });
  await put([{ name: "home.zip", data: zip }, { name: "broken.zip", data: strToU8("PK no") }, { name: "photo.yaml", data: new Uint8Array([0, 1, 2, 255]) }]);
  await page.getByText(/broken.zip is not a zip/).waitFor();
  await page.getByText("photo.yaml is not text.").waitFor();
  await page.getByText(/config.yaml configures a Dagu server/).waitFor();
  await page.getByText(/base.yaml is a base configuration/).waitFor();
  expect(await page.locator("[data-arrival]").evaluateAll((cards) => cards.map((card) => card.getAttribute("data-arrival")))).toEqual(expect.arrayContaining(["load", "bad", "two"]));
  const load = page.locator('[data-arrival="load"]');
  await load.getByText("There is a DAG called load here.").waitFor();
  await load.getByRole("button", { name: /Use etl-load/ }).click();
  await page.getByRole("button", { name: /^Import 3 DAGs/ }).click();
  await page.waitForURL(/\/dags$/);
  expect([...(await names())].sort()).toEqual(["bad", "etl-load", "load", "two"]);
  expect(await page.locator('li[data-dag="bad"]').getByText("1 error").count()).toBe(1);
  await page.goto(`${server.url}/dags/etl-load/files`);
  await page.getByText("tools/go.sh").first().waitFor();
  expect(await page.getByText(".env", { exact: true }).count()).toBeGreaterThan(0);
});
