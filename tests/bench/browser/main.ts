/**
 * The engine in a real browser, page open on the run: store, host worker, step workers, files, as built for the product. Beside it the
 * probe, before and after each round; a ratio is the probe's time over ours. A round is dropped when its two probes differ too much.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright";
import { serveBare } from "../../kit/tab/bare.ts";
import type { Row } from "../main.ts";
import { probeSource } from "./probe.ts";

const rounds = 5;
/** Probes of one round may differ by this much. */
const driftMax = 2;
const lanes = 4;
const runMsMax = 120_000;

export const chainYaml = (steps: number, body = "type: noop"): string =>
  `name: chain-${steps}\ntype: chain\nsteps:\n${Array.from({ length: steps }, (_, n) => `  - name: s${n}\n    ${body}\n`).join("")}`;
const fanYaml = (steps: number, body = "type: noop"): string =>
  `name: fan-${steps}\ntype: graph\nsteps:\n${Array.from({ length: steps }, (_, n) => `  - name: s${n}\n    ${body}\n`).join("")}`;
/** A few microseconds of JavaScript, as the published comparisons use it. */
const fib = "script: |\n      #!/usr/bin/env node\n      const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)); console.log(fib(10));";

interface Ran {
  readonly ms: number;
  readonly status: string;
  readonly commits: number;
}
const runYaml = (page: Page, yaml: string): Promise<Ran> =>
  page.evaluate(
    async ([text, limit]) => {
      const { dagbok, booted } = window as unknown as {
        dagbok: { importYaml: (text: string) => Promise<{ dag: string }>; start: (dag: string) => Promise<{ run: string }>; waitForEnd: (run: string, options: object) => Promise<string> };
        booted: { stats: () => Promise<{ commits: number }>; store: { watch: (read: (tx: { steps: (run: string) => Promise<unknown> }) => Promise<unknown>, onRows: () => void) => () => void } };
      };
      const { dag } = await dagbok.importYaml(text as string);
      const before = (await booted.stats()).commits;
      const from = performance.now();
      const { run } = await dagbok.start(dag);
      const stop = booted.store.watch((tx) => tx.steps(run), () => undefined);
      const status = await dagbok.waitForEnd(run, { timeoutMs: limit });
      const ms = performance.now() - from;
      stop();
      return { ms, status, commits: (await booted.stats()).commits - before };
    },
    [yaml, runMsMax] as const,
  );

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
const row = (name: string, values: readonly number[], target?: { readonly words: string; readonly holds: (median: number) => boolean }): Row => {
  const all = sorted(values);
  const median = all[Math.floor(all.length / 2)] ?? Number.NaN;
  return {
    name, median, low: all[0] ?? Number.NaN, high: all.at(-1) ?? Number.NaN,
    ...(target === undefined ? {} : { target: target.words, held: target.holds(median) }),
  };
};
const atLeast = (limit: number, words: string) => ({ words: `at least ${words}`, holds: (median: number) => median >= limit });
const atMost = (limit: number, words: string) => ({ words: `at most ${words}`, holds: (median: number) => median <= limit });

interface Bench {
  readonly page: Page;
  readonly probe: (kind: "chain" | "fan", steps: number) => Promise<number>;
}
interface Measured {
  readonly ratios: readonly number[];
  readonly perStep: readonly number[];
  readonly commits: readonly number[];
}
const against = async ({ page, probe }: Bench, kind: "chain" | "fan", steps: number): Promise<Measured> => {
  const [ratios, perStep, commits]: [number[], number[], number[]] = [[], [], []];
  const yaml = kind === "chain" ? chainYaml(steps) : fanYaml(steps);
  for (let round = 0; round < rounds * 2 && ratios.length < rounds; round += 1) {
    const before = await probe(kind, steps);
    const ours = await runYaml(page, yaml);
    const after = await probe(kind, steps);
    if (ours.status !== "succeeded") throw new Error(`${kind} of ${steps} ended as ${ours.status}`);
    if (Math.max(before, after) > Math.min(before, after) * driftMax && round < rounds) continue;
    ratios.push((before + after) / 2 / ours.ms);
    perStep.push(ours.ms / steps);
    commits.push(ours.commits / steps);
  }
  return { ratios, perStep, commits };
};

const whole = async ({ page }: Bench, yaml: string, times: number): Promise<readonly number[]> => {
  const seconds: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const { ms, status } = await runYaml(page, yaml);
    if (status !== "succeeded") throw new Error(`a run ended as ${status}`);
    seconds.push(ms / 1000);
  }
  return seconds;
};

const measure = async (bench: Bench): Promise<readonly Row[]> => {
  await whole(bench, chainYaml(40), 2);
  const chain = await against(bench, "chain", 400);
  const fan = await against(bench, "fan", 1000);
  const light = await whole(bench, fanYaml(40, fib), 5);
  const runs = { 40: await whole(bench, chainYaml(40), 5), 100: await whole(bench, chainYaml(100), 3), 1000: await whole(bench, chainYaml(1000), 3), 3000: await whole(bench, chainYaml(3000), 1), 10000: await whole(bench, chainYaml(10_000), 1) };
  const perStep = (steps: 100 | 10000): number => sorted(runs[steps])[Math.floor(runs[steps].length / 2)]! / steps;
  return [
    row("chain of 400, part of the probe's speed", chain.ratios, atLeast(0.7, "0.70")),
    row("fan-out of 1,000 over 4 workers, part of the probe's speed", fan.ratios, atLeast(0.6, "0.60")),
    row("chain, commits per step", chain.commits, atMost(2, "2")),
    row("fan-out, commits per step", fan.commits, atMost(0.6, "0.6")),
    row("chain, ms per step", chain.perStep),
    row("fan-out, ms per step", fan.perStep),
    row("40 light JavaScript steps, s", light, atMost(0.4, "0.4 s")),
    row("chain of 40, s", runs[40], atMost(0.25 / 3, "a third of 0.25 s")),
    row("chain of 1,000, s", runs[1000], atMost(32 / 12, "a twelfth of 32 s")),
    row("chain of 3,000, s", runs[3000], atMost(449 / 60, "a sixtieth of 449 s")),
    row("chain of 10,000, s", runs[10000], atMost(25, "25 s")),
    row("cost per step, 10,000 over 100", [perStep(10000) / perStep(100)], atMost(1.5, "1.5")),
  ];
};

export const run = async (): Promise<readonly Row[]> => {
  const site = await serveBare();
  const server = createServer((request, response) => {
    const isScript = request.url === "/probe.js";
    response.writeHead(200, { "Content-Type": isScript ? "text/javascript" : "text/html" }).end(isScript ? probeSource : "<!doctype html>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const context = await site.persistent();
    const beside = await context.newPage();
    await beside.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    const probe: Bench["probe"] = (kind, steps) =>
      beside.evaluate(
        (order) =>
          new Promise<number>((resolve) => {
            const worker = new Worker("/probe.js");
            worker.onmessage = ({ data }) => {
              worker.terminate();
              resolve(data as number);
            };
            worker.postMessage(order);
          }),
        { kind, steps, lanes },
      );
    const rows = await measure({ page: await site.open(context), probe });
    await context.close();
    return rows;
  } finally {
    server.close();
    await site.close();
  }
};
