/**
 * Owns the reference Store: every rule of the contract in the plainest form, in memory. Transactions run one after the other; a failed one is
 * taken back step by step. Refuses to know time and durability: what is committed stays as long as the process.
 */
import { csn, term, type Csn } from "../../core/base/brand.ts";
import type { Store, TransactOptions, Tx } from "../../ports/store.ts";
import { createReplicaTables } from "./replica.ts";
import { createJournal, createLists, createTable } from "./table.ts";
import { createTx, type Tables } from "./tx.ts";

interface Watcher {
  readonly look: () => void;
}

export const createMemoryStore = (): Store => {
  const journal = createJournal();
  const tables: Tables = {
    journal,
    runs: createTable(journal), starts: createTable(journal), events: createLists(journal), steps: createTable(journal),
    logs: createLists(journal), dags: createTable(journal), revisions: createTable(journal), drafts: createTable(journal),
    requests: createTable(journal), tallies: createTable(journal), grants: createTable(journal), settings: createTable(journal),
    pending: createTable(journal), bin: createTable(journal), binned: createTable(journal), active: createTable(journal), stepKeys: createLists(journal), replica: createReplicaTables(journal), head: { csn: csn(0), term: term(0), dirty: false, quiet: false },
  };
  const tx = createTx(tables);
  const watchers = new Set<Watcher>();
  let last: Promise<unknown> = Promise.resolve();

  const transact = <T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T> => {
    const run = async (): Promise<T> => {
      const before = tables.head.csn;
      const termBefore = tables.head.term;
      tables.head.dirty = false;
      tables.head.quiet = false;
      tables.head.csn = csn(before + 1);
      try {
        const answer = await work(tx);
        journal.forget();
        if (!tables.head.dirty || options?.readonly === true) tables.head.csn = before;
        else for (const watcher of watchers) watcher.look();
        return answer;
      } catch (error) {
        journal.rollback();
        tables.head.csn = before;
        tables.head.term = termBefore;
        throw error;
      }
    };
    const done = last.then(run, run);
    last = done.catch(() => undefined);
    return done;
  };

  const watch: Store["watch"] = (read, onRows, onError) => {
    let isOpen = true;
    let isLooking = false;
    let isStale = false;
    const look = async (): Promise<void> => {
      isStale = true;
      if (isLooking) return;
      isLooking = true;
      while (isStale && isOpen) {
        isStale = false;
        try {
          const [rows, at] = await transact(async (open): Promise<[Awaited<ReturnType<typeof read>>, Csn]> => [await read(open), await open.csn()], { readonly: true });
          if (isOpen) onRows(rows, at);
        } catch (error) {
          onError?.(error);
        }
      }
      isLooking = false;
    };
    const watcher: Watcher = { look: () => void look() };
    watchers.add(watcher);
    watcher.look();
    return () => {
      isOpen = false;
      watchers.delete(watcher);
    };
  };
  return { transact, watch, close: () => last.then(() => undefined) };
};
