/**
 * The root of `npm run screenshot`: takes the README's picture and the manifest's from a real run, with the real server and Chromium.
 * The pictures lie in `public/screenshots`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ask, visit } from "./kit/app.ts";
import { openBrowser } from "./kit/browser.ts";
import { startServer } from "./kit/server.ts";

const folder = join(import.meta.dirname, "../../public/screenshots");
const shots = [
  { file: "run-1440.png", width: 1440, height: 900, locale: "en-US", colorScheme: "light" },
  { file: "run-390.png", width: 390, height: 844, locale: "en-US", colorScheme: "light" },
  { file: "run-1440-dark-zh.png", width: 1440, height: 900, locale: "zh-CN", colorScheme: "dark" },
] as const;
/** What a screen may still be drawing once its rows are there. */
const settleMs = 1_500;

mkdirSync(folder, { recursive: true });
const server = await startServer();
for (const { file, ...options } of shots) {
  const browser = await openBrowser(options);
  const page = await browser.newPage();
  await visit(page, server.url);
  await page.getByRole("button", { name: /^(Run|运行)/ }).first().click();
  await page.waitForURL(/\/runs\/[^/]+/, { timeout: 30_000 });
  await ask(page, "waitForEnd", decodeURIComponent(new URL(page.url()).pathname.split("/")[2] ?? ""), { timeoutMs: 60_000 });
  await page.waitForTimeout(settleMs);
  await page.screenshot({ path: join(folder, file) });
  process.stdout.write(`public/screenshots/${file}\n`);
  await browser.close();
}
await server.close();
