/**
 * The contract with this device's side of replication, inside a store transaction: the copy, the own edits, offers, recovered items.
 * C1 Changes commit with the rows they stand for, or not at all. C2 A pending mark stands for an own edit that has not been cut yet: the row
 * it names differs from the view of copy and own, and nobody else has seen the difference. C3 No read of the own edits costs more than what
 * it answers, however many there are.
 */
import type { Instant } from "../../core/base/brand.ts";
import type { ClientHead, Recovered } from "../../core/replica/client.ts";
import type { OwnEdit } from "../../core/replica/own.ts";
import type { Offer } from "../../core/replica/protocol.ts";
import type { CopyRow } from "../../core/replica/row.ts";
import type { Json } from "../../core/value/json.ts";
import type { PendingRow } from "../store.ts";
import type { SyncSessionRow } from "./sessions.ts";

export interface ReplicaTx {
  /** Undefined: sync was never turned on here. */
  readonly head: () => Promise<ClientHead | undefined>;
  /** Undefined turns sync off: copy, own edits, offers go; the app's rows stay. */
  readonly putHead: (head: ClientHead | undefined) => Promise<void>;
  /** Every own edit in order of making: for reports. */
  readonly own: () => Promise<readonly OwnEdit[]>;
  /** Where the unacknowledged ones lie: places `first` to `end` - 1, without gaps; `low` = the lowest `seen` among them. */
  readonly ownPlace: () => Promise<OwnPlace>;
  /** The oldest unacknowledged ones, each with its place. */
  readonly ownUnsent: (limit: number) => Promise<readonly OwnEdit[]>;
  /** All of these records, in order of making, each with its place. */
  readonly ownOf: (records: readonly string[]) => Promise<readonly OwnEdit[]>;
  /** The acknowledged ones that the copy does not contain yet, each with its place. */
  readonly ownAcked: () => Promise<readonly OwnEdit[]>;
  /** `put` by place; `drop` are places. */
  readonly changeOwn: (put: readonly OwnEdit[], drop: readonly number[]) => Promise<void>;
  readonly offers: () => Promise<readonly Offer[]>;
  readonly putOffers: (offers: readonly Offer[]) => Promise<void>;
  readonly copyRows: (records: readonly string[]) => Promise<readonly CopyRow[]>;
  readonly copyOlderThan: (generation: number) => Promise<readonly CopyRow[]>;
  readonly copyDeadUpTo: (ord: number) => Promise<readonly CopyRow[]>;
  readonly copyAll: () => Promise<readonly CopyRow[]>;
  /** Rows with more than one sibling: open conflicts. */
  readonly conflicts: () => Promise<readonly CopyRow[]>;
  readonly putCopy: (rows: readonly CopyRow[]) => Promise<void>;
  readonly dropCopy: (records: readonly string[]) => Promise<void>;
  readonly recovered: () => Promise<readonly Recovered[]>;
  readonly putRecovered: (items: readonly Recovered[]) => Promise<void>;
  readonly dropRecovered: (e: string) => Promise<void>;
  readonly dropPending: (marks: readonly PendingRow[]) => Promise<void>;
  /** Ids of the DAGs that a draft lies over. */
  readonly drafted: () => Promise<ReadonlySet<string>>;
  /** Some marks, at most `limit`. */
  readonly marks: (limit: number) => Promise<readonly PendingRow[]>;
  /** The marks of these records. */
  readonly marksOf: (records: readonly string[]) => Promise<readonly PendingRow[]>;
  /** All marks of a kind. */
  readonly marksUnder: (kind: string) => Promise<readonly PendingRow[]>;
  readonly putMarks: (marks: readonly Omit<PendingRow, "csn">[]) => Promise<void>;
  /** From now on in this transaction no row leaves a mark: what is written comes from the server. */
  readonly quiet: () => void;
  /** Bodies of replicated records that have no table of their own: pages, requests, what this version does not know. */
  readonly shared: (record: string) => Promise<SharedRow | undefined>;
  /** All whose record starts with this, in order of record. */
  readonly sharedUnder: (prefix: string) => Promise<readonly SharedRow[]>;
  /** Leaves a mark, as every row does. */
  readonly putShared: (row: SharedRow) => Promise<void>;
  readonly dropShared: (record: string) => Promise<void>;
  readonly sessions: () => Promise<readonly SyncSessionRow[]>;
  readonly putSession: (row: SyncSessionRow) => Promise<void>;
  readonly dropSessions: (ids: readonly string[]) => Promise<void>;
  /** Whole copies that were given up, for a while. */
  readonly archives: () => Promise<readonly ArchiveRow[]>;
  readonly putArchive: (row: ArchiveRow) => Promise<void>;
  readonly dropArchive: (id: string) => Promise<void>;
}
export interface OwnPlace {
  readonly first: number;
  readonly end: number;
  readonly low?: number;
}
export interface SharedRow {
  readonly record: string;
  readonly body: Json;
}
/** A part of a copy that a restored server made obsolete (rule 30). */
export interface ArchiveRow {
  readonly id: string;
  readonly at: Instant;
  readonly rows: readonly CopyRow[];
}
/** Settings of this kind belong to the workspace; all others stay on this device. */
const sharedSettings = ["workspace.", "base."];
export const isSharedSetting = (key: string): boolean => sharedSettings.some((prefix) => key.startsWith(prefix));
