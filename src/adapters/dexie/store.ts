/**
 * Owns the Store over IndexedDB: opening, transactions, commit news between tabs and workers, and what is done about a full disk.
 * Refuses to know rows. A transaction that fails for want of room is tried once more after `onFull` has made some.
 */
import type { LogChunk, Store, TransactOptions, Tx } from "../../ports/store.ts";
import { StorageError, storageErrorOf, type StoreState } from "./errors.ts";
import { createTurnTx, createTx } from "./rows.ts";
import { openDatabase, type Connection } from "./schema.ts";
import { forget, knowNothing, NarrowError, openSession } from "./session.ts";
import { createWatcher, pollMs, type Commit, type Watcher } from "./watch.ts";

export interface DexieStore extends Store {
  readonly state: () => StoreState;
  /** Commits since this store was opened, by this context: for benches and the Doctor. */
  readonly commits: () => number;
  /** The id this database was made with; `fresh` becomes it when there is none yet. */
  readonly install: (fresh: string) => Promise<{ readonly id: string; readonly isNew: boolean }>;
  /** Opens again after the browser or a newer tab closed the database (bfcache, eviction). */
  readonly reopen: () => Promise<void>;
}
export interface DexieStoreOptions {
  readonly name?: string;
  readonly onState?: (state: StoreState) => void;
  /** Asked once per full disk; true = room was made, try again. */
  readonly onFull?: () => Promise<boolean>;
}
interface Try {
  readonly how: TransactOptions | undefined;
  readonly kept: LogChunk[];
  readonly isWide: boolean;
}
/** News of commits go out at most this often; the first one at once. */
const newsMs = 40;

export const openDexieStore = async (options: DexieStoreOptions = {}): Promise<DexieStore> => {
  const name = options.name ?? "dagbok";
  let state: StoreState = "closed";
  const onState = (next: StoreState): void => {
    state = next;
    options.onState?.(next);
  };
  const open = (): Promise<Connection> => openDatabase(name, onState).catch((error: unknown) => Promise.reject(storageErrorOf(error)));
  let connection = await open();
  let commits = 0;
  const known = knowNothing();
  const watchers = new Set<Watcher>();
  const news = createNews(name, (commit, isForeign) => {
    if (isForeign && commit.to > known.csn) forget(known);
    known.csn = Math.max(known.csn, commit.to);
    watchers.forEach((watcher) => watcher.hear(commit));
  });

  /** `kept`: log pieces of a try that failed; its owner has handed them over once and may not do so again. */
  const attempt = async <T>(work: (tx: Tx) => Promise<T>, { how, kept, isWide }: Try): Promise<T> => {
    if (state === "outdated" || state === "closed") throw new StorageError(state, `The database is ${state}`);
    const isReadonly = how?.readonly === true;
    const session = openSession(connection.database, { mode: isReadonly ? "readonly" : "readwrite", durability: how?.durability ?? "relaxed", isTurn: how?.expects === "turn" && !isWide, kept }, known);
    const before = [...kept];
    try {
      const value = await work(session.isNarrow ? createTurnTx(session) : createTx(session, isReadonly));
      for (const chunk of before) session.add("logs", chunk, "orLeave");
      const at = await session.finish();
      if (at >= 0) {
        commits += 1;
        news.tell({ from: at, to: at, marks: [...session.marks.changed], isUrgent: session.isUrgent() });
      }
      return value;
    } catch (error) {
      await session.abandon();
      throw error;
    }
  };
  /** Writers go one after the other (IndexedDB would have them wait anyway): each knows the commit before its own (J1). */
  let last: Promise<unknown> = Promise.resolve();
  const transact: Store["transact"] = (work, how) => {
    if (how?.readonly === true) return insist(work, how);
    const done = last.then(() => insist(work, how));
    last = done.catch(() => undefined);
    return done;
  };
  const insist: Store["transact"] = async (work, how) => {
    const kept: LogChunk[] = [];
    let isWide = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(work, { how, kept, isWide });
      } catch (error) {
        if (error instanceof NarrowError && !isWide) {
          isWide = true;
          tries -= 1;
          continue;
        }
        const mayHelp = tries === 1 && (await makeWay(error));
        if (!mayHelp) throw storageErrorOf(error);
      }
    }
  };
  /** Whether a second try can do better: after a look first, or with room made. */
  const makeWay = async (error: unknown): Promise<boolean> => {
    if (error instanceof DOMException && error.name === "ConstraintError") {
      forget(known);
      return true;
    }
    const fault = storageErrorOf(error);
    return fault instanceof StorageError && fault.code === "quota" && (await options.onFull?.()) === true;
  };

  const watch: Store["watch"] = (read, onRows, onError) => {
    const watcher = createWatcher(
      async () => {
        const session = openSession(connection.database, { mode: "readonly", durability: "relaxed" }, known);
        const [{ newest }, rows] = await Promise.all([session.journal(), read(createTx(session, true))]);
        await session.finish();
        return { rows, at: newest, seen: session.marks.seen };
      },
      onRows,
      onError && ((error) => onError(storageErrorOf(error))),
    );
    watchers.add(watcher);
    return () => {
      watchers.delete(watcher);
      watcher.stop();
    };
  };

  let polled = -1;
  const poll = setInterval(() => {
    if (watchers.size === 0 || state !== "open") return;
    const look = transact((tx) => tx.csn(), { readonly: true });
    look.then(
      (now) => {
        if (now !== polled && now > news.heard()) watchers.forEach((watcher) => watcher.doubt());
        polled = now;
      },
      () => onState(state),
    );
  }, pollMs);
  (poll as { unref?: () => void }).unref?.();

  return {
    transact,
    watch,
    state: () => state,
    commits: () => commits,
    install: (fresh) => installOf(connection.database, fresh),
    reopen: async () => {
      if (state !== "open") connection = await open();
      forget(known);
      watchers.forEach((watcher) => watcher.doubt());
    },
    close: async () => {
      clearInterval(poll);
      watchers.forEach((watcher) => watcher.stop());
      watchers.clear();
      news.close();
      connection.close();
      state = "closed";
    },
  };
};

const installOf = (database: IDBDatabase, fresh: string): Promise<{ readonly id: string; readonly isNew: boolean }> =>
  new Promise((resolve, reject) => {
    const tx = database.transaction("meta", "readwrite", { durability: "strict" });
    const found = tx.objectStore("meta").get("install") as IDBRequest<{ readonly id: string } | undefined>;
    found.onsuccess = () => {
      if (found.result === undefined) tx.objectStore("meta").put({ key: "install", id: fresh });
    };
    tx.oncomplete = () => resolve({ id: found.result?.id ?? fresh, isNew: found.result === undefined });
    tx.onabort = () => reject(storageErrorOf(tx.error ?? new DOMException("aborted", "AbortError")));
  });

interface News {
  readonly tell: (commit: Commit) => void;
  /** The newest commit that anybody told of. */
  readonly heard: () => number;
  readonly close: () => void;
}
/** Tells this context when whoever waited for the commit has gone on, and the others (tabs, workers) in bundles. Without BroadcastChannel only the poll reaches them. */
const createNews = (name: string, hear: (commit: Commit, isForeign: boolean) => void): News => {
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(`${name}:commits`);
  let heard = 0;
  let waiting: Commit[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let untold: Commit[] = [];
  let soon: ReturnType<typeof setTimeout> | undefined;
  const listen = (commit: Commit, isForeign: boolean): void => {
    heard = Math.max(heard, commit.to);
    hear(commit, isForeign);
  };
  if (channel !== undefined) {
    channel.onmessage = (event: MessageEvent<readonly Commit[]>) => event.data.forEach((commit) => listen(commit, true));
    (channel as { unref?: () => void }).unref?.();
  }
  const post = (): void => {
    timer = undefined;
    if (waiting.length === 0) return;
    channel?.postMessage(joined(waiting));
    waiting = [];
    timer = setTimeout(post, newsMs);
  };
  const hand = (): void => {
    soon = undefined;
    const taken = untold;
    untold = [];
    for (const commit of taken) listen(commit, false);
    waiting.push(...taken);
    const isUrgent = taken.some((commit) => commit.isUrgent === true);
    if (isUrgent) clearTimeout(timer);
    if (isUrgent || timer === undefined) post();
  };
  return {
    tell: (commit) => {
      untold.push(commit);
      soon ??= setTimeout(hand);
    },
    heard: () => heard,
    close: () => {
      clearTimeout(soon);
      hand();
      post();
      clearTimeout(timer);
      timer = undefined;
      channel?.close();
    },
  };
};

/** Neighbouring commits become one piece of news. */
const joined = (commits: readonly Commit[]): Commit[] => {
  const out: Commit[] = [];
  for (const commit of [...commits].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last !== undefined && commit.from === last.to + 1) {
      out[out.length - 1] = { from: last.from, to: commit.to, marks: [...new Set([...last.marks, ...commit.marks])], isUrgent: last.isUrgent === true || commit.isUrgent === true };
    } else out.push(commit);
  }
  return out;
};
