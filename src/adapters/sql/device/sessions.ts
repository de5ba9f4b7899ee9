/** Owns sync sessions in SQL: leases by the database's clock, every change a compare-and-set (V1). Knows no rule of the session machine but its end. */
import { sql, type RawBuilder, type Transaction } from "kysely";
import { noProgress, type Progress, type Session, type SessionCause, type SessionReason, type SessionState } from "../../../core/replica/session.ts";
import type { NewSession, Sessions } from "../../../ports/server/sessions.ts";
import type { Dialect } from "../dialect.ts";
import type { Database, Tables } from "../schema.ts";

export interface SqlSessionsDep {
  readonly db: Database;
  readonly dialect: Dialect;
}
type Row = Tables["sync_sessions"];

const toSession = (row: Row): Session => ({
  id: row.id, replica: row.replica, state: row.state as SessionState, fence: Number(row.fence), leaseUntil: Number(row.lease_until), startedAt: Number(row.started_at),
  ...(row.ended_at === null ? {} : { endedAt: Number(row.ended_at) }), ...(row.reason === null ? {} : { reason: row.reason as SessionReason }),
  cause: row.cause as SessionCause, progress: JSON.parse(row.progress) as Progress, device: row.device,
});
/** What ends a live session from outside, in one statement: the same as `giveUp`, for many. */
const givenUp = (state: "stale" | "failed", reason: SessionReason, clock: RawBuilder<number>) =>
  ({ state, reason, fence: sql<number>`fence + 1`, ended_at: clock, lease_until: clock });

export const createSqlSessions = ({ db, dialect }: SqlSessionsDep): Sessions => {
  const { clock } = dialect;
  return {
    now: async () => Number((await sql<{ at: number }>`select ${clock} as at`.execute(db)).rows[0]?.at),
    open: (made, leaseMs) => db.transaction().execute((tx) => openIn(tx, dialect, made, leaseMs)),
    find: async (space, id, user) => {
      const row = await db.selectFrom("sync_sessions").selectAll().where("space", "=", space).where("id", "=", id).where("user_id", "=", user).executeTakeFirst();
      return row && toSession(row);
    },
    put: async (before, after, node) => {
      const done = await db.updateTable("sync_sessions").set({
        state: after.state, fence: after.fence, lease_until: after.leaseUntil, ended_at: after.endedAt ?? null, reason: after.reason ?? null,
        progress: JSON.stringify(after.progress), node,
      }).where("id", "=", before.id).where("state", "=", before.state).where("fence", "=", before.fence).executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
    renew: async ({ space, id, fence, user, node }, leaseMs) => {
      const done = await db.updateTable("sync_sessions").set({ lease_until: sql<number>`${clock} + ${sql.lit(leaseMs)}`, node })
        .where("space", "=", space).where("id", "=", id).where("user_id", "=", user).where("fence", "=", fence).where("ended_at", "is", null).executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
    list: async (space, limit) =>
      (await db.selectFrom("sync_sessions").selectAll().where("space", "=", space).orderBy("started_at", "desc").orderBy("id", "desc").limit(limit).execute()).map(toSession),
    reap: async () => Number((await db.updateTable("sync_sessions").set(givenUp("stale", "worker_lost", clock))
      .where("ended_at", "is", null).where("lease_until", "<", clock).executeTakeFirst()).numUpdatedRows),
    closeNode: async (node) => Number((await db.updateTable("sync_sessions").set(givenUp("failed", "shutdown", clock))
      .where("ended_at", "is", null).where("node", "=", node).executeTakeFirst()).numUpdatedRows),
    trim: async (perReplica, ageMs) => {
      const done = await sql`delete from sync_sessions where ended_at is not null and (started_at < ${clock} - ${sql.lit(ageMs)} or id in (
        select id from (select id, row_number() over (partition by space, replica order by started_at desc, id desc) as place from sync_sessions) as placed
        where place > ${sql.lit(perReplica)}))`.execute(db);
      return Number(done.numAffectedRows ?? 0n);
    },
    countByState: async () => {
      const rows = await db.selectFrom("sync_sessions").select(["state", db.fn.countAll().as("n")]).groupBy("state").execute();
      return Object.fromEntries(rows.map((row) => [row.state, Number(row.n)]));
    },
  };
};

const openIn = async (tx: Transaction<Tables>, { clock, inTurn }: Dialect, made: NewSession, leaseMs: number): Promise<Session> => {
  // Two sessions of one replica that open at once do so one after the other (L4).
  await inTurn?.(`session ${made.space} ${made.replica}`).execute(tx);
  const same = (): Promise<Row | undefined> => tx.selectFrom("sync_sessions").selectAll()
    .where("space", "=", made.space).where("replica", "=", made.replica).where("session_key", "=", made.key).executeTakeFirst();
  const known = await same();
  if (known !== undefined) return toSession(known);
  await tx.updateTable("sync_sessions").set(givenUp("failed", "superseded", clock))
    .where("space", "=", made.space).where("replica", "=", made.replica).where("user_id", "=", made.user).where("ended_at", "is", null).execute();
  await tx.insertInto("sync_sessions").values({
    id: made.id, space: made.space, replica: made.replica, user_id: made.user, session_key: made.key, cause: made.cause, state: "pending", fence: 1,
    lease_until: sql<number>`${clock} + ${sql.lit(leaseMs)}`, started_at: clock, ended_at: null, reason: null, progress: JSON.stringify(noProgress), device: made.device, node: made.node,
  }).execute();
  const row = await same();
  if (row === undefined) throw new Error("a session that was stored is not there");
  return toSession(row);
};
