/**
 * Owns PostgreSQL itself: the wasm build, a database in memory that is loaded from and dumped to bytes, limits of memory and space. Not
 * bundled with the other kinds: a root that carries the pack hands `openPostgres` to its thread. Refuses to know steps and files.
 *
 * PG1 Rows come through a cursor, a thousand at a time, so that a large answer is never held whole. PG2 wasm memory stops growing at
 * one limit, the database's files at another; what such a step has written is not kept. PG3 A statement cannot be interrupted from inside:
 * whoever owns the thread ends it.
 */
import { PGlite, type Results } from "@electric-sql/pglite";
import type { Json } from "../../../../core/value/json.ts";
import type { Assets } from "../../../../ports/assets.ts";
import { capMemory } from "../memory-cap.ts";
import type { Cell } from "../sql/rows.ts";
import { withoutComments } from "../sql/statements.ts";
import { paramText, parsersFor } from "./values.ts";

export interface PostgresLimits {
  readonly memoryBytes: number;
  readonly spaceBytes: number;
}
export const postgresLimits: PostgresLimits = { memoryBytes: 768 * 1024 * 1024, spaceBytes: 256 * 1024 * 1024 };
/** Rows fetched at a time. */
const pageRows = 1000;
const noSpace = 51;

export interface PostgresRows {
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly Cell[])[]>;
}
export interface PostgresDatabase {
  /** Runs one statement; its rows, if it answers any, else how many it changed. Throws what PostgreSQL says. */
  readonly run: (sql: string, values: readonly Json[]) => Promise<PostgresRows | number>;
  /** The same without reading rows. */
  readonly change: (sql: string, values: readonly Json[]) => Promise<number>;
  /** Everything, for the next opening; absent = as it was opened, or a limit was reached. */
  readonly bytes: () => Promise<Uint8Array | undefined>;
  readonly close: () => Promise<void>;
  /** The limit that was reached, in words. */
  readonly spent: () => string | undefined;
}
export type OpenPostgres = (assets: Assets, bytes: Uint8Array | undefined, limits?: PostgresLimits) => Promise<PostgresDatabase>;

interface Modules {
  readonly pgliteWasmModule: WebAssembly.Module;
  readonly initdbWasmModule: WebAssembly.Module;
  readonly fsBundle: Blob;
}
let modules: Promise<Modules> | undefined;
const load = (assets: Assets): Promise<Modules> => {
  modules ??= Promise.all([assets.load("pglite.wasm"), assets.load("initdb.wasm"), assets.load("pglite.data")]).then(async ([engine, initdb, data]) => ({
    pgliteWasmModule: await WebAssembly.compile(engine.slice()), initdbWasmModule: await WebAssembly.compile(initdb.slice()), fsBundle: new Blob([data.slice()]),
  }));
  modules.catch(() => {
    modules = undefined; // The next step may find the pack installed.
  });
  return modules;
};

interface MemoryFiles {
  expandFileStorage: (node: { readonly contents?: { readonly length: number } }, size: number) => void;
}
/** The parts of the runtime's file system that the limit holds on to. */
interface FileSystem {
  readonly root: { readonly mount: { readonly type: MemoryFiles } };
  readonly ErrnoError: new (code: number) => Error;
}
/** Files of the database live in memory too: past the limit the device is full. */
const capSpace = (db: PGlite, bytesMax: number, onSpent: () => void): void => {
  const { root, ErrnoError } = db.Module.FS as unknown as FileSystem;
  const files = root.mount.type;
  const expand = files.expandFileStorage;
  let held = 0;
  files.expandFileStorage = (node, size) => {
    const before = node.contents?.length ?? 0;
    if (size > before && held + size - before > bytesMax) {
      onSpent();
      throw new ErrnoError(noSpace);
    }
    expand(node, size);
    held += (node.contents?.length ?? 0) - before;
  };
};

const isCursorable = (sql: string): boolean => {
  const text = withoutComments(sql).trim().replaceAll(/'(?:[^']|'')*'/g, "''").toUpperCase();
  return /^(SELECT|VALUES|TABLE|WITH)\b/.test(text) && !/\b(INTO|INSERT|UPDATE|DELETE|MERGE)\b/.test(text);
};
const startsTransaction = /^\s*(BEGIN|START\s+TRANSACTION)\b/i;
const endsTransaction = /^\s*(COMMIT|END|ROLLBACK(?!\s+(WORK\s+|TRANSACTION\s+)?TO\b)|ABORT)\b/i;

export const openPostgres: OpenPostgres = async (assets, bytes, limits = postgresLimits) => {
  const parts = await load(assets);
  let spent: string | undefined;
  const onSpent = (limit: string) => (): void => {
    spent ??= limit;
  };
  const uncap = capMemory(limits.memoryBytes, onSpent(`memory ${limits.memoryBytes} bytes`));
  const db = await PGlite.create({ ...parts, ...(bytes === undefined ? {} : { loadDataDir: new Blob([bytes.slice()]) }) }).catch((error: unknown) => {
    uncap();
    throw error;
  });
  capSpace(db, limits.spaceBytes, onSpent(`space ${limits.spaceBytes} bytes`));
  const parsers = parsersFor(Object.keys(db.parsers));
  const serializers = Object.fromEntries(Object.keys(db.serializers).map((type) => [type, (value: string) => value]));
  const ask = (sql: string, values: readonly Json[]): Promise<Results<readonly Cell[]>> =>
    db.query<readonly Cell[]>(sql, values.map(paramText), { rowMode: "array", parsers, serializers });
  /** Every change moves the end of the write-ahead log. */
  const logEnd = async (): Promise<Cell> => (await ask("SELECT pg_current_wal_insert_lsn()", [])).rows[0]?.[0] ?? null;
  const before = await logEnd();
  let isOpen = false;
  let cursors = 0;

  async function* pagesOf(name: string, first: Results<readonly Cell[]>, isOwn: boolean): AsyncGenerator<readonly (readonly Cell[])[]> {
    try {
      for (let page = first; page.rows.length > 0; page = await ask(`FETCH FORWARD ${pageRows} FROM ${name}`, [])) {
        yield page.rows;
        if (page.rows.length < pageRows) return;
      }
    } finally {
      await ask(isOwn ? "COMMIT" : `CLOSE ${name}`, []);
    }
  }
  const overCursor = async (sql: string, values: readonly Json[]): Promise<PostgresRows> => {
    const isOwn = !isOpen;
    const name = `dagbok_${(cursors += 1)}`;
    if (isOwn) await ask("BEGIN", []);
    try {
      await ask(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, values);
      const first = await ask(`FETCH FORWARD ${pageRows} FROM ${name}`, []);
      return { columns: first.fields.map((field) => field.name), pages: pagesOf(name, first, isOwn) };
    } catch (error) {
      if (isOwn) await ask("ROLLBACK", []);
      throw error;
    }
  };
  const plain = async (sql: string, values: readonly Json[]): Promise<Results<readonly Cell[]>> => {
    const done = await ask(sql, values);
    if (startsTransaction.test(sql)) isOpen = true;
    else if (endsTransaction.test(sql)) isOpen = false;
    return done;
  };
  const run = async (sql: string, values: readonly Json[]): Promise<PostgresRows | number> => {
    if (isCursorable(sql)) return overCursor(sql, values);
    const done = await plain(sql, values);
    if (done.fields.length === 0) return done.affectedRows ?? 0;
    return { columns: done.fields.map((field) => field.name), pages: onePage(done.rows) };
  };
  return {
    run,
    change: async (sql, values) => (await plain(sql, values)).affectedRows ?? 0,
    spent: () => spent,
    bytes: async () => {
      if (spent !== undefined) return undefined;
      if (isOpen) await ask("ROLLBACK", []);
      if (bytes !== undefined && (await logEnd()) === before) return undefined;
      return new Uint8Array(await (await db.dumpDataDir("gzip")).arrayBuffer());
    },
    close: async () => {
      uncap();
      await db.close();
    },
  };
};
async function* onePage(rows: readonly (readonly Cell[])[]): AsyncGenerator<readonly (readonly Cell[])[]> {
  if (rows.length > 0) yield rows;
}
