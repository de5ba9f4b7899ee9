/**
 * Bad luck, in a real browser, without screens: what the machinery does when a step never ends, a worker dies, the disk is full, the
 * private file system is missing, the driving tab goes away.
 */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { BrowserContext, Page } from "playwright";
import type { RunView } from "../../src/host/commands.ts";
import { serveBare, type BareSite } from "../kit/tab/bare.ts";

let site: BareSite;
let context: BrowserContext;
beforeAll(async () => {
  site = await serveBare();
}, 120_000);
afterAll(() => site?.close());
afterEach(() => context?.close());

type Refusal = { readonly code: string; readonly message: string; readonly issues?: readonly { readonly line: number }[] };
const call = async <T>(page: Page, command: string, ...values: readonly unknown[]): Promise<T> => {
  const said = await page.evaluate(
    async ([name, given]) => {
      const dagbok = (window as unknown as { dagbok: Record<string, (...rest: readonly unknown[]) => Promise<unknown>> }).dagbok;
      try {
        return { value: await dagbok[name as string]!(...(given as unknown[])) };
      } catch (error) {
        const { code, message, issues } = error as Refusal;
        return { refusal: { code, message, issues } };
      }
    },
    [command, values] as const,
  );
  if ("refusal" in said) throw Object.assign(new Error(`${said.refusal?.code}: ${said.refusal?.message}`), said.refusal);
  return said.value as T;
};
const startYaml = async (page: Page, yaml: string): Promise<string> => {
  const { dag } = await call<{ dag: string }>(page, "importYaml", yaml);
  return (await call<{ run: string }>(page, "start", dag)).run;
};
const settle = async (page: Page, run: string, timeoutMs = 20_000): Promise<RunView> => {
  await call(page, "waitForEnd", run, { timeoutMs });
  return call<RunView>(page, "run", run);
};
const stepStatus = async (page: Page, run: string, step: string): Promise<string | undefined> =>
  (await call<RunView>(page, "run", run)).steps.find((one) => one.name === step)?.status;

it("[X2] ends a step that computes for ever, and the next step runs at once", async () => {
  context = await site.browser.newContext();
  const page = await site.open(context);
  const run = await startYaml(page, "name: loop\nsteps:\n  - name: spin\n    command: while true; do :; done\n");
  await expect.poll(() => stepStatus(page, run, "spin"), { timeout: 10_000 }).toBe("running");
  const from = Date.now();
  await call(page, "stop", run);
  expect((await settle(page, run)).status).toBe("aborted");
  expect(Date.now() - from).toBeLessThan(8000);
  const after = await startYaml(page, "name: after\nsteps:\n  - name: a\n    command: echo still here\n");
  expect((await settle(page, after)).status).toBe("succeeded");
}, 60_000);

it("[X3] finds what a closed tab was running, and fails it where no policy retries", async () => {
  context = await site.browser.newContext();
  const page = await site.open(context);
  const run = await startYaml(page, "name: lost\nsteps:\n  - name: wait\n    command: sleep 600\n    retry_policy:\n      limit: 0\n      interval_sec: 0\n");
  await expect.poll(() => stepStatus(page, run, "wait"), { timeout: 10_000 }).toBe("running");
  await page.close();
  const next = await site.open(context);
  const view = await settle(next, run);
  expect({ status: view.status, step: view.steps[0]?.status }).toEqual({ status: "failed", step: "failed" });
}, 60_000);

it("hands the run of a closed tab to the other one in under a second", async () => {
  context = await site.browser.newContext();
  const first = await site.open(context);
  await expect.poll(() => first.evaluate(() => (window as unknown as { news: { driving: boolean } }).news.driving), { timeout: 10_000 }).toBe(true);
  const second = await site.open(context);
  const run = await startYaml(second, "name: handed\nsteps:\n  - name: a\n    command: sleep 600\n    retry_policy:\n      limit: 3\n      interval_sec: 0\n  - name: b\n    command: echo done\n");
  await expect.poll(() => stepStatus(second, run, "a"), { timeout: 10_000 }).toBe("running");
  const from = Date.now();
  await first.close();
  await expect.poll(() => second.evaluate(() => (window as unknown as { news: { driving: boolean } }).news.driving), { timeout: 10_000, interval: 20 }).toBe(true);
  const took = Date.now() - from;
  await call(second, "stop", run);
  expect((await settle(second, run)).status).toBe("aborted");
  expect(took).toBeLessThan(3000);
}, 60_000);

it("reaches the driving tab's files from another tab", async () => {
  context = await site.browser.newContext();
  const first = await site.open(context);
  const second = await site.open(context);
  const { dag } = await call<{ dag: string }>(second, "importYaml", "name: folder\nworking_dir: .\nsteps:\n  - name: count\n    command: wc -l < data/in.csv\n    output: LINES\n");
  await call(second, "putFile", dag, "data/in.csv", "a\nb\nc\n");
  expect(await call(first, "files", dag)).toEqual([expect.objectContaining({ path: "data/in.csv", size: 6 })]);
  const { run } = await call<{ run: string }>(second, "start", dag);
  const view = await settle(second, run);
  expect({ status: view.status, outputs: view.outputs }).toEqual({ status: "succeeded", outputs: { lines: "3" } });
  await expect(call(second, "getFile", dag, "none.txt")).rejects.toMatchObject({ code: "not_found" });
  await expect(call(second, "putFile", dag, "../x", "y")).rejects.toMatchObject({ code: "bad_path" });
}, 60_000);

it("works without a private file system: the folder lies in IndexedDB and survives a reload", async () => {
  context = await site.browser.newContext();
  const page = await site.open(context, "plain", "plain");
  const { dag } = await call<{ dag: string }>(page, "importYaml", "name: plain\nworking_dir: .\nsteps:\n  - name: a\n    command: cat note.txt\n");
  await call(page, "putFile", dag, "note.txt", "kept\n");
  await page.waitForTimeout(200);
  await page.reload();
  await page.evaluate(() => (window as unknown as { ready: Promise<void> }).ready);
  const { run } = await call<{ run: string }>(page, "start", dag);
  expect((await settle(page, run)).status).toBe("succeeded");
  expect(await call(page, "logs", run, "a")).toBe("kept\n");
  expect(await page.evaluate(() => (window as unknown as { news: { filesKind: string } }).news.filesKind)).toBe("indexeddb");
}, 60_000);

it("says that the storage is full, keeps what there is, and goes on when there is room again", async () => {
  context = await site.persistent();
  const page = await site.open(context);
  const { dag } = await call<{ dag: string }>(page, "importYaml", "name: full\nsteps:\n  - name: a\n    command: echo room\n");
  const session = await context.newCDPSession(page);
  await session.send("Storage.overrideQuotaForOrigin", { origin: site.url, quotaSize: 6 * 1024 * 1024 });
  const fill = page.evaluate(async (id) => {
    const noise = new Uint8Array(64 * 1024);
    const dagbok = (window as unknown as { dagbok: { putFile: (dag: string, path: string, bytes: Uint8Array) => Promise<void> } }).dagbok;
    for (let n = 0; n < 400; n += 1) {
      crypto.getRandomValues(noise);
      try {
        await dagbok.putFile(id, `f${n}`, noise);
      } catch (error) {
        return (error as { code: string }).code;
      }
    }
    return "never full";
  }, dag);
  expect(await fill).toBe("quota");
  await session.send("Storage.overrideQuotaForOrigin", { origin: site.url });
  const { run } = await call<{ run: string }>(page, "start", dag);
  expect((await settle(page, run)).status).toBe("succeeded");
}, 90_000);

it("refuses text that does not load, with the lines, and stores nothing", async () => {
  context = await site.browser.newContext();
  const page = await site.open(context);
  const refused = await call<unknown>(page, "importYaml", "steps:\n  - name: a\n    comand: echo\n").catch((error: unknown) => error as Refusal);
  expect(refused).toMatchObject({ code: "invalid", issues: [expect.objectContaining({ line: 3 })] });
  await expect(call(page, "importYaml", "\u0000\u0001\u0002")).rejects.toMatchObject({ code: "invalid" });
  await expect(call(page, "importYaml", `steps:\n  - command: |\n${"      echo padding\n".repeat(600_000)}`)).rejects.toMatchObject({ code: "invalid" });
  expect(await call(page, "runs")).toMatchObject({ rows: [] });
}, 60_000);

it("deletes with everything, takes it back, and moves house in one file", async () => {
  context = await site.browser.newContext();
  const page = await site.open(context);
  const { dag } = await call<{ dag: string }>(page, "importYaml", "name: house\nworking_dir: .\nartifacts:\n  enabled: true\nsteps:\n  - name: a\n    command: cat in.txt | tee $DAG_RUN_ARTIFACTS_DIR/out.txt\n");
  await call(page, "putFile", dag, "in.txt", "hello house\n");
  const { run } = await call<{ run: string }>(page, "start", dag);
  expect((await settle(page, run)).status).toBe("succeeded");
  await call(page, "deleteDag", dag);
  expect(await call(page, "runs")).toMatchObject({ rows: [] });
  await expect(call(page, "run", run)).rejects.toMatchObject({ code: "not_found" });
  await call(page, "undo");
  await expect(call(page, "undo")).rejects.toMatchObject({ code: "nothing_to_undo" });
  const copy = async (from: Page, to: Page): Promise<void> => {
    const bytes = await from.evaluate(async () => [...(await (window as unknown as { dagbok: { exportAll: () => Promise<Uint8Array> } }).dagbok.exportAll())]);
    await to.evaluate(async (list) => (window as unknown as { dagbok: { importAll: (bytes: Uint8Array) => Promise<void> } }).dagbok.importAll(new Uint8Array(list)), bytes);
  };
  const all = async (where: Page) => ({
    runs: (await call<{ rows: unknown }>(where, "runs")).rows,
    view: await call(where, "run", run),
    log: await call(where, "logs", run, "a"),
    files: await call(where, "files", dag),
    artifacts: await call(where, "artifacts", run),
  });
  const empty = await site.open(context, "elsewhere");
  await copy(page, empty);
  expect(await all(empty)).toEqual(await all(page));
  const again = await call<{ run: string }>(empty, "start", dag);
  expect((await settle(empty, again.run)).status).toBe("succeeded");
}, 60_000);
