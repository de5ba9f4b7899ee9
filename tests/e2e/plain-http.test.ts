/** Opened over plain HTTP from another machine's name, the page says what is missing and the way out, and is never blank. */
import { chromium, type Browser } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import { chromeArgs, findBrowser } from "../kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

let server: Server;
let browser: Browser;
beforeAll(async () => {
  server = await startServer();
  const resolver = "--host-resolver-rules=MAP dagbok.test localhost";
  browser = await chromium.launch({ executablePath: await findBrowser(console.log), args: [...chromeArgs, resolver] });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

it.each([["en-US", /HTTPS/], ["zh-CN", /HTTPS/]])("says in %s that HTTPS is needed", async (locale, expected) => {
  const context = await browser.newContext({ locale });
  const page = await context.newPage();
  await page.goto(server.url.replace("localhost", "dagbok.test"));
  await page.locator("[data-view=cannot]").waitFor({ timeout: 15_000 });
  expect(await page.locator("main").innerText()).toMatch(expected);
  expect(await page.locator("html").getAttribute("lang")).toBe(locale === "en-US" ? "en" : locale);
  await context.close();
});
