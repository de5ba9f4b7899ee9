/**
 * Owns what sqlite and postgres steps have in common: which statements, in which order, what goes to stdout, stderr and `output_file`, whose
 * turn it is on a file. One line of metrics per statement goes to stderr, as Dagu's. Relative paths are seen from the step's directory
 * (19.24). Refuses to know which database answers.
 */
import { goJson } from "../../../../core/value/go/text.ts";
import type { Json } from "../../../../core/value/json.ts";
import { makeDirectories, parentOf, readTextFile, readWhole, resolvePath, statOf, writeWhole } from "../../files/whole.ts";
import { failed, succeeded, writeText, type Exit, type KindContext, type Sink } from "../../kind.ts";
import { createCollector, withLimit } from "../../attempt/world.ts";
import { importText, type Importer } from "./import.ts";
import { withFileLock, type FileLock } from "./lock.ts";
import { createRowWriter, type Cell, type RowWriter } from "./rows.ts";
import { readSettings, SettingsError, type SqlSettings } from "./settings.ts";
import { splitStatements } from "./statements.ts";

/** Bytes of an `output_file`. */
const outputBytesMax = 256 * 1024 * 1024;
const msMax = 2 ** 31 - 1;
const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));

export interface SqlRows {
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<Iterable<readonly Cell[]>> | Iterable<Iterable<readonly Cell[]>>;
}
/** One open database. */
export interface SqlEngine {
  readonly dialect: Importer["dialect"];
  /** Rows, or how many the statement changed. */
  readonly run: (statement: string, params: SqlSettings["params"]) => SqlRows | number | Promise<SqlRows | number>;
  readonly change: (sql: string, values: readonly Json[]) => number | Promise<number>;
  readonly begin: readonly string[];
  /** Content as it stands; absent = nothing has changed. */
  readonly bytes: () => Uint8Array | undefined | Promise<Uint8Array | undefined>;
  readonly close: () => void | Promise<void>;
  /** The limit of the runtime that this error comes from, in words. */
  readonly limit: (message: string) => string | undefined;
}
export interface Opening {
  /** Content of the file, if there is one. */
  readonly bytes?: Uint8Array;
  readonly settings: SqlSettings;
  readonly signal: AbortSignal;
  /** Wall clock ms at which the step's own timeout ends. */
  readonly deadlineMs: number;
  /** Held while the step has the file. */
  readonly lock?: FileLock;
}
export interface SqlStep {
  /** File of the database; undefined = in memory only. Throws `SettingsError`. */
  readonly path: (settings: SqlSettings) => string | undefined;
  readonly open: (opening: Opening) => Promise<SqlEngine>;
  /** Milliseconds a step waits for its turn. */
  readonly lockMsMax: number;
}

/** SQL text of the step: the script, the file it names, or the command. */
const sqlText = async (context: KindContext): Promise<string> => {
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
const measured = async (context: KindContext, statement: string, work: () => Promise<Counted>): Promise<void> => {
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

const runStatement = async (db: SqlEngine, settings: SqlSettings, statement: string, writer: () => RowWriter): Promise<Counted> => {
  const answer = await db.run(statement, settings.params);
  if (typeof answer === "number") return { rows_affected: answer };
  const out = writer();
  await out.header(answer.columns);
  let count = 0;
  reading: for await (const page of answer.pages)
    for (const row of page) {
      if (settings.maxRows > 0 && count >= settings.maxRows) break reading;
      await out.row(row);
      count++;
    }
  await out.end();
  return { rows_returned: count };
};

const inTransaction = async (db: SqlEngine, isWanted: boolean, work: () => Promise<void>): Promise<void> => {
  if (!isWanted) return work();
  for (const statement of db.begin) await db.change(statement, []);
  try {
    await work();
  } catch (error) {
    await db.change("ROLLBACK", []);
    throw error;
  }
  await db.change("COMMIT", []);
};

const runImport = async (context: KindContext, settings: SqlSettings, db: SqlEngine): Promise<void> => {
  const wanted = settings.import;
  if (wanted === undefined) return;
  const text = await readTextFile(context.world.files, resolvePath(context.cwd, wanted.inputFile));
  const metrics = await importText(text, wanted, { dialect: db.dialect, insert: db.change, batched: pause });
  await writeText(context.stderr, `${goJson({ ...metrics })}\n`);
};

const runAll = async (context: KindContext, settings: SqlSettings, db: SqlEngine, sink: Sink): Promise<void> => {
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

interface Turn {
  readonly context: KindContext;
  readonly settings: SqlSettings;
  readonly path: string | undefined;
  readonly signal: AbortSignal;
  readonly lock?: FileLock;
}
const work = async (kind: SqlStep, { context, settings, path, signal, lock }: Turn): Promise<Exit> => {
  const { world } = context;
  const deadlineMs = Math.min(context.deadlineMs, settings.timeoutMs > 0 ? world.now() + settings.timeoutMs : Number.POSITIVE_INFINITY);
  const bytes = path !== undefined && (await statOf(world.files, path)) !== undefined ? await readWhole(world.files, path) : undefined;
  const db = await kind.open({ settings, signal, deadlineMs, ...(bytes === undefined ? {} : { bytes }), ...(lock === undefined ? {} : { lock }) });
  const file = settings.outputFile === "" ? undefined : createCollector(outputBytesMax);
  try {
    await attempted(() => runAll(context, settings, db, file ?? context.stdout), () => (path === undefined ? undefined : save(context, path, db)));
  } catch (error) {
    const message = textOf(error);
    const limit = db.limit(message);
    if (limit === undefined) throw error;
    await writeText(context.stderr, `${message}\n`);
    return { exitCode: 1, error: `limit reached: ${limit}: ${message}`, reason: "limit", retire: true };
  } finally {
    await db.close();
  }
  if (file !== undefined) {
    const target = resolvePath(context.cwd, settings.outputFile);
    await makeDirectories(world.files, parentOf(target));
    await writeWhole(world.files, target, file.bytes());
  }
  return succeeded;
};
/** What was committed is kept, whatever came afterwards; the first error is the one that is told. */
const attempted = async (job: () => Promise<void>, keep: () => Promise<void> | undefined): Promise<void> => {
  try {
    await job();
  } finally {
    await keep();
  }
};
const save = async (context: KindContext, path: string, db: SqlEngine): Promise<void> => {
  const bytes = await db.bytes();
  if (bytes === undefined) return;
  await makeDirectories(context.world.files, parentOf(path));
  await writeWhole(context.world.files, path, bytes);
};
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const perform = async (context: KindContext, kind: SqlStep, settings: SqlSettings): Promise<Exit> => {
  const { files, now } = context.world;
  const path = kind.path(settings);
  const limit = withLimit(context.signal, Math.min(settings.timeoutMs > 0 ? settings.timeoutMs : msMax, msMax));
  const turn = { context, settings, path, signal: limit.signal };
  try {
    if (path === undefined) return await work(kind, turn);
    await makeDirectories(files, parentOf(path));
    return await withFileLock({ files, now, signal: limit.signal }, path, kind.lockMsMax, (lock) => work(kind, { ...turn, lock }));
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    await writeText(context.stderr, `${textOf(error)}\n`);
    return failed(textOf(error));
  } finally {
    limit.done();
  }
};

/** Reads the settings and runs the statements; a fault in the settings fails the step before anything is opened. */
export const runSqlStep = async (context: KindContext, kind: SqlStep): Promise<Exit> => {
  try {
    return await perform(context, kind, readSettings(context.settings));
  } catch (error) {
    if (error instanceof SettingsError) return failed(`failed to parse sql config: ${error.message}`, 0);
    throw error;
  }
};
