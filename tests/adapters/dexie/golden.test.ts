/** Databases as released versions left them, opened by the present one: nothing is lost, everything can go on. */
import "fake-indexeddb/auto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDexieStore } from "../../../src/adapters/dexie/store.ts";
import { dagId, runId } from "../../../src/core/base/brand.ts";
import type { Golden } from "./golden/record.ts";

const folder = join(import.meta.dirname, "golden");
const revived = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one: unknown) => {
    const bytes = (one as { readonly $bytes?: readonly number[] } | null)?.$bytes;
    return bytes === undefined ? one : new Uint8Array(bytes);
  });
const rebuild = (name: string, golden: Golden): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, golden.version);
    request.onupgradeneeded = () => {
      for (const { name: table, keyPath, autoIncrement, indexes, rows } of golden.stores) {
        const store = request.result.createObjectStore(table, { keyPath: keyPath as string | string[] | null, autoIncrement });
        for (const index of indexes) store.createIndex(index.name, index.keyPath as string | string[], { unique: index.unique, multiEntry: index.multiEntry });
        for (const { key, value } of rows) store.put(revived(value), keyPath === null ? (key as IDBValidKey) : undefined);
      }
    };
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error ?? new Error("not built"));
  });

describe("databases of released versions", () => {
  for (const file of readdirSync(folder).filter((one) => one.endsWith(".json"))) {
    it(`reads and goes on with ${file}`, async () => {
      await rebuild(file, JSON.parse(readFileSync(join(folder, file), "utf8")) as Golden);
      const store = await openDexieStore({ name: file });
      const found = await store.transact(async (tx) => ({
        dags: (await tx.dags()).map((row) => row.name),
        text: (await tx.revisions(dagId("d1"))).map((row) => row.text),
        draft: (await tx.draft(dagId("d1")))?.text,
        runs: (await tx.runs({ statuses: ["succeeded"], dag: "d1" }, 10)).rows.map((row) => row.id),
        events: (await tx.events(runId("r1"))).map((row) => row.event.type),
        steps: (await tx.steps(runId("r1"))).map((row) => row.status),
        log: new TextDecoder().decode((await tx.logs({ run: runId("r1"), attempt: 1, step: "s0", stream: "stdout" }))[0]?.bytes),
        tallies: (await tx.tallies("0000-00-00", "9999-99-99")).map(({ status, count }) => [status, count]),
        grants: (await tx.grants()).map((row) => row.host),
        theme: await tx.setting("theme"),
        term: await tx.term(),
      }));
      expect(found).toEqual({
        dags: ["golden"], text: ["steps:\n  - command: echo hi\n"], draft: "steps: []\n", runs: ["r1"], events: ["attempt-started", "settled"], steps: ["succeeded"],
        log: "hi\n", tallies: [["succeeded", 1]], grants: ["api.example.com"], theme: "dark", term: 1,
      });
      const before = await store.transact((tx) => tx.csn());
      await store.transact((tx) => tx.putSetting("theme", "light"));
      expect(await store.transact((tx) => tx.csn())).toBe(before + 1);
      await store.close();
    });
  }
});
