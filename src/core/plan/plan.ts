/**
 * Owns the plan: a DAG's steps and handlers as numbered nodes with edges both ways. Built once per run from its pinned text.
 * Refuses to know: statuses, params, time. Steps come first, in file order; handlers follow.
 */
import { err, ok, type Result } from "../base/result.ts";
import { handlerStepName, type Dag, type HandlerName, type Step } from "../spec/dag.ts";
import { cycleIn } from "./graph.ts";

export interface PlanNode {
  readonly index: number;
  /** Step name, or the fixed handler name (`onExit`). */
  readonly name: string;
  readonly step: Step;
  readonly handler?: HandlerName;
  /** In listed order, each once: the first blocking one decides (8.2). */
  readonly depends: readonly number[];
  readonly dependents: readonly number[];
}
export interface Plan {
  readonly dag: Dag;
  readonly nodes: readonly PlanNode[];
  readonly stepCount: number;
  readonly byName: ReadonlyMap<string, number>;
  readonly byId: ReadonlyMap<string, number>;
  readonly handlers: { readonly [Name in HandlerName]?: number };
  /** Executions that may be under way at once, whatever `max_active_steps` says: what the executor can hold. */
  readonly slots: number;
}
export interface PlanRefusal {
  readonly type: "cycle";
  readonly steps: readonly string[];
}
const handlerOrder: readonly HandlerName[] = ["init", "success", "failure", "abort", "exit", "wait"];

/** Refuses a cycle over `depends` (router edges are written into it by the parser), naming the steps on it. */
export const planOf = (dag: Dag, slots = Infinity): Result<Plan, PlanRefusal> => {
  const byName = new Map(dag.steps.map((step, index) => [step.name, index] as const));
  const depends = dag.steps.map((step) => [...new Set(step.depends.flatMap((name) => byName.get(name) ?? []))]);
  const dependents: number[][] = dag.steps.map(() => []);
  depends.forEach((list, index) => list.forEach((dep) => dependents[dep]!.push(index)));
  const cycle = cycleIn(depends, dependents);
  if (cycle.length > 0) return err({ type: "cycle", steps: cycle.map((index) => dag.steps[index]!.name) });

  const steps = dag.steps.map((step, index): PlanNode => ({
    index, name: step.name, step, depends: depends[index]!, dependents: dependents[index]!,
  }));
  const handlers = handlerNodes(dag, steps.length);
  return ok({
    dag,
    nodes: [...steps, ...handlers],
    stepCount: steps.length,
    byName,
    byId: new Map(steps.flatMap((node) => (node.step.id === undefined ? [] : [[node.step.id, node.index] as const]))),
    handlers: Object.fromEntries(handlers.map((node) => [node.handler!, node.index])),
    slots,
  });
};

const handlerNodes = (dag: Dag, from: number): PlanNode[] =>
  handlerOrder
    .flatMap((handler) => (dag.handlers[handler] === undefined ? [] : [{ handler, step: dag.handlers[handler] }]))
    .map(({ handler, step }, offset) => ({
      index: from + offset, name: handlerStepName[handler], step: { ...step, name: handlerStepName[handler] }, handler, depends: [], dependents: [],
    }));

/** Name in tokens: handlers are marked, since a step may be called `onExit` too. */
export const tokenName = (node: PlanNode): string => (node.handler === undefined ? node.name : `@${node.name}`);

export const nodeByTokenName = (plan: Plan, name: string): PlanNode | undefined => {
  if (!name.startsWith("@")) return nodeByName(plan, name);
  const handler = plan.nodes.slice(plan.stepCount).find((node) => tokenName(node) === name);
  return handler ?? nodeByName(plan, name);
};
export const nodeByName = (plan: Plan, name: string): PlanNode | undefined => {
  const index = plan.byName.get(name);
  return index === undefined ? undefined : plan.nodes[index];
};
