/** Owns users, device tokens, workspaces and roles in SQL. Knows no HTTP and no hash function. */
import { sql } from "kysely";
import type { Role } from "../../core/replica/wire/roles.ts";
import type { Accounts, TokenRow, UserRow } from "../../ports/server/accounts.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Database, Tables } from "./schema.ts";

export interface SqlAccountsDep {
  readonly db: Database;
  readonly ids: Ids;
}
const seenEveryMs = 60_000;

const toUser = (row: Tables["users"]): UserRow => ({ id: row.id, name: row.name, password: row.password, createdAt: Number(row.created_at) });
const toToken = (row: Tables["tokens"]): TokenRow => ({
  id: row.id, user: row.user_id, hash: row.hash, label: row.label, createdAt: Number(row.created_at), seenAt: Number(row.seen_at),
  ...(row.revoked_at === null ? {} : { revokedAt: Number(row.revoked_at) }),
});

export const createSqlAccounts = ({ db, ids }: SqlAccountsDep): Accounts => ({ ...users(db), ...tokens(db), ...workspaces(db), ...audits(db, ids) });

const users = (db: Database): Pick<Accounts, "userCount" | "addUser" | "userByName" | "setPassword"> => ({
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
  setPassword: async (user, password) => {
    await db.updateTable("users").set({ password }).where("id", "=", user).execute();
  },
});

const tokens = (db: Database): Pick<Accounts, "addToken" | "tokenByHash" | "tokensOf" | "revokeToken"> => ({
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
});

const workspaces = (db: Database): Pick<Accounts, "addWorkspace" | "workspacesOf" | "roleIn" | "members" | "setRole"> => ({
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
      const admins = await tx.selectFrom("members").select("user_id").where("workspace", "=", workspace).where("role", "=", "admin").execute();
      if (role !== "admin" && admins.length === 1 && admins[0]?.user_id === user) return false;
      await tx.deleteFrom("members").where("workspace", "=", workspace).where("user_id", "=", user).execute();
      if (role !== undefined) await tx.insertInto("members").values({ workspace, user_id: user, role }).execute();
      return true;
    }),
});

const audits = (db: Database, ids: Ids): Pick<Accounts, "audit" | "auditLog"> => ({
  audit: async ({ at, user, action, target }) => {
    await db.insertInto("audit").values({ id: ids.next(), at, user_id: user, action, target }).execute();
  },
  auditLog: async (limit) => {
    const rows = await db.selectFrom("audit").selectAll().orderBy("at", "desc").orderBy("id", "desc").limit(limit).execute();
    return rows.map((row) => ({ at: Number(row.at), user: row.user_id, action: row.action, target: row.target }));
  },
});
