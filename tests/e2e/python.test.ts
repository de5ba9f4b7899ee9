/** Python in the tab: its own worker, the run's files, limits, and no way out. */
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
const python = (name: string, lines: readonly string[], rest = ""): string =>
  `name: ${name}\nsteps:\n  - id: run\n${rest}    shell: python3\n    script: |\n${lines.map((line) => `      ${line}`).join("\n")}\n`;

it("runs a program over the run's files", async () => {
  const yaml = `${python("py-files", ["import json, sqlite3", 'rows = open("in.csv").read().split()', 'json.dump({"rows": rows}, open("out.json", "w"))', 'print(len(rows), "rows")'])}  - id: read\n    command: cat out.json\n`;
  const made = yaml.replace("steps:\n", "steps:\n  - command: printf 'a\\nb\\n' > in.csv\n");
  const { run, status } = await runYaml(page, made, 90_000);
  expect([status, await ask(page, "logs", run, "run"), await ask(page, "logs", run, "read")]).toEqual(["succeeded", "2 rows\n", '{"rows": ["a", "b"]}']);
}, 120_000);

it("reaches neither the page nor the network", async () => {
  const lines = [
    "found = []", 'for name in ("js", "pyodide_js"):', "  try:", "    __import__(name)", "    found.append(name)", "  except ImportError: pass",
    "try:", "  import pyodide.code", '  found.append(str(pyodide.code.run_js("typeof indexedDB + typeof fetch")))', "except BaseException: pass",
    "try:", "  import urllib.request", '  urllib.request.urlopen("http://localhost:1/")', '  found.append("net")', "except BaseException: pass", 'print("found", found)',
  ];
  const { run, status } = await runYaml(page, python("py-doors", lines), 90_000);
  expect([status, await ask(page, "logs", run, "run")]).toEqual(["succeeded", "found []\n"]);
}, 120_000);

it("ends an endless loop at its timeout, and greedy memory with a reason", async () => {
  const loop = await runYaml(page, python("py-loop", ["while True: pass"], "    timeout_sec: 15\n"), 90_000);
  expect([loop.status, loop.view.steps[0]?.exitCode]).toEqual(["failed", 124]);
  const greedy = await runYaml(page, python("py-greedy", ["x = []", "while True: x.append(bytearray(10_000_000))"]), 90_000);
  expect([greedy.status, await ask<string>(page, "logs", greedy.run, "run", { stream: "stderr" })]).toEqual(["failed", expect.stringContaining("MemoryError")]);
}, 240_000);
