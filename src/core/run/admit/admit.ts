/**
 * Owns the border between facts and events: what is believed, what is stale, what a person is refused. Late, doubled and false news becomes
 * nothing. Refuses to know what follows: `decide` does.
 */
import type { Instant } from "../../base/brand.ts";
import type { Plan } from "../../plan/plan.ts";
import type { EventBody } from "../event.ts";
import type { Fact, Prepared, RequestRefusal } from "../fact.ts";
import type { RunState } from "../state/state.ts";
import { prepareToken } from "../token.ts";
import { admitChild } from "./child.ts";
import { admitClosed, admitReport } from "./report.ts";
import { admitRequest } from "./request.ts";

export interface Admission {
  readonly events: readonly EventBody[];
  /** Only requests can be refused; other facts are just ignored. */
  readonly refusal?: RequestRefusal;
}

export const admit = (plan: Plan, state: RunState, fact: Fact, now: Instant): Admission => {
  switch (fact.type) {
    case "prepared": return { events: admitPrepared(state, fact.prepared) };
    case "report": return { events: admitReport(plan, state, fact.report, now) };
    case "closed": return { events: admitClosed(plan, state, fact) };
    case "child": return { events: admitChild(plan, state, fact) };
    case "request": return admitRequest(plan, state, fact.request, now);
    case "adopted": return { events: fact.term > state.term ? [{ type: "adopted", term: fact.term }] : [] };
  }
};

const admitPrepared = (state: RunState, prepared: Prepared): readonly EventBody[] => {
  if (state.phase !== "preparing" || state.stoppedAt !== undefined || prepared.token !== prepareToken(state)) return [];
  const { dotenv, conditions, secretError } = prepared;
  const met = conditions.every((result) => result.met && result.error === undefined);
  return [{ type: "prepared", dotenv, conditions, met, ...(secretError === undefined ? {} : { secretError }) }];
};
