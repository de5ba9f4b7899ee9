/**
 * Owns the state of a run: the fold of its log, and the caches that keep a turn's cost independent of the DAG's size. Refuses to know
 * rules: `reduce` fills it, `decide` reads it.
 * Nodes lie in chunks; a draft copies a chunk the first time it writes into it and the two bit sets once, so a turn over 10,000 nodes costs
 * what one over 100 does. `ready` = may start; `active` = something is owed for it (an execution, children, a wake-up, silence).
 * `cursor` = how many of a node's dependencies, in listed order, are known to let it pass: each edge is looked at once.
 */
import type { Instant, RunId } from "../../base/brand.ts";
import type { EnvEntry } from "../../spec/dag.ts";
import type { Plan } from "../../plan/plan.ts";
import type { AttemptCause, PushBack } from "../event.ts";
import type { ChildNews, ConditionResult, Policies } from "../fact.ts";
import type { Reason, RunStatus, StepStatus } from "../status.ts";

export interface Execution {
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly exitCode?: number;
  readonly status?: StepStatus;
}
export interface ChildState {
  readonly run: RunId;
  readonly dag: string;
  readonly params: string;
  readonly workingDir: string;
  readonly round: number;
  /** The child attempt that is waited for, or was taken. */
  readonly attempt: number;
  /** Absent while it is waited for. */
  readonly news?: ChildNews;
  /** False = a call of an earlier try that a push-back or retry has replaced. */
  readonly listed: boolean;
}
export interface NodeState {
  readonly status: StepStatus;
  /** What is owed: nothing, an execution, children, the writing of their result, a wake-up, the silence of what was cancelled. */
  readonly phase: "idle" | "executing" | "calling" | "finishing" | "sleeping" | "closing";
  readonly cursor: number;
  /** Executions begun in this run attempt; names the token. */
  readonly execution: number;
  /** Repeats begun since the node was reset. */
  readonly round: number;
  readonly retryCount: number;
  readonly doneCount: number;
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  readonly deadline?: Instant;
  readonly wakesAt?: Instant;
  readonly exitCode?: number;
  readonly error?: string;
  readonly reason?: Reason;
  readonly policies?: Policies;
  readonly output?: string;
  /** `continue_on` matched: dependents may run. */
  readonly continued: boolean;
  /** Status the finished iteration would give, while a repeat waits. */
  readonly iteration?: StepStatus;
  readonly conditions: readonly ConditionResult[];
  readonly executions: readonly Execution[];
  /** Run attempt of the newest log files; 0 = none yet. */
  readonly logAttempt: number;
  /** Of the execution before the newest push-back. */
  readonly logAttemptBefore: number;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly capped?: string;
  readonly children: readonly ChildState[];
  readonly call?: { readonly maxConcurrent: number; readonly parallel: boolean };
  readonly waitsFor?: "approval" | "child";
  readonly inputs?: Readonly<Record<string, string>>;
  readonly rejectedReason?: string;
  /** Oldest first; the last one is the current one. */
  readonly pushBacks: readonly PushBack[];
}
export type RunPhase = "preparing" | "steps" | "handlers" | "settled";
export interface RunState {
  readonly run: RunId;
  readonly attempt: number;
  readonly cause: AttemptCause;
  readonly phase: RunPhase;
  readonly status: RunStatus;
  readonly reason?: Reason;
  readonly term: number;
  readonly seq: number;
  readonly createdAt: Instant;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly stoppedAt?: Instant;
  readonly timedOut: boolean;
  /** The init handler stands between preparation and steps. */
  readonly initDone: boolean;
  /** Set by unmet DAG preconditions or a failed init handler. */
  readonly forced?: RunStatus;
  readonly dotenv: readonly EnvEntry[];
  readonly conditions: readonly ConditionResult[];
  /** First error of this attempt (8.3 step 9). */
  readonly error?: { readonly step: string; readonly text: string; readonly reason?: Reason };
  /** What the run will be once its end handlers have run; they see it as `DAG_RUN_STATUS`. */
  readonly ending?: RunStatus;
  /** End handlers still to run, by node. */
  readonly handlers: readonly number[];
  readonly deadline?: Instant;
  /** No step is launched before (`delay_sec`). */
  readonly launchAt: Instant;
  /** Never later than the earliest deadline or wake-up; Infinity = none. */
  readonly dueAt: number;
  /** Not-started nodes whose dependencies have decided against them. */
  readonly doomed: readonly number[];
  readonly chunks: readonly (readonly NodeState[])[];
  readonly ready: Uint32Array;
  readonly active: Uint32Array;
  readonly activeCount: number;
  /** Executions under way (slots). */
  readonly executing: number;
  /** Steps by status, handlers not counted. */
  readonly counts: Readonly<Record<StepStatus, number>>;
}

const chunkSize = 64;
export const pristineNode: NodeState = Object.freeze({
  status: "not_started", phase: "idle", cursor: 0, execution: 0, round: 0, retryCount: 0, doneCount: 0, continued: false,
  conditions: [], executions: [], logAttempt: 0, logAttemptBefore: 0, stdoutBytes: 0, stderrBytes: 0, children: [], pushBacks: [],
});
const noCounts: Readonly<Record<StepStatus, number>> = {
  not_started: 0, running: 0, failed: 0, aborted: 0, succeeded: 0, skipped: 0, partially_succeeded: 0, waiting: 0, rejected: 0, retrying: 0,
};

/** The empty log: nothing has happened yet, not even the creation. */
export const emptyState = (plan: Plan, run: RunId): RunState => {
  const words = Math.ceil(plan.nodes.length / 32);
  const chunk: readonly NodeState[] = Object.freeze(new Array<NodeState>(chunkSize).fill(pristineNode));
  return {
    run, attempt: 0, cause: "start", phase: "preparing", status: "not_started", term: 0, seq: 0,
    createdAt: 0 as Instant, startedAt: 0 as Instant, timedOut: false, initDone: false, dotenv: [], conditions: [],
    handlers: [], launchAt: 0 as Instant, dueAt: Infinity, doomed: [],
    chunks: new Array<readonly NodeState[]>(Math.ceil(plan.nodes.length / chunkSize)).fill(chunk),
    ready: new Uint32Array(words), active: new Uint32Array(words), activeCount: 0, executing: 0,
    counts: { ...noCounts, not_started: plan.stepCount },
  };
};

export const nodeAt = (state: RunState, index: number): NodeState =>
  state.chunks[(index / chunkSize) | 0]![index % chunkSize]!;

/** A state under construction within one turn. It reads like a state; only its owner writes, through the functions below. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
export interface Draft extends Writable<RunState> {
  chunks: (readonly NodeState[])[];
  counts: Record<StepStatus, number>;
  doomed: number[];
  readonly plan: Plan;
  readonly owned: Set<number>;
  readonly touched: Set<number>;
}
export const draftOf = (plan: Plan, state: RunState): Draft => ({
  ...state,
  chunks: [...state.chunks],
  doomed: [...state.doomed],
  ready: state.ready.slice(),
  active: state.active.slice(),
  counts: { ...state.counts },
  plan,
  owned: new Set(),
  touched: new Set(),
});
/** Ends the draft: it must not be written again. */
export const stateOf = (draft: Draft): RunState => {
  const { plan: _plan, owned: _owned, touched: _touched, ...state } = draft;
  return state;
};

const isExecuting = (node: NodeState): boolean => node.phase === "executing" || node.phase === "finishing";

/** Writes one node and keeps the counters and the active set true. */
export const writeNode = (draft: Draft, index: number, patch: Partial<NodeState>): NodeState => {
  const at = (index / chunkSize) | 0;
  if (!draft.owned.has(at)) {
    draft.chunks[at] = draft.chunks[at]!.slice();
    draft.owned.add(at);
  }
  const chunk = draft.chunks[at] as NodeState[];
  const before = chunk[index % chunkSize]!;
  const after: NodeState = { ...before, ...patch };
  chunk[index % chunkSize] = after;
  draft.touched.add(index);
  if (index < draft.plan.stepCount && before.status !== after.status) {
    draft.counts[before.status] -= 1;
    draft.counts[after.status] += 1;
  }
  const wasActive = before.phase !== "idle";
  const isActive = after.phase !== "idle";
  if (wasActive !== isActive) {
    setBit(draft.active, index, isActive);
    draft.activeCount += isActive ? 1 : -1;
  }
  draft.executing += Number(isExecuting(after)) - Number(isExecuting(before));
  return after;
};

export const setBit = (bits: Uint32Array, index: number, on: boolean): void => {
  const word = index >>> 5;
  const mask = 1 << (index & 31);
  bits[word] = on ? bits[word]! | mask : bits[word]! & ~mask;
};
export const hasBit = (bits: Uint32Array, index: number): boolean => (bits[index >>> 5]! & (1 << (index & 31))) !== 0;
/** The lowest member at or after `from`; −1 when there is none. */
export const nextBit = (bits: Uint32Array, from = 0): number => {
  let word = from >>> 5;
  if (word >= bits.length) return -1;
  let bitsLeft = bits[word]! & (-1 << (from & 31));
  while (bitsLeft === 0) {
    word += 1;
    if (word >= bits.length) return -1;
    bitsLeft = bits[word]!;
  }
  return word * 32 + (31 - Math.clz32(bitsLeft & -bitsLeft));
};
export function* members(bits: Uint32Array): Generator<number> {
  for (let index = nextBit(bits); index !== -1; index = nextBit(bits, index + 1)) yield index;
}
