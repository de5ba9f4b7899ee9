/** The root of `npm start` and of `dagbok-server`: opens the database, serves, takes and puts back copies, and shuts down cleanly. */
import { serve } from "@hono/node-server";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer as createHttps } from "node:https";
import { join, resolve } from "node:path";
import { sql } from "kysely";
import { createSqlAccounts } from "../adapters/sql/accounts.ts";
import { backupSqlite, replaceSqlite, type RestoreRefusal } from "../adapters/sql/backup.ts";
import { createSqlBlobs } from "../adapters/sql/blobs.ts";
import { createSqlDevices } from "../adapters/sql/device/devices.ts";
import { postgres, sqlite } from "../adapters/sql/dialect.ts";
import { openHeadsBridge, type HeadsBridge } from "../adapters/sql/heads-bridge.ts";
import { openPostgres } from "../adapters/sql/postgres.ts";
import type { Database } from "../adapters/sql/schema.ts";
import { createSqlSessions } from "../adapters/sql/device/sessions.ts";
import { createSqlSpaces } from "../adapters/sql/spaces.ts";
import { closeSqlite, openSqlite } from "../adapters/sql/sqlite.ts";
import { buildIfNeeded, distFolder } from "../cli/build/build.ts";
import { createApp, type AppDep } from "./app.ts";
import { createHeads } from "./heads.ts";
import { createLog, errorFields, withoutPasswords, type Log } from "./observe/log.ts";
import { createMetrics } from "./observe/metrics.ts";
import { startChores } from "./chores.ts";
import { plainHttpWarning, readCommand, type ServerCommand, type ServerOptions } from "./options.ts";
import { sandboxHash } from "./sandbox.ts";
import { declareRestored, detectRestore } from "./sync/restore.ts";
import { createSidecar, readSidecar, writeSidecar, type Sidecar } from "./sync/sidecar.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${withoutPasswords(line)}\n`);
const shutdownMs = 5_000;
const politeMs = 3_000;
const idleMs = 50;
/** Bytes of all blobs of a workspace at most. */
const blobSpaceMax = 10 * 2 ** 30;
const databaseUrl = process.env["DATABASE_URL"] === "" ? undefined : process.env["DATABASE_URL"];
const databaseFile = (data: string): string => join(data, "dagbok.sqlite");
const sidecarFile = (data: string): string => join(data, "head.json");
const ids = { next: () => randomUUID(), random: Math.random };

const openDatabase = (data: string, onIdleError: (error: Error) => void): Promise<Database> => {
  if (databaseUrl !== undefined) return openPostgres(databaseUrl, Date.now(), onIdleError);
  mkdirSync(data, { recursive: true });
  return openSqlite(databaseFile(data), Date.now());
};
const storagesOf = (db: Database) => {
  const dialect = databaseUrl === undefined ? sqlite : postgres;
  return {
    accounts: createSqlAccounts({ db, ids, dialect }),
    spaces: createSqlSpaces({ db, lockRows: dialect.lockRows, now: Date.now }),
    sessions: createSqlSessions({ db, dialect }),
    devices: createSqlDevices({ db, dialect }),
    blobs: createSqlBlobs({ db, dialect, now: Date.now, spaceMax: blobSpaceMax }),
  };
};

const start = async (options: ServerOptions): Promise<void> => {
  if (options.build) await buildIfNeeded(say);
  const log = createLog(options.logLevel, (line) => void process.stderr.write(line));
  const metrics = createMetrics();
  const onDatabaseError = (error: unknown): void => {
    metrics.count("dagbok_database_errors_total", { where: "background" });
    log.warn(errorFields(error), "the database failed in the background");
  };
  const db = await openDatabase(options.data, onDatabaseError);
  const bridge = databaseUrl === undefined ? undefined : await openHeadsBridge(databaseUrl, onDatabaseError);
  const storages = storagesOf(db);
  const sidecar = databaseUrl === undefined ? await openSidecar(options.data, storages, log) : undefined;
  const dep: AppDep = {
    ...storages, heads: createHeads(bridge), ids, now: Date.now, node: randomUUID(), metrics, log, elapsed: () => performance.now(),
    folder: distFolder, sandboxHash: sandboxHash(), version: version(),
    addressOf: addressBy(options),
    isHealthy: () => sql`select 1`.execute(db).then(() => true, () => false),
    ...(options.metricsToken === undefined ? {} : { metricsToken: options.metricsToken }),
    ...(sidecar === undefined ? {} : { onHead: sidecar.note }),
  };
  const chores = startChores(dep, { isShared: bridge !== undefined });
  const server = listen(dep, options);
  onStop(server, dep, [chores, async () => sidecar?.flush(), () => closeAll(db, bridge)]);
};

/** The caller's address; behind a proxy the one that the proxy saw, the last it added. */
const addressBy = ({ behindProxy }: ServerOptions): AppDep["addressOf"] => (c) => {
  const socket = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress ?? "";
  return (behindProxy ? c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined) ?? socket;
};

/** Compares the database with what was kept outside it, before anybody is served. */
const openSidecar = async (data: string, storages: ReturnType<typeof storagesOf>, log: Log): Promise<Sidecar> => {
  const path = sidecarFile(data);
  const noted = readSidecar(path);
  if (noted === undefined) log.warn({ path }, "the noted head cannot be read: a restore by hand would only be noticed by devices");
  for (const renewed of await detectRestore({ ...storages, ids }, noted ?? [])) {
    log.warn(renewed, "the database is older than it was: a new epoch began, devices will give back what they hold");
    say(`The database of workspace ${renewed.space} is older than it was. Devices will give back what they still hold.`);
  }
  const sidecar = createSidecar({ path, heads: storages.devices.heads, onError: (error) => log.error(errorFields(error), "the head cannot be noted outside the database") });
  await sidecar.flush();
  return sidecar;
};

const listen = (dep: AppDep, options: ServerOptions): ReturnType<typeof serve> => {
  const app = createApp(dep);
  const tls = options.tls && { createServer: createHttps, serverOptions: { cert: readPem(options.tls.cert), key: readPem(options.tls.key) } };
  const server = serve({ fetch: app.fetch, port: options.port, hostname: options.host, ...tls }, (at) => {
    say(`Dagbok is at ${tls === undefined ? "http" : "https"}://${options.host}:${at.port}`);
    const warning = plainHttpWarning(options);
    if (warning !== undefined) say(warning);
    dep.log.info({ port: at.port, version: dep.version, database: databaseUrl === undefined ? "sqlite" : "postgres" }, "started");
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    complain(error.code === "EADDRINUSE" ? `Port ${options.port} is taken: stop what uses it or give another with --port.` : error.message);
    process.exit(1);
  });
  return server;
};

/** Ends sessions and streams first, so that devices go to another node at once; then the rest, within five seconds. */
const onStop = (server: ReturnType<typeof serve>, dep: AppDep, then: readonly (() => Promise<unknown>)[]): void => {
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    const force = setTimeout(() => process.exit(0), shutdownMs);
    const closed = new Promise<void>((done) => void server.close(() => done()));
    const ended = await dep.sessions.closeNode(dep.node).catch(() => 0);
    dep.heads.end();
    await letGo(server, closed);
    for (const one of then) await one().catch((error: unknown) => dep.log.warn(errorFields(error), "stopping went wrong"));
    dep.log.info({ sessionsEnded: ended }, "stopped");
    clearTimeout(force);
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
};
/** Connections go as their answers end; what still talks after three seconds is cut. */
const letGo = async (server: ReturnType<typeof serve>, closed: Promise<void>): Promise<void> => {
  if (!("closeIdleConnections" in server)) return closed;
  const idle = setInterval(() => server.closeIdleConnections(), idleMs);
  const cut = setTimeout(() => server.closeAllConnections(), politeMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
};
const closeAll = async (db: Database, bridge: HeadsBridge | undefined): Promise<void> => {
  await bridge?.close();
  await (databaseUrl === undefined ? closeSqlite(db) : db.destroy());
};

/** Ends the program with words when the file cannot be read. */
const readPem = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    complain(`The certificate or key cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
};
const version = (): string => (JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string }).version;

const refusalWords = (refusal: RestoreRefusal, file: string): string => {
  switch (refusal.type) {
    case "no-file":
      return `There is no file ${file}.`;
    case "not-a-backup":
      return `${file} is not a copy of Dagbok's data: ${refusal.why}`;
    case "newer":
      return `${file} was written by a newer Dagbok (shape ${refusal.version}): restore it with that version.`;
    case "in-use":
      return "The database is open: stop the server first.";
  }
};
const usesPgDump = "The data is in PostgreSQL: copy it with pg_dump and put it back with pg_restore while no node runs, then run `dagbok-server restored`.";

/** Answers the exit code. */
const chore = async (command: Exclude<ServerCommand, { type: "serve" }>): Promise<number> => {
  if (databaseUrl !== undefined && command.type !== "restored") {
    complain(usesPgDump);
    return 2;
  }
  if (command.type === "restore") {
    mkdirSync(command.data, { recursive: true });
    const done = replaceSqlite(databaseFile(command.data), resolve(command.file), new Date().toISOString().replaceAll(/[:.]/g, "-"));
    if (!done.ok) {
      complain(refusalWords(done.error, command.file));
      return 1;
    }
    if (done.value !== undefined) say(`What was there before lies in ${done.value}.`);
  }
  const db = await openDatabase(command.data, (error) => complain(error.message));
  try {
    if (command.type !== "backup") return await renewEpochs(db, command.data);
    const done = await backupSqlite(db, resolve(command.file));
    if (done.ok) say(`Copied to ${command.file}.`);
    else complain(`${command.file} exists: give a name that is free.`);
    return done.ok ? 0 : 1;
  } finally {
    await closeAll(db, undefined);
  }
};
const renewEpochs = async (db: Database, data: string): Promise<number> => {
  const storages = storagesOf(db);
  for (const { space, head } of await declareRestored({ ...storages, ids })) say(`Workspace ${space} goes on from ${head}. Devices will give back what they still hold of later.`);
  if (databaseUrl === undefined) writeSidecar(sidecarFile(data), await storages.devices.heads());
  return 0;
};

const command = readCommand(process.argv.slice(2));
try {
  if (!command.ok) {
    complain(command.error);
    process.exitCode = 2;
  } else if (command.value.type === "serve") await start(command.value.options);
  else process.exitCode = await chore(command.value);
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
