/**
 * Owns the highest head kept outside the database: a database that was put back by hand is behind it, and must not go on as if nothing had
 * happened (rule 29). The file lags behind the database by a second at most, and never runs ahead of it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import * as v from "valibot";
import type { SpaceState } from "../../ports/server/devices.ts";

export type Noted = Pick<SpaceState, "space" | "epoch" | "head" | "commit">;
const sidecar = v.object({ version: v.literal(1), spaces: v.array(v.object({ space: v.string(), epoch: v.string(), head: v.number(), commit: v.string() })) });

/** Empty without the file; undefined when it cannot be understood. */
export const readSidecar = (path: string): readonly Noted[] | undefined => {
  if (!existsSync(path)) return [];
  try {
    return v.parse(sidecar, JSON.parse(readFileSync(path, "utf8"))).spaces;
  } catch {
    return undefined;
  }
};
export const writeSidecar = (path: string, spaces: readonly Noted[]): void => {
  const next = `${path}.next`;
  const file = openSync(next, "w");
  try {
    writeSync(file, JSON.stringify({ version: 1, spaces }));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
};

/**
 * "behind": the database is a true beginning of what was, up to its own head. "other": it has gone on from there already, without us: what is
 * common is not known. `commitAtNoted` = the database's commit id at the noted head.
 */
export const judge = (noted: Noted, found: Noted, commitAtNoted: string | undefined): "in-step" | "behind" | "other" => {
  if (found.head < noted.head) return "behind";
  return commitAtNoted === noted.commit ? "in-step" : "other";
};

export interface SidecarDep {
  readonly path: string;
  readonly heads: () => Promise<readonly Noted[]>;
  readonly onError: (error: unknown) => void;
}
const lagMs = 1_000;
export interface Sidecar {
  /** Something was committed. */
  readonly note: () => void;
  /** Writes what was noted, now. */
  readonly flush: () => Promise<void>;
}
export const createSidecar = ({ path, heads, onError }: SidecarDep): Sidecar => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    try {
      writeSidecar(path, await heads());
    } catch (error) {
      onError(error);
    }
  };
  return { note: () => void (timer ??= setTimeout(() => void flush(), lagMs)), flush };
};
