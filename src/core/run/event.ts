/**
 * Owns what a run's log may hold. Events are past tense: recorded once, never late, doubled or false; each carries what `reduce` needs, so
 * that a log can be folded without the world. Steps are named (`@onExit` for a handler), since a run is rebound to its plan by name.
 */
import type { Instant, RunId } from "../base/brand.ts";
import type { EnvEntry, Secret } from "../spec/dag.ts";
import type { ChildNews, ConditionResult, Policies } from "./fact.ts";
import type { Reason, RunStatus, StepStatus } from "./status.ts";

/** The immutable start of a run, beside its log: everything that is evaluated once per run and reused by every attempt (10.3). */
export interface RunStart {
  readonly params: readonly EnvEntry[];
  /** As typed, or as the call step gave it. */
  readonly paramsText: string;
  readonly paramsJson?: string;
  readonly dagEnv: readonly EnvEntry[];
  /** Directory that relative paths of the DAG file mean. */
  readonly folder: string;
  /** Text of the base configuration this run keeps to; its plan cannot be had without it. */
  readonly base?: string;
  /** `working_dir` of the base configuration: used where neither DAG nor call step gives one. */
  readonly baseWorkingDir?: string;
  /** Directory of the call step. */
  readonly inherited?: string;
  /** How many runs lie above. */
  readonly depth: number;
  readonly hosts: readonly string[];
  /** What sealed values among the params refer to; absent when there are none. */
  readonly lent?: Lent;
}
/** A caller's secrets as it declares them, and what it takes to resolve them again; never a value. */
export interface Lent {
  readonly secrets: readonly Secret[];
  readonly workingDir?: string;
  readonly folder: string;
  readonly work: string;
  readonly inherited?: string;
  readonly params: readonly EnvEntry[];
  readonly dagEnv: readonly EnvEntry[];
  readonly special: readonly EnvEntry[];
  /** What its own caller lent it. */
  readonly lent?: Lent;
}

/** What an execution's end leads to; decided when it is admitted. */
export type Verdict =
  | { readonly type: "done"; readonly status: StepStatus; readonly continued: boolean }
  | { readonly type: "retry"; readonly wakesAt: Instant }
  | { readonly type: "repeat"; readonly wakesAt: Instant; readonly status: StepStatus; readonly continued: boolean }
  | { readonly type: "wait"; readonly for: "approval" | "child" };

export interface Printed {
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly capped?: string;
}
export interface PushBack {
  readonly iteration: number;
  readonly by?: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly inputs: Readonly<Record<string, string>>;
}
/** Nodes that a push-back sends round again, with the context that all of them get; also below later gates. */
export interface PushedBack {
  readonly nodes: readonly string[];
  /** Oldest first; the last entry is this push-back. */
  readonly history: readonly PushBack[];
}
export type AttemptCause = "start" | "retry" | "retry-step" | "resume" | "push-back";
export interface CalledChild {
  readonly run: RunId;
  readonly dag: string;
  readonly params: string;
  readonly workingDir: string;
  /** The child attempt that answers this call: 1 starts it, more asks for a retry of the same child run. */
  readonly attempt: number;
}

type Body =
  | { readonly type: "attempt-started"; readonly attempt: number; readonly cause: AttemptCause; readonly reset: readonly string[]; readonly step?: string; readonly pushBack?: PushedBack }
  | { readonly type: "adopted"; readonly term: number }
  | { readonly type: "prepared"; readonly dotenv: readonly EnvEntry[]; readonly conditions: readonly ConditionResult[]; readonly met: boolean; readonly secretError?: string }
  | { readonly type: "step-started"; readonly step: string; readonly execution: number }
  | { readonly type: "step-skipped"; readonly step: string; readonly reason: Reason; readonly error?: string; readonly conditions: readonly ConditionResult[] }
  | {
      readonly type: "step-called";
      readonly step: string;
      readonly children: readonly CalledChild[];
      readonly maxConcurrent: number;
      readonly parallel: boolean;
      readonly conditions: readonly ConditionResult[];
      readonly policies?: Policies;
    }
  | { readonly type: "child-ended"; readonly step: string; readonly child: RunId; readonly news: ChildNews }
  | {
      readonly type: "step-exited";
      readonly step: string;
      readonly execution: number;
      readonly exitCode?: number;
      readonly error?: string;
      readonly reason?: Reason;
      readonly output?: string;
      readonly ran: boolean;
      readonly conditions: readonly ConditionResult[];
      readonly policies?: Policies;
      readonly printed: Printed;
      readonly verdict: Verdict;
    }
  /** Ended from outside (stop, deadline, cascade); `closing` = its worker or children still have to fall silent. */
  | {
      readonly type: "step-ended";
      readonly step: string;
      readonly status: StepStatus;
      readonly reason: Reason;
      readonly error?: string;
      readonly exitCode?: number;
      readonly continued: boolean;
      readonly counted: boolean;
      readonly closing: boolean;
    }
  /** `printed`: what stopped work had written, where it wrote anything. */
  | { readonly type: "step-closed"; readonly step: string; readonly printed?: Printed }
  | { readonly type: "stop-requested" }
  | { readonly type: "run-timed-out" }
  | { readonly type: "approved"; readonly step: string; readonly inputs: Readonly<Record<string, string>>; readonly by?: string }
  | { readonly type: "rejected"; readonly step: string; readonly reason: string; readonly by?: string }
  | { readonly type: "handlers-begun"; readonly status: RunStatus; readonly handlers: readonly string[] }
  | { readonly type: "settled"; readonly status: RunStatus; readonly reason?: Reason };
export type RunEvent = Body & { readonly at: Instant };
export type EventBody = Body;
