import { afterEach, describe, expect, it } from "vitest";
import { dagId, instant, revisionId, runId } from "../../src/core/base/brand.ts";
import { invariant } from "../../src/core/base/invariant.ts";
import { CommandError } from "../../src/host/commands.ts";
import { createDriver, type Driver, type DriverOptions } from "../../src/host/driver.ts";
import { createRunCommands } from "../../src/host/run-commands.ts";
import { createVirtualClock } from "../../src/adapters/memory/clock.ts";
import { createMemoryNotify } from "../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../src/adapters/memory/store.ts";
import type { AttemptEnd, AttemptOrder, Executor, LogPiece, Report } from "../../src/ports/executor.ts";
import { exit } from "../kit/engine.ts";

/** Steps end when the test says so. */
const createHandExecutor = () => {
  const orders: AttemptOrder[] = [];
  const cancelled: string[] = [];
  let report: (report: Report) => void = () => undefined;
  let show: (piece: LogPiece) => void = () => undefined;
  const executor: Executor = {
    start: (order) => void orders.push(order),
    prepare: ({ token }) => queueMicrotask(() => report({ type: "prepared", prepared: { token, dotenv: [], conditions: [] } })),
    cancel: async (token) => void cancelled.push(token),
    running: () => [],
    evaluateStart: async ({ args }) => (args.includes("bad") ? { ok: false, message: "unknown parameter(s)" } : { ok: true, params: [], dagEnv: [] }),
    onReport: (listener) => {
      report = listener;
    },
    onLog: (listener) => {
      show = listener;
    },
    close: async () => undefined,
  };
  return {
    executor, orders, cancelled,
    end: (name: string, end: AttemptEnd = exit()) => {
      const order = orders.filter((one) => one.step.name === name).at(-1)!;
      report({ type: "attempt", report: { token: order.token, end, conditions: [], stdoutBytes: 0, stderrBytes: 0 } });
    },
    print: (name: string, text: string) => {
      const { token, run, attempt, step } = orders.filter((one) => one.step.name === name).at(-1)!;
      show({ token, run, attempt, step: step.name, stream: "stdout", bytes: new TextEncoder().encode(text) });
    },
  };
};
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const openWorld = async (text: string) => {
  const store = createMemoryStore();
  const clock = createVirtualClock();
  const notify = createMemoryNotify();
  let last = 0;
  const ids = { next: () => `id${(last += 1)}`, random: () => 0.5 };
  const at = instant(1_000);
  await store.transact(async (tx) => {
    await tx.putRevision({ id: revisionId("rev"), dag: dagId("dag"), number: 1, text, at, note: "", draft: false });
    await tx.putDag({ id: dagId("dag"), name: "dag", head: revisionId("rev"), description: "", group: "", labels: [], hasSchedule: false, stepCount: 0, errorCount: 0, hasDraft: false, createdAt: at, updatedAt: at });
  });
  const errors: unknown[] = [];
  const tab = async (options: Pick<DriverOptions, "check"> = {}) => {
    const hand = createHandExecutor();
    const driver = createDriver({ ...options, store, clock, notify, ids, executor: hand.executor, onError: (_run, error) => void errors.push(error) });
    await driver.start();
    await breathe();
    return { ...hand, driver };
  };
  const commands = (driver: () => Driver | undefined) => createRunCommands({ store, clock, ids, notify, driver });
  return { store, clock, errors, tab, commands };
};
const two = "steps:\n  - name: a\n    command: echo a\n  - name: b\n    command: echo b\n";

describe("the driver", () => {
  const open: Driver[] = [];
  afterEach(async () => {
    for (const driver of open.splice(0)) await driver.close();
  });
  const begin = async (text: string) => {
    const world = await openWorld(text);
    const first = await world.tab();
    open.push(first.driver);
    return { ...world, first, near: world.commands(() => first.driver), far: world.commands(() => undefined) };
  };

  it("runs a chain, one commit per step, and starts nothing before its commit", async () => {
    const { store, first, near, errors } = await begin(two);
    const { run } = await near.start("dag");
    await breathe();
    const before = await store.transact((tx) => tx.csn(), { readonly: true });
    first.end("a");
    expect(first.orders.map((one) => one.step.name)).toEqual(["a"]);
    await breathe();
    expect(first.orders.map((one) => one.step.name)).toEqual(["a", "b"]);
    expect(await store.transact((tx) => tx.csn(), { readonly: true })).toBe(before + 1);
    first.end("b");
    expect(await near.waitForEnd(run)).toBe("succeeded");
    expect((await near.run(run)).steps.map((step) => step.status)).toEqual(["succeeded", "succeeded"]);
    expect(errors).toEqual([]);
  });
  it("is asked from a tab that does not drive, by a row and a nudge", async () => {
    const { first, far } = await begin(two);
    const { run } = await far.start("dag");
    await breathe();
    expect(first.orders).toHaveLength(1);
    await far.stop(run);
    expect(await far.waitForEnd(run)).toBe("aborted");
    expect(first.cancelled).toEqual([`${run}/1/a/1`]);
    await expect(far.approve(run, "nothing")).rejects.toMatchObject({ code: "not_found" });
  });
  it("refuses a start with Dagu's words and leaves no record", async () => {
    const { near, store } = await begin(two);
    await expect(near.start("dag", { params: "bad" })).rejects.toEqual(new CommandError("params", "unknown parameter(s)"));
    await expect(near.start("none")).rejects.toMatchObject({ code: "not_found" });
    expect((await store.transact((tx) => tx.runs({}, 9))).rows).toEqual([]);
    const bad = await begin("steps:\n  - name: a\n    comand: echo\n");
    await expect(bad.near.start("dag")).rejects.toMatchObject({ code: "invalid" });
  });
  it("writes what is printed in or before the commit that ends the step", async () => {
    const { first, near } = await begin(two);
    const { run } = await near.start("dag");
    await breathe();
    first.print("a", "one\n");
    first.print("a", "two\n");
    first.end("a");
    await breathe();
    expect(await near.logs(run, "a")).toBe("one\ntwo\n");
  });
  it("shows what is printed within 250 ms, in chunks of at most 64 KiB, and goes on counting after a take-over", async () => {
    const { first, near, clock, store, tab } = await begin(two.replace("command: echo a\n", "command: echo a\n    retry_policy: {limit: 1, interval_sec: 0}\n"));
    const { run } = await near.start("dag");
    await breathe();
    first.print("a", "x".repeat(1000));
    expect(await near.logs(run, "a")).toBe("");
    clock.advanceTo(instant(clock.now() + 250));
    await breathe();
    expect(await near.logs(run, "a")).toHaveLength(1000);
    first.print("a", "y".repeat(200 * 1024));
    await breathe();
    const second = await tab();
    open.push(second.driver);
    await breathe();
    second.print("a", "z");
    second.end("a");
    await breathe();
    const chunks = await store.transact((tx) => tx.logs({ run: runId(run), attempt: 1, step: "a", stream: "stdout" }), { readonly: true });
    const sizes = chunks.map((chunk) => chunk.bytes.length);
    expect(sizes).toEqual([1000, 65_536, 65_536, 65_536, 8192, 1]);
    expect(chunks.map((chunk) => chunk.n)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(chunks.map((chunk) => chunk.offset)).toEqual(sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0)));
  });
  it("counts what stopped, lost and orphaned work had written", async () => {
    for (const way of ["stop", "lost", "orphan"] as const) {
      const { first, tab, near, store, clock } = await begin(two);
      const { run } = await near.start("dag");
      await breathe();
      for (const text of ["one\n", "two\n", "three\n"]) {
        first.print("a", text);
        clock.advanceTo(instant(clock.now() + 250));
        await breathe();
      }
      if (way === "stop") await near.stop(run);
      else if (way === "lost") first.end("a", { type: "lost" });
      else open.push((await tab()).driver);
      await breathe();
      const [step] = await store.transact((tx) => tx.steps(runId(run)), { readonly: true });
      expect([way, step?.status, step?.stdoutBytes, step?.stderrBytes]).toEqual([way, way === "stop" ? "aborted" : "failed", 14, 0]);
    }
  });
  it("takes over: what ran elsewhere is retried if the policy allows, else failed as worker_lost", async () => {
    const retried = two.replace("command: echo a\n", "command: echo a\n    retry_policy: {limit: 1, interval_sec: 0}\n");
    for (const [text, ends] of [[retried, "running"], [two, "failed"]] as const) {
      const { first, tab, near, store } = await begin(text);
      const { run } = await near.start("dag");
      await breathe();
      const second = await tab();
      open.push(second.driver);
      await breathe();
      const row = (await store.transact((tx) => tx.run(runId(run)), { readonly: true }))!;
      expect(row.status).toBe(ends);
      if (ends === "failed") expect(row).toMatchObject({ reason: "worker_lost", error: { step: "a" } });
      else expect(second.orders.map((one) => one.token)).toEqual([`${run}/1/a/2`]);
      first.end("a");
      await breathe();
      expect((await store.transact((tx) => tx.run(runId(run)), { readonly: true }))!.status).toBe(ends);
    }
  });
  it("parks a run that breaks a rule and drives the others on", async () => {
    const { first, near, tab } = await begin(two);
    const { run: victim } = await near.start("dag");
    await first.driver.close();
    const second = await tab({
      check: (_plan, _before, { state }) => invariant(state.run !== victim, "R9", {}),
    });
    open.push(second.driver);
    const again = await second.driver.ask({ type: "start", dag: "dag", args: [], paramsText: "", trigger: "manual", run: runId("other") });
    expect(again.ok).toBe(true);
    await breathe();
    second.end("a");
    await breathe();
    second.end("b");
    expect(await near.waitForEnd("other")).toBe("succeeded");
    expect(await near.waitForEnd(victim)).toBe("failed");
    expect((await near.runs({ status: ["running"] })).rows).toMatchObject([{ id: victim, broken: "rule R9 is broken: {}" }]);
  });
});
