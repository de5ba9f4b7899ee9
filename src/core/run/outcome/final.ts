/** Owns how a run ends: its final status in the order of contract 8.3 and the handlers that follow it (9). */
import type { Plan } from "../../plan/plan.ts";
import type { HandlerName } from "../../spec/dag.ts";
import { nodeAt, type RunState } from "../state/state.ts";
import type { Reason, RunStatus } from "../status.ts";

export const finalStatus = (plan: Plan, state: RunState): RunStatus => {
  const { counts } = state;
  const fine = counts.succeeded + counts.partially_succeeded + counts.skipped;
  if (state.stoppedAt !== undefined && fine < plan.stepCount) return "aborted";
  if (counts.rejected > 0) return "rejected";
  if (counts.waiting > 0) return "waiting";
  if (state.forced !== undefined) return state.forced;
  if (isPartial(plan, state)) return "partially_succeeded";
  return state.error === undefined ? "succeeded" : "failed";
};

const isPartial = (plan: Plan, state: RunState): boolean => {
  const { counts } = state;
  if (counts.succeeded + counts.partially_succeeded === 0) return false;
  let flawed = counts.partially_succeeded > 0;
  if (counts.failed === 0) return flawed;
  for (let index = 0; index < plan.stepCount; index += 1) {
    const node = nodeAt(state, index);
    if (node.status !== "failed") continue;
    if (!node.continued) return false;
    if (!plan.nodes[index]!.step.continueOn.markSuccess) flawed = true;
  }
  return flawed;
};

const handlersAfter: { readonly [Status in RunStatus]?: readonly HandlerName[] } = {
  succeeded: ["success", "exit"],
  partially_succeeded: ["success", "exit"],
  failed: ["failure", "exit"],
  rejected: ["failure", "exit"],
  aborted: ["abort", "exit"],
  waiting: ["wait"],
};
/** Nodes of the handlers to run, in order; none after a failure of secrets. */
export const endHandlers = (plan: Plan, state: RunState, status: RunStatus): readonly number[] =>
  state.error?.reason === "secret" ? [] : (handlersAfter[status] ?? []).flatMap((name) => plan.handlers[name] ?? []);

export const endReason = (state: RunState, status: RunStatus): Reason | undefined => {
  if (status === "succeeded" || status === "waiting" || status === "partially_succeeded") return undefined;
  if (status === "aborted") return state.stoppedAt !== undefined ? "user" : state.conditions.some((result) => !result.met) ? "precondition" : state.error?.reason;
  return status === "rejected" ? "user" : state.timedOut ? "timeout" : state.error?.reason;
};
