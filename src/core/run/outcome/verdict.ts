/**
 * Owns what the end of one execution leads to: done, another try, another round, or waiting for a person (contract 8.1, 8.6, 10).
 * Refuses to know how the execution was started or reported.
 */
import { instant, type Instant } from "../../base/brand.ts";
import type { PlanNode } from "../../plan/plan.ts";
import type { NumberText, RepeatPolicy, Step } from "../../spec/dag.ts";
import type { Verdict } from "../event.ts";
import type { Exited, Policies } from "../fact.ts";
import { calledChildren } from "../state/call.ts";
import type { NodeState } from "../state/state.ts";
import type { StepStatus } from "../status.ts";

/** Exit code of a step that ran out of time (11.4). */
export const timeoutExitCode = 124;

const numberOf = (value: NumberText | undefined): number => {
  const parsed = typeof value === "number" ? value : Number.parseInt(value ?? "", 10);
  return Number.isFinite(parsed) ? parsed : 0;
};
/** As reported, else as written: an execution that was lost never reported them. */
const policiesOf = (step: Step, known: Policies | undefined): Policies => known ?? {
  retryLimit: numberOf(step.retry?.limit),
  retryIntervalSec: numberOf(step.retry?.intervalSec),
  repeatLimit: numberOf(step.repeat?.limit),
  repeatIntervalSec: numberOf(step.repeat?.intervalSec),
  repeatMaxIntervalSec: numberOf(step.repeat?.maxIntervalSec),
};

/** Does a failure with this code let dependents run (8.1)? */
export const isContinued = (step: Step, exitCode: number, outputMatched: boolean): boolean =>
  step.continueOn.failure || step.continueOn.exitCodes.includes(exitCode) || outputMatched;

const waitMs = (intervalSec: number, backoff: number, exponent: number, maxSec: number): number => {
  const sec = backoff > 0 ? intervalSec * backoff ** exponent : intervalSec;
  return Math.max(0, (maxSec > 0 ? Math.min(sec, maxSec) : sec) * 1000);
};

export interface Ending {
  readonly node: PlanNode;
  readonly before: NodeState;
  readonly end: Exited;
  readonly policies: Policies | undefined;
  /** After a stop nothing is tried again. */
  readonly stopped: boolean;
  readonly now: Instant;
}

export const verdictOf = (ending: Ending): Verdict => {
  const { node, before, end, stopped, now } = ending;
  const isFailure = end.error !== undefined || end.exitCode !== 0;
  if (node.handler !== undefined) return { type: "done", status: isFailure ? "failed" : "succeeded", continued: false };
  const { step } = node;
  const policies = policiesOf(step, ending.policies ?? before.policies);
  const timedOut = end.reason === "timeout";
  if (isFailure && end.ran && !timedOut && !stopped && before.retryCount < policies.retryLimit) {
    if (!isRetried(step, end)) return { type: "done", status: "failed", continued: isContinued(step, end.exitCode, end.outputMatched) };
    const ms = waitMs(policies.retryIntervalSec, step.retry?.backoff ?? 0, before.retryCount, step.retry?.maxIntervalSec ?? 0);
    return { type: "retry", wakesAt: instant(now + ms) };
  }
  const continued = isFailure && isContinued(step, end.exitCode, end.outputMatched);
  const marked = continued && step.continueOn.markSuccess && end.ran && !timedOut;
  const status: StepStatus = !isFailure ? childStatus(before) : marked ? "succeeded" : "failed";
  if (step.repeat !== undefined && end.ran && !timedOut && !stopped && repeats(step.repeat, end, before.doneCount + 1, policies.repeatLimit)) {
    const ms = waitMs(policies.repeatIntervalSec, step.repeat.backoff, before.doneCount + 1, policies.repeatMaxIntervalSec);
    return { type: "repeat", wakesAt: instant(now + ms), status: status === "waiting" ? "succeeded" : status, continued };
  }
  if (status === "waiting") return { type: "wait", for: "child" };
  if (!isFailure && status !== "rejected" && step.approval !== undefined && !stopped) return { type: "wait", for: "approval" };
  return { type: "done", status, continued };
};

/** An error without an exit code counts as 1. */
const isRetried = (step: Step, end: Exited): boolean => {
  const codes = step.retry?.exitCodes ?? [];
  return codes.length === 0 || codes.includes(end.exitCode === 0 ? 1 : end.exitCode);
};

const repeats = (policy: RepeatPolicy, end: Exited, done: number, limit: number): boolean => {
  if (limit > 0 && done >= limit) return false;
  const isFailure = end.error !== undefined || end.exitCode !== 0;
  const holds = policy.condition !== undefined ? end.repeatConditionMet === true
    : policy.exitCodes.length > 0 ? policy.exitCodes.includes(end.exitCode)
    : !isFailure;
  return policy.mode === "while" ? holds : !holds;
};

/** How the children of a call that did not fail leave their node (8.5): waiting comes first. */
const childStatus = (node: NodeState): StepStatus => {
  if (node.call === undefined) return "succeeded";
  const statuses = calledChildren(node).map((child) => child.news?.status);
  if (statuses.includes("waiting")) return "waiting";
  if (statuses.includes("rejected")) return "rejected";
  return statuses.includes("partially_succeeded") ? "partially_succeeded" : "succeeded";
};
