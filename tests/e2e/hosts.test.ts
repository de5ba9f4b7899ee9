/** Where the app comes from: a host without our headers, two builds in turn, a private window, no service worker. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser as Chromium } from "playwright";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buildIfNeeded, distFolder } from "../../src/cli/build/build.ts";
import type { RunView } from "../../src/host/commands.ts";
import { chromeArgs, findBrowser } from "../kit/browser.ts";
import { ask, runYaml, visit, waitForOffline } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { serveFolder, type StaticHost } from "./kit/static.ts";

const chain = "name: chain\nsteps:\n  - name: one\n    command: echo one\n  - name: two\n    script: |\n      #!/usr/bin/env node\n      console.log(6 * 7)\n    output: GOT\n";
const folders: string[] = [];
let host: StaticHost | undefined;
let browser: Browser | undefined;
let bare: Chromium | undefined;
beforeAll(() => buildIfNeeded(() => undefined).then(() => undefined), 180_000);
afterEach(async () => {
  await browser?.close();
  await bare?.close();
  host?.close();
  [browser, bare, host] = [undefined, undefined, undefined];
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

it("works on a static host without our headers, and has them from its service worker from the second load on", async () => {
  host = await serveFolder(distFolder);
  browser = await openBrowser();
  const page = await browser.newPage();
  await visit(page, host.url);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  expect((await runYaml(page, chain)).view).toMatchObject({ status: "succeeded", outputs: { got: "42" } });
  await waitForOffline(page);
  await visit(page, `${host.url}/dags/chain/graph`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(await page.evaluate(() => fetch("https://example.invalid/").catch((error: Error) => error.name))).toBe("TypeError");
  expect(await page.evaluate(() => fetch("/index.html").then((answer) => answer.headers.get("content-security-policy")))).toContain("connect-src 'self'");
  const step = await page.evaluate(async () => {
    const name = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname).find((path) => path.startsWith("/workers/host-"));
    return (await fetch(name ?? "/")).headers.get("content-security-policy");
  });
  expect(step).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'");
  expect((await runYaml(page, chain.replace("chain", "guarded"))).view).toMatchObject({ status: "succeeded", outputs: { got: "42" } });
  expect(browser.errors()).toEqual([]);
}, 90_000);

it("lets an update wait for consent and then for the run that goes on", async () => {
  const next = mkdtempSync(join(tmpdir(), "dagbok-next-"));
  folders.push(next);
  cpSync(distFolder, next, { recursive: true });
  writeFileSync(join(next, "index.html"), readFileSync(join(distFolder, "index.html"), "utf8").replace("<title>Dagbok</title>", "<title>Dagbok, next</title>"));
  const worker = readFileSync(join(next, "sw.js"), "utf8");
  const known = /\{url:"?`?\/index\.html`?"?,revision:"?`?([0-9a-f]{16})|"url":"\/index\.html","revision":"([0-9a-f]{16})"/.exec(worker);
  const revision = known?.[1] ?? known?.[2] ?? "";
  expect(revision).toHaveLength(16);
  writeFileSync(join(next, "sw.js"), worker.replace(revision, "0".repeat(16)));
  host = await serveFolder(distFolder, { headers: true });
  browser = await openBrowser();
  const page = await browser.newPage();
  await visit(page, host.url);
  await waitForOffline(page);
  const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: long\nsteps:\n  - name: wait\n    command: sleep 6; echo whole\n");
  const { run } = await ask<{ run: string }>(page, "start", dag);
  host.serve(next);
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((found) => found?.update()));
  const offer = page.getByRole("status").filter({ hasText: "Update" }).first();
  await offer.waitFor({ timeout: 20_000 });
  // Consent given while a step runs: the update waits for its end.
  await offer.getByRole("button").last().click();
  await offer.getByText("waits for 1 run").waitFor();
  const loaded = page.waitForEvent("load");
  expect(await page.evaluate(() => fetch("/").then((answer) => answer.text()))).not.toContain("Dagbok, next");
  await loaded;
  await page.locator("[data-view]").first().waitFor();
  expect(await page.evaluate(() => fetch("/").then((answer) => answer.text()))).toContain("Dagbok, next");
  expect(await ask<string>(page, "waitForEnd", run, { timeoutMs: 20_000 })).toBe("succeeded");
  expect({ log: await ask(page, "logs", run, "wait"), retries: (await ask<RunView>(page, "run", run)).steps[0]?.retryCount }).toEqual({ log: "whole\n", retries: 0 });
}, 90_000);

it.each([["in a private window", {}], ["without a service worker", { serviceWorkers: "block" }]] as const)("runs and keeps %s, and says whether it is offline-ready", async (_, options) => {
  host = await serveFolder(distFolder, { headers: true });
  bare = await chromium.launch({ executablePath: await findBrowser(() => undefined), args: [...chromeArgs] });
  const context = await bare.newContext({ ...options, locale: "en-US" });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await visit(page, host.url);
  const { dag, run, view } = await runYaml(page, chain);
  expect(view).toMatchObject({ status: "succeeded", outputs: { got: "42" } });
  await ask(page, "putFile", dag, "kept.txt", "kept");
  await page.reload();
  expect(await ask<RunView>(page, "run", run)).toMatchObject({ status: "succeeded" });
  expect(await ask<number[]>(page, "getFile", "chain", "kept.txt")).toEqual([...new TextEncoder().encode("kept")]);
  const said = "serviceWorkers" in options ? "Not yet offline" : "Works offline";
  await expect.poll(() => page.locator("body").innerText(), { timeout: 20_000 }).toContain(said);
  expect(errors).toEqual([]);
}, 60_000);
