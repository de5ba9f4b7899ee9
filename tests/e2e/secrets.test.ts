/** Secrets in the tab: set by a person, used by runs, masked everywhere, and not one byte of a value in storage, exports or logs. */
import { unzipSync } from "fflate";
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
  await visit(page, `${server.url}/settings/secrets`);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
const canary = "canary-5e1f-93b0";
const yaml = (name: string): string => `name: ${name}
secrets:
  - {name: TOKEN, provider: env, key: TOKEN}
steps:
  - id: say
    command: echo "it is $TOKEN"
    output: SAID
  - id: split
    script: |
      printf %s "\${TOKEN%????}"; sleep 0.2; printf '%s\\n' "\${TOKEN#????????????}" >&2; printf '%s\\n' 93b0
  - id: child
    call: inner
    params:
      GIVEN: "\${TOKEN}"
  - id: fail
    command: cat "/$TOKEN"
    continue_on: {failure: true}
---
name: inner
params: {GIVEN: none}
steps:
  - id: length
    command: printf %s "$GIVEN" | wc -c
`;

/** Every text and byte in every IndexedDB database of the page, as Latin-1. */
const stored = (): Promise<string> =>
  page.evaluate(async () => {
    const found: string[] = [];
    const decode = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
    const walk = (value: unknown): void => {
      if (value instanceof ArrayBuffer) found.push(decode(new Uint8Array(value)));
      else if (ArrayBuffer.isView(value)) found.push(decode(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)));
      else if (typeof value === "object" && value !== null && !(value instanceof CryptoKey)) {
        found.push(...Object.keys(value));
        for (const one of Object.values(value)) walk(one);
      }
      else found.push(String(value));
    };
    const answer = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const { name } of await indexedDB.databases()) {
      const db = await answer(indexedDB.open(name!));
      for (const store of db.objectStoreNames) {
        walk(await answer(db.transaction(store).objectStore(store).getAll()));
        walk(await answer(db.transaction(store).objectStore(store).getAllKeys()));
      }
      db.close();
    }
    return found.join("\n");
  });

it("keeps a value that a person sets, and shows everything but the value", async () => {
  await page.getByLabel("Name", { exact: true }).fill("TOKEN");
  await page.getByLabel("Value", { exact: true }).fill(canary);
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("cell", { name: "TOKEN", exact: true }).waitFor();
  expect(await page.getByLabel("Value", { exact: true }).inputValue()).toBe("");
  expect(await page.content()).not.toContain(canary);
});

it("gives it to a run and leaves no byte of it anywhere", async () => {
  const { run, status } = await runYaml(page, yaml("with-secret"), 60_000);
  const logs = await Promise.all(["say", "split", "child", "fail"].flatMap((step) => (["stdout", "stderr"] as const).map((stream) => ask<string>(page, "logs", run, step, { stream }))));
  expect([status, logs[0], logs[2]]).toEqual(["partially_succeeded", "it is *******\n", "*******\n"]);
  const exported = unzipSync(Uint8Array.from(await ask<number[]>(page, "exportAll")));
  const bytes = Object.entries(exported).map(([path, content]) => path + Buffer.from(content).toString("latin1")).join("\n");
  const view = JSON.stringify(await ask(page, "run", run));
  const places = { logs: logs.join(""), exported: bytes, view, stored: await stored() };
  expect(Object.entries(places).filter(([, text]) => text.includes(canary)).map(([name]) => name)).toEqual([]);
  expect(places.stored).toContain("*******");
}, 90_000);

it("fails a run with the reason while locked, and runs again once unlocked", async () => {
  await page.getByRole("button", { name: "Protect with a passphrase" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Passphrase").fill("correct horse");
  await dialog.getByLabel("The same again").fill("correct horse");
  await dialog.getByRole("button", { name: "Protect with a passphrase" }).click();
  await page.getByRole("button", { name: "Lock now" }).click();
  await page.getByText("Locked. Runs that need a secret").waitFor();
  const locked = await runYaml(page, yaml("while-locked"), 30_000);
  expect([locked.status, locked.view.reason]).toEqual(["failed", "secret"]);
  await page.getByRole("button", { name: "Unlock" }).click();
  await dialog.getByLabel("Passphrase").fill("wrong horse");
  await dialog.getByRole("button", { name: "Unlock" }).click();
  await page.getByText("This passphrase does not open the secrets.").waitFor();
  await dialog.getByLabel("Passphrase").fill("correct horse");
  await dialog.getByRole("button", { name: "Unlock" }).click();
  await page.getByRole("button", { name: "Lock now" }).waitFor();
  expect((await runYaml(page, yaml("after-unlock"), 60_000)).status).toBe("partially_succeeded");
  await page.reload();
  await page.getByRole("button", { name: "Unlock" }).waitFor();
}, 120_000);
