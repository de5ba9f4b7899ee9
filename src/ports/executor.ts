/**
 * The contract with whatever runs steps. Orders and reports are structured-clonable plain data.
 * X1 A token runs at most once; starting a token that runs is a no-op. X2 After `cancel` settles no report of that token arrives.
 * X3 A lost worker is reported as `lost`, never silence. X4 Secret values are masked before any byte leaves the executor.
 */
import type { Term, RunId } from "../core/base/brand.ts";
import type { Dag, EnvEntry, HandlerName, Secret, Step } from "../core/spec/dag.ts";
import type { Lent } from "../core/run/event.ts";
import type { AttemptReport, AttemptToken, Prepared } from "../core/run/fact.ts";
import type { Json } from "../core/value/json.ts";

/** How executions end is data of the log, so these shapes live in the core. */
export type { AttemptEnd, AttemptReport, AttemptToken, ChildOrder, ConditionResult, Policies, Prepared } from "../core/run/fact.ts";

/** The variables of a step by layer, low to high precedence as listed; contract 14.1. */
export interface Scope {
  readonly host: Readonly<Record<string, string>>;
  readonly params: readonly EnvEntry[];
  readonly dagEnv: readonly EnvEntry[];
  readonly dotenv: readonly EnvEntry[];
  /** Names only in records; the executor's owner fills values in just before the order leaves, never before. */
  readonly secrets: readonly EnvEntry[];
  /** Outputs and approval inputs of predecessors, later entries win (6). */
  readonly outputs: readonly EnvEntry[];
  /** Push-back variables: beat everything, but step env is expanded before them (8.6). */
  readonly pushBack: readonly EnvEntry[];
  /** Special variables of 14.2 by name. */
  readonly special: readonly EnvEntry[];
  /** Special variables that nothing can shadow. */
  readonly fixed: readonly EnvEntry[];
}
/** What `${id.…}` may refer to: a snapshot taken at the step's start. */
export interface StepRef {
  readonly id: string;
  /** Log file paths; absent while the step has not been prepared. */
  readonly stdoutPath?: string;
  readonly stderrPath?: string;
  /** Text; "0" for skipped or not started. */
  readonly exitCode: string;
  /** Captured output (string or compact JSON of an object output); absent stays literal. */
  readonly output?: string;
}
/** What of its DAG a step needs. */
export interface DagContext {
  readonly name: string;
  readonly shell?: readonly string[];
  readonly workingDir?: string;
  /** Names of declared params: one without a value is "" in the data of a template (4.1.3). */
  readonly paramNames?: readonly string[];
  readonly logOutput: "separate" | "merged";
  readonly maxOutputSize: number;
  readonly maxCleanUpTimeSec: number;
  /**
   * Declarations only. Values never enter an order or a record: the executor resolves them itself (at `prepare`, and again for an order of a
   * run that it has not prepared, after a hand-over) against the order's own scope, and adds them as the layer `scope.secrets`.
   */
  readonly secrets: readonly Secret[];
}
/** Directories of a run in its file system, absolute. */
export interface RunPlaces {
  /** The DAG's own folder (kept between runs): what a relative path of the DAG file means. */
  readonly folder: string;
  /** The run's work directory. */
  readonly work: string;
  /** Where a call step made its child work; beats everything but an own working_dir. */
  readonly inherited?: string;
  readonly artifacts?: string;
  readonly stdoutLog: string;
  readonly stderrLog: string;
}

export interface AttemptOrder {
  readonly token: AttemptToken;
  readonly term: Term;
  readonly run: RunId;
  /** The run attempt, from 1: names the log files together with run and step. */
  readonly attempt: number;
  readonly handler?: HandlerName;
  readonly step: Step;
  readonly dag: DagContext;
  readonly places: RunPlaces;
  readonly scope: Scope;
  readonly refs: readonly StepRef[];
  /** True only for the first execution of the node in this run attempt: preconditions and policies are evaluated then. */
  readonly first: boolean;
  /** Callers' secrets that sealed values of this run refer to. */
  readonly lent?: Lent;
  /** Hosts this DAG may reach: granted or declared. */
  readonly hosts: readonly string[];
  /** Milliseconds this execution may take; absent = no limit. The engine enforces it by cancelling; this is the worker's own early end. */
  readonly timeoutMs?: number;
  /**
   * Second half of a call or parallel step, whose children have ended: do no work and evaluate no precondition; write `stdout` as the
   * step's output (log and `stdout:` file), capture `output` from it, evaluate repeat condition and `continue_on.output`, and report
   * `exited` with this exit code and error.
   */
  readonly result?: { readonly stdout: string; readonly exitCode: number; readonly error?: string };
}

/** Evaluation at a start, before any record exists (phase B), and the preparation of a run attempt (dotenv, secrets, DAG preconditions). */
export interface StartInput {
  readonly dag: Dag;
  /** Arguments as typed: text after `--`, or named values. */
  readonly args: readonly string[];
  readonly host: Readonly<Record<string, string>>;
  readonly folder: string;
  /** For a child: the caller's DAG-level scope, for `${NAME}` while loading (5.4). */
  readonly caller?: readonly EnvEntry[];
  readonly special: readonly EnvEntry[];
}
export type StartValues =
  | {
      readonly ok: true;
      /** `k=v` list as recorded, effective values. */
      readonly params: readonly EnvEntry[];
      /** DAG_PARAMS_JSON; absent without any value. */
      readonly paramsJson?: string;
      readonly dagEnv: readonly EnvEntry[];
    }
  | { readonly ok: false; readonly message: string };
export interface PrepareOrder {
  readonly token: AttemptToken;
  readonly run: RunId;
  readonly dag: Dag;
  readonly places: RunPlaces;
  readonly scope: Scope;
  /** As in an attempt's order. */
  readonly lent?: Lent;
}
export type Report = { readonly type: "attempt"; readonly report: AttemptReport } | { readonly type: "prepared"; readonly prepared: Prepared };

export interface CancelHow {
  readonly signal: string;
  /** Milliseconds between the polite abort and termination; 0 = at once. */
  readonly graceMs: number;
  readonly reason: "stop" | "timeout" | "lost-term" | "gone";
}
/** Bytes of one execution's log per stream; what is printed beyond is not kept, and said so (`capped: "log"`). */
export const logBytesMax = 64 * 1024 * 1024;
/** Output as it appears, masked, already written to the log file; in order per (token, stream), before the report of the token. */
export interface LogPiece {
  readonly token: AttemptToken;
  readonly run: RunId;
  readonly attempt: number;
  readonly step: string;
  readonly stream: "stdout" | "stderr";
  /** At most 64 KiB. The receiver owns it. */
  readonly bytes: Uint8Array;
}
export interface Executor {
  readonly start: (order: AttemptOrder) => void;
  readonly prepare: (order: PrepareOrder) => void;
  readonly cancel: (token: AttemptToken, how: CancelHow) => Promise<void>;
  /** Tokens that run or are being cancelled here, now. */
  readonly running: () => readonly AttemptToken[];
  readonly evaluateStart: (input: StartInput) => Promise<StartValues>;
  /** Reports arrive here, in order per token. One listener: the driver. */
  readonly onReport: (listener: (report: Report) => void) => void;
  /** Live output for the store. One listener: the driver. Caps are the executor's (`capped` in the report). */
  readonly onLog: (listener: (piece: LogPiece) => void) => void;
  readonly close: () => Promise<void>;
}
export type { Json };
