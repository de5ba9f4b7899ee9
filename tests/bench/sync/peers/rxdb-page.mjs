/** Owns RxDB's page of the bench: RxDB 17 over its open-source Dexie storage, one tab, its HTTP replication in batches of 1,000. */
import { Subject } from "rxjs";
import { createRxDatabase } from "rxdb/plugins/core";
import { replicateRxCollection } from "rxdb/plugins/replication";
import { getRxStorageDexie } from "rxdb/plugins/storage-dexie";
import { idOf, recordOf } from "../records.ts";

const text = { type: "string" };
const number = { type: "number" };
const schema = {
  version: 0, primaryKey: "id", type: "object", indexes: ["name"],
  properties: {
    id: { type: "string", maxLength: 20 }, name: { type: "string", maxLength: 80 }, head: text, description: text, group: text,
    labels: { type: "array", items: text }, hasSchedule: { type: "boolean" }, stepCount: number, errorCount: number, createdAt: number, updatedAt: number,
  },
  required: ["id", "name"],
};
let rows;
let clashes = 0;
const open = new Subject();
const post = async (path, body) => (await fetch(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } })).json();
const replicate = (live) =>
  replicateRxCollection({
    collection: rows, replicationIdentifier: "bench", live, retryTime: 1000, waitForLeadership: false,
    pull: {
      batchSize: 1000,
      handler: async (checkpoint, limit) => (await fetch(`/pull?ord=${checkpoint?.ord ?? 0}&limit=${limit}`)).json(),
      ...(live ? { stream$: open.asObservable() } : {}),
    },
    push: { batchSize: 1000, handler: (batch) => post("/push", batch) },
  });
const peer = {
  open: async () => {
    const db = await createRxDatabase({ name: "bench", storage: getRxStorageDexie(), multiInstance: false });
    const conflictHandler = {
      isEqual: (a, b) => a.description === b.description && a._deleted === b._deleted,
      resolve: ({ realMasterState }) => {
        clashes += 1;
        return realMasterState;
      },
    };
    ({ rows } = await db.addCollections({ rows: { schema, conflictHandler } }));
  },
  sync: async () => {
    const state = replicate(false);
    await state.awaitInitialReplication();
    await state.awaitInSync();
    await state.cancel();
  },
  count: () => rows.count().exec(),
  edit: async (from, to, version) => {
    for (let at = from; at < to; at += 500) await rows.bulkUpsert(Array.from({ length: Math.min(500, to - at) }, (_, i) => recordOf(at + i, version)));
  },
  live: async () => {
    const source = new EventSource("/events");
    await new Promise((resolve) => { source.onopen = resolve; });
    source.onmessage = (event) => open.next(JSON.parse(event.data));
    await replicate(true).awaitInitialReplication();
  },
  seen: (n, version) =>
    new Promise((resolve) => {
      const watching = rows.findOne(idOf(n)).$.subscribe((doc) => {
        if (doc?.description.startsWith(version) !== true) return;
        resolve(Date.now());
        queueMicrotask(() => watching.unsubscribe());
      });
    }),
  conflicts: async () => clashes,
};
Object.assign(window, { peer });
