/**
 * Owns postgres steps: which database a DSN means, parameters, transactions, whose turn it is. The rest is sqlite's, in `sql/step.ts`.
 * A server somewhere else is refused with its reason; nothing is run instead.
 */
import { writeText, type Exit, type Kind, type KindContext } from "../../kind.ts";
import { SettingsError, type SqlSettings } from "../sql/settings.ts";
import { bindNumbers } from "../sql/statements.ts";
import { runSqlStep, type Opening, type SqlEngine } from "../sql/step.ts";
import { placeOf } from "./dsn.ts";

/** A statement cannot be interrupted: whoever waits may wait as long as the one before may take. */
const lockMsMax = 120_000;
/** How long a lock is trusted while a statement without a limit of its own runs. */
const statementMsMax = 600_000;

/** Go's words, as sqlite's timeout in Dagu. */
const lateText = "context deadline exceeded";
export const missingPack = "the PostgreSQL pack is not part of this program";

const remote = async (context: KindContext, host: string): Promise<Exit> => {
  const error = `postgres: ${host} is a server, and steps here open no raw connection. A database of this device is pglite:NAME or postgres://localhost/NAME; a server needs a backend`;
  await writeText(context.stderr, `${error}\n`);
  return { exitCode: 0, error, reason: "unsupported" };
};

const open = async (context: KindContext, { settings, bytes, signal, deadlineMs, lock }: Opening): Promise<SqlEngine> => {
  const { postgres, assets, now, deadline } = context.world;
  if (postgres === undefined) throw new Error(missingPack);
  const leftMs = (): number => (Number.isFinite(deadlineMs) ? Math.max(0, deadlineMs - now()) : statementMsMax);
  lock?.renew(leftMs());
  const done = Number.isFinite(deadlineMs) ? deadline?.(leftMs(), lateText) : undefined;
  const db = await postgres(assets, bytes);
  if (settings.advisoryLock !== undefined) await db.change(`SELECT pg_advisory_lock(${settings.advisoryLock})`, []);
  return {
    dialect: "postgres",
    begin: [settings.isolationLevel === "" ? "BEGIN" : `BEGIN ISOLATION LEVEL ${settings.isolationLevel}`],
    change: (sql, values) => {
      lock?.renew(leftMs());
      return db.change(sql, values);
    },
    run: (statement, params) => {
      if (signal.aborted) throw new Error(lateText);
      lock?.renew(leftMs());
      const { sql, values } = bindNumbers(statement, params);
      return db.run(sql, values);
    },
    bytes: db.bytes,
    limit: () => db.spent(),
    close: async () => {
      done?.();
      await db.close();
    },
  };
};

export const postgres: Kind = async (context) => {
  const at = { cwd: context.cwd, folder: context.order.places.folder };
  const place = placeOf(String(context.settings["dsn"] ?? ""), at);
  if (place.type === "remote") return remote(context, place.host);
  const path = (_: SqlSettings): string | undefined => {
    if (place.type === "bad") throw new SettingsError(place.message);
    return place.type === "file" ? place.path : undefined;
  };
  return runSqlStep(context, { path, open: (opening) => open(context, opening), lockMsMax });
};
