/** Owns the tables of the server, the same on SQLite and PostgreSQL, and their migrations. Numbers are 64-bit, JSON is text. */
import { sql, type Kysely } from "kysely";
import type { Dialect } from "./dialect.ts";

export interface Tables {
  spaces: { id: string; chain: string; ord: number; floor: number; undeclared: number };
  /** One line per transaction that committed: its ordinals are first to last. */
  commits: { space: string; first_ord: number; last_ord: number; commit_id: string };
  replicas: { space: string; id: string; mark_n: number; mark_e: string; set_aside: string; denied: string; acknowledged: number; retired: number; seen_at: number; user_id: string | null; token: string | null; app_version: string | null };
  rows: { space: string; record: string; ord: number; dead_only: number; body: string; changed_at: number };
  edits: { space: string; edit: string };
  users: { id: string; name: string; password: string; created_at: number };
  tokens: { id: string; user_id: string; hash: string; label: string; created_at: number; seen_at: number; revoked_at: number | null };
  workspaces: { id: string; name: string; created_at: number };
  members: { workspace: string; user_id: string; role: string };
  audit: { id: string; at: number; user_id: string; action: string; target: string; workspace: string | null };
  sync_sessions: {
    id: string; space: string; replica: string; user_id: string; session_key: string; cause: string; state: string; fence: number; lease_until: number;
    started_at: number; ended_at: number | null; reason: string | null; progress: string; device: string; node: string;
  };
  blobs: { space: string; hash: string; total: number; complete: number; touched_at: number };
  blob_parts: { space: string; hash: string; first_byte: number; size: number; body: Uint8Array };
  /** What one device of a restored server's has given back: offers it began with, offers it still has. */
  recoveries: { space: string; epoch: string; replica: string; total: number; remaining: number };
  migrations: { version: number; at: number };
}
export type Database = Kysely<Tables>;

type Migration = (db: Database, dialect: Dialect) => Promise<void>;
const first: Migration = async (db) => {
  const big = sql`bigint`;
  await db.schema.createTable("spaces").addColumn("id", "text", (c) => c.primaryKey()).addColumn("chain", "text", (c) => c.notNull())
    .addColumn("ord", big, (c) => c.notNull()).addColumn("floor", big, (c) => c.notNull()).addColumn("undeclared", "integer", (c) => c.notNull()).execute();
  await db.schema.createTable("commits").addColumn("space", "text", (c) => c.notNull()).addColumn("first_ord", big, (c) => c.notNull())
    .addColumn("last_ord", big, (c) => c.notNull()).addColumn("commit_id", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("commits_pk", ["space", "first_ord"]).execute();
  await db.schema.createTable("replicas").addColumn("space", "text", (c) => c.notNull()).addColumn("id", "text", (c) => c.notNull())
    .addColumn("mark_n", big, (c) => c.notNull()).addColumn("mark_e", "text", (c) => c.notNull()).addColumn("set_aside", "text", (c) => c.notNull()).addColumn("denied", "text", (c) => c.notNull())
    .addColumn("acknowledged", big, (c) => c.notNull()).addColumn("retired", "integer", (c) => c.notNull()).addColumn("seen_at", big, (c) => c.notNull())
    .addPrimaryKeyConstraint("replicas_pk", ["space", "id"]).execute();
  await db.schema.createTable("rows").addColumn("space", "text", (c) => c.notNull()).addColumn("record", "text", (c) => c.notNull())
    .addColumn("ord", big, (c) => c.notNull()).addColumn("dead_only", "integer", (c) => c.notNull()).addColumn("body", "text", (c) => c.notNull())
    .addColumn("changed_at", big, (c) => c.notNull()).addPrimaryKeyConstraint("rows_pk", ["space", "record"]).execute();
  await db.schema.createIndex("rows_by_ord").on("rows").columns(["space", "ord"]).execute();
  await db.schema.createIndex("rows_dead").on("rows").columns(["space", "dead_only", "ord"]).execute();
  await db.schema.createTable("edits").addColumn("space", "text", (c) => c.notNull()).addColumn("edit", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("edits_pk", ["space", "edit"]).execute();
};
const second: Migration = async (db) => {
  const big = sql`bigint`;
  await db.schema.createTable("users").addColumn("id", "text", (c) => c.primaryKey()).addColumn("name", "text", (c) => c.notNull().unique())
    .addColumn("password", "text", (c) => c.notNull()).addColumn("created_at", big, (c) => c.notNull()).execute();
  await db.schema.createTable("tokens").addColumn("id", "text", (c) => c.primaryKey()).addColumn("user_id", "text", (c) => c.notNull())
    .addColumn("hash", "text", (c) => c.notNull().unique()).addColumn("label", "text", (c) => c.notNull()).addColumn("created_at", big, (c) => c.notNull())
    .addColumn("seen_at", big, (c) => c.notNull()).addColumn("revoked_at", big).execute();
  await db.schema.createTable("workspaces").addColumn("id", "text", (c) => c.primaryKey()).addColumn("name", "text", (c) => c.notNull())
    .addColumn("created_at", big, (c) => c.notNull()).execute();
  await db.schema.createTable("members").addColumn("workspace", "text", (c) => c.notNull()).addColumn("user_id", "text", (c) => c.notNull())
    .addColumn("role", "text", (c) => c.notNull()).addPrimaryKeyConstraint("members_pk", ["workspace", "user_id"]).execute();
  await db.schema.createTable("audit").addColumn("id", "text", (c) => c.primaryKey()).addColumn("at", big, (c) => c.notNull())
    .addColumn("user_id", "text", (c) => c.notNull()).addColumn("action", "text", (c) => c.notNull()).addColumn("target", "text", (c) => c.notNull()).execute();
};
/** Who a replica belongs to; sessions, blobs, recoveries. */
const third: Migration = async (db, { bytes }) => {
  const big = sql`bigint`;
  for (const name of ["user_id", "token", "app_version"] as const) await db.schema.alterTable("replicas").addColumn(name, "text").execute();
  await db.schema.alterTable("audit").addColumn("workspace", "text").execute();
  await db.schema.createIndex("audit_by_workspace").on("audit").columns(["workspace", "at"]).execute();
  await db.schema.createTable("sync_sessions").addColumn("id", "text", (c) => c.primaryKey()).addColumn("space", "text", (c) => c.notNull())
    .addColumn("replica", "text", (c) => c.notNull()).addColumn("user_id", "text", (c) => c.notNull()).addColumn("session_key", "text", (c) => c.notNull())
    .addColumn("cause", "text", (c) => c.notNull()).addColumn("state", "text", (c) => c.notNull()).addColumn("fence", big, (c) => c.notNull())
    .addColumn("lease_until", big, (c) => c.notNull()).addColumn("started_at", big, (c) => c.notNull()).addColumn("ended_at", big).addColumn("reason", "text")
    .addColumn("progress", "text", (c) => c.notNull()).addColumn("device", "text", (c) => c.notNull()).addColumn("node", "text", (c) => c.notNull())
    .addUniqueConstraint("sync_sessions_key", ["space", "replica", "session_key"]).execute();
  await db.schema.createIndex("sync_sessions_live").on("sync_sessions").column("lease_until").where(sql.ref("ended_at"), "is", null).execute();
  await db.schema.createIndex("sync_sessions_newest").on("sync_sessions").columns(["space", "started_at"]).execute();
  await db.schema.createTable("blobs").addColumn("space", "text", (c) => c.notNull()).addColumn("hash", "text", (c) => c.notNull())
    .addColumn("total", big, (c) => c.notNull()).addColumn("complete", "integer", (c) => c.notNull()).addColumn("touched_at", big, (c) => c.notNull())
    .addPrimaryKeyConstraint("blobs_pk", ["space", "hash"]).execute();
  await db.schema.createTable("blob_parts").addColumn("space", "text", (c) => c.notNull()).addColumn("hash", "text", (c) => c.notNull())
    .addColumn("first_byte", big, (c) => c.notNull()).addColumn("size", big, (c) => c.notNull()).addColumn("body", sql.raw(bytes), (c) => c.notNull())
    .addPrimaryKeyConstraint("blob_parts_pk", ["space", "hash", "first_byte"]).execute();
  await db.schema.createTable("recoveries").addColumn("space", "text", (c) => c.notNull()).addColumn("epoch", "text", (c) => c.notNull())
    .addColumn("replica", "text", (c) => c.notNull()).addColumn("total", big, (c) => c.notNull()).addColumn("remaining", big, (c) => c.notNull())
    .addPrimaryKeyConstraint("recoveries_pk", ["space", "epoch", "replica"]).execute();
};
/** In order; the version of a database is how many of these it has seen. Never edited once released, only added to. */
const migrations: readonly Migration[] = [first, second, third];
/** Of this program's databases. */
export const shapeVersion = migrations.length;

/** Brings the database to the newest shape, each step in a transaction of its own; safe to call at every start and on every node. */
export const migrate = async (db: Database, dialect: Dialect, now: number): Promise<void> => {
  await db.schema.createTable("migrations").ifNotExists().addColumn("version", "integer", (c) => c.primaryKey()).addColumn("at", sql`bigint`, (c) => c.notNull()).execute();
  for (const [index, migration] of migrations.entries()) {
    const version = index + 1;
    await db.transaction().execute(async (tx) => {
      const done = await tx.selectFrom("migrations").select("version").where("version", "=", version).executeTakeFirst();
      if (done !== undefined) return;
      await tx.insertInto("migrations").values({ version, at: now }).execute();
      await migration(tx as unknown as Database, dialect);
    });
  }
};
