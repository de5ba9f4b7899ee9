/** Owns bytes named by their hash, in SQL, part by part: the same tables serve several nodes. Nothing is readable before its hash was found right (B1). */
import { createHash } from "node:crypto";
import type { Transaction } from "kysely";
import { hashesIn } from "../../core/replica/wire/blob.ts";
import type { BlobState, Part } from "../../core/replica/wire/blob.ts";
import type { BlobRefusal, Blobs } from "../../ports/server/blobs.ts";
import type { Dialect } from "./dialect.ts";
import type { Database, Tables } from "./schema.ts";

export interface SqlBlobsDep {
  readonly db: Database;
  readonly dialect: Dialect;
  readonly now: () => number;
  /** Bytes of all blobs of a space at most. */
  readonly spaceMax: number;
}
type Tx = Transaction<Tables>;
interface At {
  readonly space: string;
  readonly hash: string;
}
/** Rows of one look when marking: memory stays small whatever the space holds. */
const markPage = 2_000;

export const createSqlBlobs = (dep: SqlBlobsDep): Blobs => {
  const { db, now } = dep;
  return {
    missing: async (space, hashes) => {
      if (hashes.length === 0) return [];
      const here = await db.selectFrom("blobs").select("hash").where("space", "=", space).where("complete", "=", 1).where("hash", "in", hashes).execute();
      const found = new Set(here.map((row) => row.hash));
      if (found.size > 0) await db.updateTable("blobs").set({ touched_at: now() }).where("space", "=", space).where("hash", "in", [...found]).execute();
      return [...new Set(hashes)].filter((hash) => !found.has(hash));
    },
    put: (at, part, bytes) => db.transaction().execute((tx) => putPart(tx, dep, { at, part, bytes })),
    size: async (space, hash) => {
      const row = await db.selectFrom("blobs").select("total").where("space", "=", space).where("hash", "=", hash).where("complete", "=", 1).executeTakeFirst();
      return row === undefined ? undefined : Number(row.total);
    },
    read: (at, first, last) => readParts(db, at, [first, last]),
    sweep: (space, before) => sweepSpace(db, space, before),
  };
};

interface Put {
  readonly at: At;
  readonly part: Part;
  readonly bytes: Uint8Array;
}
const putPart = async (tx: Tx, { dialect, now, spaceMax }: SqlBlobsDep, { at, part, bytes }: Put): Promise<BlobState | BlobRefusal> => {
  // Parts of one space are taken one after the other: sums and sizes are then of one moment.
  await dialect.inTurn?.(`blobs ${at.space}`).execute(tx);
  const known = await tx.selectFrom("blobs").selectAll().where("space", "=", at.space).where("hash", "=", at.hash).executeTakeFirst();
  const total = known === undefined ? part.total : Number(known.total);
  const state = (have: number): BlobState => ({ hash: at.hash, have, total, complete: have === total });
  if (known?.complete === 1) return state(total);
  const have = known === undefined ? 0 : await sizeOfParts(tx, at);
  if (known !== undefined && total !== part.total) return { type: "other-size", total };
  const isQuestion = part.bytes === 0 && part.total > 0;
  if (isQuestion || (part.bytes > 0 && part.first + part.bytes <= have)) return state(have);
  if (part.first !== have) return { type: "gap", have };
  if (known === undefined) {
    const used = await tx.selectFrom("blobs").select((eb) => eb.fn.sum("total").as("bytes")).where("space", "=", at.space).executeTakeFirst();
    if (Number(used?.bytes ?? 0) + part.total > spaceMax) return { type: "quota", max: spaceMax };
    await tx.insertInto("blobs").values({ ...at, total: part.total, complete: 0, touched_at: now() }).execute();
  }
  await tx.insertInto("blob_parts").values({ ...at, first_byte: part.first, size: bytes.byteLength, body: Buffer.from(bytes) }).execute();
  const arrived = have + bytes.byteLength;
  if (arrived === total && (await hashOfParts(tx, at)) !== at.hash) {
    await dropBlobs(tx, at.space, [at.hash]);
    return { type: "wrong-hash" };
  }
  await tx.updateTable("blobs").set({ complete: arrived === total ? 1 : 0, touched_at: now() }).where("space", "=", at.space).where("hash", "=", at.hash).execute();
  return state(arrived);
};
const sizeOfParts = async (tx: Tx, { space, hash }: At): Promise<number> => {
  const row = await tx.selectFrom("blob_parts").select((eb) => eb.fn.sum("size").as("bytes")).where("space", "=", space).where("hash", "=", hash).executeTakeFirst();
  return Number(row?.bytes ?? 0);
};
const hashOfParts = async (tx: Tx, at: At): Promise<string> => {
  const hash = createHash("sha256");
  for await (const bytes of readParts(tx, at, [0, Number.MAX_SAFE_INTEGER])) hash.update(bytes);
  return hash.digest("hex");
};
async function* readParts(db: Database | Tx, { space, hash }: At, [first, last]: readonly [number, number]): AsyncIterable<Uint8Array> {
  const parts = await db.selectFrom("blob_parts").select(["first_byte", "size"]).where("space", "=", space).where("hash", "=", hash).orderBy("first_byte").execute();
  for (const part of parts) {
    const [from, size] = [Number(part.first_byte), Number(part.size)];
    if (from + size <= first || from > last) continue;
    const row = await db.selectFrom("blob_parts").select("body").where("space", "=", space).where("hash", "=", hash).where("first_byte", "=", part.first_byte).executeTakeFirst();
    if (row === undefined) throw new Error("a blob was swept while it was read");
    yield new Uint8Array(row.body).subarray(Math.max(0, first - from), Math.min(size, last - from + 1));
  }
}
const dropBlobs = async (tx: Tx, space: string, hashes: readonly string[]): Promise<void> => {
  await tx.deleteFrom("blob_parts").where("space", "=", space).where("hash", "in", hashes).execute();
  await tx.deleteFrom("blobs").where("space", "=", space).where("hash", "in", hashes).execute();
};

const sweepSpace = async (db: Database, space: string, before: number): Promise<number> => {
  const old = await db.selectFrom("blobs").select("hash").where("space", "=", space).where("touched_at", "<", before).execute();
  const unmarked = new Set(old.map((row) => row.hash));
  for (let ord = 0; unmarked.size > 0; ) {
    const rows = await db.selectFrom("rows").select(["ord", "body"]).where("space", "=", space).where("ord", ">", ord).orderBy("ord").limit(markPage).execute();
    for (const row of rows) for (const hash of hashesIn(row.body)) unmarked.delete(hash);
    const last = rows.at(-1);
    if (last === undefined || rows.length < markPage) break;
    ord = Number(last.ord);
  }
  let swept = 0;
  for (const hash of unmarked)
    swept += await db.transaction().execute(async (tx) => {
      // Asked for since the look above: its device is about to speak of it (B3).
      const still = await tx.selectFrom("blobs").select("hash").where("space", "=", space).where("hash", "=", hash).where("touched_at", "<", before).executeTakeFirst();
      if (still !== undefined) await dropBlobs(tx, space, [hash]);
      return still === undefined ? 0 : 1;
    });
  return swept;
};
