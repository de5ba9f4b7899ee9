/** Owns which steps a retry or a push-back sends back to the start, and what stays (contract 8.6, 10.3). */
import { reach } from "../../plan/graph.ts";
import type { Plan } from "../../plan/plan.ts";
import { nodeAt, type RunState } from "../state/state.ts";
import type { StepStatus } from "../status.ts";

const again: ReadonlySet<StepStatus> = new Set(["failed", "aborted", "rejected", "retrying"]);

const names = (plan: Plan, indexes: ReadonlySet<number>): readonly string[] =>
  [...indexes].sort((a, b) => a - b).map((index) => plan.nodes[index]!.name);

/** Failed, aborted and rejected steps with everything below them, even what succeeded; waiting and not-started steps are left as they are. */
export const resetByRetry = (plan: Plan, state: RunState): readonly string[] => {
  const roots: number[] = [];
  for (let index = 0; index < plan.stepCount; index += 1) if (again.has(nodeAt(state, index).status)) roots.push(index);
  const below = reach(roots, (index) => plan.nodes[index]!.dependents);
  return names(plan, new Set([...below].filter((index) => !isKept(state, index))));
};
/** A step that never began has nothing to reset (and keeps the context of a push-back). */
const isKept = (state: RunState, index: number): boolean => nodeAt(state, index).status === "not_started";

/** The target of a push-back and everything below it, whatever its state. */
export const resetByPushBack = (plan: Plan, target: number): readonly string[] =>
  names(plan, reach([target], (index) => plan.nodes[index]!.dependents));
