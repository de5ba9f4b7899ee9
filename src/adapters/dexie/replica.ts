/** Owns this device's side of replication on disk: the copy, offers, recovered items, marks, and what has no table of its own. */
import type { ClientHead, Recovered } from "../../core/replica/client.ts";
import type { Offer } from "../../core/replica/protocol.ts";
import { isDead, type CopyRow } from "../../core/replica/row.ts";
import type { PendingRow } from "../../ports/store.ts";
import type { ArchiveRow, ReplicaTx, SharedRow } from "../../ports/sync/replica.ts";
import type { SyncSessionRow } from "../../ports/sync/sessions.ts";
import { ownOperations } from "./own.ts";
import type { Mark } from "./runs.ts";
import type { Session } from "./session.ts";

type StoredCopy = CopyRow & { readonly deadAt?: number; readonly conflict?: 1 };
interface StoredOffer {
  readonly position: number;
  readonly item: Offer;
}
const headKey = "replica";
const everything = (): IDBKeyRange => IDBKeyRange.lowerBound(-Infinity);
const underText = (prefix: string): IDBKeyRange => IDBKeyRange.bound(prefix, `${prefix}\uffff`);

const copyOf = ({ deadAt: _deadAt, conflict: _conflict, ...row }: StoredCopy): CopyRow => row;
const stored = (row: CopyRow): StoredCopy => ({ ...row, ...(isDead(row) ? { deadAt: row.ord } : {}), ...(row.siblings.length > 1 ? { conflict: 1 as const } : {}) });
const splitRecord = (record: string): { readonly kind: string; readonly key: string } => {
  const cut = record.indexOf("/");
  return { kind: record.slice(0, cut), key: record.slice(cut + 1) };
};

export const createReplicaTx = (session: Session, mark: Mark): ReplicaTx => ({
  ...copyOperations(session),
  ...ownOperations(session),
  ...offerOperations(session),
  ...markOperations(session),
  ...keptOperations(session, mark),
});

type CopyOperations = Pick<ReplicaTx, "head" | "putHead" | "copyRows" | "copyOlderThan" | "copyDeadUpTo" | "copyAll" | "conflicts" | "putCopy" | "dropCopy">;
const copyOperations = (session: Session): CopyOperations => {
  const copies = async (query: Parameters<Session["list"]>[1]): Promise<readonly CopyRow[]> => {
    session.saw("copy");
    return (await session.list<StoredCopy>("copy", query)).map(copyOf);
  };
  return {
    head: async () => {
      session.saw("replica");
      return (await session.get<{ readonly head: ClientHead }>("meta", headKey))?.head;
    },
    putHead: async (head) => {
      session.changed("replica");
      if (head !== undefined) return session.put("meta", { key: headKey, head });
      session.remove("meta", headKey);
      for (const table of ["own", "offers"] as const) session.remove(table, everything());
      session.remove("copy", IDBKeyRange.lowerBound(""));
    },
    copyRows: async (records) => {
      session.saw("copy");
      const found = await Promise.all(records.map((record) => session.get<StoredCopy>("copy", record)));
      return found.flatMap((row) => (row === undefined ? [] : [copyOf(row)]));
    },
    copyOlderThan: async (generation) => (await copies({})).filter((row) => row.generation < generation),
    copyDeadUpTo: (ord) => copies({ index: "deadAt", range: IDBKeyRange.upperBound(ord) }),
    copyAll: () => copies({}),
    conflicts: () => copies({ index: "conflict" }),
    putCopy: async (rows) => {
      session.changed("copy");
      for (const row of rows) session.put("copy", stored(row));
    },
    dropCopy: async (records) => {
      session.changed("copy");
      for (const record of records) session.remove("copy", record);
    },
  };
};

/** Offers leave at the front, one by one. A queue that is put anew starts at place 0. */
type OfferOperations = Pick<ReplicaTx, "offers" | "putOffers" | "recovered" | "putRecovered" | "dropRecovered">;
const offerOperations = (session: Session): OfferOperations => {
  const list = (): Promise<StoredOffer[]> => session.list<StoredOffer>("offers");
  return {
    offers: async () => {
      session.saw("offers");
      return (await list()).map((row) => row.item);
    },
    putOffers: async (queue) => {
      session.changed("offers");
      const before = await list();
      const gone = before.length - queue.length;
      const isShifted = gone >= 0 && queue.every((offer, i) => isSame(before[i + gone]?.item, offer));
      if (isShifted) return before.slice(0, gone).forEach((row) => session.remove("offers", row.position));
      session.remove("offers", everything());
      queue.forEach((item, position) => session.put("offers", { position, item } satisfies StoredOffer));
    },
    recovered: async () => {
      session.saw("recovered");
      return session.list<Recovered>("recovered");
    },
    putRecovered: async (items) => {
      session.changed("recovered");
      for (const item of items) session.put("recovered", item);
    },
    dropRecovered: async (e) => {
      session.changed("recovered");
      session.remove("recovered", e);
    },
  };
};
const isSame = (a: Offer | undefined, b: Offer): boolean => a !== undefined && a.record === b.record && a.ord === b.ord && a.common === b.common;

/** So many marks that are neighbours go in one request. */
const rangeMin = 50;
/** The range of keys that holds these marks and no others. */
const wholeRange = async (session: Session, marks: readonly PendingRow[]): Promise<IDBKeyRange | undefined> => {
  const keys = marks.map(({ kind, key }) => [kind, key]).sort((a, b) => indexedDB.cmp(a, b));
  const range = IDBKeyRange.bound(keys[0], keys.at(-1));
  return (await session.keys("pending", { range })).length === new Set(keys.map(String)).size ? range : undefined;
};
type MarkOperations = Pick<ReplicaTx, "drafted" | "dropPending" | "marks" | "marksOf" | "marksUnder" | "putMarks" | "quiet">;
const markOperations = (session: Session): MarkOperations => ({
  dropPending: async (marks) => {
    if (marks.length === 0) return;
    session.changed("pending");
    for (const { key } of marks) session.after(() => void session.known.marked.delete(key));
    const range = marks.length < rangeMin ? undefined : await wholeRange(session, marks);
    if (range !== undefined) return session.remove("pending", range);
    for (const { kind, key } of marks) session.remove("pending", [kind, key]);
  },
  drafted: async () => {
    session.saw("drafts");
    return new Set((await session.keys("drafts", {})) as string[]);
  },
  marks: (limit) => (limit <= 0 ? Promise.resolve([]) : session.list<PendingRow>("pending", { limit })),
  marksOf: async (records) => {
    if ((await session.list("pending", { limit: 1 })).length === 0) return [];
    const found = await Promise.all(records.map((record) => session.get<PendingRow>("pending", Object.values(splitRecord(record)))));
    return found.filter((row) => row !== undefined);
  },
  marksUnder: (kind) => session.list<PendingRow>("pending", { range: IDBKeyRange.bound([kind], [kind, []]) }),
  putMarks: async (marks) => {
    session.changed("pending");
    const at = session.known.csn + 1;
    for (const { kind, key } of marks) session.put("pending", { kind, key, csn: at });
  },
  quiet: session.quiet,
});

type KeptOperations = Pick<ReplicaTx, "shared" | "sharedUnder" | "putShared" | "dropShared" | "sessions" | "putSession" | "dropSessions" | "archives" | "putArchive" | "dropArchive">;
const keptOperations = (session: Session, mark: Mark): KeptOperations => {
  const touch = (record: string): void => {
    session.changed("shared");
    const { kind, key } = splitRecord(record);
    mark(kind, key);
  };
  return {
    shared: (record) => {
      session.saw("shared");
      return session.get<SharedRow>("shared", record);
    },
    sharedUnder: (prefix) => {
      session.saw("shared");
      return session.list<SharedRow>("shared", { range: underText(prefix) });
    },
    putShared: async (row) => {
      session.put("shared", row);
      touch(row.record);
    },
    dropShared: async (record) => {
      session.remove("shared", record);
      touch(record);
    },
    sessions: () => {
      session.saw("sessions");
      return session.list<SyncSessionRow>("sessions");
    },
    putSession: async (row) => {
      session.changed("sessions");
      session.put("sessions", row);
    },
    dropSessions: async (ids) => {
      if (ids.length === 0) return;
      session.changed("sessions");
      for (const id of ids) session.remove("sessions", id);
    },
    archives: () => session.list<ArchiveRow>("archives"),
    putArchive: async (row) => {
      session.changed("archives");
      session.put("archives", row);
    },
    dropArchive: async (id) => {
      session.changed("archives");
      session.remove("archives", id);
    },
  };
};
