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
  /** A run has come or gone, or its status has changed: worth a look before the pause is over. */
  readonly isUrgent?: boolean;
}
export interface Reading<T> {
  readonly rows: T;
  readonly at: number;
  readonly seen: ReadonlySet<string>;
}
/** Between two reads of one watcher at least this long, and so many times what the last one took: a read holds writers up. */
const pauseMsMin = 50;
const pauseRatio = 16;
const urgentMsMin = 8;
const urgentRatio = 2;
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
  /** The newest commit that `last` still answers for; -1 before the first reading. */
  let known = -1;
  let isStale = true;
  let isUrgent = true;
  let isReading = false;
  let isOpen = true;
  /** When the last read began and ended, and when rows were last told. */
  let began = -Infinity;
  let ended = -Infinity;
  let told = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Infinity;

  /** Reads if something concerns it; tells the rows, or that they still hold. */
  const look = async (): Promise<void> => {
    timer = undefined;
    dueAt = Infinity;
    try {
      if (isStale) await readAgain();
      const shown = last;
      told = performance.now();
      if (isOpen && shown !== undefined) onRows(shown.rows, csn(isStale ? shown.at : known));
    } catch (error) {
      if (isOpen) onError?.(error);
    }
    if (isStale) wake();
  };
  const readAgain = async (): Promise<void> => {
    isStale = false;
    isUrgent = false;
    isReading = true;
    began = performance.now();
    try {
      const reading = await read();
      if (last === undefined || reading.at >= last.at) last = reading;
      known = Math.max(known, last.at);
    } finally {
      ended = performance.now();
      isReading = false;
    }
  };
  const wake = (): void => {
    if (isReading || !isOpen) return;
    const pause = isUrgent ? Math.max(urgentMsMin, (ended - began) * urgentRatio) : Math.max(pauseMsMin, (ended - began) * pauseRatio);
    const at = isStale ? (ended === -Infinity ? ended : ended + pause) : told + pauseMsMin;
    if (at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    const wait = at - performance.now();
    if (wait <= 0) void look();
    else timer = setTimeout(() => void look(), wait);
  };
  wake();

  return {
    hear: (commit) => {
      if (commit.to <= known) return;
      const isNext = last !== undefined && commit.from <= known + 1;
      const concerns = last === undefined || commit.marks.some((mark) => last!.seen.has(mark));
      if (isNext && !concerns && !isStale) known = commit.to;
      else {
        isStale = true;
        isUrgent ||= concerns && commit.isUrgent === true;
      }
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
