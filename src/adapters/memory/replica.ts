/** Owns this device's side of replication in memory: plain tables, taken back with the transaction. */
import type { ClientHead, Recovered } from "../../core/replica/client.ts";
import type { OwnEdit } from "../../core/replica/own.ts";
import type { Offer } from "../../core/replica/protocol.ts";
import { isDead, type CopyRow } from "../../core/replica/row.ts";
import type { ReplicaTx } from "../../ports/sync/replica.ts";
import type { Tables } from "./tx.ts";
import { createTable, type Journal, type Table } from "./table.ts";

export interface ReplicaTables {
  readonly single: Table<{ readonly head?: ClientHead; readonly own?: readonly OwnEdit[]; readonly offers?: readonly Offer[] }>;
  readonly copy: Table<CopyRow>;
  readonly recovered: Table<Recovered>;
}
export const createReplicaTables = (journal: Journal): ReplicaTables => ({ single: createTable(journal), copy: createTable(journal), recovered: createTable(journal) });

export const createReplicaTx = (tables: Tables): ReplicaTx => {
  const { single, copy, recovered } = tables.replica;
  const change = (work: () => void): void => {
    tables.head.dirty = true;
    work();
  };
  return {
    head: async () => single.get("head")?.head,
    putHead: async (head) => change(() => {
      if (head !== undefined) return single.put("head", { head });
      for (const key of ["head", "own", "offers"]) single.remove(key);
      for (const record of copy.keys()) copy.remove(record);
    }),
    own: async () => single.get("own")?.own ?? [],
    putOwn: async (own) => change(() => single.put("own", { own })),
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
    dropPending: async (marks) => change(() => marks.forEach((mark) => tables.pending.remove(`${mark.kind}\u0000${mark.key}`))),
  };
};
