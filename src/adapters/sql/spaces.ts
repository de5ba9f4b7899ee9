/** Owns replicated rows in SQL, for SQLite and PostgreSQL alike: the row of a space is the ordering lock (Z1). Knows no rule of the protocol. */
import { sql, type Transaction } from "kysely";
import type { Epoch, PageRow } from "../../core/replica/protocol.ts";
import { isDead, type Row } from "../../core/replica/row.ts";
import type { ReplicaEntry, Space, SpaceDelta, SpaceHead } from "../../core/replica/server.ts";
import { foreignReplica, type Caller, type Need, type Spaces } from "../../ports/server/spaces.ts";
import type { Database, Tables } from "./schema.ts";

type Tx = Transaction<Tables>;
export interface SqlSpacesDep {
  readonly db: Database;
  /** PostgreSQL locks the space's row; SQLite has one writer anyway. */
  readonly lockRows: boolean;
  readonly now: () => number;
}
/** SQLite allows 32,766 variables in a statement; PostgreSQL 65,535. */
const variablesMax = 500;
const inChunks = <T>(all: readonly T[], size = variablesMax): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));

export const createSqlSpaces = ({ db, lockRows, now }: SqlSpacesDep): Spaces => {
  const locked = async (tx: Tx, space: string): Promise<SpaceHead | undefined> => {
    const query = tx.selectFrom("spaces").selectAll().where("id", "=", space);
    const row = await (lockRows ? query.forUpdate() : query).executeTakeFirst();
    return row && { chain: JSON.parse(row.chain) as Epoch[], ord: Number(row.ord), floor: Number(row.floor), undeclared: Number(row.undeclared) === 1 };
  };
  return {
    create: async (space, epoch) => {
      const chain: readonly Epoch[] = [{ id: epoch, restoredAt: 0 }];
      await db.insertInto("spaces").values({ id: space, chain: JSON.stringify(chain), ord: 0, floor: 0, undeclared: 0 }).onConflict((c) => c.doNothing()).execute();
    },
    names: async () => (await db.selectFrom("spaces").select("id").orderBy("id").execute()).map((row) => row.id),
    transact: (space, need, { commit, caller, work }) =>
      db.transaction().execute(async (tx) => {
        const head = await locked(tx, space);
        if (head === undefined) return undefined;
        if (caller !== undefined && (await isForeign(tx, space, need.replicas[0], caller))) return foreignReplica;
        const done = work(await load(tx, space, head, need));
        await storeDelta(tx, { space, head, commit, at: now(), ...(caller === undefined ? {} : { caller }) }, done.delta);
        return done.value;
      }),
    collect: (space, before, work) =>
      db.transaction().execute(async (tx) => {
        const head = await locked(tx, space);
        if (head === undefined) return 0;
        const entries = await tx.selectFrom("replicas").selectAll().where("space", "=", space).execute();
        const dead = await tx.selectFrom("rows").selectAll().where("space", "=", space).where("dead_only", "=", 1).where("changed_at", "<=", before).execute();
        const delta = work({
          space: await load(tx, space, head, { replicas: [], records: [], edits: [], ordinals: [] }),
          acknowledged: entries.map((row) => ({ replica: row.id, acknowledged: Number(row.acknowledged), retired: Number(row.retired) === 1 })),
          deadRows: dead.map(toPageRow),
        });
        if (delta === undefined) return 0;
        await storeDelta(tx, { space, head, commit: "", at: now() }, delta);
        return delta.dropRows.length;
      }),
    retire: async (space, replica) => {
      const done = await db.updateTable("replicas").set({ retired: 1 }).where("space", "=", space).where("id", "=", replica).executeTakeFirst();
      return done.numUpdatedRows > 0n;
    },
    chain: async (space) => {
      const row = await db.selectFrom("spaces").select("chain").where("id", "=", space).executeTakeFirst();
      return row && (JSON.parse(row.chain) as Epoch[]);
    },
    head: async (space) => {
      const row = await db.selectFrom("spaces").select("ord").where("id", "=", space).executeTakeFirst();
      return row === undefined ? undefined : Number(row.ord);
    },
  };
};

const isForeign = async (tx: Tx, space: string, replica: string | undefined, { user }: Caller): Promise<boolean> => {
  if (replica === undefined) return false;
  const row = await tx.selectFrom("replicas").select("user_id").where("space", "=", space).where("id", "=", replica).executeTakeFirst();
  return row !== undefined && row.user_id !== null && row.user_id !== user;
};

export const toPageRow = (row: { record: string; ord: number; body: string }): PageRow => ({
  ...(JSON.parse(row.body) as Pick<Row, "vv" | "siblings" | "dead">), record: row.record, ord: Number(row.ord),
});

const load = async (tx: Tx, space: string, head: SpaceHead, need: Need): Promise<Space> => {
  const replicas = new Map<string, ReplicaEntry>();
  for (const ids of inChunks(need.replicas)) {
    const found = await tx.selectFrom("replicas").selectAll().where("space", "=", space).where("id", "in", ids).execute();
    for (const row of found)
      replicas.set(row.id, {
        mark: { n: Number(row.mark_n), e: row.mark_e }, setAside: JSON.parse(row.set_aside) as number[], denied: JSON.parse(row.denied) as number[],
        acknowledged: Number(row.acknowledged), retired: Number(row.retired) === 1,
      });
  }
  const rows = new Map<string, PageRow>();
  for (const records of inChunks(need.records)) {
    const found = await tx.selectFrom("rows").selectAll().where("space", "=", space).where("record", "in", records).execute();
    for (const row of found) rows.set(row.record, toPageRow(row));
  }
  const logged = new Set<string>();
  for (const edits of inChunks(need.edits)) {
    const found = await tx.selectFrom("edits").select("edit").where("space", "=", space).where("edit", "in", edits).execute();
    for (const row of found) logged.add(row.edit);
  }
  const commits = await loadCommits(tx, space, [...need.ordinals, head.ord]);
  const page = need.after === undefined ? { rows: [], isCut: false } : await loadPage(tx, space, need.after);
  return {
    head,
    commitAt: (ord) => commits.get(ord),
    replica: (id) => replicas.get(id),
    row: (record) => rows.get(record),
    isLogged: (e) => logged.has(e),
    rowsAfter: () => page.rows,
    ...(page.isCut ? { isCut: true } : {}),
  };
};
/** Sizes first, then the rows that fit: large rows past the limit are never read. */
const loadPage = async (tx: Tx, space: string, after: NonNullable<Need["after"]>): Promise<{ readonly rows: readonly PageRow[]; readonly isCut: boolean }> => {
  const past = tx.selectFrom("rows").where("space", "=", space).where("ord", ">", after.ord).orderBy("ord").limit(after.limit + 1);
  if (after.bytes === undefined) return { rows: (await past.selectAll().execute()).map(toPageRow), isCut: false };
  const sizes = await past.select(["ord", sql<number>`octet_length(body) + octet_length(record)`.as("size")]).execute();
  let bytes = 0;
  const fits = sizes.findIndex(({ size }, at) => (bytes += Number(size)) > (after.bytes ?? 0) && at > 0);
  const last = sizes.at(fits === -1 ? -1 : fits - 1);
  if (last === undefined) return { rows: [], isCut: false };
  const rows = await tx.selectFrom("rows").selectAll().where("space", "=", space).where("ord", ">", after.ord).where("ord", "<=", last.ord).orderBy("ord").execute();
  return { rows: rows.map(toPageRow), isCut: fits !== -1 };
};
const loadCommits = async (tx: Tx, space: string, ordinals: readonly number[]): Promise<ReadonlyMap<number, string>> => {
  const commits = new Map<number, string>([[0, ""]]);
  for (const ord of new Set(ordinals)) {
    if (ord === 0) continue;
    const row = await tx.selectFrom("commits").select("commit_id").where("space", "=", space)
      .where("first_ord", "<=", ord).where("last_ord", ">=", ord).orderBy("first_ord", "desc").executeTakeFirst();
    if (row !== undefined) commits.set(ord, row.commit_id);
  }
  return commits;
};

interface At {
  readonly space: string;
  readonly head: SpaceHead;
  readonly commit: string;
  readonly at: number;
  readonly caller?: Caller;
}
const storeDelta = async (tx: Tx, at: At, delta: SpaceDelta): Promise<void> => {
  const { space } = at;
  if (delta.head !== at.head)
    await tx.updateTable("spaces").set({ chain: JSON.stringify(delta.head.chain), ord: delta.head.ord, floor: delta.head.floor, undeclared: delta.head.undeclared ? 1 : 0 })
      .where("id", "=", space).execute();
  if (delta.closeReplicas) await tx.deleteFrom("replicas").where("space", "=", space).execute();
  for (const [id, entry] of delta.replicas) await putReplica(tx, at, id, entry);
  for (const records of inChunks(delta.dropRows)) await tx.deleteFrom("rows").where("space", "=", space).where("record", "in", records).execute();
  for (const rows of inChunks(delta.rows, 80)) {
    const values = rows.map(({ record, ord, vv, siblings, dead }) => ({
      space, record, ord, dead_only: isDead({ ord, vv, siblings, dead }) ? 1 : 0, body: JSON.stringify({ vv, siblings, dead }), changed_at: at.at,
    }));
    await tx.insertInto("rows").values(values).onConflict((c) => c.columns(["space", "record"]).doUpdateSet((eb) => ({
      ord: eb.ref("excluded.ord"), dead_only: eb.ref("excluded.dead_only"), body: eb.ref("excluded.body"), changed_at: eb.ref("excluded.changed_at"),
    }))).execute();
  }
  for (const edits of inChunks([...new Set(delta.logged)]))
    await tx.insertInto("edits").values(edits.map((edit) => ({ space, edit }))).onConflict((c) => c.doNothing()).execute();
  const [first] = delta.committed;
  if (first !== undefined)
    await tx.insertInto("commits").values({ space, first_ord: first, last_ord: first + delta.committed.length - 1, commit_id: at.commit }).execute();
};
const putReplica = async (tx: Tx, at: At, id: string, entry: ReplicaEntry): Promise<void> => {
  const values = {
    mark_n: entry.mark.n, mark_e: entry.mark.e, set_aside: JSON.stringify(entry.setAside), denied: JSON.stringify(entry.denied), acknowledged: entry.acknowledged,
    retired: entry.retired ? 1 : 0, seen_at: at.at,
    ...(at.caller === undefined ? {} : { user_id: at.caller.user, token: at.caller.token, app_version: at.caller.appVersion ?? null }),
  };
  await tx.insertInto("replicas").values({ space: at.space, id, ...values }).onConflict((c) => c.columns(["space", "id"]).doUpdateSet(values)).execute();
};
