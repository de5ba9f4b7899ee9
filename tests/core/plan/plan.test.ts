import { describe, expect, it } from "vitest";
import { exportingAncestors } from "../../../src/core/plan/ancestry.ts";
import { mentionedBy } from "../../../src/core/plan/mention.ts";
import { planOf, type Plan } from "../../../src/core/plan/plan.ts";
import type { Dag } from "../../../src/core/spec/dag.ts";
import { chain, graph, handlers, step } from "../../kit/dag.ts";

const planned = (dag: Dag): Plan => {
  const made = planOf(dag);
  if (!made.ok) throw new Error("cycle");
  return made.value;
};
const out = (name: string, depends: readonly string[] = []) => step(name, { depends, output: { type: "name", name: name.toUpperCase() } });
const names = (plan: Plan, indexes: readonly number[]): readonly string[] => indexes.map((index) => plan.nodes[index]!.name);

describe("a plan", () => {
  it("numbers steps in file order, handlers after them, edges both ways and once", () => {
    const plan = planned(graph([step("a"), step("b", { depends: ["a", "a"] })], { handlers: handlers("exit", "init") }));
    expect(plan.nodes.map((node) => [node.name, node.depends, node.dependents])).toEqual([["a", [], [1]], ["b", [0], []], ["onInit", [], []], ["onExit", [], []]]);
    expect(plan.handlers).toEqual({ init: 2, exit: 3 });
  });
  it("refuses a cycle and names the steps on it", () => {
    const made = planOf(graph([step("a"), step("b", { depends: ["a", "d"] }), step("c", { depends: ["b"] }), step("d", { depends: ["c"] })]));
    expect(made).toEqual({ ok: false, error: { type: "cycle", steps: expect.arrayContaining(["b", "c", "d"]) } });
    expect(planOf(graph([step("a", { depends: ["a"] })])).ok).toBe(false);
  });
  it("lists exporting ancestors nearest first, breadth-first, through steps that export nothing", () => {
    const plan = planned(graph([out("top"), step("mid", { depends: ["top"] }), out("left", ["mid"]), out("right", ["top"]), step("join", { depends: ["left", "right"] }), step("low", { depends: ["join"] }), out("other")]));
    expect(names(plan, exportingAncestors(plan, 4))).toEqual(["left", "right", "top"]);
    expect(names(plan, exportingAncestors(plan, 5))).toEqual(["left", "right", "top"]);
    expect(names(plan, exportingAncestors(plan, 2))).toEqual(["top"]);
    expect(exportingAncestors(plan, 6)).toEqual([]);
  });
  it("climbs a chain of 10,000 without recursion", () => {
    const plan = planned(chain(Array.from({ length: 10_000 }, (_, at) => (at === 0 ? out("s0") : step(`s${at}`)))));
    expect(exportingAncestors(plan, 9_999)).toEqual([0]);
  });
  it("carries only mentioned references in big DAGs", () => {
    const many = Array.from({ length: 100 }, (_, at) => step(`s${at}`, { id: `s${at}` }));
    const plan = planned(graph([...many, step("user", { commands: ["echo ${s7.output.x} $s9.exit_code ${unknown.x} ${s8}"] })]));
    expect(mentionedBy(plan, 100)).toEqual([7, 9]);
  });
});
