/**
 * Owns RxDB's server of the bench: its documented HTTP replication with checkpoints by ordinal, over the SQLite that Dagbok's own server
 * uses, in write-ahead mode. It answers what the protocol needs and no more: no users, no roles.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "libsql";
import { recordOf, type BenchRecord } from "../records.ts";

const [records = 0] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "bench-rxdb-"));
const db = new Database(join(folder, "rxdb.sqlite"));
db.exec("pragma journal_mode = wal; create table docs (id text primary key, ord integer not null, body text not null); create index docs_ord on docs (ord)");
let ord = 0;
const put = db.prepare("insert into docs (id, ord, body) values (?, ?, ?) on conflict (id) do update set ord = excluded.ord, body = excluded.body");
const get = db.prepare("select body from docs where id = ?");
const after = db.prepare("select ord, body from docs where ord > ? order by ord limit ?");
const listeners = new Set<ServerResponse>();
type Doc = BenchRecord & { readonly _deleted: boolean };
const tell = (documents: readonly Doc[]): void => {
  const text = `data: ${JSON.stringify({ documents, checkpoint: { ord } })}\n\n`;
  listeners.forEach((listener) => listener.write(text));
};
const store = (docs: readonly Doc[]): void => {
  db.exec("begin immediate");
  for (const doc of docs) put.run(doc.id, ++ord, JSON.stringify(doc));
  db.exec("commit");
  if (docs.length > 0 && listeners.size > 0) tell(docs);
};
const range = (from: number, to: number, version: string): readonly Doc[] => Array.from({ length: to - from }, (_, i) => ({ ...recordOf(from + i, version), _deleted: false }));
for (let from = 0; from < records; from += 2_000) store(range(from, Math.min(records, from + 2_000), "first"));

interface PushRow {
  readonly newDocumentState: Doc;
  readonly assumedMasterState?: Doc;
}
/** Documents whose master is not what the client assumed come back as conflicts, unwritten. */
const push = (rows: readonly PushRow[]): readonly Doc[] => {
  const clashes: Doc[] = [];
  const good: Doc[] = [];
  for (const { newDocumentState, assumedMasterState } of rows) {
    const held = get.get(newDocumentState.id) as { body: string } | undefined;
    const master = held === undefined ? undefined : (JSON.parse(held.body) as Doc);
    if (master !== undefined && (assumedMasterState === undefined || master.description !== assumedMasterState.description)) clashes.push(master);
    else good.push(newDocumentState);
  }
  store(good);
  return clashes;
};
const pull = (from: number, limit: number): unknown => {
  const rows = after.all(from, limit) as readonly { ord: number; body: string }[];
  return { documents: rows.map((row) => JSON.parse(row.body) as Doc), checkpoint: { ord: rows.at(-1)?.ord ?? from } };
};
const read = async (request: IncomingMessage): Promise<any> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
};
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const say = (body: unknown): void => void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (url.pathname === "/pull") say(pull(Number(url.searchParams.get("ord")), Number(url.searchParams.get("limit"))));
  else if (url.pathname === "/push") void read(request).then((rows) => say(push(rows)));
  else if (url.pathname === "/write") void read(request).then(({ from, to, version }) => { store(range(from, to, version)); say({}); });
  else {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.write(": open\n\n");
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
  }
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`));
process.on("SIGTERM", () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
