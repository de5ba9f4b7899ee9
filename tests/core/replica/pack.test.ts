import "../../kit/seed.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PageRow } from "../../../src/core/replica/protocol.ts";
import { fromColumns, toColumns } from "../../../src/core/replica/wire/columns.ts";
import { packRows, unpackRows } from "../../../src/core/replica/wire/pack.ts";
import type { Json } from "../../../src/core/value/json.ts";

/** As it is after a way over the wire. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const text = fc.oneof(fc.string(), fc.constantFrom("a", "b", "a1", "a2", "a03", "x.9", "__proto__", "007"), fc.nat(99).map((n) => `rec-${String(n).padStart(4, "0")}`));
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 }, fc.integer(), fc.constantFrom<Json>(null, true, false, 1.5, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER), text,
    fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(text, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe("rows as columns", () => {
  it("come back as they were, whatever they hold", () => {
    fc.assert(fc.property(fc.array(json, { maxLength: 20 }), (values) => {
      expect(JSON.stringify(fromColumns(sent(toColumns(values))))).toBe(JSON.stringify(values));
    }), { numRuns: 500 });
  });
  it("come back as they were when many are alike", () => {
    const row = fc.record({ id: text, n: fc.integer(), tags: fc.array(text, { maxLength: 2 }), at: fc.dictionary(fc.constantFrom("r1", "r2"), fc.nat(), { noNullPrototype: true }) });
    fc.assert(fc.property(fc.array(row, { maxLength: 60 }), (values) => {
      expect(JSON.stringify(fromColumns(sent(toColumns(values))))).toBe(JSON.stringify(values));
    }));
  });
  it("are refused when they are no columns", () => {
    for (const wrong of [null, 1, {}, { v: 1 }, { n: ["x"] }, { d: [["a"], { v: [3] }] }, { l: [{ v: [2] }, { v: [1] }] }, { k: 1, size: 1e12 }, { o: [[["a"]], { v: [0] }, [[]]] }])
      expect(fromColumns(wrong), JSON.stringify(wrong)).toBeUndefined();
  });
  it("are much smaller than rows as text, and say the key once", () => {
    const rows = Array.from({ length: 500 }, (_, n): PageRow => ({
      record: `dag/0190-${n}`, ord: n + 1, vv: { "replica-a": n + 1 }, dead: [],
      siblings: [{ e: `edits.${n}` as PageRow["siblings"][number]["e"], dots: [["replica-a", n + 1]], deleted: false, body: { v: 1, id: `0190-${n}`, name: `load ${n}`, group: n % 2 === 0 ? "a" : "b" } }],
    }));
    const packed = JSON.stringify(packRows(rows));
    expect(packed.length * 8).toBeLessThan(JSON.stringify(rows).length);
    expect(unpackRows(sent(packRows(rows)))).toEqual(rows);
  });
});
