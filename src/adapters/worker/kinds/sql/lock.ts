/** Owns the lock of a database file: one step at a time, across threads, by a file beside it. A lock that is not renewed is stale. */
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
/** Runs `work` while holding the lock of `path`. Rejects when it cannot be had within `limitMs`. */
export const withFileLock = async <T>(world: LockWorld, path: string, limitMs: number, work: () => Promise<T>): Promise<T> => {
  const lock = `${path}.dagbok-lock`;
  const until = world.now() + limitMs;
  while (!(await take(world.files, lock, world.now))) {
    if (world.signal.aborted || world.now() > until) throw new Error("database is locked");
    await wait(pollMs);
  }
  const timer = setInterval(() => void renewed(world, lock), renewMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await drop(world.files, lock);
  }
};
const renewed = async (world: LockWorld, lock: string): Promise<void> => {
  if ((await statOf(world.files, lock)) !== undefined) await world.files.utimes(lock, world.now());
};
