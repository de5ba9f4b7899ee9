/** Owns this device's own edits on disk: rows by place, found by record, by being unsent, and by what they had seen. */
import type { OwnEdit } from "../../core/replica/own.ts";
import type { ReplicaTx } from "../../ports/sync/replica.ts";
import type { Session } from "./session.ts";

interface StoredOwn {
  readonly position: number;
  readonly record: string;
  /** While unsent: its place, and its `seen`. */
  readonly open?: number;
  readonly low?: number;
  readonly item: OwnEdit;
}
export const storedOwn = (item: OwnEdit): StoredOwn => {
  const position = item.at ?? 0;
  return { position, record: item.record, item, ...(item.acked === undefined ? { open: position, low: item.seen } : {}) };
};
const items = (rows: readonly StoredOwn[]): readonly OwnEdit[] => rows.map((row) => row.item);
/** Reading so many rows at once costs about as much as finding one by its record. */
const wholeRatio = 4;
type OwnOperations = Pick<ReplicaTx, "own" | "ownPlace" | "ownUnsent" | "ownOf" | "ownAcked" | "changeOwn">;

export const ownOperations = (session: Session): OwnOperations => {
  const list = (query?: Parameters<Session["list"]>[1]): Promise<StoredOwn[]> => {
    session.saw("own");
    return session.list<StoredOwn>("own", query);
  };
  const place: OwnOperations["ownPlace"] = async () => {
    const [last, first, low] = await Promise.all([list({ limit: 1, newestFirst: true }), list({ index: "open", limit: 1 }), list({ index: "low", limit: 1 })]);
    const end = (last[0]?.position ?? -1) + 1;
    return first[0] === undefined ? { first: end, end } : { first: first[0].position, end, ...(low[0]?.low === undefined ? {} : { low: low[0].low }) };
  };
  return {
    own: async () => items(await list()),
    ownPlace: place,
    ownUnsent: async (limit) => (limit <= 0 ? [] : items(await list({ index: "open", limit }))),
    ownOf: async (records) => {
      session.saw("own");
      const held = await session.count("own");
      if (held === 0 || records.length === 0) return [];
      if (held <= records.length * wholeRatio) {
        const wanted = new Set(records);
        return items((await list()).filter((row) => wanted.has(row.record)));
      }
      const found = await Promise.all(records.map((record) => list({ index: "record", range: IDBKeyRange.only(record) })));
      return items(found.flat().sort((a, b) => a.position - b.position));
    },
    ownAcked: async () => {
      const { first } = await place();
      return items(await list({ range: IDBKeyRange.upperBound(first, true) }));
    },
    changeOwn: async (put, drop) => {
      session.changed("own");
      for (const [from, to] of runsOf(drop)) session.remove("own", IDBKeyRange.bound(from, to));
      for (const edit of put) session.put("own", storedOwn(edit));
    },
  };
};
/** Neighbouring places as ranges: a whole acknowledged batch costs one request. */
const runsOf = (places: readonly number[]): readonly (readonly [number, number])[] => {
  const runs: [number, number][] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === place - 1) last[1] = place;
    else runs.push([place, place]);
  }
  return runs;
};
