/**
 * Owns what must be recorded next if the world stays silent: starts, cascades, handlers, the end. One decision a pass; empty means at rest
 * until a fact arrives or `now` moves. Source: contract 8.2, 8.7, 9, 11.
 */
import type { Instant } from "../../base/brand.ts";
import { invariant } from "../../base/invariant.ts";
import { tokenName, type Plan } from "../../plan/plan.ts";
import { othersWait } from "../admit/child.ts";
import { resetByRetry } from "../admit/select.ts";
import type { EventBody } from "../event.ts";
import { endHandlers, endReason, finalStatus } from "../outcome/final.ts";
import { passage } from "../state/pass.ts";
import { nextBit, nodeAt, type RunState } from "../state/state.ts";
import { dueEvents } from "./due.ts";

export const decide = (plan: Plan, state: RunState, now: Instant): readonly EventBody[] => {
  if (state.phase === "settled") return resume(plan, state);
  if (now >= state.dueAt) {
    const due = dueEvents(plan, state, now);
    if (due.length > 0) return due;
  }
  switch (state.phase) {
    case "preparing":
      return state.stoppedAt === undefined ? [] : conclude(plan, state);
    case "steps":
      return decideSteps(plan, state, now);
    case "handlers":
      return decideHandlers(plan, state);
  }
};

/** A call waited for its child, the child has gone on by itself, and nobody else waits: the run takes the result and goes on. */
const resume = (plan: Plan, state: RunState): readonly EventBody[] => {
  if (state.counts.waiting === 0 || othersWait(plan, state, -1)) return [];
  return [{ type: "attempt-started", attempt: state.attempt + 1, cause: "resume", reset: resetByRetry(plan, state) }];
};

const decideSteps = (plan: Plan, state: RunState, now: Instant): readonly EventBody[] => {
  const halted = state.stoppedAt !== undefined || state.forced !== undefined;
  if (!halted && !state.initDone) return decideInit(plan, state);
  if (!halted) {
    const doomed = state.doomed.at(-1);
    if (doomed !== undefined) return [cascade(plan, state, doomed)];
    const ready = nextBit(state.ready);
    if (ready !== -1) {
      if (state.timedOut) return [expired(plan, ready)];
      if (mayLaunch(plan, state, now)) return [{ type: "step-started", step: plan.nodes[ready]!.name, execution: nodeAt(state, ready).execution + 1 }];
      if (state.activeCount === 0 && state.launchAt > now) return [];
    }
  }
  return state.activeCount === 0 ? conclude(plan, state) : [];
};

const decideInit = (plan: Plan, state: RunState): readonly EventBody[] => {
  const index = plan.handlers.init!;
  const node = nodeAt(state, index);
  return node.status === "not_started" ? [{ type: "step-started", step: tokenName(plan.nodes[index]!), execution: node.execution + 1 }] : [];
};

/** `max_active_steps` counts what runs, a repeat that waits and a call included; slots count executions. `delay_sec` spaces launches. */
const mayLaunch = (plan: Plan, state: RunState, now: Instant): boolean =>
  (plan.dag.maxActiveSteps <= 0 || state.counts.running < plan.dag.maxActiveSteps) && state.executing < plan.slots && now >= state.launchAt;

const cascade = (plan: Plan, state: RunState, index: number): EventBody => {
  const node = plan.nodes[index]!;
  const dependency = node.depends[nodeAt(state, index).cursor]!;
  if (passage(plan, state, dependency) === "skip") return { type: "step-skipped", step: node.name, reason: "dependency", conditions: [] };
  const { status } = nodeAt(state, dependency);
  const error = status === "failed" ? "upstream failed" : status === "rejected" ? "upstream rejected" : undefined;
  return {
    type: "step-ended", step: node.name, status: "aborted", reason: "dependency", continued: false, counted: false, closing: false,
    ...(error === undefined ? {} : { error }),
  };
};
/** Started with the expired deadline of the DAG (11.4). */
const expired = (plan: Plan, index: number): EventBody => ({
  type: "step-ended", step: plan.nodes[index]!.name, status: "aborted", reason: "timeout", error: "context deadline exceeded",
  continued: false, counted: false, closing: false,
});

const conclude = (plan: Plan, state: RunState): readonly EventBody[] => {
  const status = finalStatus(plan, state);
  const open = state.counts.not_started > 0 && state.stoppedAt === undefined && state.forced === undefined;
  invariant(!open || status === "waiting" || status === "rejected", "R5", { run: state.run, status, counts: state.counts });
  const handlers = endHandlers(plan, state, status).map((index) => tokenName(plan.nodes[index]!));
  return handlers.length === 0 ? [settled(state, status)] : [{ type: "handlers-begun", status, handlers }];
};
const settled = (state: RunState, status: RunState["status"]): EventBody => {
  const reason = endReason(state, status);
  return { type: "settled", status, ...(reason === undefined ? {} : { reason }) };
};

const decideHandlers = (plan: Plan, state: RunState): readonly EventBody[] => {
  if (state.activeCount > 0) return [];
  const next = state.handlers.find((index) => nodeAt(state, index).status === "not_started");
  if (next === undefined) return [settled(state, state.ending!)];
  const step = tokenName(plan.nodes[next]!);
  if (!state.timedOut) return [{ type: "step-started", step, execution: 1 }];
  return [{ type: "step-ended", step, status: "failed", reason: "timeout", error: "context deadline exceeded", continued: false, counted: false, closing: false }];
};
