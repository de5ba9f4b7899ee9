/** Owns how an execution is named towards the executor, and how the name is read back. A result-writing half carries a "+". */
import { nodeByTokenName, tokenName, type Plan, type PlanNode } from "../plan/plan.ts";
import type { AttemptToken } from "./fact.ts";
import type { NodeState, RunState } from "./state/state.ts";

export const prepareToken = (state: RunState): AttemptToken => `${state.run}/${state.attempt}/@prepare/1`;

export const attemptToken = (state: RunState, node: PlanNode, at: NodeState): AttemptToken =>
  `${state.run}/${state.attempt}/${tokenName(node)}/${at.execution}${at.phase === "finishing" ? "+" : ""}`;

export interface TokenParts {
  readonly node: PlanNode;
  readonly execution: number;
  readonly finishing: boolean;
}
/** Nothing, when the token is not of this run, this attempt or this plan. */
export const partsOf = (plan: Plan, state: RunState, token: AttemptToken): TokenParts | undefined => {
  const head = `${state.run}/${state.attempt}/`;
  const tail = token.lastIndexOf("/");
  if (!token.startsWith(head) || tail < head.length) return undefined;
  const node = nodeByTokenName(plan, token.slice(head.length, tail));
  const execution = Number.parseInt(token.slice(tail + 1), 10);
  return node === undefined || Number.isNaN(execution) ? undefined : { node, execution, finishing: token.endsWith("+") };
};
