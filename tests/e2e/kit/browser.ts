/** Owns a real Chromium for a test: a profile of its own on disk, so that closing and opening it again is a restart. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type BrowserContext, type Page } from "playwright";
import { chromeArgs, findBrowser } from "../../kit/browser.ts";

export interface Browser {
  readonly context: () => BrowserContext;
  readonly newPage: () => Promise<Page>;
  /** Addresses asked for so far that are not of `origin`. */
  readonly foreign: (origin: string) => readonly string[];
  /** Errors that pages logged or threw. */
  readonly errors: () => readonly string[];
  /** Closes the browser and opens the same profile again. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}
export interface BrowserOptions {
  readonly locale?: "en-US" | "zh-CN";
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

export const openBrowser = async ({ locale = "en-US", width = 1440, height = 900, colorScheme = "light" }: BrowserOptions = {}): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), "dagbok-chrome-"));
  const executablePath = await findBrowser((line) => process.stdout.write(`${line}\n`));
  const asked: string[] = [];
  const errors: string[] = [];
  const open = async (): Promise<BrowserContext> => {
    const opened = await chromium.launchPersistentContext(profile, { executablePath, args: [...chromeArgs], headless: true, locale, colorScheme, viewport: { width, height } });
    opened.on("request", (request) => void asked.push(request.url()));
    opened.on("page", (page) => page.on("pageerror", (error) => void errors.push(error.message)));
    return opened;
  };
  let context = await open();
  return {
    context: () => context,
    newPage: () => context.newPage(),
    foreign: (origin) => asked.filter((url) => /^(https?|wss?):/.test(url) && !url.startsWith(`${origin}/`)),
    errors: () => errors,
    restart: async () => {
      await context.close();
      context = await open();
    },
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
};
