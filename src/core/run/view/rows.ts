/** Owns how a state is kept and shown: the run's row and the rows of its steps. Caches of the log; rebuildable at will. */
import { seq, term } from "../../base/brand.ts";
import type { Plan } from "../../plan/plan.ts";
import { shown } from "../../value/seal.ts";
import type { RunRow, StepRow } from "../rows.ts";
import { nodeAt, type NodeState, type RunState } from "../state/state.ts";
import { stepStatuses, type StepStatus } from "../status.ts";

/** What of a run's row never changes. */
export type RunIdentity = Pick<
  RunRow,
  "id" | "dag" | "dagName" | "revision" | "draft" | "trigger" | "params" | "paramsText" | "labels" | "parent"
>;

export const runRow = (identity: RunIdentity, state: RunState): RunRow => {
  const { id, dag, dagName, revision, draft, trigger, params, paramsText, labels, parent } = identity;
  return {
    id, dag, dagName, revision, draft, trigger, params, paramsText, labels,
    status: state.status,
    attempt: state.attempt,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    term: term(state.term),
    seq: seq(state.seq),
    stepCounts: countsOf(state.counts),
    ...(parent === undefined ? {} : { parent }),
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    ...(state.error === undefined ? {} : { error: { step: state.error.step, text: state.error.text } }),
    ...(state.finishedAt === undefined ? {} : { finishedAt: state.finishedAt }),
  };
};
const countsOf = (counts: Readonly<Record<StepStatus, number>>): Partial<Record<StepStatus, number>> => {
  const found: Partial<Record<StepStatus, number>> = {};
  for (const status of stepStatuses) if (counts[status] > 0) found[status] = counts[status];
  return found;
};

export const stepRow = (plan: Plan, state: RunState, index: number): StepRow => {
  const { step, name, handler, depends } = plan.nodes[index]!;
  const node = nodeAt(state, index);
  return {
    run: state.run,
    name,
    index,
    type: step.type,
    depends: depends.map((dependency) => plan.nodes[dependency]!.name),
    status: node.status,
    retryCount: node.retryCount,
    doneCount: node.doneCount,
    executions: node.executions,
    logAttempt: node.logAttempt,
    stdoutBytes: node.stdoutBytes,
    stderrBytes: node.stderrBytes,
    conditions: node.conditions.map(({ condition, met, error }) => ({ text: condition.condition, met, ...(error === undefined ? {} : { error }) })),
    children: node.children
      .filter((child) => child.listed && !(child.news?.status === null && child.news.missing))
      .map((child) => ({ run: child.run, dag: child.dag, params: shown(child.params), status: child.news?.status ?? null })),
    ...given({ handler, id: step.id, reason: node.reason, startedAt: node.startedAt, finishedAt: node.finishedAt }),
    ...given({ exitCode: node.exitCode, error: node.error, wakesAt: node.wakesAt, capped: node.capped }),
    ...(node.output === undefined || step.output === undefined ? {} : { output: { name: step.output.type === "name" ? step.output.name : "", value: shown(node.output) } }),
    ...approvalOf(plan, index, node),
  };
};

const given = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;

const approvalOf = (plan: Plan, index: number, node: NodeState): Pick<StepRow, "approval"> => {
  const { approval } = plan.nodes[index]!.step;
  const last = node.pushBacks.at(-1);
  if (approval === undefined && last === undefined && node.inputs === undefined && node.rejectedReason === undefined && node.waitsFor === undefined) return {};
  return {
    approval: {
      prompt: approval?.prompt ?? "",
      input: approval?.input ?? [],
      required: approval?.required ?? [],
      iteration: last?.iteration ?? 0,
      ...given({ inputs: node.inputs, rejectedReason: node.rejectedReason, pushBackInputs: last?.inputs }),
    },
  };
};
