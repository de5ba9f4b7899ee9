import "../../kit/seed.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, type Applied } from "../../../src/core/replica/apply.ts";
import type { EditId, Row } from "../../../src/core/replica/row.ts";
import type { Dot, VersionVector } from "../../../src/core/replica/version.ts";

const edit = (e: string, more: Partial<Applied> = {}): Applied => ({ e: e as EditId, deleted: false, body: e, absorbed: [], ...more });
const put = (row: Row | undefined, e: Applied, dot: Dot, ctx: VersionVector = {}, known = false): Row => apply(row, e, dot, { ctx, known });
const shown = (row: Row): readonly string[] => row.siblings.map((s) => s.e);

describe("apply, the one merge", () => {
  it("[9] an edit that saw another supersedes it and remembers its id", () => {
    const row = put(put(undefined, edit("a"), ["r", 1]), edit("b"), ["s", 1], { r: 1 });
    expect({ shown: shown(row), dead: row.dead, vv: row.vv }).toEqual({ shown: ["b"], dead: ["a"], vv: { r: 1, s: 1 } });
  });
  it("[9] an edit that did not see another stands beside it", () => {
    expect(shown(put(put(undefined, edit("a"), ["r", 1]), edit("b"), ["s", 1]))).toEqual(["a", "b"]);
  });
  it("[9] the same edit under another number joins dots and is covered by any of them", () => {
    const twice = put(put(undefined, edit("a"), ["r", 1]), edit("a"), ["s", 7], {}, true);
    expect(twice.siblings).toEqual([{ e: "a", dots: [["r", 1], ["s", 7]], deleted: false, body: "a" }]);
    expect(shown(put(twice, edit("b"), ["t", 1], { s: 7 }))).toEqual(["b"]);
  });
  it("[9] a known edit that is no longer live does not come back, but its context still applies", () => {
    const row = put(put(undefined, edit("old"), ["r", 1]), edit("known"), ["s", 1], { r: 1 }, true);
    expect({ shown: shown(row), vv: row.vv }).toEqual({ shown: [], vv: { r: 1, s: 1 } });
  });
  it("[7] absorbed ids take their siblings with them", () => {
    const row = put(put(undefined, edit("a"), ["r", 1]), edit("b", { absorbed: ["a" as EditId] }), ["s", 1]);
    expect({ shown: shown(row), dead: row.dead }).toEqual({ shown: ["b"], dead: ["a"] });
  });
  it("[10] two equal deletes are two decisions", () => {
    const row = put(put(undefined, edit("x", { deleted: true }), ["r", 1]), edit("y", { deleted: true }), ["s", 1]);
    expect(shown(row)).toEqual(["x", "y"]);
  });
  it("concurrent edits converge in whatever order they arrive", () => {
    fc.assert(fc.property(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), (order) => {
      const row = order.reduce<Row | undefined>((r, i) => put(r, edit(`e${i}`), [`r${i}`, 1]), undefined);
      expect([...shown(row as Row)].sort()).toEqual(["e0", "e1", "e2", "e3"]);
      expect(row?.vv).toEqual({ r0: 1, r1: 1, r2: 1, r3: 1 });
    }));
  });
});
