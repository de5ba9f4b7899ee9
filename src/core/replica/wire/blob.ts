/** Owns how bytes named by their hash travel: what is missing, parts, limits, and which hashes a record's body speaks of. */
import * as v from "valibot";
import { count, hash } from "./scalar.ts";

export const hashesMax = 500;
/** Bytes of one request, and of one blob. */
export const partMax = 16 << 20;
export const blobMax = 256 << 20;
/** A blob that no row speaks of is kept this long after it was last asked for or sent. */
export const graceMs = 7 * 24 * 3_600_000;

export const haveBlobs = v.strictObject({ hashes: v.pipe(v.array(hash), v.maxLength(hashesMax)) });
export const missingBlobs = v.strictObject({ missing: v.array(hash) });
/** `have` = bytes that have arrived, from the first on: where the next part begins. */
export const blobState = v.strictObject({ hash, have: count, total: count, complete: v.boolean() });
export type BlobState = v.InferOutput<typeof blobState>;

export interface Part {
  readonly first: number;
  readonly total: number;
  /** Bytes in this part; 0 asks how far the blob has come. */
  readonly bytes: number;
}
/** `bytes a-b/total`, or `bytes *` + `/total` to ask. Undefined: no such range. */
export const readContentRange = (value: string): Part | undefined => {
  const asks = /^bytes \*\/(\d{1,12})$/.exec(value);
  if (asks !== null) return { first: 0, total: Number(asks[1]), bytes: 0 };
  const found = /^bytes (\d{1,12})-(\d{1,12})\/(\d{1,12})$/.exec(value);
  if (found === null) return undefined;
  const [first, last, total] = [Number(found[1]), Number(found[2]), Number(found[3])];
  return last < first || last >= total ? undefined : { first, total, bytes: last - first + 1 };
};
/** One range of `Range: bytes=…` over `size` bytes: [first, last]. "none": the header asks for no range we know; "beyond": not satisfiable. */
export const readRange = (value: string | undefined, size: number): readonly [first: number, last: number] | "none" | "beyond" => {
  const found = /^bytes=(\d{0,12})-(\d{0,12})$/.exec(value ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return "none";
  const [from, to] = [found[1] ?? "", found[2] ?? ""];
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(size - 1, Number(to));
  return first >= size || last < first ? "beyond" : [first, last];
};

const hashPattern = /\b[0-9a-f]{64}\b/g;
/** Every hash that a body's text speaks of, whatever its kind: a kind unknown here keeps its blobs as well. */
export const hashesIn = (body: string): readonly string[] => body.match(hashPattern) ?? [];
