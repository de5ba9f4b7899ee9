/** A step that wants everything ends with its reason, whatever runs it; the tab and other runs go on. */
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
const script = (shell: string, ...lines: readonly string[]): string => `    shell: ${shell}\n    script: |\n${lines.map((line) => `      ${line}`).join("\n")}\n`;

const greedy: readonly (readonly [string, string])[] = [
  ["shell", script("bash", "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x; done")],
  ["js", script("node", "const a = []; for (;;) a.push(new Array(100000).fill(1.5));")],
  ["sqlite", '    type: sqlite\n    with: {dsn: ":memory:"}\n    command: CREATE TABLE t AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT randomblob(1000000) AS b FROM c\n'],
  ["jq", '    type: jq\n    command: "until(false; . + .)"\n    script: \'"aaaaaaaaaaaaaaaa"\'\n'],
  ["template", "    type: template\n    script: '{{ repeat 2000000000 \"x\" }}'\n"],
  ["archive", "    type: archive\n    command: extract\n    with: {source: bomb.gz, destination: out}\n"],
  ["postgres", '    type: postgres\n    with: {dsn: "pglite:"}\n    command: SELECT length(string_agg(repeat(\'x\', 50000000), \'\')) FROM generate_series(1, 40)\n'],
];
it.each(greedy)("ends a step of %s that takes all memory", async (name, step) => {
  const before = name === "archive" ? "  - command: head -c 40000000 /dev/zero | gzip > bomb.gz\n" : "";
  const { status, view } = await runYaml(page, `name: greedy-${name}\nsteps:\n${before}  - id: take\n    timeout_sec: 60\n${step}`, 80_000);
  const { exitCode } = view.steps.find((one) => one.name === "take") ?? {};
  expect([status, exitCode === 124 || exitCode === 0]).toEqual(["failed", false]);
  expect((await runYaml(page, `name: beside-${name}\nsteps:\n  - command: echo hello\n`)).status).toBe("succeeded");
}, 120_000);

const endless: readonly (readonly [string, string])[] = [
  ["sqlite", '    type: sqlite\n    with: {dsn: ":memory:"}\n    command: WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) SELECT count(*) FROM c\n'],
  ["jq", '    type: jq\n    command: "def f: f; f"\n    script: "1"\n'],
  ["js", script("node", "for (;;);")],
  ["shell", script("bash", "while :; do :; done")],
];
it("ends endless loops at their timeouts, all at once, and keeps other runs going", async () => {
  const yaml = `name: endless\ntype: graph\nsteps:\n${endless.map(([name, step]) => `  - id: ${name}\n    timeout_sec: 3\n    continue_on: {failure: true}\n${step}`).join("")}`;
  const { dag } = await ask<{ dag: string }>(page, "importYaml", yaml);
  const { run } = await ask<{ run: string }>(page, "start", dag);
  expect((await runYaml(page, "name: beside-endless\nsteps:\n  - command: echo hello\n")).status).toBe("succeeded");
  await ask(page, "waitForEnd", run, { timeoutMs: 60_000 });
  const { steps } = await ask<{ readonly steps: readonly { readonly name: string; readonly exitCode?: number }[] }>(page, "run", run);
  expect(steps.map((step) => [step.name, step.exitCode])).toEqual(endless.map(([name]) => [name, 124]));
}, 90_000);
