/**
 * Owns the shapes of facts: news from outside, maybe late, doubled or false. Nothing here is believed before `admit` has looked at it.
 * Source: contract 6b (ends of executions), 8.5 (children), 8.6 (people).
 */
import type { RunId } from "../base/brand.ts";
import type { Condition, EnvEntry } from "../spec/dag.ts";
import type { RunStatus } from "./status.ts";

/** Names one execution for ever: `run/runAttempt/step/execution`. Later messages of an ended token are fenced off. */
export type AttemptToken = string & { readonly __token?: never };

export interface ConditionResult {
  readonly condition: Condition;
  readonly met: boolean;
  readonly error?: string;
}
/** Numbers of the policies after expansion (10.0), reported with the first execution. */
export interface Policies {
  readonly retryLimit: number;
  readonly retryIntervalSec: number;
  readonly repeatLimit: number;
  readonly repeatIntervalSec: number;
  readonly repeatMaxIntervalSec: number;
}
/** A child run that a call or parallel step asks for, after expansion. */
export interface ChildOrder {
  readonly dag: string;
  /** The params text or JSON that the child is started with. */
  readonly params: string;
  /** Directory of the call step. */
  readonly workingDir: string;
}
/** How an execution ended. Data in the log; contract 6b. */
export type AttemptEnd =
  /** Its work ran (or could not be created): code 0 with an `error` = failed without an exit code. */
  | {
      readonly type: "exited";
      readonly exitCode: number;
      /** Absent = succeeded. */
      readonly error?: string;
      readonly reason?: string;
      /** Captured `output`, trimmed or compact JSON; absent = none configured or overflow. */
      readonly output?: string;
      /** Result of the repeat condition, when the policy has one. */
      readonly repeatConditionMet?: boolean;
      /** A pattern of `continue_on.output` was found in the node's stdout log. */
      readonly outputMatched: boolean;
      /** False when the step never ran (doneCount stays): policy or preparation failure. */
      readonly ran: boolean;
    }
  /** A precondition was unmet (or failed to evaluate: `error` then). */
  | { readonly type: "skipped"; readonly error?: string }
  /** A call or parallel step: children to run; the engine goes on when they have ended. */
  | { readonly type: "called"; readonly children: readonly ChildOrder[]; readonly maxConcurrent: number; readonly parallel: boolean }
  | { readonly type: "aborted" }
  | { readonly type: "lost" };
export type Exited = Extract<AttemptEnd, { readonly type: "exited" }>;
export interface AttemptReport {
  readonly token: AttemptToken;
  readonly end: AttemptEnd;
  readonly conditions: readonly ConditionResult[];
  readonly policies?: Policies;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  /** Names a cap that cut something: log bytes, output … */
  readonly capped?: string;
  /** `stdout:`/`stderr:` paths after expansion, for display. */
  readonly notes?: readonly string[];
}
export interface Prepared {
  readonly token: AttemptToken;
  readonly dotenv: readonly EnvEntry[];
  /** Text of the first secret that could not be resolved. */
  readonly secretError?: string;
  readonly conditions: readonly ConditionResult[];
}

/** What a caller learns of a child run that has come to rest. */
export interface ChildResult {
  readonly name: string;
  /** Effective params as `k=v` joined by spaces; "" without any. */
  readonly params: string;
  /** Original names, approval inputs included. */
  readonly outputs: Readonly<Record<string, string>>;
}
export type ChildNews =
  | { readonly status: RunStatus; readonly attempt: number; readonly result: ChildResult }
  /** Refused before it had a record: unknown DAG (`missing`), or a text or params that do not load. */
  | { readonly status: null; readonly attempt: 0; readonly message: string; readonly missing: boolean };

/** What a person (or script) asks of a run that exists. */
export type Request =
  | { readonly do: "stop" }
  | { readonly do: "retry" }
  | { readonly do: "retry-step"; readonly step: string }
  | { readonly do: "approve"; readonly step: string; readonly inputs: Readonly<Record<string, string>>; readonly by?: string }
  | { readonly do: "reject"; readonly step: string; readonly reason: string; readonly by?: string }
  | { readonly do: "push-back"; readonly step: string; readonly inputs: Readonly<Record<string, string>>; readonly by?: string };
export interface RequestRefusal {
  readonly code: "bad_request" | "not_found" | "not_running" | "still_running";
  readonly message: string;
}

export type Fact =
  | { readonly type: "prepared"; readonly prepared: Prepared }
  | { readonly type: "report"; readonly report: AttemptReport }
  /** A cancelled token is silent from now on. */
  | { readonly type: "closed"; readonly token: AttemptToken; readonly printed?: Pick<AttemptReport, "stdoutBytes" | "stderrBytes"> }
  | { readonly type: "child"; readonly step: string; readonly child: RunId; readonly news: ChildNews }
  /** The world asks: `id` comes back with the answer. */
  | { readonly type: "request"; readonly id: string; readonly request: Request }
  /** A new driver took over. */
  | { readonly type: "adopted"; readonly term: number };
