/**
 * Owns the tables of the browser's database and how it is opened: names, indexes, versions. Refuses to know: any row's meaning.
 * A released version is never edited, only followed by the next one; `tests/adapters/dexie/golden` opens a database of each.
 */
import Dexie, { type Transaction } from "dexie";
import type { StoreState } from "./errors.ts";
import type { Entry } from "./log/journal.ts";

export const tableNames = [
  "meta", "journal", "terms", "rows", "runs", "starts", "events", "steps", "logs", "dags", "revisions", "drafts", "requests", "tallies", "grants", "settings", "pending", "bin", "copy", "own", "offers", "recovered",
] as const;
export type TableName = (typeof tableNames)[number];

/**
 * `journal` holds the newest commits, the last one always (`log/journal.ts`); `terms` every term a driver took. `rows` hold the
 * runs, which change with every step; `runs` hold what the indexes need, which changes with a run's status: `top` (no parent), `live` (a
 * driver must look), `parent`. `copy` has `deadAt` (the ordinal, on tombstone-only rows) and `conflict` (1, where siblings compete).
 */
const version1: Readonly<Record<Exclude<TableName, "journal"> | "commits", string>> = {
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

export interface Connection {
  readonly database: IDBDatabase;
  readonly close: () => void;
}

/** Opens (and when needed upgrades) the database. `onState` hears what stands in the way: another tab, a newer version, a vanished store. */
export const openDatabase = async (name: string, onState: (state: StoreState) => void): Promise<Connection> => {
  const dexie = new Dexie(name, { autoOpen: false });
  dexie.version(1).stores(version1);
  dexie.version(2).stores(version2).upgrade(toVersion2);
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
