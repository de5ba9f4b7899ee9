/**
 * Owns the lock of a database file: one step at a time, across threads, by a file beside it. A lock that is not renewed is stale: its holder
 * was ended. A holder whose thread is about to be busy renews ahead of time, or from inside its work.
 */
import type { Files } from "../../../../ports/files.ts";
import { statOf } from "../../files/whole.ts";

const renewMs = 2000;
const staleMs = 10_000;
const pollMs = 25;
const codeOf = (error: unknown): string => (error as { readonly code?: string } | null)?.code ?? "";
const wait = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

const take = async (files: Files, path: string, now: () => number): Promise<boolean> => {
  try {
    await files.create(path, 0o600, true);
    await files.utimes(path, now());
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const held = await statOf(files, path);
  if (held !== undefined && now() - held.mtimeMs > staleMs) await drop(files, path);
  return false;
};
const drop = async (files: Files, path: string): Promise<void> => {
  try {
    await files.unlink(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error; // Another step may have dropped it first.
  }
};

export interface LockWorld {
  readonly files: Files;
  readonly now: () => number;
  readonly signal: AbortSignal;
}
export interface FileLock {
  /** Says, without waiting, that the holder lives, and will for `aheadMs` even if nothing more is heard. Seldom enough to be called in a loop. */
  readonly renew: (aheadMs?: number) => void;
}
/** Runs `work` while holding the lock of `path`. Rejects when it cannot be had within `limitMs`. */
export const withFileLock = async <T>(world: LockWorld, path: string, limitMs: number, work: (lock: FileLock) => Promise<T>): Promise<T> => {
  const lock = `${path}.dagbok-lock`;
  const givenUpAt = world.now() + limitMs;
  while (!(await take(world.files, lock, world.now))) {
    if (world.signal.aborted || world.now() > givenUpAt) throw new Error("database is locked");
    await wait(pollMs);
  }
  let renewedAt = world.now();
  let until = renewedAt;
  let isHeld = true;
  const renew = (aheadMs = 0): void => {
    const now = world.now();
    if (!isHeld || (aheadMs === 0 && now - renewedAt < renewMs)) return;
    renewedAt = now;
    if (aheadMs > 0) until = now + aheadMs;
    void renewed(world.files, lock, Math.max(now, until));
  };
  const timer = setInterval(renew, renewMs);
  try {
    return await work({ renew });
  } finally {
    isHeld = false;
    clearInterval(timer);
    await drop(world.files, lock);
  }
};
const renewed = async (files: Files, lock: string, at: number): Promise<void> => {
  try {
    await files.utimes(lock, at);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error; // It was dropped meanwhile.
  }
};
