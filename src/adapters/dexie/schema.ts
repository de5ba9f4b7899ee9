/**
 * Owns the tables of the browser's database and how it is opened: names, indexes, versions. Refuses to know: any row's meaning.
 * A released version is never edited, only followed by the next one; `tests/adapters/dexie/golden` opens a database of each.
 */
import Dexie, { type Transaction } from "dexie";
import type { StoreState } from "./errors.ts";
import type { OwnEdit } from "../../core/replica/own.ts";
import type { Entry } from "./log/journal.ts";
import { storedOwn } from "./own.ts";

export const tableNames = [
  "meta", "journal", "terms", "rows", "runs", "starts", "events", "steps", "logs", "dags", "revisions", "drafts", "requests", "tallies", "grants", "settings", "pending", "bin", "copy", "own", "offers", "recovered", "shared", "sessions", "archives",
] as const;
export type TableName = (typeof tableNames)[number];

/**
 * `journal` holds the newest commits, the last one always (`log/journal.ts`); `terms` every term a driver took. `rows` hold the
 * runs, which change with every step; `runs` hold what the indexes need, which changes with a run's status: `top` (no parent), `live` (a
 * driver must look), `parent`. `copy` has `deadAt` (the ordinal, on tombstone-only rows) and `conflict` (1, where siblings compete).
 */
const version1: Readonly<Record<Exclude<TableName, "journal" | "shared" | "sessions" | "archives"> | "commits", string>> = {
  meta: "key",
  commits: "++",
  terms: "term",
  rows: "row.id",
  runs: "id, [top+createdAt+id], [top+status+createdAt+id], [top+dag+createdAt+id], [top+dag+status+createdAt+id], dag, live, parent",
  starts: "run",
  events: "[run+first]",
  steps: "[run+index]",
  logs: "[run+attempt+step+stream+n]",
  dags: "id, name",
  revisions: "id, [dag+number]",
  drafts: "dag",
  requests: "id, open, at",
  tallies: "[day+dag+status]",
  grants: "[dag+host]",
  settings: "key",
  pending: "[kind+key]",
  bin: "id",
  copy: "record, generation, deadAt, conflict",
  own: "position",
  offers: "position",
  recovered: "e",
};
/** `commits`, which held the newest commit number as its last key, gives way to the journal. */
const version2 = { commits: null, journal: "" } as const;
const toVersion2 = async (tx: Transaction): Promise<void> => {
  const newest = (await tx.table("commits").toCollection().primaryKeys()).at(-1) as number | undefined;
  if (newest !== undefined) await tx.table("journal").add({ csn: newest } satisfies Entry, newest);
};
/**
 * `own` is found by record, and its unsent edits by place (`open`) and by what they had seen (`low`), however many there are; places have no
 * gaps. `copy` loses the index that only a fetch anew asks for: it walks the table then. `shared`: bodies of records without a table.
 */
const version3 = { own: "position, record, open, low", copy: "record, deadAt, conflict", shared: "record", sessions: "id", archives: "id" } as const;
const toVersion3 = async (tx: Transaction): Promise<void> => {
  const own = (await tx.table("own").toArray()) as readonly { readonly item: OwnEdit }[];
  await tx.table("own").clear();
  await tx.table("own").bulkAdd(own.map(({ item }, at) => storedOwn({ ...item, at })));
};

export interface Connection {
  readonly database: IDBDatabase;
  readonly close: () => void;
}

/** Opens (and when needed upgrades) the database. `onState` hears what stands in the way: another tab, a newer version, a vanished store. */
export const openDatabase = async (name: string, onState: (state: StoreState) => void): Promise<Connection> => {
  const dexie = new Dexie(name, { autoOpen: false });
  dexie.version(1).stores(version1);
  dexie.version(2).stores(version2).upgrade(toVersion2);
  dexie.version(3).stores(version3).upgrade(toVersion3);
  dexie.on("blocked", () => onState("blocked"));
  dexie.on("versionchange", () => {
    dexie.close();
    onState("outdated");
  });
  dexie.on("close", () => onState("closed"));
  await dexie.open();
  onState("open");
  const database = dexie.backendDB();
  return { database, close: () => dexie.close() };
};
