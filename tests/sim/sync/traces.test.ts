import { describe, expect, it } from "vitest";
import { broken, mutants } from "./mutants.ts";
import { shipped } from "./rules.ts";
import { replay } from "./schedule.ts";
import { toActions, traceOptions, traces } from "./traces.ts";

describe("the regression traces of the protocol", () => {
  it.each(traces)("[$mutants] is clean with the rules: $story", (trace) => {
    expect(replay(shipped, traceOptions(trace), toActions(trace.story))).toBeUndefined();
  });

  it.each(traces)("[$mutants] is caught when broken: $story", async (trace) => {
    const rules = await broken(trace.mutants);
    expect(replay(rules, traceOptions(trace), toActions(trace.story))).toEqual(expect.any(String));
  });

  it("has a trace for every mutant", () => {
    const caught = new Set(traces.flatMap((trace) => trace.mutants));
    expect(Object.keys(mutants).filter((id) => !caught.has(id))).toEqual([]);
  });
});
