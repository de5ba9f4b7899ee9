/**
 * Owns the shapes in which a run is kept and shown: one row per run, one per step. They are caches of the log, written in the same
 * transaction and rebuildable. Lists and badges read these; only the driver reads the log.
 */
import type { Instant, RevisionId, RunId, Seq, Term } from "../base/brand.ts";
import type { EnvEntry, HandlerName } from "../spec/dag.ts";
import type { Reason, RunStatus, StepStatus, Trigger } from "./status.ts";

export interface RunRow {
  readonly id: RunId;
  /** The stored DAG's id; for a child run of a local document the root DAG's id. */
  readonly dag: string;
  /** Name of the DAG as it was at the start (a child's own name). */
  readonly dagName: string;
  readonly revision: RevisionId;
  /** True when an unpublished draft ran. */
  readonly draft: boolean;
  readonly status: RunStatus;
  readonly reason?: Reason;
  /** What happened, in one clause: the first failing step and its error. */
  readonly error?: { readonly step: string; readonly text: string };
  readonly trigger: Trigger;
  readonly params: readonly EnvEntry[];
  /** The params text or JSON the run was started with. */
  readonly paramsText: string;
  /** 1 for the first; retries and resumes count up. */
  readonly attempt: number;
  readonly createdAt: Instant;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly labels: readonly string[];
  readonly parent?: { readonly run: RunId; readonly step: string; readonly root: RunId };
  readonly term: Term;
  readonly seq: Seq;
  readonly stepCounts: Readonly<Partial<Record<StepStatus, number>>>;
  /** Set on a run that another device owns: shown here, never driven, never sent. */
  readonly origin?: string;
  /** Effective worker/engine problem that parked the run; the Doctor lists these. */
  readonly broken?: string;
}
export interface StepRow {
  readonly run: RunId;
  readonly name: string;
  /** Plan position; handlers follow the steps. */
  readonly index: number;
  readonly handler?: HandlerName;
  readonly id?: string;
  readonly type: string;
  readonly depends: readonly string[];
  readonly status: StepStatus;
  readonly reason?: Reason;
  readonly startedAt?: Instant;
  readonly finishedAt?: Instant;
  readonly exitCode?: number;
  readonly error?: string;
  readonly retryCount: number;
  readonly doneCount: number;
  /** When a retry or repeat waits: it starts then. */
  readonly wakesAt?: Instant;
  /** One entry per execution of this run attempt, for the timeline. */
  readonly executions: readonly { readonly startedAt: Instant; readonly finishedAt?: Instant; readonly exitCode?: number; readonly status?: StepStatus }[];
  /** Run attempt whose log files are this node's newest. */
  readonly logAttempt: number;
  readonly stdoutBytes: number;
  readonly stderrBytes: number;
  readonly capped?: string;
  readonly output?: { readonly name: string; readonly value: string };
  readonly conditions: readonly { readonly text: string; readonly met: boolean; readonly error?: string }[];
  readonly children: readonly { readonly run: RunId; readonly dag: string; readonly params: string; readonly status: RunStatus | null }[];
  readonly approval?: {
    readonly prompt: string;
    readonly input: readonly string[];
    readonly required: readonly string[];
    readonly inputs?: Readonly<Record<string, string>>;
    readonly rejectedReason?: string;
    readonly iteration: number;
    readonly pushBackInputs?: Readonly<Record<string, string>>;
  };
}
