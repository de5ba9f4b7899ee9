/** Owns what leaves a run and what passes between its steps: run outputs, a call's result, the variables and references of a step (contract 6, 8.6, 15). */
import type { EnvEntry } from "../../spec/dag.ts";
import { exportingAncestors } from "../../plan/ancestry.ts";
import { mentionedBy } from "../../plan/mention.ts";
import type { Plan, PlanNode } from "../../plan/plan.ts";
import type { ChildResult } from "../fact.ts";
import { shown } from "../../value/seal.ts";
import { outputKey } from "../../value/output/key.ts";
import { nodeAt, type NodeState, type RunState } from "../state/state.ts";

const ownOutput = (node: PlanNode, at: NodeState): readonly EnvEntry[] =>
  node.step.output?.type === "name" && at.output !== undefined ? [{ name: node.step.output.name, value: at.output }] : [];
/** What a step exports: its output, then the inputs of its approval, which replace it. */
const exportsOf = (node: PlanNode, at: NodeState): readonly EnvEntry[] => [
  ...ownOutput(node, at),
  ...Object.entries(at.inputs ?? {}).map(([name, value]) => ({ name, value })),
];

/** The run's outputs: later steps in file order win; inputs of approvals and object outputs are not among them. */
export const runOutputs = (plan: Plan, state: RunState): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  for (const node of steps(plan)) for (const { name, value } of ownOutput(node, nodeAt(state, node.index))) found[outputKey(name)] = shown(value);
  return found;
};
const steps = (plan: Plan): readonly PlanNode[] => plan.nodes.slice(0, plan.stepCount);

/** What a caller prints of this run: original names, approval inputs included. */
export const childResult = (plan: Plan, state: RunState, params: readonly EnvEntry[]): ChildResult => ({
  name: plan.dag.name,
  params: params.map(({ name, value }) => `${name}=${shown(value)}`).join(" "),
  outputs: Object.fromEntries(steps(plan).flatMap((node) => exportsOf(node, nodeAt(state, node.index))).map(({ name, value }) => [name, shown(value)])),
});

/** Variables from steps above, later entries win; a handler hears every step, in file order. */
export const visibleOutputs = (plan: Plan, state: RunState, index: number): readonly EnvEntry[] => {
  const sources = plan.nodes[index]!.handler === undefined ? exportingAncestors(plan, index) : steps(plan).map((node) => node.index);
  return sources.flatMap((source) => exportsOf(plan.nodes[source]!, nodeAt(state, source)));
};

export interface StepSnapshot {
  readonly id: string;
  readonly name: string;
  /** Run attempt of its log files; absent while it has none. */
  readonly logAttempt?: number;
  readonly merged: boolean;
  readonly exitCode: string;
  readonly output?: string;
}
/** What `${id.…}` finds, as things stand when the step starts. */
export const snapshots = (plan: Plan, state: RunState, index: number): readonly StepSnapshot[] =>
  mentionedBy(plan, index).map((mentioned) => {
    const { step, name } = plan.nodes[mentioned]!;
    const at = nodeAt(state, mentioned);
    return {
      id: step.id ?? name,
      name,
      merged: (step.logOutput ?? plan.dag.logOutput) === "merged",
      exitCode: String(at.status === "skipped" ? 0 : at.exitCode ?? 0),
      ...(at.logAttempt === 0 ? {} : { logAttempt: at.logAttempt }),
      ...(at.output === undefined ? {} : { output: at.output }),
    };
  });

/** Push-back variables of a step (8.6, 14.2); the previous log's path is added by whoever knows paths. */
export const pushBackVariables = (plan: Plan, state: RunState, index: number): readonly EnvEntry[] => {
  const at = nodeAt(state, index);
  const current = at.pushBacks.at(-1);
  if (current === undefined) return [];
  const only = plan.nodes[index]!.step.approval?.input ?? [];
  const kept = (inputs: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
    Object.keys(inputs).filter((name) => only.length === 0 || only.includes(name)).sort().map((name) => [name, inputs[name]!] as const);
  const shape = ({ iteration, by, at: when, inputs }: (typeof at.pushBacks)[number]) => ({
    iteration, ...(by === undefined ? {} : { by }), at: when, ...(kept(inputs).length === 0 ? {} : { inputs: Object.fromEntries(kept(inputs)) }),
  });
  const text = JSON.stringify({ ...shape(current), history: at.pushBacks.map(shape) });
  return [
    ...kept(current.inputs).map(([name, value]) => ({ name, value })),
    { name: "DAG_PUSHBACK", value: text },
    { name: "DAG_PUSHBACK_ITERATION", value: String(current.iteration) },
  ];
};
