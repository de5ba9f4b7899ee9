import { afterEach, describe, expect, it, vi } from "vitest";
import { runEngine } from "../worlds/engine.ts";

describe("the engine's world", () => {
  it("brings every run to rest in 200 storms", async () => {
    const stories: string[] = [];
    for (let seed = 1; seed <= 200; seed += 1) {
      const story = await runEngine(seed);
      if (story !== undefined) stories.push(`seed ${seed}: ${story}`);
    }
    expect(stories).toEqual([]);
  }, 120_000);
  it("tells the same story for the same seed", async () => {
    const { runEngineSeed } = await import("./world.ts");
    expect((await runEngineSeed(7)).lines).toEqual((await runEngineSeed(7)).lines);
  });
});

type Module = Readonly<Record<string, unknown>>;
/** A rule broken on purpose: which module, and what becomes of it. */
const mutants: Readonly<Record<string, readonly [file: string, break_: (real: Module) => Module]>> = {
  "late reports count for the newest execution": ["../../../src/core/run/token.ts", (real) => ({
    ...real,
    partsOf: (plan: unknown, state: { chunks: { execution: number }[][] }, token: string) => {
      const parts = (real.partsOf as (...args: unknown[]) => { node: { index: number } } | undefined)(plan, state, token);
      return parts === undefined ? undefined : { ...parts, execution: state.chunks[0]![parts.node.index]!.execution };
    },
  })],
  "nothing is ever due": ["../../../src/core/run/decide/due.ts", (real) => ({ ...real, dueEvents: () => [], nextDue: () => Infinity })],
  "news of children is not believed": ["../../../src/core/run/admit/child.ts", (real) => ({ ...real, admitChild: () => [] })],
  "cancelled work is never silent": ["../../../src/core/run/admit/report.ts", (real) => ({ ...real, admitClosed: () => [] })],
  "a store without fences": ["../../../src/adapters/memory/tx.ts", (real) => ({
    ...real,
    createTx: (tables: { head: { term: number } }) => {
      const tx = (real.createTx as (tables: unknown) => { append: (append: { term: number }) => unknown; createRun: (start: unknown, append: { term: number }) => unknown })(tables);
      return {
        ...tx,
        append: (append: object) => tx.append({ ...append, term: Infinity }),
        createRun: (start: unknown, append: object) => tx.createRun(start, { ...append, term: Infinity }),
      };
    },
  })],
  "a counter that forgets": ["../../../src/core/run/state/state.ts", (real) => ({
    ...real,
    setBit: (bits: Uint32Array, index: number, on: boolean) => {
      if (on || index % 3 !== 0) (real.setBit as (...args: unknown[]) => void)(bits, index, on);
    },
  })],
};

describe("a mutant of the engine is caught", () => {
  afterEach(() => {
    vi.resetModules();
    for (const [file] of Object.values(mutants)) vi.doUnmock(file);
  });
  it.each(Object.keys(mutants))("%s", async (name) => {
    const [file, breakIt] = mutants[name]!;
    vi.resetModules();
    vi.doMock(file, async (original) => breakIt(await (original as () => Promise<Module>)()));
    const { runEngine: runMutant } = await import("../worlds/engine.ts");
    let caught: string | undefined;
    for (let seed = 1; seed <= 60 && caught === undefined; seed += 1) caught = await runMutant(seed);
    expect(caught).toBeDefined();
  }, 60_000);
});
