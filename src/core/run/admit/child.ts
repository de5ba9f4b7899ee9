/** Owns the admission of news of child runs: only of children that are waited for, each attempt once. */
import { nodeByTokenName, tokenName, type Plan } from "../../plan/plan.ts";
import type { EventBody } from "../event.ts";
import type { Fact } from "../fact.ts";
import { calledChildren, isResolvedCall } from "../state/call.ts";
import { nodeAt, type RunState } from "../state/state.ts";

export const admitChild = (plan: Plan, state: RunState, fact: Extract<Fact, { readonly type: "child" }>): readonly EventBody[] => {
  const node = nodeByTokenName(plan, fact.step) ?? nodeByTokenName(plan, `@${fact.step}`);
  if (node === undefined) return [];
  const at = nodeAt(state, node.index);
  const child = calledChildren(at).find((one) => one.run === fact.child);
  if (child === undefined) return [];
  const isNews = child.news === undefined ? fact.news.status === null || fact.news.attempt >= child.attempt : fact.news.attempt > child.attempt;
  const isAwaited = at.phase === "calling" || at.phase === "closing" || (at.status === "waiting" && at.waitsFor === "child");
  if (!isNews || !isAwaited) return [];
  const step = tokenName(node);
  const ended: EventBody = { type: "child-ended", step, child: fact.child, news: fact.news };
  const others = calledChildren(at).filter((one) => one.run !== fact.child);
  if (at.phase === "closing") return others.every((one) => one.news !== undefined) ? [ended, { type: "step-closed", step }] : [ended];
  return [ended];
};

/** Does a step other than `except` still need a person? A call whose child has gone on does not. */
export const othersWait = (plan: Plan, state: RunState, except: number): boolean => {
  if (state.counts.waiting === 0) return false;
  for (let index = 0; index < plan.stepCount; index += 1) {
    if (index !== except && nodeAt(state, index).status === "waiting" && !isResolvedCall(nodeAt(state, index))) return true;
  }
  return false;
};
