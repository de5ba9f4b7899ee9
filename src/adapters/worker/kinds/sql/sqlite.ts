/**
 * Owns SQLite itself: the wasm build, a database in memory that is loaded from and saved to bytes, limits of time and memory.
 * Refuses to know steps and files.
 */
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import type { Json } from "../../../../core/value/json.ts";
import type { Assets } from "../../../../ports/assets.ts";
import type { Cell } from "./rows.ts";

type Sqlite3 = Awaited<ReturnType<typeof sqlite3InitModule>>;
type Database = InstanceType<Sqlite3["oo1"]["DB"]>;

/** Bytes that SQLite may hold in one thread; past it statements fail with "out of memory". */
export const heapBytesMax = 512 * 1024 * 1024;
/** Virtual machine steps between two looks at the clock. */
const stepsPerLook = 20_000;

let loaded: Promise<Sqlite3> | undefined;
const load = (assets: Assets): Promise<Sqlite3> => {
  loaded ??= assets.load("sqlite3.wasm").then(async (wasmBinary) => {
    const init = sqlite3InitModule as unknown as (options: { readonly wasmBinary: Uint8Array; readonly print: () => void; readonly printErr: () => void }) => Promise<Sqlite3>;
    return init({ wasmBinary, print: () => undefined, printErr: () => undefined });
  });
  loaded.catch(() => {
    loaded = undefined; // The next step may find the pack installed.
  });
  return loaded;
};

export interface SqlRows {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}
export interface SqlDatabase {
  /** Runs one statement that answers no rows; answers how many rows it changed. */
  readonly change: (sql: string, values: readonly Json[]) => number;
  /** Rows as they come; the statement is closed when the iteration ends. */
  readonly query: (sql: string, values: readonly Json[]) => SqlRows;
  readonly bytes: () => Uint8Array;
  readonly close: () => void;
}
const bindable = (value: Json): string | number | null | bigint => {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) > 2 ** 31) return BigInt(value);
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
};
/** A database in write-ahead mode is read as a plain one: there is no log beside it. */
const asRollback = (bytes: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  if (copy[18] === 2) copy.set([1, 1], 18);
  return copy;
};

const timeForm = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;
/** Columns declared as times and booleans answer as Go's driver reads them. */
const asDeclared = (cell: Cell, declared: string): Cell => {
  if (declared === "BOOLEAN" && typeof cell === "number") return cell !== 0;
  if (!["DATE", "DATETIME", "TIMESTAMP"].includes(declared) || typeof cell !== "string") return cell;
  const found = timeForm.exec(cell);
  return found ? `${found[1] as string}T${found[2] ?? "00:00"}${found[3] ?? ":00"}${found[5] ?? "Z"}` : cell;
};

export interface SqliteOptions {
  readonly assets: Assets;
  /** Content of an existing database. */
  readonly bytes?: Uint8Array;
  readonly now: () => number;
  /** Wall clock ms at which a statement is interrupted. */
  readonly deadlineMs: number;
  readonly isAborted: () => boolean;
}
const fill = (sqlite3: Sqlite3, db: Database, bytes: Uint8Array): void => {
  const { capi, wasm } = sqlite3;
  const pointer = wasm.allocFromTypedArray(asRollback(bytes));
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_RESIZEABLE;
  const code = capi.sqlite3_deserialize(db.pointer as never, "main", pointer, bytes.length, bytes.length, flags);
  db.checkRc(code);
};

export const openSqlite = async (options: SqliteOptions): Promise<SqlDatabase> => {
  const sqlite3 = await load(options.assets);
  const { capi } = sqlite3;
  const db = new sqlite3.oo1.DB(":memory:", "c");
  if (options.bytes !== undefined && options.bytes.length > 0) fill(sqlite3, db, options.bytes);
  db.exec(`PRAGMA hard_heap_limit=${heapBytesMax}; PRAGMA temp_store=2;`);
  // Double quotes around a text are accepted, as in the libraries that Dagu and the sqlite3 tool use.
  for (const setting of [capi.SQLITE_DBCONFIG_DQS_DML, capi.SQLITE_DBCONFIG_DQS_DDL]) capi.sqlite3_db_config(db, setting, 1, 0 as never);
  const isOver = (): number => (options.isAborted() || options.now() > options.deadlineMs ? 1 : 0);
  capi.sqlite3_progress_handler(db, stepsPerLook, isOver, 0 as never);
  const prepare = (sql: string, values: readonly Json[]): ReturnType<Database["prepare"]> => {
    const statement = db.prepare(sql);
    try {
      if (values.length > 0) statement.bind(values.map(bindable));
    } catch (error) {
      statement.finalize();
      throw error;
    }
    return statement;
  };
  const change = (sql: string, values: readonly Json[]): number => {
    const statement = prepare(sql, values);
    try {
      while (statement.step());
      return db.changes() as number;
    } finally {
      statement.finalize();
    }
  };
  const query = (sql: string, values: readonly Json[]): SqlRows => {
    const statement = prepare(sql, values);
    const count = statement.columnCount;
    const columns = Array.from({ length: count }, (_, at) => statement.getColumnName(at) ?? "");
    const declared = columns.map((_, at) => (capi.sqlite3_column_decltype(statement, at) ?? "").toUpperCase());
    function* rows(): Generator<readonly Cell[]> {
      try {
        while (statement.step()) yield columns.map((_, at) => asDeclared(statement.get(at) as Cell, declared[at] as string));
      } finally {
        statement.finalize();
      }
    }
    return { columns, rows: rows() };
  };
  return { change, query, bytes: () => capi.sqlite3_js_db_export(db), close: () => db.close() };
};
