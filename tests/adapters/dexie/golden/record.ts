/**
 * Records the database of the present version as plain data: `node --import tsx tests/adapters/dexie/golden/record.ts N` writes `vN.json`.
 * Run once per released version; a recorded file is never written again.
 */
import "fake-indexeddb/auto";
import { writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { csn, dagId, instant, revisionId, runId, seq, term } from "../../../../src/core/base/brand.ts";
import { openDexieStore } from "../../../../src/adapters/dexie/store.ts";
import { runRow, stepRow } from "../../../contracts/store.contract.ts";

export interface Golden {
  readonly version: number;
  readonly stores: readonly {
    readonly name: string;
    readonly keyPath: string | readonly string[] | null;
    readonly autoIncrement: boolean;
    readonly indexes: readonly { readonly name: string; readonly keyPath: string | readonly string[]; readonly unique: boolean; readonly multiEntry: boolean }[];
    readonly rows: readonly { readonly key: unknown; readonly value: unknown }[];
  }[];
}
const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("request failed"));
  });
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, one: unknown) => (one instanceof Uint8Array ? { $bytes: [...one] } : one)));

const fill = async (name: string): Promise<void> => {
  const store = await openDexieStore({ name });
  const at = instant(1_764_000_000_000);
  await store.transact((tx) => tx.nextTerm());
  await store.transact(async (tx) => {
    await tx.putRevision({ id: revisionId("rev1"), dag: dagId("d1"), number: 1, text: "steps:\n  - command: echo hi\n", at, note: "", draft: false });
    await tx.putDag({
      id: dagId("d1"), name: "golden", head: revisionId("rev1"), description: "", group: "", labels: ["team=ops"], hasSchedule: false, stepCount: 1, errorCount: 0,
      hasDraft: true, createdAt: at, updatedAt: at,
    });
    await tx.putDraft({ dag: dagId("d1"), text: "steps: []\n", base: revisionId("rev1"), at });
    await tx.putGrant({ dag: dagId("d1"), host: "api.example.com", at });
    await tx.putSetting("theme", "dark");
  });
  const row = runRow("r1", { dag: "d1" });
  await store.transact((tx) =>
    tx.createRun(
      { run: row.id, revision: revisionId("rev1"), start: "{}" },
      { run: row.id, expected: seq(0), term: term(1), at, events: [{ type: "attempt-started", attempt: 1, cause: "start", reset: [], at }], row, steps: [stepRow("r1", 0)] },
    ));
  await store.transact(async (tx) => {
    await tx.append({
      run: runId("r1"), expected: seq(1), term: term(1), at, events: [{ type: "settled", status: "succeeded", at }],
      row: { ...row, status: "succeeded", seq: seq(2), finishedAt: at }, before: "running", steps: [stepRow("r1", 0, { status: "succeeded", exitCode: 0 })],
    });
    await tx.putLog([{ run: runId("r1"), attempt: 1, step: "s0", stream: "stdout", n: 0, offset: 0, bytes: new TextEncoder().encode("hi\n"), at }]);
  });
  if ((await store.transact((tx) => tx.csn())) < csn(3)) throw new Error("nothing was written");
  await store.close();
};

const dump = async (name: string): Promise<Golden> => {
  const database = await answer(indexedDB.open(name));
  const stores: Golden["stores"][number][] = [];
  for (const table of [...database.objectStoreNames].sort()) {
    const store = database.transaction(table).objectStore(table);
    const indexes = [...store.indexNames].map((one) => {
      const { name: index, keyPath, unique, multiEntry } = store.index(one);
      return { name: index, keyPath, unique, multiEntry };
    });
    const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll() as IDBRequest<unknown[]>)]);
    stores.push({ name: table, keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, rows: keys.map((key, at) => ({ key, value: plain(values[at]) })) });
  }
  const { version } = database;
  database.close();
  return { version, stores };
};

const release = process.argv[2];
if (release !== undefined && process.argv[1]?.endsWith("record.ts") === true) {
  const file = join(import.meta.dirname, `v${release}.json`);
  if (existsSync(file)) throw new Error(`${file} is recorded already`);
  await fill("golden");
  writeFileSync(file, `${JSON.stringify(await dump("golden"), null, 1)}\n`);
}
