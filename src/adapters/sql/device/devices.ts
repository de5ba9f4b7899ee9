/** Owns what the server knows of devices beside the protocol, in SQL, and what watchers ask of spaces as a whole. */
import { sql } from "kysely";
import type { Epoch } from "../../../core/replica/protocol.ts";
import type { DeviceRow, Devices, SpaceState } from "../../../ports/server/devices.ts";
import type { Dialect } from "../dialect.ts";
import type { Database } from "../schema.ts";
import { toPageRow } from "../spaces.ts";

export interface SqlDevicesDep {
  readonly db: Database;
  readonly dialect: Dialect;
}
const epochOf = (chain: string): Epoch | undefined => (JSON.parse(chain) as Epoch[]).at(-1);

export const createSqlDevices = ({ db, dialect }: SqlDevicesDep): Devices => {
  const commitAt = async (space: string, ord: number): Promise<string | undefined> => {
    if (ord === 0) return "";
    const row = await db.selectFrom("commits").select("commit_id").where("space", "=", space).where("first_ord", "<=", ord).where("last_ord", ">=", ord)
      .orderBy("first_ord", "desc").executeTakeFirst();
    return row?.commit_id;
  };
  return {
    ...known(db), ...recoveries(db), commitAt,
    state: async (space) => {
      const row = await db.selectFrom("spaces").selectAll().where("id", "=", space).executeTakeFirst();
      if (row === undefined) return undefined;
      const sums = await db.selectFrom("rows").select((eb) => [
        eb.fn.countAll().as("rows"), eb.fn.sum("dead_only").as("tombstones"), sql<number>`max(case when dead_only = 1 then ord else 0 end)`.as("last"),
      ]).where("space", "=", space).executeTakeFirstOrThrow();
      const head = Number(row.ord);
      return {
        space, epoch: epochOf(row.chain)?.id ?? "", head, floor: Number(row.floor), commit: (await commitAt(space, head)) ?? "",
        rows: Number(sums.rows), tombstones: Number(sums.tombstones ?? 0), lastTombstone: Number(sums.last ?? 0),
      };
    },
    heads: async () => {
      const rows = await db.selectFrom("spaces").select(["id", "chain", "ord"]).orderBy("id").execute();
      const heads: Pick<SpaceState, "space" | "epoch" | "head" | "commit">[] = [];
      for (const row of rows) heads.push({ space: row.id, epoch: epochOf(row.chain)?.id ?? "", head: Number(row.ord), commit: (await commitAt(row.id, Number(row.ord))) ?? "" });
      return heads;
    },
    rowsBetween: (space, from, to) => {
      const snapshot = dialect.lockRows ? db.transaction().setIsolationLevel("repeatable read") : db.transaction();
      return snapshot.execute(async (tx) => {
        const head = await tx.selectFrom("spaces").selectAll().where("id", "=", space).executeTakeFirst();
        if (head === undefined) return undefined;
        const rows = await tx.selectFrom("rows").selectAll().where("space", "=", space).where("ord", ">=", from).where("ord", "<=", to).orderBy("ord").execute();
        return { head: Number(head.ord), floor: Number(head.floor), rows: rows.map(toPageRow) };
      });
    },
  };
};

const known = (db: Database): Pick<Devices, "list" | "owner" | "retireSilent"> => ({
  list: async (space) => {
    const rows = await db.selectFrom("replicas").leftJoin("tokens", "tokens.id", "replicas.token").leftJoin("users", "users.id", "replicas.user_id")
      .select(["replicas.id", "replicas.user_id", "replicas.token", "replicas.app_version", "replicas.retired", "replicas.seen_at", "replicas.acknowledged", "tokens.label", "users.name"])
      .where("space", "=", space).orderBy("replicas.seen_at", "desc").orderBy("replicas.id").execute();
    return rows.map((row): DeviceRow => ({
      replica: row.id, retired: Number(row.retired) === 1, seenAt: Number(row.seen_at), acknowledged: Number(row.acknowledged),
      ...(row.user_id === null ? {} : { user: row.user_id }), ...(row.name === null ? {} : { userName: row.name }), ...(row.label === null ? {} : { label: row.label }),
      ...(row.token === null ? {} : { token: row.token }), ...(row.app_version === null ? {} : { appVersion: row.app_version }),
    }));
  },
  owner: async (space, replica) =>
    (await db.selectFrom("replicas").select("user_id").where("space", "=", space).where("id", "=", replica).executeTakeFirst())?.user_id ?? undefined,
  retireSilent: async (before) =>
    Number((await db.updateTable("replicas").set({ retired: 1 }).where("retired", "=", 0).where("seen_at", "<", before).executeTakeFirst()).numUpdatedRows),
});

const recoveries = (db: Database): Pick<Devices, "noteOffer" | "recovery"> => {
  const epochIn = async (space: string): Promise<Epoch | undefined> => {
    const row = await db.selectFrom("spaces").select("chain").where("id", "=", space).executeTakeFirst();
    const chain = row === undefined ? [] : (JSON.parse(row.chain) as Epoch[]);
    return chain.length > 1 ? chain.at(-1) : undefined;
  };
  return {
    // `left` counts the one just answered; an answer that is repeated changes nothing.
    noteOffer: async (space, replica, left) => {
      const epoch = await epochIn(space);
      if (epoch === undefined) return;
      await sql`insert into recoveries (space, epoch, replica, total, remaining)
        values (${space}, ${epoch.id}, ${replica}, cast(${left} as bigint), cast(${left - 1} as bigint))
        on conflict (space, epoch, replica) do update set
          total = case when excluded.total > recoveries.total then excluded.total else recoveries.total end,
          remaining = case when excluded.remaining < recoveries.remaining then excluded.remaining else recoveries.remaining end`.execute(db);
    },
    recovery: async (space) => {
      const epoch = await epochIn(space);
      if (epoch === undefined) return { records: 0, devices: 0, left: 0 };
      const sums = await db.selectFrom("recoveries").select((eb) => [eb.fn.countAll().as("devices"), eb.fn.sum("total").as("total"), eb.fn.sum("remaining").as("left")])
        .where("space", "=", space).where("epoch", "=", epoch.id).executeTakeFirstOrThrow();
      const [total, left] = [Number(sums.total ?? 0), Number(sums.left ?? 0)];
      return { epoch: epoch.id, restoredAt: epoch.restoredAt, records: total - left, devices: Number(sums.devices), left };
    },
  };
};
