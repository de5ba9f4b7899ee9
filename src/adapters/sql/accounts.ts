/** Owns users, device tokens, workspaces and roles in SQL. Knows no HTTP and no hash function. */
import { sql } from "kysely";
import type { Role } from "../../core/replica/wire/roles.ts";
import type { Accounts, TokenRow, UserRow } from "../../ports/server/accounts.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Dialect } from "./dialect.ts";
import type { Database, Tables } from "./schema.ts";

export interface SqlAccountsDep {
  readonly db: Database;
  readonly ids: Ids;
  readonly dialect?: Dialect;
}
const seenEveryMs = 60_000;

const toUser = (row: Tables["users"]): UserRow => ({ id: row.id, name: row.name, password: row.password, createdAt: Number(row.created_at) });
const toToken = (row: Tables["tokens"]): TokenRow => ({
  id: row.id, user: row.user_id, hash: row.hash, label: row.label, createdAt: Number(row.created_at), seenAt: Number(row.seen_at),
  ...(row.revoked_at === null ? {} : { revokedAt: Number(row.revoked_at) }),
});

export const createSqlAccounts = ({ db, ids, dialect }: SqlAccountsDep): Accounts => ({ ...users(db), ...tokens(db), ...workspaces(db, dialect), ...audits(db, ids) });

const users = (db: Database): Pick<Accounts, "userCount" | "addUser" | "userByName" | "userNameOf" | "setPassword"> => ({
  userCount: async () => Number((await db.selectFrom("users").select(db.fn.countAll().as("n")).executeTakeFirstOrThrow()).n),
  addUser: async (user, onlyFirst) => {
    const values = [user.id, user.name, user.password, user.createdAt] as const;
    const guard = onlyFirst ? sql`where not exists (select 1 from users)` : sql`where true`;
    const done = await sql`insert into users (id, name, password, created_at)
      select ${sql.join(values.map((v) => (typeof v === "number" ? sql`cast(${v} as bigint)` : sql`cast(${v} as text)`)))} ${guard} on conflict (name) do nothing`.execute(db);
    return (done.numAffectedRows ?? 0n) > 0n;
  },
  userByName: async (name) => {
    const row = await db.selectFrom("users").selectAll().where("name", "=", name).executeTakeFirst();
    return row && toUser(row);
  },
  userNameOf: async (user) => (await db.selectFrom("users").select("name").where("id", "=", user).executeTakeFirst())?.name,
  setPassword: async (user, password) => {
    await db.updateTable("users").set({ password }).where("id", "=", user).execute();
  },
});

const tokens = (db: Database): Pick<Accounts, "addToken" | "tokenByHash" | "tokensOf" | "revokeToken" | "revokeOthers"> => ({
  addToken: async (token) => {
    await db.insertInto("tokens").values({
      id: token.id, user_id: token.user, hash: token.hash, label: token.label, created_at: token.createdAt, seen_at: token.seenAt, revoked_at: null,
    }).execute();
  },
  tokenByHash: async (hash, now) => {
    const row = await db.selectFrom("tokens").innerJoin("users", "users.id", "tokens.user_id")
      .selectAll("tokens").select("users.name as user_name").where("hash", "=", hash).where("revoked_at", "is", null).executeTakeFirst();
    if (row === undefined) return undefined;
    if (Number(row.seen_at) < now - seenEveryMs) await db.updateTable("tokens").set({ seen_at: now }).where("id", "=", row.id).execute();
    return { ...toToken(row), userName: row.user_name };
  },
  tokensOf: async (user) => (await db.selectFrom("tokens").selectAll().where("user_id", "=", user).orderBy("created_at").execute()).map(toToken),
  revokeToken: async (user, id, now) => {
    const done = await db.updateTable("tokens").set({ revoked_at: now }).where("user_id", "=", user).where("id", "=", id).where("revoked_at", "is", null).executeTakeFirst();
    return done.numUpdatedRows > 0n;
  },
  revokeOthers: async (user, kept, now) =>
    Number((await db.updateTable("tokens").set({ revoked_at: now }).where("user_id", "=", user).where("id", "!=", kept).where("revoked_at", "is", null).executeTakeFirst()).numUpdatedRows),
});

const workspaces = (db: Database, dialect: Dialect | undefined): Pick<Accounts, "addWorkspace" | "workspacesOf" | "roleIn" | "members" | "setRole"> => ({
  addWorkspace: (workspace, admin) =>
    db.transaction().execute(async (tx) => {
      await tx.insertInto("workspaces").values({ id: workspace.id, name: workspace.name, created_at: workspace.createdAt }).execute();
      await tx.insertInto("members").values({ workspace: workspace.id, user_id: admin, role: "admin" }).execute();
    }),
  workspacesOf: async (user) => {
    const rows = await db.selectFrom("members").innerJoin("workspaces", "workspaces.id", "members.workspace")
      .select(["workspaces.id", "workspaces.name", "workspaces.created_at", "members.role"]).where("user_id", "=", user).orderBy("workspaces.created_at").execute();
    return rows.map((row) => ({ id: row.id, name: row.name, createdAt: Number(row.created_at), role: row.role as Role }));
  },
  roleIn: async (workspace, user) =>
    (await db.selectFrom("members").select("role").where("workspace", "=", workspace).where("user_id", "=", user).executeTakeFirst())?.role as Role | undefined,
  members: async (workspace) => {
    const rows = await db.selectFrom("members").innerJoin("users", "users.id", "members.user_id")
      .select(["members.user_id", "users.name", "members.role"]).where("workspace", "=", workspace).orderBy("users.name").execute();
    return rows.map((row) => ({ workspace, user: row.user_id, name: row.name, role: row.role as Role }));
  },
  setRole: (workspace, user, role) =>
    db.transaction().execute(async (tx) => {
      // Two admins who take each other's role away do so one after the other.
      await dialect?.inTurn?.(`members ${workspace}`).execute(tx);
      const admins = await tx.selectFrom("members").select("user_id").where("workspace", "=", workspace).where("role", "=", "admin").execute();
      if (role !== "admin" && admins.length === 1 && admins[0]?.user_id === user) return false;
      await tx.deleteFrom("members").where("workspace", "=", workspace).where("user_id", "=", user).execute();
      if (role !== undefined) await tx.insertInto("members").values({ workspace, user_id: user, role }).execute();
      return true;
    }),
});

const audits = (db: Database, ids: Ids): Pick<Accounts, "audit" | "auditLog"> => ({
  audit: async ({ at, user, action, target, workspace }) => {
    await db.insertInto("audit").values({ id: ids.next(), at, user_id: user, action, target, workspace: workspace ?? null }).execute();
  },
  auditLog: async (limit, workspace) => {
    let query = db.selectFrom("audit").leftJoin("users", "users.id", "audit.user_id")
      .select(["audit.at", "audit.user_id", "audit.action", "audit.target", "audit.workspace", "users.name"]).orderBy("audit.at", "desc").orderBy("audit.id", "desc").limit(limit);
    if (workspace !== undefined)
      query = query.where((eb) => eb.or([
        eb("audit.workspace", "=", workspace),
        eb.and([eb("audit.workspace", "is", null), eb("audit.user_id", "in", eb.selectFrom("members").select("members.user_id").where("members.workspace", "=", workspace))]),
      ]));
    return (await query.execute()).map((row) => ({
      at: Number(row.at), user: row.user_id, action: row.action, target: row.target,
      ...(row.workspace === null ? {} : { workspace: row.workspace }), ...(row.name === null ? {} : { name: row.name }),
    }));
  },
});
