/** Owns how a test speaks to the running app: `window.dagbok` for what a script would do, roles and names for what a person would do. */
import type { Page } from "playwright";
import type { RunView } from "../../../src/host/commands.ts";

/** Calls `window.dagbok[name](...args)` in the page; a refusal arrives as an error with its code in front. */
export const ask = async <T>(page: Page, name: string, ...args: readonly unknown[]): Promise<T> => {
  await page.waitForFunction(() => "dagbok" in window, undefined, { timeout: 30_000 });
  const answer = await page.evaluate(
    async ([command, given]) => {
      const dagbok = (window as unknown as { dagbok: Record<string, (...rest: readonly unknown[]) => Promise<unknown>> }).dagbok;
      try {
        const value = await dagbok[command as string]?.(...(given as unknown[]));
        return { ok: true as const, value: value instanceof Uint8Array ? [...value] : value };
      } catch (error) {
        const { code, message } = error as { code?: string; message?: string };
        return { ok: false as const, message: `${code ?? "error"}: ${message ?? String(error)}` };
      }
    },
    [name, args] as const,
  );
  if (!answer.ok) throw new Error(`${name} failed with ${answer.message}`);
  return answer.value as T;
};
/** Stores the text as a DAG, runs it and waits for its end. */
export const runYaml = async (page: Page, yaml: string, timeoutMs = 30_000): Promise<{ readonly dag: string; readonly run: string; readonly status: string; readonly view: RunView }> => {
  const { dag } = await ask<{ dag: string }>(page, "importYaml", yaml);
  const { run } = await ask<{ run: string }>(page, "start", dag);
  const status = await ask<string>(page, "waitForEnd", run, { timeoutMs });
  return { dag, run, status, view: await ask<RunView>(page, "run", run) };
};
/** Opens the app and waits until a view stands. */
export const visit = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.locator("[data-view]").first().waitFor({ timeout: 30_000 });
};
/** Waits until the next visit needs no server: the worker controls the page and the default runtimes are kept. */
export const waitForOffline = async (page: Page, timeoutMs = 60_000): Promise<void> => {
  const end = Date.now() + timeoutMs;
  const isReady = async (): Promise<boolean> => {
    if (navigator.serviceWorker.controller === null) return false;
    return (await (await caches.open("dagbok-runtimes")).keys()).length >= 2;
  };
  while (!(await page.evaluate(isReady))) {
    if (Date.now() > end) throw new Error("the app did not become ready for offline use in time");
    await page.waitForTimeout(200);
  }
};
