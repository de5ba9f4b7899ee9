/**
 * Owns one turn of the engine: admits facts, reduces, decides until rest, within `passesMax` decisions (R7). Everything that follows from
 * facts that arrived together is one turn and becomes one commit: the end of a step and the start of the next.
 */
import type { Instant } from "../base/brand.ts";
import { invariant } from "../base/invariant.ts";
import type { Plan } from "../plan/plan.ts";
import { admit } from "./admit/admit.ts";
import { decide } from "./decide/decide.ts";
import { nextDue } from "./decide/due.ts";
import type { EventBody, RunEvent } from "./event.ts";
import type { Fact, RequestRefusal } from "./fact.ts";
import { apply } from "./state/reduce.ts";
import { draftOf, stateOf, type Draft, type RunState } from "./state/state.ts";

export interface Answer {
  readonly id: string;
  readonly refusal?: RequestRefusal;
}
export interface Turn {
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  /** Nodes whose rows have changed, each once. */
  readonly touched: readonly number[];
  readonly answers: readonly Answer[];
}

/** Decisions after which a turn must have come to rest: each node starts, ends and cascades at most once in silence. */
export const passesMax = (plan: Plan): number => 8 * plan.nodes.length + 64;

export const turn = (plan: Plan, state: RunState, facts: readonly Fact[], now: Instant): Turn => {
  const draft = draftOf(plan, state);
  const events: RunEvent[] = [];
  const answers: Answer[] = [];
  const record = (bodies: readonly EventBody[]): void => {
    for (const body of bodies) {
      const event: RunEvent = { ...body, at: now };
      apply(draft, event);
      events.push(event);
    }
  };
  for (const fact of facts) {
    const { events: admitted, refusal } = admit(plan, draft, fact, now);
    record(admitted);
    if (fact.type === "request") answers.push(refusal === undefined ? { id: fact.id } : { id: fact.id, refusal });
    settleTime(plan, draft, now, record);
  }
  settleTime(plan, draft, now, record);
  return { state: stateOf(draft), events, touched: [...draft.touched], answers };
};

const settleTime = (plan: Plan, draft: Draft, now: Instant, record: (bodies: readonly EventBody[]) => void): void => {
  for (let passes = 0; ; passes += 1) {
    invariant(passes <= passesMax(plan), "R7", { run: draft.run, passes });
    const next = decide(plan, draft, now);
    if (next.length === 0) break;
    record(next);
  }
  if (now >= draft.dueAt || (draft.launchAt > now && draft.launchAt < draft.dueAt)) draft.dueAt = nextDue(plan, draft, now);
};

/** The first turn of a run: its creation. */
export const firstTurn = (plan: Plan, state: RunState, now: Instant): Turn => {
  const draft = draftOf(plan, state);
  const event: RunEvent = { type: "attempt-started", attempt: 1, cause: "start", reset: [], at: now };
  apply(draft, event);
  return { state: stateOf(draft), events: [event], touched: plan.nodes.map((node) => node.index), answers: [] };
};
