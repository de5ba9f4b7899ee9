/** Builds the whole server over a database of the test's, without a socket: what `main` hands in, with clocks and ids of the test's choice. */
import { createSqlAccounts } from "../../src/adapters/sql/accounts.ts";
import { createSqlBlobs } from "../../src/adapters/sql/blobs.ts";
import { createSqlDevices } from "../../src/adapters/sql/device/devices.ts";
import { postgres, sqlite } from "../../src/adapters/sql/dialect.ts";
import type { Database } from "../../src/adapters/sql/schema.ts";
import { createSqlSessions } from "../../src/adapters/sql/device/sessions.ts";
import { createSqlSpaces } from "../../src/adapters/sql/spaces.ts";
import type { AppDep } from "../../src/server/app.ts";
import { createHeads } from "../../src/server/heads.ts";
import { createLog } from "../../src/server/observe/log.ts";
import { createMetrics } from "../../src/server/observe/metrics.ts";

export interface ServerHow extends Partial<AppDep> {
  readonly isPostgres?: boolean;
  readonly blobSpaceMax?: number;
}
export const serverDep = (db: Database, { isPostgres = false, blobSpaceMax = 1 << 30, ...over }: ServerHow = {}): AppDep => {
  const dialect = isPostgres ? postgres : sqlite;
  const ids = over.ids ?? { next: () => crypto.randomUUID(), random: () => 0.5 };
  const now = over.now ?? Date.now;
  return {
    accounts: createSqlAccounts({ db, ids, dialect }), spaces: createSqlSpaces({ db, lockRows: dialect.lockRows, now }), sessions: createSqlSessions({ db, dialect }),
    devices: createSqlDevices({ db, dialect }), blobs: createSqlBlobs({ db, dialect, now, spaceMax: blobSpaceMax }), heads: createHeads(), ids, now, node: "test",
    metrics: createMetrics(), log: createLog("silent", () => undefined), elapsed: () => performance.now(),
    folder: "/nowhere", sandboxHash: "", version: "test", addressOf: () => "127.0.0.1", isHealthy: async () => true, ...over,
  };
};
