/**
 * Owns time: which deadlines and wake-ups have come, and the next one. Level-triggered: `now` may be late by any amount, or jump back.
 * Source: contract 10, 11.3, 11.4 and its deviation 16.
 */
import type { Instant } from "../../base/brand.ts";
import { tokenName, type Plan } from "../../plan/plan.ts";
import type { EventBody } from "../event.ts";
import { isContinued, timeoutExitCode } from "../outcome/verdict.ts";
import { cleanUpMs } from "../state/reduce.ts";
import { members, nextBit, nodeAt, type RunState } from "../state/state.ts";

/** Everything that is due at `now`, at once. */
export const dueEvents = (plan: Plan, state: RunState, now: Instant): readonly EventBody[] => {
  const runIsOver = state.deadline !== undefined && state.deadline <= now && !state.timedOut;
  const found: EventBody[] = runIsOver ? [{ type: "run-timed-out" }] : [];
  for (const index of members(state.active)) {
    const event = dueNode(plan, state, index, { now, runIsOver });
    if (event !== undefined) found.push(event);
  }
  return found;
};

interface Moment {
  readonly now: Instant;
  readonly runIsOver: boolean;
}
const dueNode = (plan: Plan, state: RunState, index: number, { now, runIsOver }: Moment): EventBody | undefined => {
  const node = nodeAt(state, index);
  if (node.phase === "closing") return undefined;
  const works = node.phase !== "sleeping";
  if (works && node.deadline !== undefined && (node.deadline <= now || runIsOver)) return timedOut(plan, index);
  if (runIsOver) return overtaken(plan, index, works);
  const graceIsOver = state.stoppedAt !== undefined && state.stoppedAt + cleanUpMs(plan) <= now;
  if (works && graceIsOver && state.phase === "steps") {
    return { type: "step-ended", step: tokenName(plan.nodes[index]!), status: "aborted", reason: "user", continued: false, counted: false, closing: true };
  }
  if (node.phase === "sleeping" && node.wakesAt !== undefined && node.wakesAt <= now) {
    return { type: "step-started", step: tokenName(plan.nodes[index]!), execution: node.execution + 1 };
  }
  return undefined;
};

const timedOut = (plan: Plan, index: number): EventBody => {
  const { step } = plan.nodes[index]!;
  return {
    type: "step-ended", step: tokenName(plan.nodes[index]!), status: "failed", reason: "timeout", exitCode: timeoutExitCode, counted: true, closing: true,
    error: `step timed out (timeout: ${step.timeoutSec}s)`, continued: isContinued(step, timeoutExitCode, false),
  };
};
/** The deadline of the DAG: steps end aborted, a handler failed. */
const overtaken = (plan: Plan, index: number, works: boolean): EventBody => ({
  type: "step-ended", step: tokenName(plan.nodes[index]!), status: plan.nodes[index]!.handler === undefined ? "aborted" : "failed",
  reason: "timeout", error: "context deadline exceeded", continued: false, counted: false, closing: works,
});

/** When something is due next if nothing else happens; Infinity = never. Exact, linear in what is active. */
export const nextDue = (plan: Plan, state: RunState, now: Instant): number => {
  if (state.phase === "settled") return Infinity;
  let at: number = state.deadline !== undefined && !state.timedOut ? state.deadline : Infinity;
  if (nextBit(state.ready) !== -1 && state.launchAt > now) at = Math.min(at, state.launchAt);
  for (const index of members(state.active)) {
    const node = nodeAt(state, index);
    if (node.phase === "closing") continue;
    const works = node.phase !== "sleeping";
    if (works && node.deadline !== undefined) at = Math.min(at, node.deadline);
    if (!works && node.wakesAt !== undefined) at = Math.min(at, node.wakesAt);
    if (works && state.stoppedAt !== undefined && state.phase === "steps") at = Math.min(at, state.stoppedAt + cleanUpMs(plan));
  }
  return at;
};
