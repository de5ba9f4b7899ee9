/**
 * Owns proving that two copies are equal without moving them: rows in buckets of 1,000 ordinals, a canonical text of each, and what differs.
 * The hash of a bucket is the SHA-256 (hex) of the UTF-8 of `bucketText`; hashing is the caller's.
 * Compare only when the device is complete to the `head` of the answer; a difference is mended by fetching the copy again (rule 26).
 */
import * as v from "valibot";
import type { Json } from "../../value/json.ts";
import type { PageRow } from "../protocol.ts";
import { isDead } from "../row.ts";
import { count, hash } from "./scalar.ts";

export const bucketSize = 1_000;
/** Buckets of one answer at most. */
export const bucketsMax = 20;
export const bucket = v.strictObject({ bucket: count, count, hash });
/** Buckets without rows are left out; `next` is the ordinal to ask from when more follow. */
export const digest = v.strictObject({ head: count, floor: count, buckets: v.array(bucket), next: v.optional(count) });
export type Bucket = v.InferOutput<typeof bucket>;
export type Digest = v.InferOutput<typeof digest>;

export const bucketOf = (ord: number): number => Math.floor(ord / bucketSize);
/** A tombstone at or below the floor counts on neither side: each drops it at a time of its own (rules 22 and 23). */
export const isCounted = (row: PageRow, floor: number): boolean => row.ord > floor || !isDead(row);

/** Built up in one text, key by key: a digest runs over every row of a workspace. */
const canonical = (value: Json): string => {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(",")}]`;
  const fields = value as { readonly [key: string]: Json | undefined };
  let text = "";
  for (const key of Object.keys(fields).sort()) {
    const field = fields[key];
    if (field !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonical(field)}`;
  }
  return `{${text}}`;
};
/** One line per row, by ordinal; keys of objects in the order of their code units, so that storage may order them as it likes. */
export const bucketText = (rows: readonly PageRow[]): string =>
  rows.toSorted((a, b) => a.ord - b.ord).map(({ record, ord, vv, siblings, dead }) => `${canonical({ record, ord, vv, siblings, dead } as unknown as Json)}\n`).join("");

/** Buckets to fetch again: unequal, or on one side alone. */
export const repairPlan = (mine: readonly Bucket[], theirs: readonly Bucket[]): readonly number[] => {
  const here = new Map(mine.map((one) => [one.bucket, one.hash]));
  const there = new Map(theirs.map((one) => [one.bucket, one.hash]));
  return [...new Set([...here.keys(), ...there.keys()])].filter((one) => here.get(one) !== there.get(one)).sort((a, b) => a - b);
};
