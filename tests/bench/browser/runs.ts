/** Owns what is run in the bench's tab: the DAGs, and one run from its command to its recorded end with a page open on it. */
import type { Page } from "playwright";

const runMsMax = 180_000;
const textOf = (name: string, type: "chain" | "graph", steps: number, body: string): string =>
  `name: ${name}-${steps}\ntype: ${type}\nsteps:\n${Array.from({ length: steps }, (_, n) => `  - name: s${n}\n    ${body}\n`).join("")}`;
export const chainYaml = (steps: number, body = "type: noop"): string => textOf("chain", "chain", steps, body);
export const fanYaml = (steps: number, body = "type: noop"): string => textOf("fan", "graph", steps, body);
/** A few microseconds of JavaScript, as the published comparisons use it. */
export const fib = "script: |\n      #!/usr/bin/env node\n      const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); console.log(fib(10));";

export interface Ran {
  readonly run: string;
  readonly ms: number;
  readonly status: string;
  readonly commits: number;
}
interface Tab {
  readonly dagbok: {
    readonly importYaml: (text: string) => Promise<{ readonly dag: string }>;
    readonly start: (dag: string) => Promise<{ readonly run: string }>;
    readonly waitForEnd: (run: string, options: object) => Promise<string>;
  };
  readonly booted: {
    readonly stats: () => Promise<{ readonly commits: number }>;
    readonly store: { readonly watch: (read: (tx: { readonly steps: (run: string) => Promise<unknown> }) => Promise<unknown>, onRows: () => void) => () => void };
  };
}
export const importYaml = (page: Page, yaml: string): Promise<string> =>
  page.evaluate(async (text) => (await (window as unknown as Tab).dagbok.importYaml(text)).dag, yaml);

/** Throws when the run does not succeed. */
export const runYaml = async (page: Page, yaml: string): Promise<Ran> => {
  const dag = await importYaml(page, yaml);
  const ran = await page.evaluate(
    async ([name, limit]) => {
      const { dagbok, booted } = window as unknown as Tab;
      const before = (await booted.stats()).commits;
      const from = performance.now();
      const { run } = await dagbok.start(name as string);
      const stop = booted.store.watch((tx) => tx.steps(run), () => undefined);
      const status = await dagbok.waitForEnd(run, { timeoutMs: limit });
      const ms = performance.now() - from;
      stop();
      return { run, ms, status, commits: (await booted.stats()).commits - before };
    },
    [dag, runMsMax] as const,
  );
  if (ran.status !== "succeeded") throw new Error(`${yaml.slice(0, yaml.indexOf("\n"))} ended as ${ran.status}`);
  return ran;
};
