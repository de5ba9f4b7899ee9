/**
 * Owns the pages of runs: events and logs of an ended run travel as blobs named by their hash, and a record says which blob is which part.
 * The owner uploads; another device fetches when somebody looks. P21 pages in order equal what the owner wrote. Refuses to know screens.
 */
import { runId, type RunId } from "../../../core/base/brand.ts";
import type { StepRow } from "../../../core/run/rows.ts";
import type { Json } from "../../../core/value/json.ts";
import type { LogChunk, LogKey, Store, Tx } from "../../../ports/store.ts";
import type { Remote } from "../../../ports/sync/remote.ts";

export interface PagesDep {
  readonly store: Store;
  readonly remote: Remote;
}
/** Bytes of a page before compression, and of a log chunk. */
const pageBytes = 1 << 20;
const chunkBytes = 64 << 10;
const runsPerRound = 10;
const streams = ["stdout", "stderr"] as const;

export interface PageBody {
  readonly v: 1;
  readonly hash: string;
  /** Of the blob, and of what is in it. */
  readonly bytes: number;
  readonly size: number;
  /** Offsets of its first byte and behind its last. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly sealed: boolean;
  readonly encoding: "gzip" | "none";
  readonly attempt: number;
  readonly step: string;
  readonly stream: "stdout" | "stderr";
}
interface Page {
  readonly record: string;
  readonly blob: Uint8Array<ArrayBuffer>;
  readonly body: PageBody;
}

/** Uploads what ended runs of this device have written; answers whether there are new records. What fails is tried again next time. */
export const shipRuns = async ({ store, remote }: PagesDep): Promise<boolean> => {
  const marks = (await store.transact(async (tx) => (await tx.replica.marksUnder("ship")).slice(0, runsPerRound), { readonly: true }));
  let isNew = false;
  for (const mark of marks) {
    const pages = await pagesOf(store, runId(mark.key));
    const sent = await upload(remote, pages);
    if (sent === "later") return isNew;
    await store.transact(async (tx) => {
      if (sent === "done") for (const { record, body } of pages) await tx.replica.putShared({ record, body: body as unknown as Json });
      await tx.replica.dropPending([mark]);
    });
    isNew ||= sent === "done" && pages.length > 0;
  }
  return isNew;
};
const upload = async (remote: Remote, pages: readonly Page[]): Promise<"done" | "later" | "never"> => {
  if (pages.length === 0) return "done";
  const missing = await remote.blobs.missing([...new Set(pages.map((page) => page.body.hash))]);
  if (!missing.ok) return missing.error.type === "unreadable" || missing.error.type === "not-allowed" ? "never" : "later";
  const wanted = new Set(missing.value);
  for (const { blob, body } of pages) {
    if (!wanted.delete(body.hash)) continue;
    const put = await remote.blobs.put(body.hash, blob);
    if (!put.ok) return put.error.type === "unreadable" || put.error.type === "not-allowed" ? "never" : "later";
  }
  return "done";
};

const pagesOf = async (store: Store, run: RunId): Promise<readonly Page[]> => {
  const found = await store.transact(async (tx) => ({ row: await tx.run(run), steps: await tx.steps(run) }), { readonly: true });
  if (found.row === undefined || found.row.origin !== undefined) return [];
  const pages: Page[] = [];
  for (const step of found.steps)
    for (const stream of streams)
      for (let attempt = 1; attempt <= found.row.attempt; attempt += 1) pages.push(...(await pagesOfLog(store, step, { run, attempt, step: step.name, stream })));
  return pages;
};
const pagesOfLog = async (store: Store, step: StepRow, key: LogKey): Promise<readonly Page[]> => {
  const pages: Page[] = [];
  const perPage = pageBytes / chunkBytes;
  for (let n = 0; ; n += perPage) {
    const chunks = await store.transact((tx) => tx.logs(key, n, perPage), { readonly: true });
    const [head] = chunks;
    if (head === undefined) return pages;
    const bytes = joined(chunks);
    const zipped = await through(bytes, new CompressionStream("gzip"));
    const isSmaller = zipped.length < bytes.length;
    const blob = isSmaller ? zipped : bytes;
    pages.push({
      record: `page/${key.run}/${key.attempt}.${step.index}.${key.stream}/${String(n / perPage).padStart(6, "0")}`, blob,
      body: {
        v: 1, hash: await sha256(blob), bytes: blob.length, size: bytes.length, first: head.offset, last: head.offset + bytes.length, count: chunks.length, sealed: true,
        encoding: isSmaller ? "gzip" : "none", attempt: key.attempt, step: key.step, stream: key.stream,
      },
    });
    if (chunks.length < perPage) return pages;
  }
};
const joined = (chunks: readonly LogChunk[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  let at = 0;
  for (const { bytes } of chunks) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
};
const through = async (bytes: Uint8Array<ArrayBuffer>, how: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(how)).arrayBuffer());
const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export interface Fetched {
  /** Every part that has been announced is here. */
  readonly complete: boolean;
  readonly bytes: number;
}
/** What pages of a run are announced: the screens tell "fetching" from "not uploaded". */
export const pagesOfRun = async (tx: Tx, run: string): Promise<readonly PageBody[]> =>
  (await tx.replica.sharedUnder(`page/${run}/`)).map((row) => row.body as unknown as PageBody).filter((body) => typeof body?.hash === "string" && typeof body.step === "string");

/** Brings the logs of a run here that another device owns. A part whose bytes do not fit its hash is left out. */
export const fetchRun = async ({ store, remote }: PagesDep, id: string): Promise<Fetched> => {
  const run = runId(id);
  const { row, pages } = await store.transact(async (tx) => ({ row: await tx.run(run), pages: await pagesOfRun(tx, id) }), { readonly: true });
  if (row?.origin === undefined) return { complete: true, bytes: 0 };
  let bytes = 0;
  let isComplete = pages.length > 0;
  const next = new Map<string, number>();
  for (const page of pages) {
    const key: LogKey = { run, attempt: page.attempt, step: page.step, stream: page.stream };
    const name = `${page.attempt} ${page.stream} ${page.step}`;
    const n = next.get(name) ?? 0;
    const count = Math.ceil(page.size / chunkBytes);
    next.set(name, n + count);
    if ((await store.transact((tx) => tx.logs(key, n, 1), { readonly: true })).length > 0) continue;
    const whole = await download(remote, page);
    if (whole === undefined) {
      isComplete = false;
      continue;
    }
    bytes += whole.length;
    const chunks = Array.from({ length: count }, (_, i): LogChunk => ({
      ...key, n: n + i, offset: page.first + i * chunkBytes, bytes: whole.slice(i * chunkBytes, (i + 1) * chunkBytes), at: row.createdAt,
    }));
    await store.transact((tx) => tx.putLog(chunks));
  }
  return { complete: isComplete, bytes };
};
const download = async (remote: Remote, page: PageBody): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const got = await remote.blobs.get(page.hash);
  if (!got.ok || got.value === undefined || (await sha256(got.value)) !== page.hash) return undefined;
  const whole = page.encoding === "gzip" ? await through(got.value, new DecompressionStream("gzip")) : got.value;
  return whole.length === page.size ? whole : undefined;
};
