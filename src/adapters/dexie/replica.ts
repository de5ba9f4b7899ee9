/** Owns this device's side of replication on disk. Own edits and offers are lists by position: only what changed of them is written. */
import type { ClientHead, Recovered } from "../../core/replica/client.ts";
import type { OwnEdit } from "../../core/replica/own.ts";
import type { Offer } from "../../core/replica/protocol.ts";
import { isDead, type CopyRow } from "../../core/replica/row.ts";
import type { ReplicaTx } from "../../ports/sync/replica.ts";
import type { Session } from "./session.ts";
import type { TableName } from "./schema.ts";

type StoredCopy = CopyRow & { readonly deadAt?: number; readonly conflict?: 1 };
interface Positioned<T> {
  readonly position: number;
  readonly item: T;
}
const headKey = "replica";
const everything = (): IDBKeyRange => IDBKeyRange.lowerBound(-Infinity);

const copyOf = ({ deadAt: _deadAt, conflict: _conflict, ...row }: StoredCopy): CopyRow => row;
const stored = (row: CopyRow): StoredCopy => ({ ...row, ...(isDead(row) ? { deadAt: row.ord } : {}), ...(row.siblings.length > 1 ? { conflict: 1 as const } : {}) });

/** A list kept as rows by position. Items keep their position while they live, so that an acknowledged prefix costs deletes only. */
const listOf = <T>(session: Session, table: TableName) => ({
  read: async (): Promise<readonly T[]> => {
    session.saw(table);
    return (await session.list<Positioned<T>>(table)).map((row) => row.item);
  },
  write: async (items: readonly T[], keyOf: (item: T) => string): Promise<void> => {
    session.changed(table);
    const before = await session.list<Positioned<T>>(table);
    const places = new Map(before.map((row) => [keyOf(row.item), row]));
    const kept = new Set(items.map(keyOf));
    for (const row of before) if (!kept.has(keyOf(row.item))) session.remove(table, row.position);
    let last = -1;
    for (const item of items) {
      const place = places.get(keyOf(item));
      const position = place !== undefined && place.position > last ? place.position : Math.max(last, before.at(-1)?.position ?? -1) + 1;
      if (place === undefined || place.position !== position || JSON.stringify(place.item) !== JSON.stringify(item)) {
        if (place !== undefined && place.position !== position) session.remove(table, place.position);
        session.put(table, { position, item } satisfies Positioned<T>);
      }
      last = position;
    }
  },
});

export const createReplicaTx = (session: Session): ReplicaTx => {
  const own = listOf<OwnEdit>(session, "own");
  const offers = listOf<Offer>(session, "offers");
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
    own: own.read,
    putOwn: (edits) => own.write(edits, (edit) => edit.e),
    offers: offers.read,
    putOffers: (queue) => offers.write(queue, (offer) => `${offer.record} ${offer.common} ${offer.ord}`),
    copyRows: async (records) => {
      session.saw("copy");
      const found = await Promise.all(records.map((record) => session.get<StoredCopy>("copy", record)));
      return found.flatMap((row) => (row === undefined ? [] : [copyOf(row)]));
    },
    copyOlderThan: (generation) => copies({ index: "generation", range: IDBKeyRange.upperBound(generation, true) }),
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
    dropPending: async (marks) => {
      if (marks.length === 0) return;
      session.changed("pending");
      for (const { kind, key } of marks) {
        session.remove("pending", [kind, key]);
        session.after(() => void session.known.marked.delete(key));
      }
    },
  };
};
