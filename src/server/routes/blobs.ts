/** Owns the HTTP of blobs: what is missing, bytes in parts, bytes out in ranges. Reading takes any role, sending an operator's. */
import type { Context, MiddlewareHandler } from "hono";
import { blobMax, blobState, haveBlobs, missingBlobs, partMax, readContentRange, readRange, type Part } from "../../core/replica/wire/blob.ts";
import type { BlobRefusal, Blobs } from "../../ports/server/blobs.ts";
import { readBytes } from "./body.ts";
import { refuse, type Env } from "./guard.ts";
import { param, type Book } from "./route.ts";

export interface BlobRoutesDep {
  readonly blobs: Blobs;
}
const root = "/api/v1/sync/:workspace/blobs";
const isHash = (value: string): boolean => /^[0-9a-f]{64}$/.test(value);

export const blobRoutes = (book: Book, dep: BlobRoutesDep, pace: MiddlewareHandler<Env>): void => {
  book.on({ method: "post", path: `${root}/have`, summary: "Which of these are missing here? The others are kept for another seven days at least", asks: "viewer", body: haveBlobs, answer: missingBlobs },
    async (c, { hashes }) => c.json({ missing: await dep.blobs.missing(c.get("workspace"), hashes) }), pace);
  book.on({ method: "put", path: `${root}/:hash`, summary: "Sends a blob, whole or by Content-Range in order; an empty `bytes */total` asks how far it has come", asks: "operator", takesBytes: true, answer: blobState, refusals: [400, 409, 413, 415, 422] },
    (c) => putBlob(c, dep), pace);
  book.on({ method: "get", path: `${root}/:hash`, summary: "A blob's bytes, or one range of them", asks: "viewer", answer: "bytes", refusals: [404, 416] },
    (c) => getBlob(c, dep), pace);
};

const putBlob = async (c: Context<Env>, dep: BlobRoutesDep): Promise<Response> => {
  const hash = param(c, "hash");
  if (!isHash(hash)) return refuse(c, 400, "invalid", "hash: a SHA-256 in lower-case hex.");
  if ((c.req.header("content-encoding") ?? "identity") !== "identity") return refuse(c, 415, "unsupported-encoding", "Blobs travel as they are.");
  const bytes = await readBytes(c.req.raw.body, partMax);
  if (bytes === undefined) return refuse(c, 413, "too-large", `One part has at most ${partMax} bytes.`);
  const header = c.req.header("content-range");
  const part: Part | undefined = header === undefined ? { first: 0, total: bytes.byteLength, bytes: bytes.byteLength } : readContentRange(header);
  if (part === undefined || part.bytes !== bytes.byteLength) return refuse(c, 400, "invalid", "Content-Range does not fit the body.");
  if (part.total > blobMax) return refuse(c, 413, "too-large", `One blob has at most ${blobMax} bytes.`);
  const stored = await dep.blobs.put({ space: c.get("workspace"), hash }, part, bytes);
  return "type" in stored ? refusedBlob(c, stored) : c.json(stored);
};
const refusedBlob = (c: Context<Env>, refusal: BlobRefusal): Response => {
  switch (refusal.type) {
    case "gap":
      return refuse(c, 409, "gap", { message: `Go on from byte ${refusal.have}.`, data: { have: refusal.have } });
    case "other-size":
      return refuse(c, 409, "other-size", { message: `This blob was begun with ${refusal.total} bytes.`, data: { total: refusal.total } });
    case "wrong-hash":
      return refuse(c, 422, "wrong-hash", "These bytes have another hash: nothing of them was kept.");
    case "quota":
      return refuse(c, 413, "quota", `The workspace's blobs may take ${refusal.max} bytes.`);
  }
};

const getBlob = async (c: Context<Env>, dep: BlobRoutesDep): Promise<Response> => {
  const at = { space: c.get("workspace"), hash: param(c, "hash") };
  const size = isHash(at.hash) ? await dep.blobs.size(at.space, at.hash) : undefined;
  if (size === undefined) return refuse(c, 404, "not-found", "No such blob.");
  const etag = `"${at.hash}"`;
  const headers: Record<string, string> = {
    "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=31536000, immutable", ETag: etag,
    "Content-Type": "application/octet-stream", "Content-Disposition": "attachment",
  };
  if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
  const range = size === 0 ? "none" : readRange(c.req.header("range"), size);
  if (range === "beyond") {
    c.header("Content-Range", `bytes */${size}`);
    return refuse(c, 416, "range", `The blob has ${size} bytes.`);
  }
  const [first, last] = range === "none" ? [0, size - 1] : range;
  const length = { "Content-Length": String(last - first + 1) };
  if (size === 0) return c.body(null, 200, { ...headers, ...length });
  const body = streamOf(dep.blobs.read(at, first, last));
  return range === "none" ? c.body(body, 200, { ...headers, ...length }) : c.body(body, 206, { ...headers, ...length, "Content-Range": `bytes ${first}-${last}/${size}` });
};
const streamOf = (parts: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> => {
  const from = parts[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (to) => {
      const { done, value } = await from.next();
      if (done === true) to.close();
      else to.enqueue(value);
    },
    cancel: async () => void (await from.return?.()),
  });
};
