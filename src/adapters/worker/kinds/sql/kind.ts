/**
 * Owns sqlite steps: which file, which statements, in which order, what goes to stdout, stderr and `output_file`.
 * One line of metrics per statement goes to stderr, as Dagu's. Relative paths are seen from the step's directory (19.24).
 */
import { goJson } from "../../../../core/value/go/text.ts";
import { makeDirectories, parentOf, readTextFile, readWhole, resolvePath, statOf, writeWhole } from "../../files/whole.ts";
import { failed, succeeded, writeText, type Exit, type Kind, type KindContext, type Sink } from "../../kind.ts";
import { createCollector, withLimit } from "../../attempt/world.ts";
import { importText } from "./import.ts";
import { withFileLock } from "./lock.ts";
import { createRowWriter, type RowWriter } from "./rows.ts";
import { readSettings, SettingsError, type SqlSettings } from "./settings.ts";
import { openSqlite, type SqlDatabase } from "./sqlite.ts";
import { answersRows, bindNames, splitStatements } from "./statements.ts";

/** Bytes of an `output_file`. */
const outputBytesMax = 256 * 1024 * 1024;
const lockMsMax = 60_000;
const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));

/** Path of the database; undefined = in memory only. */
export const databasePath = (dsn: string, cwd: string): string | undefined => {
  const bare = dsn.replace(/^(sqlite3?:\/\/|file:)/, "").replace(/\?.*$/s, "");
  return bare === "" || bare.startsWith(":memory:") ? undefined : resolvePath(cwd, bare);
};

/** SQL text of the step: the script, the file it names, or the command. */
export const sqlText = async (context: KindContext): Promise<string> => {
  const text = context.expand(context.step.script ?? context.step.commands[0] ?? "", "otherCommand").trim();
  const file = /^file:\/\/(.+)$/.exec(text);
  return file ? readTextFile(context.world.files, resolvePath(context.cwd, file[1] as string)) : text;
};

const hashText = (query: string): string => {
  let hash = 0n;
  for (const char of query) hash = BigInt.asUintN(64, hash * 31n + BigInt(char.codePointAt(0) as number));
  return hash.toString(16).padStart(16, "0");
};
interface Counted {
  readonly rows_affected?: number;
  readonly rows_returned?: number;
}
/** Runs `work` and writes its metrics line, whatever comes of it. */
export const measured = async (context: KindContext, statement: string, work: () => Promise<Counted>): Promise<void> => {
  const startedAt = context.world.now();
  const write = (found: Counted, error?: string): void | Promise<void> => {
    const finishedAt = context.world.now();
    const counts = Object.entries(found).filter(([, count]) => count !== 0);
    const line = [
      ["query_hash", hashText(statement)], ["started_at", new Date(startedAt).toISOString()], ["finished_at", new Date(finishedAt).toISOString()],
      ["duration_ms", finishedAt - startedAt], ...counts, ["status", error === undefined ? "success" : "error"], ...(error === undefined ? [] : [["error", error]]),
    ] as const;
    return writeText(context.stderr, `{${line.map(([key, value]) => `"${String(key)}":${goJson(value as string)}`).join(",")}}\n`);
  };
  try {
    await write(await work());
  } catch (error) {
    await write({}, (error as Error).message);
    throw error;
  }
};

const runStatement = async (db: SqlDatabase, settings: SqlSettings, statement: string, writer: () => RowWriter): Promise<Counted> => {
  const { sql, values } = bindNames(statement, settings.params, () => "?");
  if (!answersRows(statement)) return { rows_affected: db.change(sql, values) };
  const { columns, rows } = db.query(sql, values);
  const out = writer();
  await out.header(columns);
  let count = 0;
  for (const row of rows) {
    if (settings.maxRows > 0 && count >= settings.maxRows) break;
    await out.row(row);
    count++;
  }
  await out.end();
  return { rows_returned: count };
};

const inTransaction = async (db: SqlDatabase, isWanted: boolean, work: () => Promise<void>): Promise<void> => {
  if (!isWanted) return work();
  db.change("BEGIN", []);
  try {
    await work();
  } catch (error) {
    db.change("ROLLBACK", []);
    throw error;
  }
  db.change("COMMIT", []);
};

const runImport = async (context: KindContext, settings: SqlSettings, db: SqlDatabase): Promise<void> => {
  const wanted = settings.import;
  if (wanted === undefined) return;
  const text = await readTextFile(context.world.files, resolvePath(context.cwd, wanted.inputFile));
  const metrics = await importText(text, wanted, { dialect: "sqlite", insert: db.change, batched: pause });
  await writeText(context.stderr, `${goJson({ ...metrics })}\n`);
};

const runAll = async (context: KindContext, settings: SqlSettings, db: SqlDatabase, sink: Sink): Promise<void> => {
  if (settings.import !== undefined) return inTransaction(db, true, () => runImport(context, settings, db));
  const text = await sqlText(context);
  if (text === "") throw new Error("no sql query provided");
  const statements = splitStatements(text);
  const isScript = context.step.script !== undefined;
  await inTransaction(db, settings.transaction, async () => {
    for (const [at, statement] of statements.entries()) {
      try {
        await measured(context, statement, () => runStatement(db, settings, statement, () => createRowWriter(settings, sink)));
      } catch (error) {
        throw isScript ? new Error(`statement ${at + 1} failed: ${(error as Error).message}`) : error;
      }
    }
  });
};

const work = async (context: KindContext, settings: SqlSettings, path: string | undefined, signal: AbortSignal): Promise<void> => {
  const { world } = context;
  const deadlineMs = Math.min(context.deadlineMs, settings.timeoutMs > 0 ? world.now() + settings.timeoutMs : Number.POSITIVE_INFINITY);
  const bytes = path !== undefined && (await statOf(world.files, path)) !== undefined ? await readWhole(world.files, path) : undefined;
  const db = await openSqlite({ assets: world.assets, now: world.now, deadlineMs, isAborted: () => signal.aborted, ...(bytes === undefined ? {} : { bytes }) });
  const file = settings.outputFile === "" ? undefined : createCollector(outputBytesMax);
  try {
    await runAll(context, settings, db, file ?? context.stdout);
  } finally {
    if (path !== undefined) await save(context, path, db.bytes(), bytes);
    db.close();
  }
  if (file === undefined) return;
  const target = resolvePath(context.cwd, settings.outputFile);
  await makeDirectories(world.files, parentOf(target));
  await writeWhole(world.files, target, file.bytes());
};
const save = async (context: KindContext, path: string, bytes: Uint8Array, before: Uint8Array | undefined): Promise<void> => {
  if (before !== undefined && before.length === bytes.length && bytes.every((byte, at) => byte === before[at])) return;
  await makeDirectories(context.world.files, parentOf(path));
  await writeWhole(context.world.files, path, bytes);
};

const exitOf = (error: unknown): Exit => {
  const message = error instanceof Error ? error.message : String(error);
  return /out of memory|SQLITE_NOMEM/i.test(message) ? { exitCode: 1, error: message, reason: "limit", retire: true } : failed(message);
};

export const sqlite: Kind = async (context) => {
  let settings: SqlSettings;
  try {
    settings = readSettings(context.settings);
  } catch (error) {
    if (error instanceof SettingsError) return failed(`failed to parse sql config: ${error.message}`, 0);
    throw error;
  }
  const path = databasePath(settings.dsn, context.cwd);
  const limit = withLimit(context.signal, Math.min(settings.timeoutMs > 0 ? settings.timeoutMs : 2 ** 31 - 1, 2 ** 31 - 1));
  try {
    if (path === undefined) await work(context, settings, path, limit.signal);
    else {
      await makeDirectories(context.world.files, parentOf(path));
      await withFileLock({ files: context.world.files, now: context.world.now, signal: limit.signal }, path, lockMsMax, () => work(context, settings, path, limit.signal));
    }
    return succeeded;
  } catch (error) {
    await writeText(context.stderr, `${error instanceof Error ? error.message : String(error)}\n`);
    return exitOf(error);
  } finally {
    limit.done();
  }
};
