/**
 * Owns what people may ask of a run: stop while it runs, everything else when it is at rest; approvals and their refusals with Dagu's texts
 * (contract 8.6, 10.3, 11.3). A refused request changes nothing.
 */
import type { Instant } from "../../base/brand.ts";
import { rfc3339 } from "../../base/rfc3339.ts";
import { nodeByName, tokenName, type Plan, type PlanNode } from "../../plan/plan.ts";
import type { EventBody, PushBack } from "../event.ts";
import type { Request, RequestRefusal } from "../fact.ts";
import { members, nodeAt, type NodeState, type RunState } from "../state/state.ts";
import type { Admission } from "./admit.ts";
import { othersWait } from "./child.ts";
import { resetByPushBack, resetByRetry } from "./select.ts";

export const admitRequest = (plan: Plan, state: RunState, request: Request, now: Instant): Admission => {
  if (request.do === "stop") return stop(plan, state);
  if (state.phase !== "settled") return refused(request.do === "retry" || request.do === "retry-step" ? "still_running" : "bad_request", "run is still running");
  if (request.do === "retry") return { events: [nextAttempt(state, "retry", resetByRetry(plan, state))] };
  const node = nodeByName(plan, request.step);
  if (node === undefined) return refused("not_found", `step ${request.step} not found in DAG ${plan.dag.name}`);
  if (request.do === "retry-step") return { events: [nextAttempt(state, "retry-step", [node.name], node.name)] };
  const { status } = nodeAt(state, node.index);
  if (status !== "waiting") return refused("bad_request", `step ${node.name} is not waiting for approval (status: ${status})`);
  switch (request.do) {
    case "reject":
      return { events: [{ type: "rejected", step: node.name, reason: request.reason, ...by(request) }] };
    case "approve":
      return approve(plan, state, node, request);
    case "push-back":
      return pushBack(plan, state, node, { request, now });
  }
};

const refused = (code: RequestRefusal["code"], message: string): Admission => ({ events: [], refusal: { code, message } });
const by = (request: { readonly by?: string }): { readonly by?: string } => (request.by === undefined ? {} : { by: request.by });
const nextAttempt = (state: RunState, cause: "retry" | "retry-step" | "resume" | "push-back", reset: readonly string[], step?: string) =>
  ({ type: "attempt-started", attempt: state.attempt + 1, cause, reset, ...(step === undefined ? {} : { step }) }) as const;

type Asked<Do extends Request["do"]> = Extract<Request, { readonly do: Do }>;

const missingInputs = (node: PlanNode, inputs: Readonly<Record<string, string>>): Admission | undefined => {
  const missing = (node.step.approval?.required ?? []).filter((name) => (inputs[name] ?? "").trim() === "");
  return missing.length === 0 ? undefined : refused("bad_request", `missing required inputs: [${missing.join(" ")}]`);
};

/** The run goes on only when nobody else waits; until then the approval stands and nothing runs. */
const approve = (plan: Plan, state: RunState, node: PlanNode, request: Asked<"approve">): Admission => {
  const missing = missingInputs(node, request.inputs);
  if (missing !== undefined) return missing;
  const approved: EventBody = { type: "approved", step: node.name, inputs: request.inputs, ...by(request) };
  if (othersWait(plan, state, node.index)) return { events: [approved] };
  return { events: [approved, nextAttempt(state, "resume", resetByRetry(plan, state), node.name)] };
};

const pushBack = (plan: Plan, state: RunState, node: PlanNode, { request, now }: { request: Asked<"push-back">; now: Instant }): Admission => {
  const { approval } = node.step;
  if (approval === undefined) return refused("bad_request", `step ${node.name} does not have approval configuration; push-back requires the approval field`);
  const missing = missingInputs(node, request.inputs);
  if (missing !== undefined) return missing;
  const kept = Object.entries(request.inputs).filter(([name]) => approval.input.length === 0 || approval.input.includes(name));
  const before = nodeAt(state, node.index).pushBacks;
  const current: PushBack = { iteration: before.length + 1, at: rfc3339(now), inputs: Object.fromEntries(kept), ...by(request) };
  const nodes = resetByPushBack(plan, plan.byName.get(approval.rewindTo ?? node.name) ?? node.index);
  const reset = [...new Set([...resetByRetry(plan, state), ...nodes])];
  return { events: [{ ...nextAttempt(state, "push-back", reset, node.name), pushBack: { nodes, history: [...before, current] } }] };
};

/** Ends at once what runs, tries again or waits; a repeating step may finish its round (11.3). What never started stays so. */
const stop = (plan: Plan, state: RunState): Admission => {
  if (state.phase === "settled" || state.stoppedAt !== undefined) return refused("not_running", "run is not running");
  const events: EventBody[] = [{ type: "stop-requested" }];
  for (const index of members(state.active)) {
    const event = stopNode(plan.nodes[index]!, nodeAt(state, index));
    if (event !== undefined) events.push(event);
  }
  for (let index = 0; state.counts.waiting > 0 && index < plan.stepCount; index += 1) {
    if (nodeAt(state, index).status === "waiting") events.push(abortedByStop(plan.nodes[index]!, false));
  }
  return { events };
};
const stopNode = (node: PlanNode, at: NodeState): EventBody | undefined => {
  if (at.phase === "closing") return undefined;
  if (at.phase === "sleeping") return at.iteration === undefined ? abortedByStop(node, false) : finishedRound(node, at);
  if (node.handler !== undefined && node.handler !== "init") return { ...abortedByStop(node, true), status: "failed" };
  return node.step.repeat !== undefined && node.handler === undefined && at.phase === "executing" ? undefined : abortedByStop(node, true);
};
const abortedByStop = (node: PlanNode, closing: boolean) =>
  ({ type: "step-ended", step: tokenName(node), status: "aborted", reason: "user", continued: false, counted: false, closing }) as const;
const finishedRound = (node: PlanNode, at: NodeState): EventBody => ({
  type: "step-ended", step: tokenName(node), status: at.iteration ?? "succeeded", reason: "user", continued: at.continued, counted: false,
  closing: false, ...(at.error === undefined ? {} : { error: at.error }), ...(at.exitCode === undefined ? {} : { exitCode: at.exitCode }),
});
