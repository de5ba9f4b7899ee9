/**
 * Owns the admission of what executors say about one execution. A report counts only while exactly this execution is under way (fencing:
 * [R3]); how it ended is turned into a verdict here, so that end, next try and wake-up are one event.
 */
import { runId, type Instant } from "../../base/brand.ts";
import { tokenName, type Plan, type PlanNode } from "../../plan/plan.ts";
import type { CalledChild, EventBody } from "../event.ts";
import type { AttemptReport, ChildOrder, Exited, Fact } from "../fact.ts";
import { calledChildren } from "../state/call.ts";
import { verdictOf } from "../outcome/verdict.ts";
import { nodeAt, type NodeState, type RunState } from "../state/state.ts";
import type { Reason } from "../status.ts";
import { partsOf } from "../token.ts";

export const admitReport = (plan: Plan, state: RunState, report: AttemptReport, now: Instant): readonly EventBody[] => {
  const parts = partsOf(plan, state, report.token);
  if (parts === undefined) return [];
  const { node } = parts;
  const before = nodeAt(state, node.index);
  if (before.execution !== parts.execution || before.phase !== (parts.finishing ? "finishing" : "executing")) return [];
  const { end, conditions } = report;
  switch (end.type) {
    case "skipped":
      return [{ type: "step-skipped", step: tokenName(node), reason: "precondition", conditions, ...(end.error === undefined ? {} : { error: end.error }) }];
    case "called":
      return [{
        type: "step-called", step: tokenName(node), children: childrenOf(state, node, before, end.children), maxConcurrent: end.maxConcurrent,
        parallel: end.parallel, conditions, ...(report.policies === undefined ? {} : { policies: report.policies }),
      }];
    case "exited":
      return [exited(state, node, before, { report, end, now })];
    case "aborted":
    case "lost":
      return [exited(state, node, before, { report, end: lost, now })];
  }
};
const lost: Exited = { type: "exited", exitCode: 0, error: "worker lost", reason: "worker_lost", outputMatched: false, ran: true };

interface Ended {
  readonly report: AttemptReport;
  readonly end: Exited;
  readonly now: Instant;
}
const exited = (state: RunState, node: PlanNode, before: NodeState, { report, end, now }: Ended): EventBody => {
  const verdict = verdictOf({ node, before, end, policies: report.policies, stopped: state.stoppedAt !== undefined, now });
  const codeless = end.exitCode === 0 && end.error !== undefined;
  return {
    type: "step-exited", step: tokenName(node), execution: before.execution, ran: end.ran, conditions: report.conditions, verdict,
    printed: {
      stdoutBytes: report.stdoutBytes, stderrBytes: report.stderrBytes, ...(report.capped === undefined ? {} : { capped: report.capped }),
    },
    ...(codeless ? {} : { exitCode: end.exitCode }),
    ...(end.error === undefined ? {} : { error: end.error }),
    ...(end.reason === undefined ? {} : { reason: end.reason as Reason }),
    ...(end.output === undefined ? {} : { output: end.output }),
    ...(report.policies === undefined ? {} : { policies: report.policies }),
  };
};

/** Equal orders collapse into one run. A child of an earlier try of this round is called again by its own id, as its next attempt (8.5). */
const childrenOf = (state: RunState, node: PlanNode, before: NodeState, orders: readonly ChildOrder[]): readonly CalledChild[] => {
  const key = (dag: string, params: string): string => `${dag}\u0000${params}`;
  const known = new Map(before.children.filter((child) => child.round === before.round).map((child) => [key(child.dag, child.params), child] as const));
  const called = new Map<string, CalledChild>();
  let serial = before.children.length;
  for (const order of orders) {
    const name = key(order.dag, order.params);
    if (called.has(name)) continue;
    const old = known.get(name);
    if (old === undefined) serial += 1;
    called.set(name, {
      ...order,
      run: old?.run ?? runId(`${state.run}.${node.index + 1}.${serial}`),
      attempt: old?.news === undefined || old.news.status === null ? old?.attempt ?? 1 : old.attempt + 1,
    });
  }
  return [...called.values()];
};

/** Cancelled work is silent: the run may end now. */
export const admitClosed = (plan: Plan, state: RunState, { token, printed }: Extract<Fact, { readonly type: "closed" }>): readonly EventBody[] => {
  const parts = partsOf(plan, state, token);
  if (parts === undefined) return [];
  const node = nodeAt(state, parts.node.index);
  if (node.phase !== "closing" || node.execution !== parts.execution) return [];
  if (calledChildren(node).some((child) => child.news === undefined)) return [];
  return [{ type: "step-closed", step: tokenName(parts.node), ...(printed === undefined ? {} : { printed }) }];
};
