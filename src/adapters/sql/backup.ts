/** Owns copies of the SQLite file: one taken while the server runs, and one put in the file's place while it does not. Knows no epoch. */
import { sql } from "kysely";
import Libsql from "libsql";
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { err, ok, type Result } from "../../core/base/result.ts";
import { shapeVersion, type Database } from "./schema.ts";

/** One consistent file, compact, of this moment; refuses to write over one. */
export const backupSqlite = async (db: Database, file: string): Promise<Result<void, "exists">> => {
  if (existsSync(file)) return err("exists");
  await sql`vacuum into ${file}`.execute(db);
  return ok(undefined);
};

export type RestoreRefusal =
  | { readonly type: "no-file" }
  | { readonly type: "not-a-backup"; readonly why: string }
  | { readonly type: "newer"; readonly version: number }
  /** A server (or somebody else) has the database open. */
  | { readonly type: "in-use" };

/** Reads the copy from end to end before anything is touched. */
const check = (file: string): RestoreRefusal | undefined => {
  if (!existsSync(file)) return { type: "no-file" };
  let db: Libsql.Database | undefined;
  try {
    db = new Libsql(file, { readonly: true });
    const [found] = db.prepare("pragma integrity_check").all() as { integrity_check?: string }[];
    if (found?.integrity_check !== "ok") return { type: "not-a-backup", why: found?.integrity_check ?? "it cannot be read" };
    const version = Number((db.prepare("select max(version) as version from migrations").get() as { version?: number } | undefined)?.version ?? 0);
    return version > shapeVersion ? { type: "newer", version } : undefined;
  } catch (error) {
    return { type: "not-a-backup", why: error instanceof Error ? error.message : String(error) };
  } finally {
    db?.close();
  }
};
/** Leaving WAL mode takes being alone with the file: the one question that also sees a server in another container. */
const isAlone = (path: string): boolean => {
  const db = new Libsql(path);
  try {
    db.exec("pragma busy_timeout = 0");
    const [mode] = db.prepare("pragma journal_mode = delete").all() as { journal_mode?: string }[];
    return mode?.journal_mode === "delete";
  } catch {
    return false;
  } finally {
    db.close();
  }
};

/** Puts `file` in the place of the database at `path`. Answers where the old one lies now, if there was one. */
export const replaceSqlite = (path: string, file: string, stamp: string): Result<string | undefined, RestoreRefusal> => {
  const wrong = check(file);
  if (wrong !== undefined) return err(wrong);
  if (existsSync(path) && !isAlone(path)) return err({ type: "in-use" });
  const next = `${path}.next`;
  copyFileSync(file, next);
  const written = openSync(next, "r+");
  fsyncSync(written);
  closeSync(written);
  const kept = existsSync(path) ? `${path}.before-${stamp}` : undefined;
  if (kept !== undefined) renameSync(path, kept);
  for (const rest of ["-wal", "-shm", "-journal"]) rmSync(`${path}${rest}`, { force: true });
  renameSync(next, path);
  return ok(kept);
};
