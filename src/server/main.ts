/** The root of `npm start`: builds when needed, opens the database, serves, and shuts down cleanly. */
import { serve } from "@hono/node-server";
import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer as createHttps } from "node:https";
import { join } from "node:path";
import { sql } from "kysely";
import { createSqlAccounts } from "../adapters/sql/accounts.ts";
import { openHeadsBridge } from "../adapters/sql/heads-bridge.ts";
import { openPostgres } from "../adapters/sql/postgres.ts";
import { createSqlSpaces } from "../adapters/sql/spaces.ts";
import { openSqlite } from "../adapters/sql/sqlite.ts";
import type { Database } from "../adapters/sql/schema.ts";
import { buildIfNeeded, distFolder } from "../cli/build/build.ts";
import { createApp } from "./app.ts";
import { createHeads } from "./heads.ts";
import { plainHttpWarning, readOptions, type ServerOptions } from "./options.ts";
import { sweepTombstones } from "./replication.ts";
import { sandboxHash } from "./sandbox.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const warn = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
const sweepEveryMs = 10 * 60_000;
const shutdownMs = 5_000;

const openDatabase = ({ data }: ServerOptions): Promise<Database> => {
  const url = process.env["DATABASE_URL"];
  if (url !== undefined && url !== "") return openPostgres(url, Date.now());
  mkdirSync(data, { recursive: true });
  return openSqlite(join(data, "dagbok.sqlite"), Date.now());
};

const start = async (options: ServerOptions): Promise<void> => {
  await buildIfNeeded(say);
  const db = await openDatabase(options);
  const url = process.env["DATABASE_URL"];
  const bridge = url === undefined || url === "" ? undefined : await openHeadsBridge(url, warn);
  const ids = { next: () => randomUUID(), random: Math.random };
  const dep = {
    accounts: createSqlAccounts({ db, ids }),
    spaces: createSqlSpaces({ db, lockRows: bridge !== undefined, now: Date.now }),
    heads: createHeads(bridge), ids, now: Date.now, folder: distFolder, sandboxHash: sandboxHash(), version: version(),
    addressOf: (c: { env: unknown }) => (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket?.remoteAddress ?? "",
    isHealthy: () => sql`select 1`.execute(db).then(() => true, () => false),
  };
  const app = createApp(dep);
  const tls = options.tls && { createServer: createHttps, serverOptions: { cert: readPem(options.tls.cert), key: readPem(options.tls.key) } };
  const server = serve({ fetch: app.fetch, port: options.port, hostname: options.host, ...tls }, (at) => {
    say(`Dagbok is at ${tls === undefined ? "http" : "https"}://${options.host}:${at.port}`);
    const warning = plainHttpWarning(options);
    if (warning !== undefined) say(warning);
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    process.stderr.write(error.code === "EADDRINUSE" ? `Port ${options.port} is taken: stop what uses it or give another with --port.\n` : `${error.message}\n`);
    process.exit(1);
  });
  const sweep = setInterval(() => void sweepAll(dep), sweepEveryMs);
  const stop = (): void => {
    clearInterval(sweep);
    const force = setTimeout(() => process.exit(0), shutdownMs);
    server.close(() => void Promise.all([db.destroy(), bridge?.close()]).finally(() => {
      clearTimeout(force);
      process.exit(0);
    }));
    if ("closeIdleConnections" in server) server.closeIdleConnections();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
};

/** Ends the program with words when the file cannot be read. */
const readPem = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    process.stderr.write(`The certificate or key cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
};

const sweepAll = async (dep: Parameters<typeof sweepTombstones>[0]): Promise<void> => {
  try {
    for (const space of await dep.spaces.names()) await sweepTombstones(dep, space);
  } catch (error) {
    process.stderr.write(`Sweep failed, tried again in ten minutes: ${error instanceof Error ? error.message : String(error)}\n`);
  }
};
const version = (): string => (JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string }).version;

const options = readOptions(process.argv.slice(2));
if (options.ok) await start(options.value);
else {
  process.stderr.write(`${options.error}\n`);
  process.exitCode = 2;
}
