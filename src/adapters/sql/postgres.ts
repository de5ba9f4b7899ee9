/** Owns the PostgreSQL driver: a pool of connections, for several stateless nodes over one database. */
import pg from "pg";
import { Kysely, PostgresDialect, sql } from "kysely";
import { postgres } from "./dialect.ts";
import { migrate, type Database, type Tables } from "./schema.ts";

const connectionsMax = 10;
/** Any constant: two nodes that start together migrate one after the other. */
const migrationLock = 4680;

export const openPostgres = async (url: string, now: number, onIdleError: (error: Error) => void = () => undefined): Promise<Database> => {
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax });
  // An idle connection that the database ends is replaced at the next query, which tells if the database is away.
  pool.on("error", onIdleError);
  const db: Database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await db.connection().execute(async (one) => {
    await sql`select pg_advisory_lock(${migrationLock})`.execute(one);
    try {
      await migrate(one as unknown as Database, postgres, now);
    } finally {
      await sql`select pg_advisory_unlock(${migrationLock})`.execute(one);
    }
  });
  return db;
};
