/**
 * Owns the one door from the store to the screen: a read over `Tx` becomes rows that follow every commit. Refuses to know any
 * query, word or colour. 1 Old rows stay while newer ones are read. 2 `at` is the entry the rows were drawn from and never goes back.
 * 3 A failed read keeps the last good rows and says so.
 */
import { untrack } from "svelte";
import type { Store, Tx } from "../ports/store.ts";

export type Read<T> = (tx: Tx) => Promise<T>;
export type Freshness = "loading" | "live" | "stale" | "error";

export class Live<T> {
  rows = $state.raw<T | undefined>(undefined);
  at = $state(0);
  freshness = $state<Freshness>("loading");
  error = $state.raw<unknown>(undefined);
  #store: Store;
  #read: Read<T> | undefined;
  #stop: () => void = () => {};

  constructor(store: Store) {
    this.#store = store;
  }
  follow(read: Read<T>): void {
    this.#stop();
    this.#read = read;
    if (this.rows !== undefined) this.freshness = "stale";
    this.#stop = this.#store.watch(
      read,
      (rows, at) => {
        if (this.#read !== read || at < this.at) return;
        this.rows = rows;
        this.at = at;
        this.error = undefined;
        this.freshness = "live";
      },
      (error) => {
        if (this.#read !== read) return;
        this.error = error;
        this.freshness = "error";
      },
    );
  }
  /** Reads once more, at once; for "Read now". */
  again(): void {
    if (this.#read !== undefined) this.follow(this.#read);
  }
  stop(): void {
    this.#stop();
    this.#read = undefined;
  }
}

/** Follows `read()` for as long as the component lives; whatever runes the outer function touches restart it. */
export const live = <T>(store: Store, read: () => Read<T>): Live<T> => {
  const door = new Live<T>(store);
  $effect(() => {
    const wanted = read();
    untrack(() => door.follow(wanted));
    return () => door.stop();
  });
  return door;
};
