import { describe, expect, it } from "vitest";
import type { PageRow } from "../../../src/core/replica/protocol.ts";
import { bucketOf, bucketText, isCounted, repairPlan } from "../../../src/core/replica/wire/digest.ts";
import { hashesIn, readContentRange, readRange } from "../../../src/core/replica/wire/blob.ts";

const row = (record: string, ord: number, body: unknown, deleted = false): PageRow =>
  ({ record, ord, vv: { r: ord }, siblings: [{ e: `e${ord}` as never, dots: [["r", ord]], deleted, body: body as never }], dead: [] });

describe("a digest", () => {
  it("does not depend on the order of rows, nor of keys", () => {
    const [a, b] = [row("dag/a", 1, { x: 1, y: { p: [1, null], q: "é" } }), row("dag/b", 2, null)];
    expect(bucketText([b, row("dag/a", 1, { y: { q: "é", p: [1, null] }, x: 1 })])).toBe(bucketText([a, b]));
    expect(bucketText([row("dag/a", 1, { x: 2 })])).not.toBe(bucketText([row("dag/a", 1, { x: 1 })]));
    expect(bucketText([a])).toBe('{"dead":[],"ord":1,"record":"dag/a","siblings":[{"body":{"x":1,"y":{"p":[1,null],"q":"é"}},"deleted":false,"dots":[["r",1]],"e":"e1"}],"vv":{"r":1}}\n');
  });
  it("leaves out tombstones at or below the floor, which each side drops when it likes", () => {
    expect([row("a", 5, null, true), row("b", 6, null, true), row("c", 1, 1)].map((one) => isCounted(one, 5))).toEqual([false, true, true]);
  });
  it("names the buckets that differ or stand on one side alone", () => {
    const at = (bucket: number, hash: string) => ({ bucket, count: 1, hash });
    expect(repairPlan([at(0, "a"), at(1, "b"), at(3, "x")], [at(0, "a"), at(1, "c"), at(2, "d")])).toEqual([1, 2, 3]);
    expect([0, 999, 1_000, 1_999].map(bucketOf)).toEqual([0, 0, 1, 1]);
  });
});

describe("ranges of bytes", () => {
  it("are read as they come and go, and nothing else is", () => {
    expect(["bytes 0-9/10", "bytes 4-9/10", "bytes */10"].map(readContentRange)).toEqual([
      { first: 0, total: 10, bytes: 10 }, { first: 4, total: 10, bytes: 6 }, { first: 0, total: 10, bytes: 0 }]);
    expect(["bytes 9-4/10", "bytes 0-10/10", "0-9/10", "bytes 0-9/*", ""].map(readContentRange)).toEqual(Array.from({ length: 5 }, () => undefined));
    expect([["bytes=0-4", 10], ["bytes=5-", 10], ["bytes=-3", 10], ["bytes=-30", 10], ["bytes=8-99", 10]].map(([value, size]) => readRange(value as string, size as number))).toEqual([[0, 4], [5, 9], [7, 9], [0, 9], [8, 9]]);
    expect([readRange("bytes=10-", 10), readRange("bytes=6-4", 10), readRange("bytes=-", 10), readRange("bytes=0-1,3-4", 10), readRange(undefined, 10)]).toEqual(["beyond", "beyond", "none", "none", "none"]);
  });
  it("finds every hash that a body speaks of", () => {
    const [a, b] = ["a".repeat(64), "0".repeat(64)];
    expect(hashesIn(JSON.stringify({ hash: a, more: [{ b }], not: "a".repeat(65), nor: "A".repeat(64) }))).toEqual([a, b]);
  });
});
