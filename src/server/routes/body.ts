/** Owns reading a JSON body within limits: bytes on the wire, bytes after decompression, ratio between them. */
import { createGunzip } from "node:zlib";
import type { Context } from "hono";
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

const readBytes = async (body: ReadableStream<Uint8Array> | null, max: number): Promise<Uint8Array | undefined> => {
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
