/**
 * The engine alone and with the memory store, in Node: steps a second, and what one step costs in a DAG of 100 and of 10,000. No worker and no
 * disk: what is measured is our own work per step. Smallest of several rounds, since neighbours only ever make it slower.
 */
import { dagId, instant, revisionId, runId } from "../../src/core/base/brand.ts";
import { ok } from "../../src/core/base/result.ts";
import { planOf, type Plan } from "../../src/core/plan/plan.ts";
import { outstanding, owedByNode } from "../../src/core/run/outstanding.ts";
import { emptyState } from "../../src/core/run/state/state.ts";
import { prepareToken } from "../../src/core/run/token.ts";
import { firstTurn, turn } from "../../src/core/run/turn.ts";
import { stepRow } from "../../src/core/run/view/rows.ts";
import type { Fact } from "../../src/core/run/fact.ts";
import type { Dag } from "../../src/core/spec/dag.ts";
import { createDriver } from "../../src/host/driver.ts";
import { createMemoryNotify } from "../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../src/adapters/memory/store.ts";
import type { Executor, Report } from "../../src/ports/executor.ts";
import { chain, graph, step } from "../kit/dag.ts";
import type { Row } from "./main.ts";
import { exit } from "../kit/engine.ts";

type Shape = "chain" | "fan" | "layered";
const rounds = 5;

export const dagOf = (shape: Shape, count: number): Dag => {
  const steps = Array.from({ length: count }, (_, at) => step(`s${at}`, { id: `s${at}` }));
  if (shape === "chain") return chain(steps);
  if (shape === "fan") return graph(steps);
  const width = 100;
  return graph(steps.map((one, at) => (at < width ? one : { ...one, depends: [at - width, at - (at % width) - width, at - 1 - width].filter((dep) => dep >= 0).map((dep) => `s${dep}`) })));
};

const report = (token: string): Fact => ({ type: "report", report: { token, end: exit(), conditions: [], stdoutBytes: 0, stderrBytes: 0 } });

/** Milliseconds of the pure engine for a whole run: turns, what is owed, rows. */
const pure = (plan: Plan): number => {
  const began = performance.now();
  const now = instant(1_000_000);
  let state = firstTurn(plan, emptyState(plan, runId("r")), now).state;
  const feed = (fact: Fact): string[] => {
    const done = turn(plan, state, [fact], now);
    state = done.state;
    const tokens: string[] = [];
    for (const index of done.touched) {
      stepRow(plan, state, index);
      for (const work of owedByNode(plan, state, index)) if (work.type === "attempt") tokens.push(work.token);
    }
    return tokens;
  };
  const open = feed({ type: "prepared", prepared: { token: prepareToken(state), dotenv: [], conditions: [] } });
  for (let at = 0; at < open.length; at += 1) open.push(...feed(report(open[at]!)));
  if (state.status !== "succeeded" || outstanding(plan, state).length > 0) throw new Error(`the bench's run ended ${state.status}`);
  return performance.now() - began;
};

/** An executor that ends every step in the next microtask. */
const instantExecutor = (): Executor => {
  let say: (report: Report) => void = () => undefined;
  return {
    start: ({ token }) => queueMicrotask(() => say({ type: "attempt", report: { token, end: exit(), conditions: [], stdoutBytes: 0, stderrBytes: 0 } })),
    prepare: ({ token }) => queueMicrotask(() => say({ type: "prepared", prepared: { token, dotenv: [], conditions: [] } })),
    cancel: async () => undefined,
    running: () => [],
    evaluateStart: async () => ({ ok: true, params: [], dagEnv: [] }),
    onReport: (listener) => {
      say = listener;
    },
    onLog: () => undefined,
    close: async () => undefined,
  };
};

interface Driven {
  readonly ms: number;
  readonly commits: number;
}
const driven = async (dag: Dag, slots: number): Promise<Driven> => {
  const store = createMemoryStore();
  const at = instant(1_000_000);
  await store.transact(async (tx) => {
    await tx.putRevision({ id: revisionId("rev"), dag: dagId("dag"), number: 1, text: "", at, note: "", draft: false });
    await tx.putDag({ id: dagId("dag"), name: "dag", head: revisionId("rev"), description: "", group: "", labels: [], hasSchedule: false, stepCount: 0, errorCount: 0, hasDraft: false, createdAt: at, updatedAt: at });
  });
  const driver = createDriver({
    store, executor: instantExecutor(), clock: { now: () => instant(Date.now()), alarm: (when, ring) => { const timer = setTimeout(ring, when - Date.now()); return () => clearTimeout(timer); } },
    ids: { next: () => "id", random: Math.random }, notify: createMemoryNotify(), slots, parse: () => ok({ dag, children: {} }),
  });
  await driver.start();
  const from = await store.transact((tx) => tx.csn(), { readonly: true });
  const began = performance.now();
  const run = runId("run");
  await driver.ask({ type: "start", dag: "dag", args: [], paramsText: "", trigger: "manual", run });
  while (!(await store.transact(async (tx) => (await tx.activeRuns()).length === 0, { readonly: true }))) await new Promise((resolve) => setTimeout(resolve, 1));
  const ms = performance.now() - began;
  const status = await store.transact(async (tx) => (await tx.run(run))?.status, { readonly: true });
  if (status !== "succeeded") throw new Error(`the bench's run ended ${status}`);
  const to = await store.transact((tx) => tx.csn(), { readonly: true });
  await driver.close();
  return { ms, commits: to - from };
};

const row = (name: string, values: readonly number[], target?: { readonly words: string; readonly holds: (median: number) => boolean }): Row => {
  const sorted = [...values].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return { name, median, low: sorted[0]!, high: sorted.at(-1)!, ...(target === undefined ? {} : { target: target.words, held: target.holds(median) }) };
};
const flat = { words: "≤ 1.5", holds: (median: number) => median <= 1.5 };

/** Pairs of (small, large) per step, measured one after the other, so that a neighbour spoils both. */
const pureRows = (shape: Shape): readonly Row[] => {
  const [small, large] = [planOf(dagOf(shape, 100)), planOf(dagOf(shape, 10_000))];
  if (!small.ok || !large.ok) throw new Error("cycle");
  const costs: number[] = [];
  const ratios: number[] = [];
  for (let n = 0; n < rounds + 1; n += 1) {
    let ms = 0;
    for (let times = 0; times < 100; times += 1) ms += pure(small.value);
    const whole = pure(large.value);
    if (n === 0) continue;
    costs.push(whole / 10);
    ratios.push(whole / ms);
  }
  return [row(`pure engine, ${shape} of 10,000: a step, µs`, costs), row(`pure engine, ${shape}: cost at 10,000 / at 100`, ratios, flat)];
};

const drivenRows = async (shape: Shape): Promise<readonly Row[]> => {
  const speeds: number[] = [];
  const commits: number[] = [];
  const ratios: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const small = await driven(dagOf(shape, 1000), 4);
    const large = await driven(dagOf(shape, 10_000), 4);
    speeds.push(10_000 / (large.ms / 1000));
    commits.push(large.commits / 10_000);
    ratios.push(large.ms / 10_000 / (small.ms / 1000));
  }
  const commitsMax = shape === "chain" ? 2 : 0.6;
  return [
    row(`driver over memory, ${shape} of 10,000: steps a second`, speeds),
    row(`driver over memory, ${shape}: cost at 10,000 / at 1,000`, ratios, flat),
    row(`driver over memory, ${shape}: commits per step`, commits, { words: `≤ ${commitsMax}`, holds: (median) => median <= commitsMax }),
  ];
};

export const run = async (): Promise<readonly Row[]> => [
  ...(["chain", "fan", "layered"] as const).flatMap(pureRows),
  ...(await drivenRows("chain")),
  ...(await drivenRows("fan")),
];
