/**
 * Owns what the world ought to be doing now, read off the state: never queued, so a crash cannot lose an effect, only ask for it again.
 * Same state, same answer, however often asked. A driver asks per touched node while it runs, for everything when it takes over.
 */
import { instant, type Instant } from "../base/brand.ts";
import type { Plan } from "../plan/plan.ts";
import type { AttemptToken } from "./fact.ts";
import { calledChildren } from "./state/call.ts";
import { members, nodeAt, type ChildState, type RunState } from "./state/state.ts";
import { attemptToken, prepareToken } from "./token.ts";

export type Work =
  | { readonly type: "prepare"; readonly token: AttemptToken }
  | { readonly type: "attempt"; readonly token: AttemptToken; readonly index: number }
  | { readonly type: "child"; readonly index: number; readonly child: ChildState }
  | { readonly type: "alarm"; readonly at: Instant };

/** The attempts, children and the one alarm owed right now. */
export const outstanding = (plan: Plan, state: RunState): readonly Work[] => {
  const work: Work[] = [...owedByRun(state)];
  for (const index of members(state.active)) work.push(...owedByNode(plan, state, index));
  return work;
};

/** What is owed for the run as a whole: its preparation and its alarm. */
export const owedByRun = (state: RunState): readonly Work[] => {
  const work: Work[] = [];
  if (state.phase === "preparing" && state.stoppedAt === undefined && state.attempt > 0) work.push({ type: "prepare", token: prepareToken(state) });
  if (state.dueAt !== Infinity) work.push({ type: "alarm", at: instant(state.dueAt) });
  return work;
};

export const owedByNode = (plan: Plan, state: RunState, index: number): readonly Work[] => {
  const node = nodeAt(state, index);
  switch (node.phase) {
    case "executing":
    case "finishing":
      return [{ type: "attempt", token: attemptToken(state, plan.nodes[index]!, node), index }];
    case "calling":
      return calledChildren(node)
        .filter((child) => child.news === undefined)
        .slice(0, Math.max(1, node.call?.maxConcurrent ?? 1))
        .map((child) => ({ type: "child", index, child }));
    default:
      return [];
  }
};
