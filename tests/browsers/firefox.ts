/** Owns driving Firefox over WebDriver BiDi. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer, { type Page } from "puppeteer-core";
import { onPath } from "../kit/browser.ts";
import type { Engine, EngineSource, Tab } from "./engine.ts";

const program = (): string | undefined => process.env["FIREFOX_PATH"] ?? onPath("firefox-esr") ?? onPath("firefox");

const tabOf = (page: Page): Tab => ({
  goto: async (url) => void (await page.goto(url, { waitUntil: "domcontentloaded", timeout: 30_000 })),
  run: <T>(body: string, ...args: readonly unknown[]) => page.evaluate(`(async (args) => { ${body} })(${JSON.stringify(args)})`) as Promise<T>,
  close: () => page.close(),
});

const launch = async (): Promise<Engine> => {
  const home = mkdtempSync(join(tmpdir(), "dagbok-firefox-"));
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: program(),
    headless: true,
    userDataDir: join(home, "profile"),
    env: { ...process.env, HOME: home },
    timeout: 60_000,
    extraPrefsFirefox: { "intl.accept_languages": "en-US", "app.update.disabledForTesting": true },
  });
  return {
    name: "Firefox",
    newTab: async () => tabOf(await browser.newPage()),
    close: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
export const firefox: EngineSource = { name: "Firefox", packages: ["firefox-esr"], isHere: () => program() !== undefined, launch };
