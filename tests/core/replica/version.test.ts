import "../../kit/seed.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bump, compare, covers, join, type Dot, type VersionVector } from "../../../src/core/replica/version.ts";

const vector = fc.dictionary(fc.constantFrom("r", "s", "t"), fc.integer({ min: 1, max: 5 })).map((v): VersionVector => ({ ...v }));
const dot = fc.tuple(fc.constantFrom("r", "s", "t"), fc.integer({ min: 1, max: 5 })) as fc.Arbitrary<Dot>;

describe("version vectors", () => {
  it("join is commutative, associative and idempotent", () => {
    fc.assert(fc.property(vector, vector, vector, (a, b, c) => {
      expect(join(a, b)).toEqual(join(b, a));
      expect(join(join(a, b), c)).toEqual(join(a, join(b, c)));
      expect(join(a, a)).toEqual(a);
    }));
  });
  it("join is the least vector that covers both", () => {
    fc.assert(fc.property(vector, vector, (a, b) => {
      const both = join(a, b);
      expect(["equal", "after"]).toContain(compare(both, a));
      expect(["equal", "after"]).toContain(compare(both, b));
      for (const d of Object.entries(both)) expect(covers(a, d) || covers(b, d)).toBe(true);
    }));
  });
  it("bump covers the dot and nothing else new", () => {
    fc.assert(fc.property(vector, dot, (a, d) => {
      expect(covers(bump(a, d), d)).toBe(true);
      expect(bump(a, d)).toEqual(join(a, { [d[0]]: d[1] }));
    }));
  });
  it("compare mirrors, and equal means equal", () => {
    const mirrored = { equal: "equal", before: "after", after: "before", concurrent: "concurrent" } as const;
    fc.assert(fc.property(vector, vector, (a, b) => {
      expect(compare(b, a)).toBe(mirrored[compare(a, b)]);
      if (compare(a, b) === "equal") expect(join(a, b)).toEqual(a);
    }));
  });
});
