/**
 * The contract with storage. S1 Inside `work` await only `tx`. S2 A commit is all or nothing and takes the next CSN.
 * S3 `append` refuses when the log has grown past `expected` or a newer term than the append's has been taken (`nextTerm`), and so does `createRun`. S4 A watcher is told after each commit that may
 * change its answer, in this tab or another, with the CSN it was read at; it is never shown an older one after a newer one.
 * S5 `durability: "strict"` has reached the disk when `transact` answers. S6 Rows are frozen; nobody mutates what a read returned.
 */
import type { Csn, DagId, Instant, RevisionId, RunId, Seq, Term } from "../core/base/brand.ts";
import type { Result } from "../core/base/result.ts";
import type { RunEvent } from "../core/run/event.ts";
import type { RunRow, StepRow } from "../core/run/rows.ts";
import type { RunStatus } from "../core/run/status.ts";
import type { ReplicaTx } from "./sync/replica.ts";

/** A stored DAG. Its text lives in revisions; what is being typed in a draft. */
export interface DagRow {
  readonly id: DagId;
  readonly name: string;
  readonly head: RevisionId;
  readonly description: string;
  readonly group: string;
  readonly labels: readonly string[];
  readonly hasSchedule: boolean;
  readonly stepCount: number;
  /** Number of issues of severity error in the head text; > 0 = cannot start. */
  readonly errorCount: number;
  readonly hasDraft: boolean;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly sample?: string;
  /** Set = in the bin: hidden everywhere, restorable until purged. */
  readonly deletedAt?: Instant;
  /** Set while edits of several devices compete: this device's way of showing it, never sent. */
  readonly conflict?: DagConflict;
}
export interface DagConflict {
  /** What runs until somebody decides: the merge where it is clean, else the text that all sides come from, else one side. */
  readonly shown: RevisionId;
  /** The published text of each side that is not a delete. */
  readonly heads: readonly RevisionId[];
  /** "open": not looked at yet; "clean": merged without anybody's help; "base": a person must decide. */
  readonly merged: "open" | "clean" | "base";
  /** One side is a delete. */
  readonly deleted: boolean;
}
export interface RevisionRow {
  /** SHA-256 (hex) of dag id and text. */
  readonly id: RevisionId;
  readonly dag: DagId;
  /** 1-based within the DAG. */
  readonly number: number;
  readonly text: string;
  readonly parent?: RevisionId;
  /** Where it joins several: all of them, `parent` included. */
  readonly parents?: readonly RevisionId[];
  readonly at: Instant;
  readonly note: string;
  /** A draft that was run: kept because a run names it, not listed as published. */
  readonly draft: boolean;
}
export interface DraftRow {
  readonly dag: DagId;
  readonly text: string;
  /** The revision it was typed over. */
  readonly base: RevisionId;
  readonly at: Instant;
}
/** The immutable start of a run: what it runs and with which values. One per run, beside its log. */
export interface RunStartRow {
  readonly run: RunId;
  /** The whole spec text (all documents) that this run pinned, by revision; `document` names a local child. */
  readonly revision: RevisionId;
  readonly document?: string;
  /** JSON of `RunStart` (core/run/event): params, DAG env, places, caller. */
  readonly start: string;
}
export interface EventRow {
  readonly run: RunId;
  readonly seq: Seq;
  readonly at: Instant;
  readonly event: RunEvent;
}
export type LogStream = "stdout" | "stderr";
/** Names one log file. */
export interface LogKey {
  readonly run: RunId;
  readonly attempt: number;
  readonly step: string;
  readonly stream: LogStream;
}
/** A piece of a log file, ≤ 64 KiB, dense `n` from 0 per (run, attempt, step, stream). */
export interface LogChunk {
  readonly run: RunId;
  readonly attempt: number;
  readonly step: string;
  readonly stream: LogStream;
  readonly n: number;
  /** Offset of the first byte in the stream's file. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly at: Instant;
}
/** A command that another tab (or device) asks the driver to carry out. */
export interface RequestRow {
  readonly id: string;
  readonly at: Instant;
  readonly type: string;
  readonly body: string;
  /** JSON of the answer, once done. */
  readonly answer?: string;
}
export interface TallyRow {
  /** UTC day, "2026-11-24". */
  readonly day: string;
  readonly dag: string;
  readonly status: RunStatus;
  readonly count: number;
}
export interface GrantRow {
  readonly dag: DagId;
  readonly host: string;
  readonly at: Instant;
  readonly lastUsedAt?: Instant;
}
export interface SettingRow {
  readonly key: string;
  readonly value: string;
}
/** What sync owes: one per record, however often it changed. */
export interface PendingRow {
  readonly kind: string;
  readonly key: string;
  readonly csn: Csn;
}
export interface BinRow {
  readonly id: string;
  readonly at: Instant;
  readonly what: string;
  /** JSON of the cascade's rows, enough to undo. */
  readonly rows: string;
}

export interface RunAppend {
  readonly run: RunId;
  readonly expected: Seq;
  readonly term: Term;
  readonly at: Instant;
  readonly events: readonly RunEvent[];
  /** New summary row; `before` is the status that the tallies counted until now (absent for a new run). */
  readonly row: RunRow;
  readonly before?: RunStatus;
  /** Only the steps that changed. */
  readonly steps: readonly StepRow[];
}
export type AppendRefusal =
  | { readonly type: "seq-taken"; readonly expected: Seq; readonly found: Seq }
  | { readonly type: "fenced"; readonly term: Term; readonly found: Term };

export interface RunFilter {
  /** Empty = all. */
  readonly statuses?: readonly RunStatus[];
  readonly dag?: string;
  readonly parent?: RunId;
  /** Children are listed only when asked for. */
  readonly withChildren?: boolean;
}
/** Keyset page, newest first by (createdAt, id). */
export interface PageOf<T> {
  readonly rows: readonly T[];
  readonly next?: string;
  readonly csn: Csn;
}

export interface ForeignRun {
  readonly row: RunRow;
  readonly steps: readonly StepRow[];
}
export interface Tx {
  /** This device's side of replication, in the same transaction. */
  readonly replica: ReplicaTx;
  /** Shows runs that other devices own (`origin` set): counted and listed, without a log, never active. Many at once cost little more than one. */
  readonly putForeignRuns: (runs: readonly ForeignRun[]) => Promise<void>;
  readonly csn: () => Promise<Csn>;
  readonly append: (append: RunAppend) => Promise<Result<Seq, AppendRefusal>>;
  readonly createRun: (start: RunStartRow, append: RunAppend) => Promise<Result<Seq, AppendRefusal | { readonly type: "run-exists" }>>;
  readonly run: (id: RunId) => Promise<RunRow | undefined>;
  /** As the row says it, "broken" where the run is parked. Who watches only this is told only when it changes. */
  readonly runStatus: (id: RunId) => Promise<RunStatus | "broken" | undefined>;
  readonly runStart: (id: RunId) => Promise<RunStartRow | undefined>;
  readonly runs: (filter: RunFilter, limit: number, cursor?: string) => Promise<PageOf<RunRow>>;
  readonly childRuns: (parent: RunId) => Promise<readonly RunRow[]>;
  /** Runs that a driver must look at: running, queued (and waiting with open requests), roots and children. */
  readonly activeRuns: () => Promise<readonly RunRow[]>;
  readonly events: (run: RunId, after?: Seq, limit?: number) => Promise<readonly EventRow[]>;
  readonly steps: (run: RunId) => Promise<readonly StepRow[]>;
  readonly putLog: (chunks: readonly LogChunk[]) => Promise<void>;
  readonly logs: (of: LogKey, from?: number, limit?: number) => Promise<readonly LogChunk[]>;
  readonly dags: () => Promise<readonly DagRow[]>;
  readonly dag: (id: DagId) => Promise<DagRow | undefined>;
  readonly dagByName: (name: string) => Promise<DagRow | undefined>;
  readonly putDag: (row: DagRow) => Promise<void>;
  readonly revision: (id: RevisionId) => Promise<RevisionRow | undefined>;
  readonly revisions: (dag: DagId) => Promise<readonly RevisionRow[]>;
  readonly putRevision: (row: RevisionRow) => Promise<void>;
  readonly draft: (dag: DagId) => Promise<DraftRow | undefined>;
  readonly putDraft: (row: DraftRow) => Promise<void>;
  readonly deleteDraft: (dag: DagId) => Promise<void>;
  readonly requests: (onlyOpen: boolean) => Promise<readonly RequestRow[]>;
  readonly request: (id: string) => Promise<RequestRow | undefined>;
  readonly putRequest: (row: RequestRow) => Promise<void>;
  readonly deleteRequest: (id: string) => Promise<void>;
  readonly tallies: (fromDay: string, toDay: string, dag?: string) => Promise<readonly TallyRow[]>;
  readonly grants: (dag?: DagId) => Promise<readonly GrantRow[]>;
  readonly putGrant: (row: GrantRow) => Promise<void>;
  readonly deleteGrant: (dag: DagId, host: string) => Promise<void>;
  readonly setting: (key: string) => Promise<string | undefined>;
  readonly settings: () => Promise<readonly SettingRow[]>;
  readonly putSetting: (key: string, value: string) => Promise<void>;
  readonly deleteSetting: (key: string) => Promise<void>;
  /** Takes and stores the next driver term. */
  readonly nextTerm: () => Promise<Term>;
  readonly term: () => Promise<Term>;
  readonly pending: () => Promise<readonly PendingRow[]>;
  /** Deletes runs with everything they own (start, events, steps, logs) and corrects the tallies. */
  readonly deleteRuns: (ids: readonly RunId[]) => Promise<void>;
  /** Takes runs (and the runs below them) out of every list and tally, answers all it took; `unbinRuns` puts them back. Nothing is lost meanwhile. */
  readonly binRuns: (ids: readonly RunId[]) => Promise<readonly RunId[]>;
  readonly unbinRuns: (ids: readonly RunId[]) => Promise<void>;
  readonly bins: () => Promise<readonly BinRow[]>;
  readonly putBin: (row: BinRow) => Promise<void>;
  readonly deleteBin: (id: string) => Promise<void>;
  /** Deletes a DAG with everything it owns (drafts, revisions, grants, runs) for good. */
  readonly purgeDag: (id: DagId) => Promise<void>;
  readonly counts: () => Promise<Readonly<Record<string, number>>>;
}
export interface TransactOptions {
  /** "turn": appends that change no status, log pieces and answered requests are all that is to be written. A hint: where it is wrong, `work` is begun again. */
  readonly expects?: "turn";
  readonly durability?: "strict" | "relaxed";
  readonly readonly?: boolean;
}
export interface Store {
  readonly transact: <T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions) => Promise<T>;
  /** Reads now and again after each commit that may matter; coalesces; answers an unsubscribe. Errors go to `onError`, then it goes on. */
  readonly watch: <T>(read: (tx: Tx) => Promise<T>, onRows: (rows: T, at: Csn) => void, onError?: (error: unknown) => void) => () => void;
  readonly close: () => Promise<void>;
}
