/** Owns PouchDB's page of the bench: pouchdb-browser 9 over IndexedDB, batches of 1,000. */
import PouchDB from "pouchdb-browser";
import { idOf, recordOf } from "../records.ts";

const options = { batch_size: 1000, batches_limit: 10 };
let db;
let remote;
const peer = {
  open: async () => {
    db = new PouchDB("bench", { auto_compaction: true });
    remote = new PouchDB(`${location.origin}/db/bench`);
    await db.info();
  },
  sync: async () => {
    await db.sync(remote, options);
  },
  count: async () => (await db.info()).doc_count,
  edit: async (from, to, version) => {
    for (let at = from; at < to; at += 500) {
      const docs = Array.from({ length: Math.min(500, to - at) }, (_, i) => recordOf(at + i, version));
      const { rows } = await db.allDocs({ keys: docs.map((doc) => doc.id) });
      await db.bulkDocs(docs.map(({ id, ...rest }, i) => ({ _id: id, ...(rows[i].value?.rev === undefined ? {} : { _rev: rows[i].value.rev }), ...rest })));
    }
  },
  live: async () => {
    const handle = db.sync(remote, { ...options, live: true, retry: true });
    await new Promise((resolve) => handle.once("paused", resolve));
  },
  seen: (n, version) =>
    new Promise((resolve) => {
      const feed = db.changes({ live: true, since: "now", include_docs: true, doc_ids: [idOf(n)] });
      feed.on("change", ({ doc }) => {
        if (!doc.description.startsWith(version)) return;
        resolve(Date.now());
        feed.cancel();
      });
    }),
  conflicts: async () => (await db.allDocs({ conflicts: true, include_docs: true })).rows.filter(({ doc }) => doc._conflicts !== undefined).length,
};
Object.assign(window, { peer });
