/** Owns how the state of a run becomes an order: places, layers of variables, references. One order costs what its step can see. */
import type { Term } from "../../core/base/brand.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { RunStart } from "../../core/run/event.ts";
import { callResult } from "../../core/run/outcome/result.ts";
import { nodeAt, type RunState } from "../../core/run/state/state.ts";
import { prepareToken } from "../../core/run/token.ts";
import { pushBackVariables, snapshots, visibleOutputs } from "../../core/run/view/outputs.ts";
import type { Dag, EnvEntry } from "../../core/spec/dag.ts";
import type { AttemptOrder, AttemptToken, DagContext, PrepareOrder, RunPlaces, Scope, StepRef } from "../../ports/executor.ts";
import { artifactsPath, logPath, workPath } from "../../ports/files.ts";

export interface Ordered {
  readonly plan: Plan;
  readonly start: RunStart;
  readonly state: RunState;
  readonly term: Term;
  readonly host: Readonly<Record<string, string>>;
}

export const dagContext = (dag: Dag, start: RunStart): DagContext => ({
  name: dag.name,
  logOutput: dag.logOutput,
  maxOutputSize: dag.maxOutputSize,
  maxCleanUpTimeSec: dag.maxCleanUpTimeSec,
  secrets: dag.secrets,
  paramNames: dag.params.declared.flatMap((each) => (each.name === undefined ? [] : [each.name])),
  ...(dag.shell === undefined ? {} : { shell: dag.shell }),
  ...workingDir(dag, start),
});
/** Own, else the call step's (a place), else the base configuration's. */
const workingDir = (dag: Dag, start: RunStart): { readonly workingDir?: string } => {
  const found = dag.workingDir ?? (start.inherited === undefined ? start.baseWorkingDir : undefined);
  return found === undefined ? {} : { workingDir: found };
};

const places = ({ plan, start, state }: Ordered, step: string, merged: boolean): RunPlaces => {
  const stdoutLog = logPath(state.run, state.attempt, step, "stdout");
  return {
    folder: start.folder,
    work: workPath(state.run),
    stdoutLog,
    stderrLog: merged ? stdoutLog : logPath(state.run, state.attempt, step, "stderr"),
    ...(start.inherited === undefined ? {} : { inherited: start.inherited }),
    ...(plan.dag.artifacts.enabled ? { artifacts: artifactsPath(state.run) } : {}),
  };
};

/** `DAG_NAME` and its like: what user values may shadow. */
export const specialVariables = (dag: string, run: string): readonly EnvEntry[] => [
  { name: "DAG_NAME", value: dag },
  { name: "DAG_RUN_ID", value: run },
  { name: "DAG_RUN_LOG_FILE", value: `/runs/${run}/logs/run.log` },
];
const fixedVariables = ({ plan, start, state }: Ordered): readonly EnvEntry[] => [
  { name: "DAG_RUN_WORK_DIR", value: workPath(state.run) },
  ...(plan.dag.artifacts.enabled ? [{ name: "DAG_RUN_ARTIFACTS_DIR", value: artifactsPath(state.run) }] : []),
  ...(start.paramsJson === undefined ? [] : ["DAG_PARAMS_JSON", "DAGU_PARAMS_JSON"].map((name) => ({ name, value: start.paramsJson! }))),
];

const baseScope = (ordered: Ordered): Scope => ({
  host: ordered.host,
  params: ordered.start.params,
  dagEnv: ordered.start.dagEnv,
  dotenv: ordered.state.dotenv,
  secrets: [],
  outputs: [],
  pushBack: [],
  special: specialVariables(ordered.plan.dag.name, ordered.state.run),
  fixed: fixedVariables(ordered),
});

export const prepareOrder = (ordered: Ordered): PrepareOrder => {
  const { plan, start, state } = ordered;
  const own = workingDir(plan.dag, start).workingDir;
  return {
    token: prepareToken(state),
    run: state.run,
    dag: own === undefined || own === plan.dag.workingDir ? plan.dag : { ...plan.dag, workingDir: own },
    places: places(ordered, "run", false),
    scope: { ...baseScope(ordered), dotenv: [] },
    ...(start.lent === undefined ? {} : { lent: start.lent }),
  };
};

export const attemptOrder = (ordered: Ordered, index: number, token: AttemptToken): AttemptOrder => {
  const { plan, start, state, term } = ordered;
  const { step, name, handler } = plan.nodes[index]!;
  const node = nodeAt(state, index);
  const merged = (step.logOutput ?? plan.dag.logOutput) === "merged";
  const at = places(ordered, name, merged);
  const finishing = node.phase === "finishing";
  return {
    token,
    term,
    run: state.run,
    attempt: state.attempt,
    step,
    dag: dagContext(plan.dag, start),
    places: at,
    scope: {
      ...baseScope(ordered),
      outputs: visibleOutputs(plan, state, index),
      pushBack: [...pushBackVariables(plan, state, index), ...previousLog(state, index, name)],
      fixed: [...fixedVariables(ordered), ...stepVariables(ordered, index, at)],
    },
    refs: snapshots(plan, state, index).map((snapshot) => stepRef(state, snapshot)),
    first: node.execution === 1 && !finishing,
    hosts: start.hosts,
    ...(start.lent === undefined ? {} : { lent: start.lent }),
    ...(handler === undefined ? {} : { handler }),
    ...(step.timeoutSec > 0 ? { timeoutMs: step.timeoutSec * 1000 } : {}),
    ...(finishing ? { result: callResult(node) } : {}),
  };
};

const stepVariables = ({ plan, state }: Ordered, index: number, at: RunPlaces): readonly EnvEntry[] => {
  const { handler } = plan.nodes[index]!;
  if (handler === undefined) {
    return [{ name: "DAG_RUN_STEP_STDOUT_FILE", value: at.stdoutLog }, { name: "DAG_RUN_STEP_STDERR_FILE", value: at.stderrLog }];
  }
  const status = { name: "DAG_RUN_STATUS", value: state.ending ?? state.status };
  if (handler !== "wait") return [status];
  const waiting = plan.nodes.slice(0, plan.stepCount).filter((node) => nodeAt(state, node.index).status === "waiting");
  return [status, { name: "DAG_WAITING_STEPS", value: waiting.map((node) => node.name).join(",") }];
};

/** Of its own execution before the push-back; unset when it had none. */
const previousLog = (state: RunState, index: number, name: string): readonly EnvEntry[] => {
  const node = nodeAt(state, index);
  if (node.pushBacks.length === 0 || node.logAttemptBefore === 0) return [];
  return [{ name: "DAG_PUSHBACK_PREVIOUS_STDOUT_FILE", value: logPath(state.run, node.logAttemptBefore, name, "stdout") }];
};

const stepRef = (state: RunState, snapshot: ReturnType<typeof snapshots>[number]): StepRef => {
  const { id, name, logAttempt, merged, exitCode, output } = snapshot;
  const log = (stream: "stdout" | "stderr"): string => logPath(state.run, logAttempt!, name, stream);
  return {
    id,
    exitCode,
    ...(logAttempt === undefined ? {} : { stdoutPath: log("stdout"), stderrPath: log(merged ? "stdout" : "stderr") }),
    ...(output === undefined ? {} : { output }),
  };
};
