/** Owns this device's side of replication in memory: plain tables, taken back with the transaction. */
import type { ClientHead, Recovered } from "../../core/replica/client.ts";
import type { OwnEdit } from "../../core/replica/own.ts";
import type { Offer } from "../../core/replica/protocol.ts";
import { isDead, type CopyRow } from "../../core/replica/row.ts";
import type { PendingRow } from "../../ports/store.ts";
import type { ArchiveRow, ReplicaTx, SharedRow } from "../../ports/sync/replica.ts";
import type { SyncSessionRow } from "../../ports/sync/sessions.ts";
import type { Tables } from "./tx.ts";
import { createTable, type Journal, type Table } from "./table.ts";

export interface ReplicaTables {
  readonly single: Table<{ readonly head?: ClientHead; readonly offers?: readonly Offer[] }>;
  /** By place. */
  readonly own: Table<OwnEdit>;
  readonly copy: Table<CopyRow>;
  readonly recovered: Table<Recovered>;
  readonly shared: Table<SharedRow>;
  readonly sessions: Table<SyncSessionRow>;
  readonly archives: Table<ArchiveRow>;
}
export const createReplicaTables = (journal: Journal): ReplicaTables => ({
  single: createTable(journal), own: createTable(journal), copy: createTable(journal), recovered: createTable(journal), shared: createTable(journal), sessions: createTable(journal), archives: createTable(journal),
});
type Change = (work: () => void) => void;
const markKey = (mark: { readonly kind: string; readonly key: string }): string => `${mark.kind}\u0000${mark.key}`;

export const createReplicaTx = (tables: Tables): ReplicaTx => {
  const change: Change = (work) => {
    tables.head.dirty = true;
    work();
  };
  return { ...coreOperations(tables, change), ...ownOperations(tables, change), ...markOperations(tables, change), ...keptOperations(tables, change) };
};

type CoreOperations = Pick<
  ReplicaTx,
  "head" | "putHead" | "offers" | "putOffers" | "copyRows" | "copyOlderThan" | "copyDeadUpTo" | "copyAll" | "conflicts" | "putCopy" | "dropCopy" | "recovered" | "putRecovered" | "dropRecovered"
>;
const coreOperations = (tables: Tables, change: Change): CoreOperations => {
  const { single, copy, recovered, own } = tables.replica;
  return {
    head: async () => single.get("head")?.head,
    putHead: async (head) => change(() => {
      if (head !== undefined) return single.put("head", { head });
      for (const key of ["head", "offers"]) single.remove(key);
      for (const place of own.keys()) own.remove(place);
      for (const record of copy.keys()) copy.remove(record);
    }),
    offers: async () => single.get("offers")?.offers ?? [],
    putOffers: async (offers) => change(() => single.put("offers", { offers })),
    copyRows: async (records) => records.flatMap((record) => copy.get(record) ?? []),
    copyOlderThan: async (generation) => copy.rows().filter((row) => row.generation < generation),
    copyDeadUpTo: async (ord) => copy.rows().filter((row) => isDead(row) && row.ord <= ord),
    copyAll: async () => copy.rows(),
    conflicts: async () => copy.rows().filter((row) => row.siblings.length > 1),
    putCopy: async (rows) => change(() => rows.forEach((row) => copy.put(row.record, row))),
    dropCopy: async (records) => change(() => records.forEach((record) => copy.remove(record))),
    recovered: async () => recovered.rows(),
    putRecovered: async (items) => change(() => items.forEach((item) => recovered.put(item.e, item))),
    dropRecovered: async (e) => change(() => recovered.remove(e)),
  };
};

type OwnOperations = Pick<ReplicaTx, "own" | "ownPlace" | "ownUnsent" | "ownOf" | "ownAcked" | "changeOwn">;
const ownOperations = (tables: Tables, change: Change): OwnOperations => {
  const { own } = tables.replica;
  const all = (): OwnEdit[] => [...own.rows()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  const unsent = (): OwnEdit[] => all().filter((edit) => edit.acked === undefined);
  return {
    own: async () => all(),
    ownPlace: async () => {
      const edits = unsent();
      const end = (all().at(-1)?.at ?? -1) + 1;
      return edits.length === 0 ? { first: end, end } : { first: edits[0]?.at ?? end, end, low: edits.reduce((low, edit) => Math.min(low, edit.seen), Infinity) };
    },
    ownUnsent: async (limit) => unsent().slice(0, limit),
    ownOf: async (records) => {
      const wanted = new Set(records);
      return all().filter((edit) => wanted.has(edit.record));
    },
    ownAcked: async () => all().filter((edit) => edit.acked !== undefined),
    changeOwn: async (put, drop) => change(() => {
      for (const place of drop) own.remove(String(place));
      for (const edit of put) own.put(String(edit.at), edit);
    }),
  };
};

type MarkOperations = Pick<ReplicaTx, "drafted" | "dropPending" | "marks" | "marksOf" | "marksUnder" | "putMarks" | "quiet">;
const markOperations = (tables: Tables, change: Change): MarkOperations => ({
  dropPending: async (marks) => {
    if (marks.length > 0) change(() => marks.forEach((mark) => tables.pending.remove(markKey(mark))));
  },
  drafted: async () => new Set(tables.drafts.keys()),
  marks: async (limit) => tables.pending.rows().slice(0, Math.max(0, limit)),
  marksOf: async (records) => records.flatMap((record) => tables.pending.get(record.replace("/", "\u0000")) ?? []),
  marksUnder: async (kind) => tables.pending.rows().filter((mark) => mark.kind === kind),
  putMarks: async (marks) => change(() => marks.forEach((mark) => tables.pending.put(markKey(mark), { ...mark, csn: tables.head.csn } satisfies PendingRow))),
  quiet: () => {
    tables.head.quiet = true;
  },
});

type KeptOperations = Pick<ReplicaTx, "shared" | "sharedUnder" | "putShared" | "dropShared" | "sessions" | "putSession" | "dropSessions" | "archives" | "putArchive" | "dropArchive">;
const keptOperations = (tables: Tables, change: Change): KeptOperations => {
  const { shared, sessions, archives } = tables.replica;
  const mark = (record: string): void => {
    if (tables.head.quiet) return;
    const cut = record.indexOf("/");
    const at = { kind: record.slice(0, cut), key: record.slice(cut + 1) };
    tables.pending.put(markKey(at), { ...at, csn: tables.head.csn });
  };
  return {
    shared: async (record) => shared.get(record),
    sharedUnder: async (prefix) => shared.rows().filter((row) => row.record.startsWith(prefix)).sort((a, b) => (a.record < b.record ? -1 : 1)),
    putShared: async (row) => change(() => {
      shared.put(row.record, row);
      mark(row.record);
    }),
    dropShared: async (record) => change(() => {
      shared.remove(record);
      mark(record);
    }),
    sessions: async () => sessions.rows(),
    putSession: async (row) => change(() => sessions.put(row.id, row)),
    dropSessions: async (ids) => change(() => ids.forEach((id) => sessions.remove(id))),
    archives: async () => archives.rows(),
    putArchive: async (row) => change(() => archives.put(row.id, row)),
    dropArchive: async (id) => change(() => archives.remove(id)),
  };
};
