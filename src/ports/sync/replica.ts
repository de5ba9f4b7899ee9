/**
 * The contract with this device's side of replication, inside a store transaction: the copy, the own edits, offers, recovered items.
 * C1 Changes commit with the rows they stand for, or not at all. C2 A pending mark stands for an own edit that has not been cut yet: the row
 * it names differs from the view of copy and own, and nobody else has seen the difference.
 */
import type { ClientHead, Recovered } from "../../core/replica/client.ts";
import type { OwnEdit } from "../../core/replica/own.ts";
import type { Offer } from "../../core/replica/protocol.ts";
import type { CopyRow } from "../../core/replica/row.ts";
import type { PendingRow } from "../store.ts";

export interface ReplicaTx {
  /** Undefined: sync was never turned on here. */
  readonly head: () => Promise<ClientHead | undefined>;
  /** Undefined turns sync off: copy, own edits, offers go; the app's rows stay. */
  readonly putHead: (head: ClientHead | undefined) => Promise<void>;
  /** In order of making. */
  readonly own: () => Promise<readonly OwnEdit[]>;
  readonly putOwn: (own: readonly OwnEdit[]) => Promise<void>;
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
}
