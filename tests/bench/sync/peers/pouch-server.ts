/** Owns PouchDB's server of the bench: express-pouchdb 4.2 with its minimal routes on Express 4, its documents in LevelDB. */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordOf } from "../records.ts";

const need = createRequire(import.meta.url);
const PouchDB = need("pouchdb-node");
const express = need("express");
const [records = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "bench-pouch-"));
const Stored = PouchDB.defaults({ prefix: `${folder}/` });
const db = new Stored("bench");
const at = 2_000;
for (let from = 0; from < records; from += at)
  await db.bulkDocs(Array.from({ length: Math.min(at, records - from) }, (_, i) => {
    const { id, ...rest } = recordOf(from + i, "first");
    return { _id: id, ...rest };
  }));
const app = express();
app.post("/write", express.json(), async (request: { body: { from: number; to: number; version: string } }, response: { json: (body: unknown) => void }) => {
  const { from, to, version } = request.body;
  for (let a = from; a < to; a += at) {
    const docs = Array.from({ length: Math.min(at, to - a) }, (_, i) => recordOf(a + i, version));
    const { rows } = await db.allDocs({ keys: docs.map((doc) => doc.id) });
    await db.bulkDocs(docs.map(({ id, ...rest }, i) => ({ _id: id, _rev: rows[i].value.rev, ...rest })));
  }
  response.json({});
});
const silent = { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: join(folder, "log.txt") };
app.use("/db", need("express-pouchdb")(Stored, silent));
const server = app.listen(0, "127.0.0.1", () => process.stdout.write(`port ${server.address().port}\n`));
process.on("SIGTERM", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
