/**
 * Owns one transaction on the raw database: requests as promises, the commit number, and which keys were read and
 * written, so that watchers know what concerns them. Writes are not awaited one by one: a failed one aborts the whole transaction.
 */
import type { TableName } from "./schema.ts";
import { tableNames } from "./schema.ts";

/** What this context knows of the store, shared by its transactions. */
export interface Known {
  /** The newest commit heard of. */
  csn: number;
  /** Last sequence number of runs whose newest append was ours: their next one needs no look first. */
  readonly tails: Map<string, number>;
}
export type Key = IDBValidKey;
/** Names of what a transaction looked at or changed: a table, or `table/key` where a table is watched by key. */
export type Marks = Set<string>;

export interface Session {
  readonly get: <T>(table: TableName, key: Key) => Promise<T | undefined>;
  readonly list: <T>(table: TableName, query?: { readonly range?: IDBKeyRange; readonly index?: string; readonly limit?: number; readonly newestFirst?: boolean }) => Promise<T[]>;
  readonly keys: (table: TableName, query: { readonly range?: IDBKeyRange; readonly index?: string }) => Promise<IDBValidKey[]>;
  readonly count: (table: TableName) => Promise<number>;
  readonly put: (table: TableName, value: unknown) => void;
  /** As `put`, but a key that exists aborts the transaction with a ConstraintError; with "orLeave" it is left as it is. */
  readonly add: (table: TableName, value: unknown, orLeave?: "orLeave") => void;
  readonly remove: (table: TableName, key: Key | IDBKeyRange) => void;
  /** The newest commit number on disk. */
  readonly csn: () => Promise<number>;
  readonly known: Known;
  /** Sequence numbers that hold once this transaction has committed; -1 = forget. */
  readonly tails: Map<string, number>;
  /** Remembers that the answer depends on `mark`. */
  readonly saw: (mark: string) => void;
  /** Remembers that `mark` changed: the transaction then takes a commit number. */
  readonly changed: (mark: string) => void;
  readonly marks: { readonly seen: Marks; readonly changed: Marks };
}
export interface OpenSession extends Session {
  /** Takes the next commit number when something changed, commits, and waits for the disk. Answers the commit number that holds now. */
  readonly finish: () => Promise<number>;
  readonly abandon: () => Promise<void>;
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new DOMException("request failed"));
  });

const ended = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("The transaction was aborted", "AbortError"));
  });

/** All entries of the newest first; engines without `getAll` by direction walk a cursor. */
const newestFirst = <T>(source: IDBIndex | IDBObjectStore, range: IDBKeyRange | undefined, limit: number): Promise<T[]> => {
  if ("getAllRecords" in source) {
    const ask = source.getAll as unknown as (options: object) => IDBRequest<T[]>;
    return answer(ask.call(source, { query: range, count: limit, direction: "prev" }));
  }
  return new Promise((resolve, reject) => {
    const found: T[] = [];
    const request = source.openCursor(range, "prev");
    request.onerror = () => reject(request.error ?? new DOMException("cursor failed"));
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor === null || found.length >= limit) return resolve(found);
      found.push(cursor.value as T);
      cursor.continue();
    };
  });
};

/** Commit numbers left behind before they are swept; the last one always stays. */
const commitsKept = 32;

export interface SessionHow {
  readonly mode: IDBTransactionMode;
  readonly durability: "strict" | "relaxed";
}
export const openSession = (database: IDBDatabase, { mode, durability }: SessionHow, known: Known): OpenSession => {
  const tx = database.transaction(tableNames as unknown as string[], mode, { durability });
  const end = ended(tx);
  end.catch(() => undefined);
  const marks = { seen: new Set<string>(), changed: new Set<string>() };
  const sourceOf = (table: TableName, index?: string): IDBIndex | IDBObjectStore =>
    index === undefined ? tx.objectStore(table) : tx.objectStore(table).index(index);
  const tails = new Map<string, number>();

  return {
    marks,
    known,
    tails,
    csn: async () => ((await answer(tx.objectStore("commits").getAllKeys())).at(-1) as number | undefined) ?? 0,
    saw: (mark) => void marks.seen.add(mark),
    changed: (mark) => void marks.changed.add(mark),
    get: <T>(table: TableName, key: Key) => answer(tx.objectStore(table).get(key) as IDBRequest<T | undefined>),
    list: <T>(table: TableName, query: { range?: IDBKeyRange; index?: string; limit?: number; newestFirst?: boolean } = {}) => {
      const source = sourceOf(table, query.index);
      if (query.newestFirst === true) return newestFirst<T>(source, query.range, query.limit ?? 0xffffffff);
      return answer(source.getAll(query.range, query.limit) as IDBRequest<T[]>);
    },
    keys: (table, query) => answer(sourceOf(table, query.index).getAllKeys(query.range)),
    count: (table) => answer(tx.objectStore(table).count()),
    put: (table, value) => void tx.objectStore(table).put(value),
    add: (table, value, orLeave) => {
      const request = tx.objectStore(table).add(value);
      if (orLeave === undefined) return;
      request.onerror = (event) => {
        event.preventDefault();
        event.stopPropagation();
      };
    },
    remove: (table, key) => void tx.objectStore(table).delete(key),
    finish: async () => {
      if (marks.changed.size === 0) return end.then(() => -1);
      const commits = tx.objectStore("commits");
      if (known.csn % commitsKept === commitsKept - 1) commits.delete(IDBKeyRange.upperBound(known.csn));
      const taken = commits.add(0) as IDBRequest<number>;
      tx.commit?.();
      await end;
      for (const [run, seq] of tails) {
        if (seq < 0) known.tails.delete(run);
        else known.tails.set(run, seq);
      }
      known.csn = Math.max(known.csn, taken.result);
      return taken.result;
    },
    abandon: async () => {
      try {
        tx.abort();
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
      }
      await end.catch(() => undefined);
    },
  };
};
