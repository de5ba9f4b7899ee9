/** Owns what differs between SQLite and PostgreSQL: locks on rows, the type of bytes, the database's own clock. */
import { sql, type RawBuilder } from "kysely";

export interface Dialect {
  /** PostgreSQL locks the space's row; SQLite has one writer anyway. */
  readonly lockRows: boolean;
  readonly bytes: "blob" | "bytea";
  /** The database's clock in ms, as a number of its own. */
  readonly clock: RawBuilder<number>;
  /** Makes transactions that name the same key wait for one another until they end. Undefined: there is one writer anyway. */
  readonly inTurn?: (key: string) => RawBuilder<unknown>;
}
export const sqlite: Dialect = { lockRows: false, bytes: "blob", clock: sql<number>`cast(unixepoch('now', 'subsec') * 1000 as integer)` };
export const postgres: Dialect = {
  lockRows: true,
  bytes: "bytea",
  clock: sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
  inTurn: (key) => sql`select pg_advisory_xact_lock(hashtext(${key}))`,
};
