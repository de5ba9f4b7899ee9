/** Large things: a spec of ten thousand steps on every page of it, a step that prints a gigabyte, files of ten megabytes and of any bytes. */
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { RunView } from "../../src/host/commands.ts";
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
  await visit(page, server.url);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
const stepCount = 10_000;
const large = (): string => `name: large\ntype: graph\nsteps:\n  - name: first\n    command: sleep 600\n${Array.from({ length: stepCount - 1 }, (_, n) => `  - name: s${n}\n    command: echo ${n}\n    depends: [first]\n`).join("")}`;

it("opens a spec of ten thousand steps in the editor, the graph and a run, and draws only what is in sight", async () => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", large());
  const { run } = await ask<{ run: string }>(page, "start", dag);
  await page.evaluate(() => {
    const held = window as unknown as { tasks: number[] };
    held.tasks = [];
    new PerformanceObserver((list) => held.tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ type: "longtask", buffered: false });
  });
  const go = async (path: string): Promise<void> => {
    await page.evaluate((to) => {
      history.pushState({}, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
  };
  const seen: Record<string, unknown> = {};
  for (const path of ["/dags/large/graph", "/dags/large/spec", `/runs/${run}`, `/runs/${run}/graph`, `/runs/${run}/timeline`, `/runs/${run}/logs`]) {
    await page.evaluate(() => void ((window as unknown as { tasks: number[] }).tasks.length = 0));
    await go(path);
    await expect.poll(() => page.locator("main").innerText(), { timeout: 20_000, message: path }).toContain("first");
    const settled = await page.evaluate(() => new Promise<number>((done) => requestAnimationFrame(() => setTimeout(() => done(document.querySelectorAll("main *").length), 0))));
    const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
    seen[path.replace(run, "run")] = { elements: settled, longTasks: tasks };
    expect(settled, path).toBeLessThan(8_000);
  }
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  await ask(page, "stop", run);
  expect(await ask<string>(page, "waitForEnd", run, { timeoutMs: 30_000 })).toBe("aborted");
}, 120_000);

it("keeps what fits of a step that prints a gigabyte, says where it cut in both languages, and lets the others run on", async () => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: gigabyte\ntype: graph\nsteps:\n  - name: flood\n    command: yes 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde | head -c 1000000000\n  - name: beside\n    command: echo beside\n");
  const { run } = await ask<{ run: string }>(page, "start", dag);
  expect(await ask<string>(page, "waitForEnd", run, { timeoutMs: 100_000 })).toBe("succeeded");
  expect(await ask(page, "logs", run, "beside")).toBe("beside\n");
  const length = await page.evaluate(async (id) => (await (window as unknown as { dagbok: { logs: (run: string, step: string) => Promise<string> } }).dagbok.logs(id, "flood")).length, run);
  expect(length).toBeGreaterThan(64 * 1024 * 1024);
  expect(length).toBeLessThan(64 * 1024 * 1024 + 200);
  await visit(page, `${server.url}/runs/${run}/logs?step=flood`);
  await page.getByText("at most 67 MB of a step are kept, 1.0 GB were printed").waitFor({ timeout: 30_000 });
  await page.evaluate(() => localStorage.setItem("dagbok.locale", "zh-CN"));
  await page.reload();
  await page.getByText("每个步骤最多保留 67 MB，实际输出 1.0 GB").waitFor({ timeout: 30_000 });
  await page.evaluate(() => localStorage.setItem("dagbok.locale", "en"));
}, 150_000);

it("takes a file of ten megabytes and one of any bytes whole, and refuses binary as a DAG", async () => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", "name: files\nworking_dir: .\nsteps:\n  - name: size\n    command: wc -c < big.bin\n    output: SIZE\n");
  const same = await page.evaluate(async (id) => {
    const { dagbok } = window as unknown as { dagbok: { putFile: (dag: string, path: string, data: Uint8Array) => Promise<void>; getFile: (dag: string, path: string) => Promise<Uint8Array> } };
    const big = new Uint8Array(10 * 1024 * 1024);
    for (let n = 0; n < big.length; n += 65_536) crypto.getRandomValues(big.subarray(n, n + 65_536));
    const every = Uint8Array.from({ length: 512 }, (_, n) => n % 256);
    await dagbok.putFile(id, "big.bin", big);
    await dagbok.putFile(id, "every.bin", every);
    const [a, b] = [await dagbok.getFile(id, "big.bin"), await dagbok.getFile(id, "every.bin")];
    return a.length === big.length && a.every((byte, n) => byte === big[n]) && b.every((byte, n) => byte === every[n]) && b.length === 512;
  }, dag);
  expect(same).toBe(true);
  const { run } = await ask<{ run: string }>(page, "start", "files");
  expect(await ask<string>(page, "waitForEnd", run, { timeoutMs: 20_000 })).toBe("succeeded");
  expect((await ask<RunView>(page, "run", run)).outputs).toEqual({ size: String(10 * 1024 * 1024) });
  await expect(ask(page, "importYaml", "\u0000\u0001PNG\u0002\n")).rejects.toThrow(/invalid/);
}, 60_000);
