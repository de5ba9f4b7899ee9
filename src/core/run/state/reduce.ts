/**
 * Owns the fold: one recorded event into the state. Refuses to know why it was recorded. An event that cannot follow means a broken log
 * and throws (R1); late news is refused in `admit`, before it becomes an event.
 */
import { instant, type Instant } from "../../base/brand.ts";
import { invariant, unreachable } from "../../base/invariant.ts";
import { nodeByTokenName, type Plan } from "../../plan/plan.ts";
import type { CalledChild, RunEvent } from "../event.ts";
import { calledChildren, isResolvedCall } from "./call.ts";
import { announce, readdress } from "./pass.ts";
import { draftOf, nodeAt, pristineNode, setBit, stateOf, writeNode, type ChildState, type Draft, type NodeState, type RunState } from "./state.ts";
import { isStepDone, type Reason, type StepStatus } from "../status.ts";

/** Executions kept for the timeline, newest last. */
const executionsMax = 100;

export const reduce = (plan: Plan, state: RunState, event: RunEvent): RunState => {
  const draft = draftOf(plan, state);
  apply(draft, event);
  return stateOf(draft);
};
export const fold = (plan: Plan, state: RunState, events: readonly RunEvent[]): RunState => {
  const draft = draftOf(plan, state);
  for (const event of events) apply(draft, event);
  return stateOf(draft);
};

export const apply = (draft: Draft, event: RunEvent): void => {
  draft.seq += 1;
  switch (event.type) {
    case "attempt-started": return startAttempt(draft, event);
    case "adopted": draft.term = event.term; return;
    case "prepared": return prepare(draft, event);
    case "step-started": return startStep(draft, event);
    case "step-skipped": return skipStep(draft, event);
    case "step-called": return callStep(draft, event);
    case "child-ended": return takeChild(draft, event);
    case "step-exited": return exitStep(draft, event);
    case "step-ended": return endStep(draft, event);
    case "step-closed": writeNode(draft, stepOf(draft, event), { phase: "idle", ...event.printed }); return;
    case "stop-requested": return stop(draft, event.at);
    case "run-timed-out":
      draft.timedOut = true;
      draft.error ??= { step: "", text: "context deadline exceeded", reason: "timeout" };
      return;
    case "approved": return approve(draft, event);
    case "rejected": return reject(draft, event);
    case "handlers-begun":
      draft.phase = "handlers";
      draft.ending = event.status;
      draft.handlers = event.handlers.map((name) => stepOf(draft, { step: name, type: event.type }));
      return;
    case "settled": return settle(draft, event);
    default: return unreachable(event);
  }
};

type Of<Type extends RunEvent["type"]> = Extract<RunEvent, { readonly type: Type }>;

const stepOf = (draft: Draft, event: { readonly step: string; readonly type: string }): number => {
  const node = nodeByTokenName(draft.plan, event.step);
  invariant(node !== undefined, "R1", { event: event.type, step: event.step });
  return node.index;
};

// -------------------------------------------------------------------------------------------------------------- attempts

const startAttempt = (draft: Draft, event: Of<"attempt-started">): void => {
  invariant(event.attempt === draft.attempt + 1 && (draft.attempt === 0 || draft.phase === "settled"), "R1", { event: event.type, attempt: event.attempt, phase: draft.phase });
  if (event.attempt === 1) draft.createdAt = event.at;
  Object.assign(draft, {
    attempt: event.attempt, cause: event.cause, phase: "preparing", status: "running", startedAt: event.at, timedOut: false,
    initDone: draft.plan.handlers.init === undefined, handlers: [], launchAt: instant(0), dueAt: Infinity,
    reason: undefined, finishedAt: undefined, stoppedAt: undefined, forced: undefined, error: undefined, ending: undefined, deadline: undefined,
  });
  for (const name of event.reset) resetStep(draft, stepOf(draft, { step: name, type: event.type }), event.cause === "retry-step");
  for (const name of event.pushBack?.nodes ?? []) {
    writeNode(draft, stepOf(draft, { step: name, type: event.type }), { pushBacks: event.pushBack!.history });
  }
  for (let index = draft.plan.stepCount; index < draft.plan.nodes.length; index += 1) writeNode(draft, index, pristine());
  for (let index = 0; index < draft.plan.stepCount; index += 1) {
    if (isResolvedCall(nodeAt(draft, index))) resumeCall(draft, index);
  }
  readdress(draft);
};
/** Every field, so that nothing of before survives the spread. */
const pristine = (): NodeState => ({
  ...pristineNode,
  startedAt: undefined, finishedAt: undefined, deadline: undefined, wakesAt: undefined, exitCode: undefined, error: undefined,
  reason: undefined, policies: undefined, output: undefined, iteration: undefined, capped: undefined, call: undefined,
  waitsFor: undefined, inputs: undefined, rejectedReason: undefined,
});
const resetStep = (draft: Draft, index: number, keepRetryCount: boolean): void => {
  const node = nodeAt(draft, index);
  writeNode(draft, index, {
    ...pristine(),
    retryCount: keepRetryCount ? node.retryCount : 0,
    logAttemptBefore: node.logAttempt === 0 ? node.logAttemptBefore : node.logAttempt,
    children: node.children.map((child) => ({ ...child, listed: false })),
  });
};

const prepare = (draft: Draft, event: Of<"prepared">): void => {
  invariant(draft.phase === "preparing", "R1", { event: event.type, phase: draft.phase });
  draft.phase = "steps";
  draft.dotenv = event.dotenv;
  draft.conditions = event.conditions;
  const { timeoutSec } = draft.plan.dag;
  if (timeoutSec > 0) draft.deadline = instant(event.at + timeoutSec * 1000);
  if (draft.deadline !== undefined) ringBy(draft, draft.deadline);
  if (event.secretError !== undefined) {
    draft.forced = "failed";
    draft.error = { step: "", text: event.secretError, reason: "secret" };
  } else if (!event.met) draft.forced = "aborted";
};

const settle = (draft: Draft, event: Of<"settled">): void => {
  invariant(draft.activeCount === 0, "R1", { event: event.type, active: draft.activeCount });
  draft.phase = "settled";
  draft.status = event.status;
  draft.dueAt = Infinity;
  draft.handlers = [];
  if (event.reason !== undefined) draft.reason = event.reason;
  if (event.status !== "waiting") draft.finishedAt = event.at;
};

const stop = (draft: Draft, at: Instant): void => {
  draft.stoppedAt = at;
  ringBy(draft, at + cleanUpMs(draft.plan));
};
export const cleanUpMs = (plan: Plan): number => plan.dag.maxCleanUpTimeSec * 1000;

const ringBy = (draft: Draft, at: number): void => {
  if (at < draft.dueAt) draft.dueAt = at;
};

// ----------------------------------------------------------------------------------------------------------------- steps

const startStep = (draft: Draft, event: Of<"step-started">): void => {
  const index = stepOf(draft, event);
  const node = nodeAt(draft, index);
  const fresh = node.status === "not_started";
  invariant((fresh && node.phase === "idle") || node.phase === "sleeping", "R1", { event: event.type, step: event.step, status: node.status, phase: node.phase });
  const { timeoutSec } = draft.plan.nodes[index]!.step;
  const deadline = timeoutSec > 0 ? instant(event.at + timeoutSec * 1000) : undefined;
  writeNode(draft, index, {
    status: "running", phase: "executing", execution: event.execution, startedAt: node.startedAt ?? event.at, deadline, wakesAt: undefined,
    round: node.iteration === undefined ? node.round : node.round + 1, iteration: undefined, logAttempt: draft.attempt,
    executions: [...node.executions.slice(-(executionsMax - 1)), { startedAt: event.at }],
  });
  setBit(draft.ready, index, false);
  if (deadline !== undefined) ringBy(draft, deadline);
  if (fresh && index < draft.plan.stepCount && draft.plan.dag.delaySec > 0) draft.launchAt = instant(event.at + draft.plan.dag.delaySec * 1000);
};

/** Closes the open entry of the timeline. */
const ended = (node: NodeState, at: Instant, status: StepStatus, exitCode?: number): NodeState["executions"] => {
  const last = node.executions.at(-1);
  if (last === undefined || last.finishedAt !== undefined) return node.executions;
  return [...node.executions.slice(0, -1), { ...last, finishedAt: at, status, ...(exitCode === undefined ? {} : { exitCode }) }];
};

const skipStep = (draft: Draft, event: Of<"step-skipped">): void => {
  const index = stepOf(draft, event);
  const node = nodeAt(draft, index);
  invariant(!isStepDone(node.status), "R1", { event: event.type, step: event.step, status: node.status });
  writeNode(draft, index, {
    status: "skipped", phase: "idle", finishedAt: event.at, reason: event.reason, error: event.error, deadline: undefined,
    conditions: event.conditions.length > 0 ? event.conditions : node.conditions, executions: ended(node, event.at, "skipped"),
  });
  undoom(draft, index);
  close(draft, index);
};
const undoom = (draft: Draft, index: number): void => {
  if (draft.doomed.at(-1) === index) draft.doomed.pop();
  else if (draft.doomed.includes(index)) draft.doomed = draft.doomed.filter((other) => other !== index);
};

/** A node has come to its end: its dependents may go on, the init handler opens the way. */
const close = (draft: Draft, index: number): void => {
  if (index < draft.plan.stepCount) announce(draft, index);
  else if (draft.plan.nodes[index]!.handler === "init") draft.initDone = true;
};

const exitStep = (draft: Draft, event: Of<"step-exited">): void => {
  const index = stepOf(draft, event);
  const node = nodeAt(draft, index);
  invariant((node.phase === "executing" || node.phase === "finishing") && node.execution === event.execution, "R1", { event: event.type, step: event.step, phase: node.phase });
  const { verdict } = event;
  const status = verdict.type === "done" || verdict.type === "repeat" ? verdict.status : verdict.type === "wait" ? "waiting" : "failed";
  const common: Partial<NodeState> = {
    exitCode: event.exitCode, error: event.error, reason: event.reason, output: event.output, deadline: undefined,
    conditions: event.conditions.length > 0 ? event.conditions : node.conditions,
    policies: event.policies ?? node.policies, ...event.printed,
    executions: ended(node, event.at, status, event.exitCode),
  };
  const doneCount = node.doneCount + (event.ran ? 1 : 0);
  switch (verdict.type) {
    case "retry":
      writeNode(draft, index, { ...common, status: "retrying", phase: "sleeping", wakesAt: verdict.wakesAt, retryCount: node.retryCount + 1 });
      return ringBy(draft, verdict.wakesAt);
    case "repeat":
      writeNode(draft, index, { ...common, doneCount, status: "running", phase: "sleeping", wakesAt: verdict.wakesAt, iteration: verdict.status, continued: verdict.continued });
      return ringBy(draft, verdict.wakesAt);
    case "wait":
      writeNode(draft, index, { ...common, doneCount, status: "waiting", phase: "idle", waitsFor: verdict.for, finishedAt: event.at });
      return;
    case "done":
      writeNode(draft, index, { ...common, doneCount, status: verdict.status, phase: "idle", continued: verdict.continued, finishedAt: event.at });
      if (verdict.status === "failed") failed(draft, index, event);
      return close(draft, index);
    default: return unreachable(verdict);
  }
};

/** 8.3 step 9, and what a failing handler does (9): one that could not be prepared does nothing. */
const failed = (draft: Draft, index: number, event: { readonly error?: string; readonly reason?: Reason; readonly ran?: boolean }): void => {
  const { handler, name } = draft.plan.nodes[index]!;
  if (handler !== undefined && (event.ran === false || handler === "wait")) return;
  draft.error ??= { step: name, text: event.error ?? "", ...(event.reason === undefined ? {} : { reason: event.reason }) };
  if (handler === "init") draft.forced = "aborted";
  else if (handler !== undefined && draft.ending === "succeeded") draft.ending = "failed";
};

const endStep = (draft: Draft, event: Of<"step-ended">): void => {
  const index = stepOf(draft, event);
  const node = nodeAt(draft, index);
  invariant(!isStepDone(node.status), "R1", { event: event.type, step: event.step, status: node.status });
  writeNode(draft, index, {
    status: event.status, phase: event.closing ? "closing" : "idle", finishedAt: event.at, reason: event.reason, error: event.error,
    exitCode: event.exitCode, continued: event.continued, doneCount: node.doneCount + (event.counted ? 1 : 0), deadline: undefined,
    wakesAt: undefined, iteration: undefined, executions: ended(node, event.at, event.status, event.exitCode),
    ...(event.status === "aborted" ? { waitsFor: undefined } : {}),
  });
  setBit(draft.ready, index, false);
  undoom(draft, index);
  if (event.status === "failed") failed(draft, index, event);
  close(draft, index);
};

// -------------------------------------------------------------------------------------------------------------- children

const callStep = (draft: Draft, event: Of<"step-called">): void => {
  const index = stepOf(draft, event);
  const node = nodeAt(draft, index);
  invariant(node.phase === "executing", "R1", { event: event.type, step: event.step, phase: node.phase });
  const called = new Map(event.children.map((child) => [child.run, child] as const));
  const kept = node.children.filter((child) => !called.has(child.run));
  writeNode(draft, index, {
    phase: event.children.length === 0 ? "finishing" : "calling",
    call: { maxConcurrent: event.maxConcurrent, parallel: event.parallel },
    children: [...kept, ...event.children.map((child) => childState(child, node.round))],
    conditions: event.conditions.length > 0 ? event.conditions : node.conditions,
    policies: event.policies ?? node.policies,
  });
};
const childState = (child: CalledChild, round: number): ChildState => ({ ...child, round, listed: true });

const takeChild = (draft: Draft, event: Of<"child-ended">): void => {
  const index = stepOf(draft, event);
  const node = nodeAt(draft, index);
  const children = node.children.map((child) =>
    child.run === event.child ? { ...child, news: event.news, attempt: Math.max(child.attempt, event.news.attempt) } : child,
  );
  const after = writeNode(draft, index, { children });
  if (after.phase === "calling" && calledChildren(after).every((child) => child.news !== undefined)) {
    writeNode(draft, index, { phase: "finishing", deadline: undefined });
  } else if (draft.phase === "steps" && isResolvedCall(after)) resumeCall(draft, index);
};

/** The child went on without its caller; the node writes the result anew, as another execution of the same work. */
const resumeCall = (draft: Draft, index: number): void => {
  const node = nodeAt(draft, index);
  writeNode(draft, index, {
    status: "running", phase: "finishing", execution: node.execution + 1, doneCount: Math.max(0, node.doneCount - 1),
    logAttempt: draft.attempt, waitsFor: undefined, finishedAt: undefined,
  });
};

// ---------------------------------------------------------------------------------------------------------------- people

const approve = (draft: Draft, event: Of<"approved">): void => {
  const index = stepOf(draft, event);
  invariant(nodeAt(draft, index).status === "waiting", "R1", { event: event.type, step: event.step });
  writeNode(draft, index, { status: "succeeded", waitsFor: undefined, inputs: event.inputs, finishedAt: event.at });
};
const reject = (draft: Draft, event: Of<"rejected">): void => {
  const index = stepOf(draft, event);
  invariant(nodeAt(draft, index).status === "waiting", "R1", { event: event.type, step: event.step });
  writeNode(draft, index, { status: "rejected", waitsFor: undefined, rejectedReason: event.reason, finishedAt: event.at });
  draft.status = "rejected";
  draft.finishedAt = event.at;
};
