/**
 * Owns one transaction on the raw database: requests as promises, the commit number, and which keys were read and
 * written, so that watchers know what concerns them. Writes are not awaited one by one: a failed one aborts the whole transaction.
 */
import { fold, overlayOf, type Entry, type Overlay, type RunDelta } from "./log/journal.ts";
import type { LogChunk } from "../../ports/store.ts";
import type { TableName } from "./schema.ts";
import { tableNames } from "./schema.ts";

/** What this context knows of the store, shared by its transactions; true while `isExact`, which the next commit proves or disproves (J1). */
export interface Known {
  /** The newest commit heard of. */
  csn: number;
  /** No commit after `csn` has been heard of, and none before it was missed. */
  isExact: boolean;
  /** What a look would read. */
  entries: Entry[];
  /** Last sequence number of runs whose newest append was ours: their next one needs no look first. */
  readonly tails: Map<string, number>;
  /** Of runs that were created here: steps before this index have rows. */
  readonly stepRows: Map<string, number>;
  /** Runs that have a mark for sync. */
  readonly marked: Set<string>;
}
export const knowNothing = (): Known => ({ csn: 0, isExact: false, entries: [], tails: new Map(), stepRows: new Map(), marked: new Set() });
export const forget = (known: Known): void => {
  known.isExact = false;
  known.entries = [];
  known.tails.clear();
  known.stepRows.clear();
  known.marked.clear();
};
export type Key = IDBValidKey;
/** Names of what a transaction looked at or changed: a table, or `table/key` where a table is watched by key. */
export type Marks = Set<string>;

export interface Session {
  readonly get: <T>(table: TableName, key: Key) => Promise<T | undefined>;
  readonly list: <T>(table: TableName, query?: { readonly range?: IDBKeyRange; readonly index?: string; readonly limit?: number; readonly newestFirst?: boolean }) => Promise<T[]>;
  readonly keys: (table: TableName, query: { readonly range?: IDBKeyRange; readonly index?: string }) => Promise<IDBValidKey[]>;
  readonly count: (table: TableName) => Promise<number>;
  /** `key` where the table has none of its own. */
  readonly put: (table: TableName, value: unknown, key?: Key) => void;
  /** As `put`, but a key that exists aborts the transaction with a ConstraintError; with "orLeave" it is left as it is. */
  readonly add: (table: TableName, value: unknown, orLeave?: "orLeave") => void;
  readonly remove: (table: TableName, key: Key | IDBKeyRange) => void;
  /** The look: what the tables do not hold yet. A transaction that writes folds it first and then finds nothing. Asked again it answers the same. */
  readonly journal: () => Promise<Overlay>;
  /** Asks the tables beside the journal. */
  readonly beside: <T>(ask: () => Promise<T>) => Promise<readonly [Overlay, T]>;
  /** Whether this transaction may write without a look (J1). */
  readonly isBlind: () => boolean;
  /** Puts this into the entry of the commit. */
  readonly enter: (delta: RunDelta) => void;
  readonly known: Known;
  /** Log pieces handed over: their owner does so once, so that another try must write them too. */
  readonly kept: LogChunk[];
  /** Done once this transaction has committed. */
  readonly after: (act: () => void) => void;
  /** From now on rows leave no marks for sync. */
  readonly quiet: () => void;
  readonly isQuiet: () => boolean;
  /** Watchers whom this concerns are to be told soon. */
  readonly urge: () => void;
  /** Remembers that the answer depends on `mark`. */
  readonly saw: (mark: string) => void;
  /** Remembers that `mark` changed: the transaction then takes a commit number. */
  readonly changed: (mark: string) => void;
  readonly marks: { readonly seen: Marks; readonly changed: Marks };
}
export interface OpenSession extends Session {
  /** Only the tables of a turn are open. */
  readonly isNarrow: boolean;
  readonly isUrgent: () => boolean;
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

/** Entries that pile up before they are folded: every reader reads them. */
const entriesMax = 64;

/** What a turn that changes no status may write to; opening few tables is much cheaper than opening all. */
const turnTables: readonly TableName[] = ["journal", "pending", "logs", "requests"];
/** The transaction turned out to need more than `turnTables`: begin again with all. */
export class NarrowError extends Error {
  override readonly name = "NarrowError";
}

export interface SessionHow {
  readonly mode: IDBTransactionMode;
  /** Only `turnTables`, if that may do. */
  readonly isTurn?: boolean;
  readonly durability: "strict" | "relaxed";
  readonly kept?: LogChunk[];
}
export const openSession = (database: IDBDatabase, { mode, durability, isTurn, kept = [] }: SessionHow, known: Known): OpenSession => {
  const mayBeBlind = known.isExact && known.entries.length < entriesMax;
  const isNarrow = isTurn === true && mayBeBlind;
  const tx = database.transaction((isNarrow ? turnTables : tableNames) as unknown as string[], mode, { durability });
  const end = ended(tx);
  end.catch(() => undefined);
  const marks = { seen: new Set<string>(), changed: new Set<string>() };
  const storeOf = (table: TableName): IDBObjectStore => {
    if (isNarrow && !turnTables.includes(table)) throw new NarrowError();
    return tx.objectStore(table);
  };
  const sourceOf = (table: TableName, index?: string): IDBIndex | IDBObjectStore =>
    index === undefined ? storeOf(table) : storeOf(table).index(index);
  const isReadonly = mode === "readonly";
  const acts: (() => void)[] = [];
  const entered: RunDelta[] = [];
  /** Something beside the folding has been written. */
  let isWritten = false;
  let isQuiet = false;
  let isUrgent = false;
  let look: Promise<Overlay> | undefined;

  const readJournal = async (): Promise<Overlay> => {
    if (isNarrow) throw new NarrowError();
    const entries = (await knownEntries()) ?? (await answer(storeOf("journal").getAll() as IDBRequest<Entry[]>));
    const own = { csn: entries.at(-1)?.csn ?? 0, deltas: entered.splice(0) };
    const overlay = overlayOf([...entries, own]);
    if (isReadonly) return overlay;
    if (!known.isExact) forget(known);
    const hasWritten = isWritten;
    if (entries.length > 1 || overlay.runs.size > 0) await fold(session, overlay);
    isWritten = hasWritten;
    return { newest: overlay.newest, runs: new Map() };
  };
  /** What the journal holds need not be read where nobody else has written. */
  const knownEntries = async (): Promise<readonly Entry[] | undefined> => {
    if (isReadonly || !known.isExact) return undefined;
    const keys = await answer(storeOf("journal").getAllKeys(IDBKeyRange.lowerBound(known.csn)));
    if (keys.length === 1) return known.entries;
    forget(known);
    return undefined;
  };

  const session: OpenSession = {
    marks,
    known,
    kept,
    isNarrow,
    journal: () => (look ??= readJournal()),
    beside: async (ask) => (isReadonly ? Promise.all([session.journal(), ask()]) : ([await session.journal(), await ask()] as const)),
    isBlind: () => mayBeBlind && look === undefined,
    enter: (delta) => void entered.push(delta),
    after: (act) => void acts.push(act),
    quiet: () => {
      isQuiet = true;
    },
    isQuiet: () => isQuiet,
    urge: () => {
      isUrgent = true;
    },
    isUrgent: () => isUrgent,
    saw: (mark) => void marks.seen.add(mark),
    changed: (mark) => void marks.changed.add(mark),
    get: <T>(table: TableName, key: Key) => answer(storeOf(table).get(key) as IDBRequest<T | undefined>),
    list: <T>(table: TableName, query: { range?: IDBKeyRange; index?: string; limit?: number; newestFirst?: boolean } = {}) => {
      const source = sourceOf(table, query.index);
      if (query.newestFirst === true) return newestFirst<T>(source, query.range, query.limit ?? 0xffffffff);
      return answer(source.getAll(query.range, query.limit) as IDBRequest<T[]>);
    },
    keys: (table, query) => answer(sourceOf(table, query.index).getAllKeys(query.range)),
    count: (table) => answer(storeOf(table).count()),
    put: (table, value, key) => {
      isWritten = true;
      storeOf(table).put(value, key);
    },
    add: (table, value, orLeave) => {
      isWritten = true;
      const request = storeOf(table).add(value);
      if (orLeave === undefined) return;
      request.onerror = (event) => {
        event.preventDefault();
        event.stopPropagation();
      };
    },
    remove: (table, key) => {
      isWritten = true;
      storeOf(table).delete(key);
    },
    finish: async () => {
      if (marks.changed.size === 0) {
        if (look === undefined || isReadonly || isWritten) await end;
        else await session.abandon(); // it has only folded: nobody would know
        return -1;
      }
      const before = mayBeBlind && look === undefined ? known.csn : (await session.journal()).newest;
      const entry: Entry = { csn: before + 1, ...(entered.length === 0 ? {} : { deltas: entered }) };
      storeOf("journal").add(entry, entry.csn);
      tx.commit?.();
      await end;
      known.isExact ||= known.csn <= entry.csn;
      known.csn = Math.max(known.csn, entry.csn);
      if (known.isExact) known.entries = look === undefined ? [...known.entries, entry] : [{ csn: before }, entry];
      for (const act of acts) act();
      return entry.csn;
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
  return session;
};
