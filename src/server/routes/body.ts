/** Owns bodies: reading them within limits (bytes on the wire, bytes after decompression, ratio between them), and sending large answers compressed. */
import { promisify } from "node:util";
import { createGunzip, gzip } from "node:zlib";
import type { Context, MiddlewareHandler } from "hono";
import { err, ok, type Result } from "../../core/base/result.ts";

export interface BodyLimits {
  readonly wireMax: number;
  readonly textMax: number;
  /** Decompressed bytes per byte on the wire, past the first 64 KiB. */
  readonly ratioMax: number;
}
export const bodyLimits: BodyLimits = { wireMax: 8 << 20, textMax: 64 << 20, ratioMax: 100 };
export type BodyRefusal = "too-large" | "not-json" | "unsupported-encoding" | "corrupt";

export const readJson = async (c: Context, limits: BodyLimits = bodyLimits): Promise<Result<unknown, BodyRefusal>> => {
  const encoding = c.req.header("content-encoding") ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") return err("unsupported-encoding");
  const wire = await readBytes(c.req.raw.body, limits.wireMax);
  if (wire === undefined) return err("too-large");
  const text = encoding === "gzip" ? await gunzip(wire, limits) : ok(wire);
  if (!text.ok) return text;
  try {
    return ok(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(text.value)));
  } catch {
    return err("not-json");
  }
};

/** Undefined past `max` bytes. */
export const readBytes = async (body: ReadableStream<Uint8Array> | null, max: number): Promise<Uint8Array | undefined> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (body !== null)
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > max) return undefined;
      chunks.push(chunk);
    }
  return Buffer.concat(chunks);
};

const freeBytes = 64 << 10;
const gunzip = (wire: Uint8Array, limits: BodyLimits): Promise<Result<Uint8Array, BodyRefusal>> =>
  new Promise((resolve) => {
    const max = Math.min(limits.textMax, Math.max(freeBytes, wire.byteLength * limits.ratioMax));
    const stream = createGunzip();
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > max) {
        stream.destroy();
        resolve(err("too-large"));
      } else chunks.push(chunk);
    });
    stream.on("end", () => resolve(ok(Buffer.concat(chunks))));
    stream.on("error", () => resolve(err("corrupt")));
    stream.end(wire);
  });

const gzipMin = 1_024;
const zip = promisify(gzip);
/** Compresses JSON and text answers past 1 KiB for callers that take gzip; streams, bytes and what is compressed already stay as they are. */
export const compressed = (): MiddlewareHandler => async (c, next) => {
  await next();
  const type = c.res.headers.get("content-type") ?? "";
  if (c.res.body === null || c.res.headers.has("content-encoding") || !/^(application\/json|text\/plain)/.test(type)) return;
  if (!/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) return;
  const plain = new Uint8Array(await c.res.arrayBuffer());
  const headers = new Headers(c.res.headers);
  headers.append("Vary", "Accept-Encoding");
  const body = plain.byteLength < gzipMin ? plain : new Uint8Array(await zip(plain, { level: 5 }));
  if (body !== plain) headers.set("Content-Encoding", "gzip");
  headers.set("Content-Length", String(body.byteLength));
  c.res = new Response(body, { status: c.res.status, headers });
};
