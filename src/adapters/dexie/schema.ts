/**
 * Owns the tables of the browser's database and how it is opened: names, indexes, versions. Refuses to know: any row's meaning.
 * A released version is never edited, only followed by the next one; `tests/adapters/dexie/golden` opens a database of each.
 */
import Dexie from "dexie";
import type { StoreState } from "./errors.ts";

export const tableNames = [
  "meta", "runs", "starts", "events", "steps", "logs", "dags", "revisions", "drafts", "requests", "tallies", "grants", "settings", "pending", "bin", "copy", "own", "offers", "recovered",
] as const;
export type TableName = (typeof tableNames)[number];

/** `runs` keep their row under `row`, beside the keys that only the indexes need: `top` (no parent), `live` (a driver must look), `parent`; `copy` has
    `deadAt` (the ordinal, on tombstone-only rows) and `conflict` (1, where siblings compete). */
const version1: Readonly<Record<TableName, string>> = {
  meta: "key",
  runs:
    "row.id, [top+row.createdAt+row.id], [top+row.status+row.createdAt+row.id], [top+row.dag+row.createdAt+row.id], " +
    "[top+row.dag+row.status+row.createdAt+row.id], [any+row.createdAt+row.id], row.dag, live, parent",
  starts: "run",
  events: "[run+last]",
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

export interface Connection {
  readonly database: IDBDatabase;
  readonly close: () => void;
}

/** Opens (and when needed upgrades) the database. `onState` hears what stands in the way: another tab, a newer version, a vanished store. */
export const openDatabase = async (name: string, onState: (state: StoreState) => void): Promise<Connection> => {
  const dexie = new Dexie(name, { autoOpen: false });
  dexie.version(1).stores(version1);
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
