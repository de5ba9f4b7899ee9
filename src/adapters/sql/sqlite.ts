/** Owns the SQLite driver: one file in WAL mode, synchronous FULL, so that what was answered survives a power cut. */
import Libsql from "libsql";
import { Kysely, sql, SqliteDialect } from "kysely";
import { sqlite } from "./dialect.ts";
import { migrate, type Database, type Tables } from "./schema.ts";

/** Opens (and makes, and migrates) the database; `:memory:` works. */
export const openSqlite = async (path: string, now: number): Promise<Database> => {
  const file = new Libsql(path);
  file.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on");
  const db: Database = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  await migrate(db, sqlite, now);
  return db;
};

/** Closes it with everything in the one file, so that a copy of that file alone is whole. */
export const closeSqlite = async (db: Database): Promise<void> => {
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
  await db.destroy();
};
