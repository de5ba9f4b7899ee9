import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSqlAccounts } from "../../../src/adapters/sql/accounts.ts";
import { createSqlBlobs } from "../../../src/adapters/sql/blobs.ts";
import { createSqlDevices } from "../../../src/adapters/sql/device/devices.ts";
import { postgres as dialect } from "../../../src/adapters/sql/dialect.ts";
import { createSqlSessions } from "../../../src/adapters/sql/device/sessions.ts";
import { openHeadsBridge } from "../../../src/adapters/sql/heads-bridge.ts";
import { createHeads } from "../../../src/server/heads.ts";
import { openPostgres } from "../../../src/adapters/sql/postgres.ts";
import type { Database } from "../../../src/adapters/sql/schema.ts";
import { createSqlSpaces } from "../../../src/adapters/sql/spaces.ts";
import { accountsContract } from "../../contracts/accounts.contract.ts";
import { blobsContract } from "../../contracts/blobs.contract.ts";
import { devicesContract } from "../../contracts/devices.contract.ts";
import { sessionsContract } from "../../contracts/sessions.contract.ts";
import { spacesContract } from "../../contracts/spaces.contract.ts";
import { startCluster, type Cluster } from "../../kit/postgres.ts";

let cluster: Cluster;
const opened: Database[] = [];
let databases = 0;
const freshDatabase = async (): Promise<string> => {
  const name = `t${++databases}`;
  const admin = await openPostgres(cluster.url("postgres"), 0);
  await sql.raw(`create database ${name}`).execute(admin);
  await admin.destroy();
  return cluster.url(name);
};
let shared: Database | undefined;
/** One database for many cases, emptied for each: making one takes longer than a case. */
const emptied = async (): Promise<Database> => {
  shared ??= await open(await freshDatabase());
  for (const table of ["spaces", "commits", "replicas", "rows", "edits", "users", "tokens", "workspaces", "members", "audit", "sync_sessions", "blobs", "blob_parts", "recoveries"] as const)
    await shared.deleteFrom(table).execute();
  return shared;
};
const open = async (url: string): Promise<Database> => {
  const db = await openPostgres(url, 0);
  opened.push(db);
  return db;
};
beforeAll(async () => {
  cluster = await startCluster();
}, 60_000);
afterAll(async () => {
  for (const db of opened) await db.destroy();
  cluster.stop();
});

spacesContract("PostgreSQL", async (now) => createSqlSpaces({ db: await emptied(), lockRows: true, now }));
sessionsContract("PostgreSQL", async () => {
  const db = await emptied();
  return { sessions: createSqlSessions({ db, dialect }), age: (ms) => sql`update sync_sessions set lease_until = lease_until - ${ms}, started_at = started_at - ${ms}`.execute(db) };
});
blobsContract("PostgreSQL", async (now, spaceMax) => {
  const db = await emptied();
  return { blobs: createSqlBlobs({ db, dialect, now, spaceMax }), spaces: createSqlSpaces({ db, lockRows: true, now }) };
});
devicesContract("PostgreSQL", async (now) => {
  const db = await emptied();
  const ids = { next: () => crypto.randomUUID(), random: () => 0.5 };
  return { devices: createSqlDevices({ db, dialect }), spaces: createSqlSpaces({ db, lockRows: true, now }), accounts: createSqlAccounts({ db, ids }) };
});
accountsContract("PostgreSQL", async (ids) => createSqlAccounts({ db: await emptied(), ids }));

describe("two nodes on one PostgreSQL", () => {
  it("tell each other that a space has moved on, well within two seconds", async () => {
    const url = await freshDatabase();
    await open(url);
    const failed = (error: unknown): never => { throw error; };
    const [one, two] = await Promise.all([openHeadsBridge(url, failed), openHeadsBridge(url, failed)]);
    const [first, second] = [createHeads(one), createHeads(two)];
    const heard = new Promise<number>((hear) => second.listen("w", { onHead: hear, onEnd: () => undefined }));
    const from = performance.now();
    first.publish("w", 7);
    expect(await heard).toBe(7);
    expect(performance.now() - from).toBeLessThan(2_000);
    await Promise.all([one.close(), two.close()]);
  });
  it("hear one another again after the database has cut them off", async () => {
    const url = await freshDatabase();
    const db = await open(url);
    const errors: unknown[] = [];
    const [one, two] = await Promise.all([openHeadsBridge(url, (error) => errors.push(error)), openHeadsBridge(url, (error) => errors.push(error))]);
    const [first, second] = [createHeads(one), createHeads(two)];
    const heard: number[] = [];
    second.listen("w", { onHead: (head) => void heard.push(head), onEnd: () => undefined });
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like 'listen%' and datname = current_database()`.execute(db);
    await expect.poll(() => errors.length, { timeout: 20_000 }).toBeGreaterThan(1);
    await expect.poll(() => {
      first.publish("w", 7);
      return heard.includes(7);
    }, { timeout: 20_000, interval: 200 }).toBe(true);
    await Promise.all([one.close(), two.close()]);
  });
  it("migrate once, though they start together", async () => {
    const url = await freshDatabase();
    const [one] = await Promise.all([open(url), open(url)]);
    expect(await one.selectFrom("migrations").select("version").execute()).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }]);
  });
});
