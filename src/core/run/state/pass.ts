/**
 * Owns propagation (contract 8.2): what a dependency's state means to a child, and the cursor that walks a child's dependencies in listed
 * order, so that the first blocking one decides and a not-ready one hides those behind it.
 */
import type { Plan } from "../../plan/plan.ts";
import { nodeAt, setBit, writeNode, type Draft, type RunState } from "./state.ts";

export type Passage = "pass" | "hold" | "abort" | "skip";

export const passage = (plan: Plan, state: RunState, dependency: number): Passage => {
  const node = nodeAt(state, dependency);
  switch (node.status) {
    case "succeeded":
    case "partially_succeeded":
      return "pass";
    case "failed":
      return node.continued ? "pass" : "abort";
    case "skipped":
      return plan.nodes[dependency]!.step.continueOn.skipped ? "pass" : "skip";
    case "aborted":
    case "rejected":
      return "abort";
    default:
      return "hold";
  }
};

/** Moves a not-started node's cursor as far as its dependencies allow and files it as ready or doomed. */
export const advance = (draft: Draft, index: number): void => {
  const { depends } = draft.plan.nodes[index]!;
  const node = nodeAt(draft, index);
  let cursor = node.cursor;
  let verdict: Passage = "pass";
  while (cursor < depends.length && verdict === "pass") {
    verdict = passage(draft.plan, draft, depends[cursor]!);
    if (verdict === "pass") cursor += 1;
  }
  if (cursor !== node.cursor) writeNode(draft, index, { cursor });
  if (verdict === "pass") setBit(draft.ready, index, true);
  if (verdict === "abort" || verdict === "skip") draft.doomed.push(index);
};

/** Tells the dependents of a node that has just ended. */
export const announce = (draft: Draft, index: number): void => {
  for (const dependent of draft.plan.nodes[index]!.dependents) {
    const node = nodeAt(draft, dependent);
    if (node.status === "not_started" && draft.plan.nodes[dependent]!.depends[node.cursor] === index) advance(draft, dependent);
  }
};

/** Looks at every step anew: at the start of a run attempt, when resets have changed what holds. */
export const readdress = (draft: Draft): void => {
  draft.ready.fill(0);
  draft.doomed = [];
  for (let index = 0; index < draft.plan.stepCount; index += 1) {
    const node = nodeAt(draft, index);
    if (node.status !== "not_started") continue;
    if (node.cursor !== 0) writeNode(draft, index, { cursor: 0 });
    advance(draft, index);
  }
};
