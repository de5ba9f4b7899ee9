/** The ten samples, once in the tab and once on the command line: the same statuses of the run and of every step. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Page } from "playwright";
import type { RunView } from "../../src/host/commands.ts";
import { ask, visit } from "./kit/app.ts";
import { openBrowser, type Browser } from "./kit/browser.ts";
import { startServer, type Server } from "./kit/server.ts";

const top = join(import.meta.dirname, "../..");
const folder = join(top, "src/ui/samples");
const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
let server: Server;
let browser: Browser;
let page: Page;
let place: string;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "dagbok-samples-"));
  server = await startServer();
  browser = await openBrowser();
  page = await browser.newPage();
  await visit(page, server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(place, { recursive: true, force: true });
});
interface Outcome {
  readonly status: string;
  readonly steps: readonly (readonly [string, string])[];
}
const inTab = async (id: string): Promise<Outcome> => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", readFileSync(join(folder, id, "dag.yaml"), "utf8"));
  for (const file of filesOf(id)) await ask(page, "putFile", dag, `data/${file}`, readFileSync(join(folder, id, "data", file), "utf8"));
  await ask(page, "grantHost", dag, "*");
  const { run } = await ask<{ run: string }>(page, "start", dag);
  let view = await ask<RunView>(page, "run", run);
  await expect.poll(async () => {
    view = await ask<RunView>(page, "run", run);
    return /waiting|succeeded|failed|aborted|rejected/.test(view.status);
  }, { timeout: 60_000 }).toBe(true);
  return { status: view.status, steps: view.steps.map(({ name, status }) => [name, status] as const) };
};
const filesOf = (id: string): readonly string[] => {
  const entries = readdirSync(join(folder, id), { withFileTypes: true });
  return entries.some((entry) => entry.name === "data") ? readdirSync(join(folder, id, "data")) : [];
};
const onCommandLine = async (id: string): Promise<Outcome> => {
  const copy = join(place, id);
  cpSync(join(folder, id), copy, { recursive: true });
  const data = join(place, `${id}-history`);
  await new Promise<void>((resolve) => void execFile(process.execPath, [join(top, "src/cli/bin/dagbok.js"), "run", join(copy, "dag.yaml"), "--data", data], () => resolve()));
  const runs = join(data, "runs");
  const rows = readdirSync(runs).map((run) => ({ run, row: JSON.parse(readFileSync(join(runs, run, "run.json"), "utf8")) as { readonly status: string; readonly parent?: unknown } }));
  const { run, row } = rows.find((one) => one.row.parent === undefined)!;
  const steps = JSON.parse(readFileSync(join(runs, run, "steps.json"), "utf8")) as readonly { readonly name: string; readonly status: string; readonly index: number; readonly handler?: string }[];
  return { status: row.status, steps: steps.filter((step) => step.handler === undefined).sort((a, b) => a.index - b.index).map(({ name, status }) => [name, status] as const) };
};

it.each(ids)("%s ends alike in the tab and on the command line", async (id) => {
  const [tab, line] = await Promise.all([inTab(id), onCommandLine(id)]);
  expect(line).toEqual(tab);
}, 120_000);
