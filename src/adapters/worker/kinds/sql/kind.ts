/** Owns sqlite steps: which file, how statements are bound, when they interrupt themselves. The rest is `step.ts`. */
import { resolvePath } from "../../files/whole.ts";
import type { Kind, KindWorld } from "../../kind.ts";
import { heapBytesMax, openSqlite } from "./sqlite.ts";
import { answersRows, bindNames } from "./statements.ts";
import { runSqlStep, type Opening, type SqlEngine } from "./step.ts";

const lockMsMax = 60_000;

/** Path of the database; undefined = in memory only. */
const databasePath = (dsn: string, cwd: string): string | undefined => {
  const bare = dsn.replace(/^(sqlite3?:\/\/|file:)/, "").replace(/\?.*$/s, "");
  return bare === "" || bare.startsWith(":memory:") ? undefined : resolvePath(cwd, bare);
};
const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);

const open = async ({ assets, now }: KindWorld, { bytes, signal, deadlineMs, lock }: Opening): Promise<SqlEngine> => {
  const isAborted = (): boolean => {
    lock?.renew();
    return signal.aborted;
  };
  const db = await openSqlite({ assets, now, deadlineMs, isAborted, ...(bytes === undefined ? {} : { bytes }) });
  return {
    dialect: "sqlite",
    begin: ["BEGIN"],
    change: db.change,
    close: db.close,
    run: (statement, params) => {
      const { sql, values } = bindNames(statement, params, () => "?");
      if (!answersRows(statement)) return db.change(sql, values);
      const { columns, rows } = db.query(sql, values);
      return { columns, pages: [rows] };
    },
    bytes: () => {
      const after = db.bytes();
      return bytes !== undefined && isSame(bytes, after) ? undefined : after;
    },
    limit: (message) => (/out of memory|SQLITE_NOMEM/i.test(message) ? `memory ${heapBytesMax} bytes` : undefined),
  };
};

export const sqlite: Kind = (context) =>
  runSqlStep(context, { path: ({ dsn }) => databasePath(dsn, context.cwd), open: (opening) => open(context.world, opening), lockMsMax });
