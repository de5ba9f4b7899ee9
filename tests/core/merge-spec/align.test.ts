import { describe, expect, it } from "vitest";
import { align } from "../../../src/core/merge-spec/align.ts";

describe("three texts side by side", () => {
  it("stand in rows: the same line of all in one, what lies between from the top", () => {
    expect(align({ base: "a\nb\nc", mine: "a\nx\ny\nc", theirs: "a\nc" })).toEqual([
      { base: 1, mine: 1, theirs: 1, same: true },
      { base: 2, mine: 2, same: false },
      { mine: 3, same: false },
      { base: 3, mine: 4, theirs: 2, same: true },
    ]);
  });
  it("name every line of every text once, in order", () => {
    const texts = { base: "k: 1\nl: 2\n", mine: "k: 1\n", theirs: "n: 0\nk: 1\nl: 3\n\n" };
    const rows = align(texts);
    for (const side of ["base", "mine", "theirs"] as const) {
      expect(rows.flatMap((row) => row[side] ?? [])).toEqual(texts[side].split("\n").map((_, i) => i + 1));
    }
  });
});
