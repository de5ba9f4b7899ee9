import { expect, it } from "vitest";
import { dagId, instant, revisionId, runId } from "../../../src/core/base/brand.ts";
import { ok } from "../../../src/core/base/result.ts";
import { checkTurn } from "../../../src/core/run/rules.ts";
import { createDriver } from "../../../src/host/driver.ts";
import { createVirtualClock } from "../../../src/adapters/memory/clock.ts";
import { createMemoryNotify } from "../../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import type { Executor, Report } from "../../../src/ports/executor.ts";
import type { Store } from "../../../src/ports/store.ts";
import { exit } from "../../kit/engine.ts";
import { chain, graph, handlers, step } from "../../kit/dag.ts";

const kid = chain([step("x"), step("y")], { name: "kid" });
const dag = graph([
  step("a", { retry: { limit: 1, intervalSec: 1, backoff: 0, maxIntervalSec: 0, exitCodes: [] } }), step("b", { depends: ["a"] }),
  step("call", { depends: ["a"], type: "dag", call: { name: "kid", params: { type: "none" } } }), step("last", { depends: ["b", "call"] }),
], { name: "root", handlers: handlers("init", "success", "exit") });

/** Every step succeeds at once, the first try of `a` fails. */
const createExecutor = (): Executor => {
  let say: (report: Report) => void = () => undefined;
  return {
    start: (order) => {
      const calls = order.step.call !== undefined && order.result === undefined;
      const end = calls
        ? { type: "called" as const, children: [{ dag: "kid", params: "", workingDir: "/" }], maxConcurrent: 1, parallel: false }
        : exit(order.step.name === "a" && order.token.endsWith("/1") ? 1 : 0);
      queueMicrotask(() => say({ type: "attempt", report: { token: order.token, end, conditions: [], stdoutBytes: 0, stderrBytes: 0 } }));
    },
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

/** Runs the whole thing with the n-th operation on the store failing; answers whether there was an n-th. */
const runWithFault = async (nth: number): Promise<{ readonly hit: boolean; readonly statuses: readonly string[] }> => {
  const memory = createMemoryStore();
  const at = instant(1);
  await memory.transact(async (tx) => {
    for (const spec of [kid, dag]) {
      await tx.putRevision({ id: revisionId(spec.name), dag: dagId(spec.name), number: 1, text: spec.name, at, note: "", draft: false });
      await tx.putDag({ id: dagId(spec.name), name: spec.name, head: revisionId(spec.name), description: "", group: "", labels: [], hasSchedule: false, stepCount: 0, errorCount: 0, hasDraft: false, createdAt: at, updatedAt: at });
    }
    await tx.putRequest({ id: "q", at, type: "start", body: JSON.stringify({ type: "start", dag: "root", args: [], paramsText: "", trigger: "manual", run: "r" }) });
  });
  let count = 0;
  let hit = false;
  let isArmed = false;
  const store: Store = {
    ...memory,
    transact: (work, options) => {
      count += Number(isArmed);
      if (!isArmed || count !== nth) return memory.transact(work, options);
      hit = true;
      return Promise.reject(new Error("the disk said no"));
    },
  };
  const clock = createVirtualClock();
  const driver = createDriver({
    store, clock, notify: createMemoryNotify(), ids: { next: () => "id", random: () => 0 }, executor: createExecutor(), check: checkTurn,
    parse: (text) => ok({ dag: text === "kid" ? kid : dag, children: {} }),
  });
  const starting = driver.start();
  isArmed = true;
  for (let n = 0; n < 60; n += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const next = clock.next();
    if (next !== undefined) clock.advanceTo(next);
  }
  await starting.catch(() => undefined);
  const statuses = await memory.transact(async (tx) => [
    (await tx.run(runId("r")))?.status ?? "none", ...(await tx.steps(runId("r"))).map((one) => `${one.name} ${one.status} ${one.doneCount}`),
  ], { readonly: true });
  await driver.close();
  return { hit, statuses };
};

it("comes to the same end whichever operation on the store fails once", async () => {
  const { statuses: expected } = await runWithFault(0);
  expect(expected).toEqual([
    "succeeded", "a succeeded 1", "b succeeded 1", "call succeeded 1", "last succeeded 1", "onInit succeeded 1", "onSuccess succeeded 1", "onExit succeeded 1",
  ]);
  let nth = 1;
  for (let hit = true; hit; nth += 1) {
    const outcome = await runWithFault(nth);
    hit = outcome.hit;
    expect(outcome.statuses, `operation ${nth}`).toEqual(expected);
  }
  expect(nth).toBeGreaterThan(20);
});
