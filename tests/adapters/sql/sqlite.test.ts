import Libsql from "libsql";
import { sql } from "kysely";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSqlAccounts } from "../../../src/adapters/sql/accounts.ts";
import { createSqlBlobs } from "../../../src/adapters/sql/blobs.ts";
import { createSqlDevices } from "../../../src/adapters/sql/device/devices.ts";
import { sqlite } from "../../../src/adapters/sql/dialect.ts";
import { createSqlSessions } from "../../../src/adapters/sql/device/sessions.ts";
import { createSqlSpaces } from "../../../src/adapters/sql/spaces.ts";
import { openSqlite } from "../../../src/adapters/sql/sqlite.ts";
import { accountsContract } from "../../contracts/accounts.contract.ts";
import { blobsContract } from "../../contracts/blobs.contract.ts";
import { devicesContract } from "../../contracts/devices.contract.ts";
import { sessionsContract } from "../../contracts/sessions.contract.ts";
import { spacesContract } from "../../contracts/spaces.contract.ts";

const dialect = sqlite;
const ids = { next: () => crypto.randomUUID(), random: () => 0.5 };
spacesContract("SQLite", async (now) => createSqlSpaces({ db: await openSqlite(":memory:", now()), lockRows: false, now }));
accountsContract("SQLite", async (made) => createSqlAccounts({ db: await openSqlite(":memory:", 0), ids: made }));
sessionsContract("SQLite", async () => {
  const db = await openSqlite(":memory:", 0);
  return { sessions: createSqlSessions({ db, dialect }), age: (ms) => sql`update sync_sessions set lease_until = lease_until - ${ms}, started_at = started_at - ${ms}`.execute(db) };
});
blobsContract("SQLite", async (now, spaceMax) => {
  const db = await openSqlite(":memory:", 0);
  return { blobs: createSqlBlobs({ db, dialect, now, spaceMax }), spaces: createSqlSpaces({ db, lockRows: false, now }) };
});
devicesContract("SQLite", async (now) => {
  const db = await openSqlite(":memory:", 0);
  return { devices: createSqlDevices({ db, dialect }), spaces: createSqlSpaces({ db, lockRows: false, now }), accounts: createSqlAccounts({ db, ids }) };
});

describe("a database of an older shape", () => {
  it("of version 2 is brought to the present one with all it holds", async () => {
    const folder = mkdtempSync(join(tmpdir(), "dagbok-golden-"));
    const path = join(folder, "dagbok.sqlite");
    const old = new Libsql(path);
    old.exec(readFileSync(join(import.meta.dirname, "golden-2.sql"), "utf8"));
    old.close();
    const db = await openSqlite(path, 5_000);
    const devices = createSqlDevices({ db, dialect });
    expect(await devices.list("w1")).toEqual([{ replica: "r1", retired: false, seenAt: 2_000, acknowledged: 0 }]);
    expect(await devices.rowsBetween("w1", 0, 9)).toMatchObject({ head: 2, rows: [{ record: "dag/1", siblings: [{ body: { name: "kept" } }] }, { record: "dag/2" }] });
    expect(await createSqlAccounts({ db, ids }).workspacesOf("u1")).toEqual([{ id: "w1", name: "default", createdAt: 1_000, role: "admin" }]);
    expect((await db.selectFrom("migrations").selectAll().execute()).map((row) => [row.version, Number(row.at)])).toEqual([[1, 1_000], [2, 1_000], [3, 5_000]]);
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
});
