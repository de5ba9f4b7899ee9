/**
 * Owns live reads: who is told after which commit. A commit names what it changed; a watcher that saw none of it only moves its commit
 * number on, and only while it has heard of every commit in between; else it reads again. Bursts are coalesced, the last one is always told.
 */
import { csn, type Csn } from "../../core/base/brand.ts";

/** Commits `from`…`to` (dense) changed `marks`. */
export interface Commit {
  readonly from: number;
  readonly to: number;
  readonly marks: readonly string[];
}
export interface Reading<T> {
  readonly rows: T;
  readonly at: number;
  readonly seen: ReadonlySet<string>;
}
/** Between two reads of one watcher at least this long, and eight times what the last one took: a read holds writers up. */
const pauseMsMin = 50;
const pauseRatio = 8;
/** A nudge may get lost: everybody looks at the commit number this often. */
export const pollMs = 4000;

export interface Watcher {
  readonly hear: (commit: Commit) => void;
  /** Something may have been missed. */
  readonly doubt: () => void;
  readonly stop: () => void;
}

export const createWatcher = <T>(
  read: () => Promise<Reading<T>>,
  onRows: (rows: T, at: Csn) => void,
  onError: ((error: unknown) => void) | undefined,
): Watcher => {
  let last: Reading<T> | undefined;
  let known = -1;
  let isStale = true;
  let isBusy = false;
  let isOpen = true;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = async (): Promise<void> => {
    isBusy = true;
    timer = undefined;
    const from = performance.now();
    try {
      if (isStale) {
        isStale = false;
        const reading = await read();
        if (last === undefined || reading.at >= last.at) last = reading;
        known = Math.max(known, last.at);
      }
      const shown = last;
      if (isOpen && shown !== undefined) onRows(shown.rows, csn(isStale ? shown.at : known));
    } catch (error) {
      onError?.(error);
    }
    const took = performance.now() - from;
    if (isOpen) timer = setTimeout(rest, Math.max(pauseMsMin, took * pauseRatio));
  };
  let isDue = false;
  const rest = (): void => {
    timer = undefined;
    isBusy = false;
    if (isDue && isOpen) {
      isDue = false;
      void look();
    }
  };
  const wake = (): void => {
    isDue = true;
    if (isBusy || !isOpen) return;
    isDue = false;
    void look();
  };
  void look();

  return {
    hear: (commit) => {
      if (commit.to <= known) return;
      const isNext = last !== undefined && commit.from <= known + 1;
      const concerns = last === undefined || commit.marks.some((mark) => last!.seen.has(mark));
      if (isNext && !concerns && !isStale) known = commit.to;
      else isStale = true;
      wake();
    },
    doubt: () => {
      isStale = true;
      wake();
    },
    stop: () => {
      isOpen = false;
      clearTimeout(timer);
    },
  };
};
