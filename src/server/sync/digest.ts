/** Owns the server's side of proving two copies equal: hashes of buckets of ordinals, of one moment. The text that is hashed is `wire/digest`. */
import { createHash } from "node:crypto";
import { bucketOf, bucketsMax, bucketSize, bucketText, isCounted, type Digest } from "../../core/replica/wire/digest.ts";
import type { PageRow } from "../../core/replica/protocol.ts";
import type { Devices } from "../../ports/server/devices.ts";

/** Undefined without the space. Ordinals `from` (brought down to its bucket's first) to `to`, as many buckets as fit one answer. */
export const digestOf = async (devices: Devices, space: string, range: { readonly from: number; readonly to: number }): Promise<Digest | undefined> => {
  const first = bucketOf(range.from);
  const end = Math.min((first + bucketsMax) * bucketSize - 1, range.to);
  const found = await devices.rowsBetween(space, first * bucketSize, end);
  if (found === undefined) return undefined;
  const byBucket = new Map<number, PageRow[]>();
  for (const row of found.rows) {
    if (!isCounted(row, found.floor)) continue;
    const rows = byBucket.get(bucketOf(row.ord));
    if (rows === undefined) byBucket.set(bucketOf(row.ord), [row]);
    else rows.push(row);
  }
  const buckets = [...byBucket].map(([bucket, rows]) => ({ bucket, count: rows.length, hash: createHash("sha256").update(bucketText(rows)).digest("hex") }));
  const isMore = end < Math.min(range.to, found.head);
  return { head: found.head, floor: found.floor, buckets, ...(isMore ? { next: end + 1 } : {}) };
};
