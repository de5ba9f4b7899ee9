import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../src/adapters/memory/clock.ts";
import { createMemoryNotify } from "../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../src/adapters/memory/store.ts";
import type { RunId } from "../../src/core/base/brand.ts";
import { runId } from "../../src/core/base/brand.ts";
import { createDriver } from "../../src/host/driver.ts";
import { baseFault, baseSetting } from "../../src/host/edit/base.ts";
import { createDagCommands } from "../../src/host/edit/dags.ts";
import { createStandingRows } from "../../src/host/edit/incoming.ts";
import type { Executor, PrepareOrder } from "../../src/ports/executor.ts";

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const openWorld = () => {
  const store = createMemoryStore();
  const clock = createVirtualClock();
  let last = 0;
  const ids = { next: () => `id${(last += 1)}`, random: () => 0.5 };
  const prepared: PrepareOrder[] = [];
  const executor: Executor = {
    start: () => undefined, prepare: (order) => void prepared.push(order), cancel: async () => undefined, running: () => [],
    evaluateStart: async ({ dag }) => ({ ok: true, params: [], dagEnv: dag.env }), onReport: () => undefined, onLog: () => undefined, close: async () => undefined,
  };
  const tab = () => createDriver({ store, clock, ids, notify: createMemoryNotify(), executor });
  const commands = createDagCommands({ store, clock, ids });
  const setBase = (text: string): Promise<void> => store.transact((tx) => tx.putSetting(baseSetting, text));
  return { store, commands, prepared, tab, setBase };
};
const start = async (driver: ReturnType<ReturnType<typeof openWorld>["tab"]>, dag: string, name: string): Promise<RunId> => {
  const run = runId(name);
  const said = await driver.ask({ type: "start", dag, args: [], paramsText: "", trigger: "manual", run });
  if (!said.ok) throw new Error(said.message);
  await breathe();
  return run;
};

describe("the base configuration", () => {
  it("lies under a start, its directory under those without one", async () => {
    const { commands, prepared, tab, setBase } = openWorld();
    await setBase("working_dir: /base\nenv:\n  - A: base\nhandler_on:\n  exit:\n    command: echo bye\n");
    const { dag } = await commands.importYaml("name: x\nenv:\n  - B: own\nsteps:\n  - echo hi\n");
    const driver = tab();
    await driver.start();
    await start(driver, dag, "one");
    expect(prepared[0]?.dag).toMatchObject({ workingDir: "/base", env: [{ name: "A", value: "base" }, { name: "B", value: "own" }], handlers: { exit: { commands: ["echo bye"] } } });
    await driver.close();
  });
  it("stays with a run that was started with it, also in another tab", async () => {
    const { store, commands, prepared, tab, setBase } = openWorld();
    await setBase("handler_on:\n  exit:\n    command: echo old\n");
    const { dag } = await commands.importYaml("name: x\nsteps:\n  - echo hi\n");
    const first = tab();
    await first.start();
    const run = await start(first, dag, "one");
    await first.close();
    await setBase("env:\n  - NEW: yes\n");
    const second = tab();
    await second.start();
    await breathe();
    expect((await store.transact((tx) => tx.run(run), { readonly: true }))?.broken).toBeUndefined();
    expect(prepared.at(-1)).toMatchObject({ run, dag: { env: [], handlers: { exit: { commands: ["echo old"] } } } });
    await start(second, dag, "two");
    expect(prepared.at(-1)).toMatchObject({ dag: { env: [{ name: "NEW", value: "yes" }], handlers: {} } });
    await second.close();
  });
  it("counts when a text is published: its step types are known", async () => {
    const { commands, setBase } = openWorld();
    const text = "name: x\nsteps:\n  - type: greet\n";
    await expect(commands.importYaml(text)).rejects.toMatchObject({ code: "invalid" });
    await setBase("step_types:\n  greet:\n    type: command\n    input_schema: {type: object, additionalProperties: true}\n    template: {command: echo hi}\n");
    await expect(commands.importYaml(text)).resolves.toMatchObject({});
  });
  it("is checked on its own", () => {
    expect([baseFault(""), baseFault("# nothing\n"), baseFault("env:\n  - A: 1\n")]).toEqual([undefined, undefined, undefined]);
    expect([baseFault("a: ["), baseFault("enf: []\n"), baseFault("x".repeat(70_000))].every((fault) => fault !== undefined)).toBe(true);
  });
});
describe("an import that is kept with its problems", () => {
  it("is listed with its errors, keeps its text, and is whole again with the next", async () => {
    const { store, commands } = openWorld();
    const broken = "steps:\n  - comand: echo\n";
    await expect(commands.importYaml(broken, { name: "x" })).rejects.toMatchObject({ code: "invalid" });
    const { dag } = await commands.importYaml(broken, { name: "x", keepBroken: true });
    const row = async () => store.transact(async (tx) => (await tx.dags()).find((one) => one.id === dag), { readonly: true });
    expect(await row()).toMatchObject({ name: "x", errorCount: 1, stepCount: 0 });
    expect((await store.transact(createStandingRows(), { readonly: true })).byName.get("x")).toMatchObject({ text: broken, number: 1 });
    await commands.importYaml("steps:\n  - echo\n", { name: "x", keepBroken: true });
    expect(await row()).toMatchObject({ errorCount: 0, stepCount: 1 });
  });
});
