import "../../kit/seed.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { stringify } from "yaml";
import { mergeSpec, type Outcome } from "../../../src/core/merge-spec/merge.ts";

const base = `# the nightly load
name: load
type: graph # explicit
steps:
  # first
  - name: fetch
    command: curl x
  - name: store
    depends: fetch
    command: |
      one
      two
    retry_policy:
      limit: 3
      interval_sec: 5
`;
const merge = (mine: string, theirs: string, from: string | null = base, isValid: (text: string) => boolean = () => true): Outcome =>
  mergeSpec({ base: from ?? undefined, mine, theirs, isValid });
const edit = (find: string, put: string, text = base): string => {
  expect(text).toContain(find);
  return text.replace(find, put);
};

describe("merging two edited specs", () => {
  it("[M1] [M3] takes changes of both sides and keeps comments, order and quoting", () => {
    const mine = edit("limit: 3", 'limit: 5 # more');
    const theirs = edit("curl x", '"curl y"');
    expect(merge(mine, theirs)).toEqual({ type: "clean", text: edit("curl x", '"curl y"', mine) });
  });
  it("[M1] takes an added step into its place, block text and all, and a deleted key out", () => {
    const theirs = edit("  - name: store", "  - name: check # new\n    command: |\n      test -s x\n      echo ok\n  - name: store");
    const mine = edit("    retry_policy:\n      limit: 3\n      interval_sec: 5\n", "");
    const merged = merge(mine, theirs);
    expect(merged.type).toBe("clean");
    expect(parse(merged.text)).toEqual({ ...parse(theirs), steps: [parse(theirs).steps[0], parse(theirs).steps[1], { name: "store", depends: "fetch", command: "one\ntwo\n" }] });
    expect(merged.text).toContain("# first");
  });
  it("re-indents what comes from a differently indented text", () => {
    const theirs = stringify(parse(edit("curl x", "curl z")), { indent: 4 });
    const merged = merge(edit("name: load", "name: load2"), theirs);
    expect([merged.type, parse(merged.text).steps[0].command, parse(merged.text).name]).toEqual(["clean", "curl z", "load2"]);
  });
  it("names both sides of a conflict and keeps mine in the text", () => {
    const merged = merge(edit("limit: 3", "limit: 4"), edit("limit: 3", "limit: 9"));
    expect(merged).toEqual({
      type: "conflict",
      text: edit("limit: 3", "limit: 4"),
      conflicts: [{ path: "steps/store/retry_policy/limit", base: 3, mine: 4, theirs: 9 }],
    });
  });
  it("calls delete against change a conflict, either way round", () => {
    const deleted = edit("  # first\n  - name: fetch\n    command: curl x\n", "");
    const changed = edit("curl x", "curl y");
    const conflict = (o: Outcome): unknown => (o.type === "conflict" ? o.conflicts : o);
    expect(conflict(merge(changed, deleted))).toEqual([{ path: "steps/fetch", base: { name: "fetch", command: "curl x" }, mine: { name: "fetch", command: "curl y" } }]);
    expect(conflict(merge(deleted, changed))).toEqual([{ path: "steps/fetch", base: { name: "fetch", command: "curl x" }, theirs: { name: "fetch", command: "curl y" } }]);
  });
  it("[M3] demotes a merge that breaks what was valid on both sides", () => {
    const isValid = (text: string): boolean => !(text.includes("depends: check") && !text.includes("name: check"));
    const withCheck = edit("  - name: store", "  - name: check\n    command: x\n  - name: store");
    const mine = edit("depends: fetch", "depends: check", withCheck);
    expect(merge(mine, edit("name: load", "name: other", withCheck).replace("  - name: check\n    command: x\n", ""), withCheck, isValid)).toMatchObject({ type: "demoted", reason: "invalid" });
  });
  it("[M3] keeps what they put where I removed the first entry", () => {
    expect(merge("env:\n  A: false\n", "env:\n  C: 0\n", "env:\n  A: false\n  B: 0\n")).toEqual({ type: "clean", text: "env:\n  C: 0\n" });
  });
  it("falls back to lines when a side does not parse, with overlaps as conflicts", () => {
    const broken = edit("limit: 3", "limit: [3");
    expect(merge(broken, edit("curl x", "curl y"))).toEqual({ type: "clean", text: edit("curl x", "curl y", broken) });
    expect(merge(broken, edit("limit: 3", "limit: 8")).type).toBe("conflict");
  });
  it("lets an inline value become a block and a block an inline value", () => {
    const toBlock = edit("depends: fetch", "depends:\n      - fetch\n      - other");
    expect(parse(merge(edit("curl x", "curl y"), toBlock).text).steps[1].depends).toEqual(["fetch", "other"]);
    const toInline = edit("    retry_policy:\n      limit: 3\n      interval_sec: 5", "    retry_policy: {limit: 1, interval_sec: 2}");
    expect(parse(merge(edit("curl x", "curl y"), toInline).text).steps[1].retry_policy).toEqual({ limit: 1, interval_sec: 2 });
  });
  it("without a base keeps what only one side has and asks about the rest", () => {
    expect(merge("name: a\ngroup: g\n", "name: b\ndescription: d\n", null)).toEqual({
      type: "conflict", text: "name: a\ndescription: d\ngroup: g\n", conflicts: [{ path: "name", mine: "a", theirs: "b" }],
    });
  });

  const leaf = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom("x", "two words", "multi\nline\ntext\n", "", "007"), fc.boolean(), fc.constant(null));
  const step = fc.record({ command: leaf, env: fc.dictionary(fc.constantFrom("A", "B"), leaf), retry: fc.record({ limit: leaf }, { requiredKeys: [] }) }, { requiredKeys: [] });
  const dag = fc.record({
    name: leaf, env: fc.dictionary(fc.constantFrom("A", "B", "C"), leaf), tags: fc.array(leaf, { maxLength: 3 }),
    steps: fc.dictionary(fc.constantFrom("s1", "s2", "s3"), step).map((steps) => Object.entries(steps).map(([name, body]) => ({ name, ...body }))),
  }, { requiredKeys: [] });
  const text = dag.map((value) => stringify(value));

  it("[M2] has the identities of a merge for any texts", () => {
    fc.assert(fc.property(text, text, (b, a) => {
      expect(merge(a, a, b)).toEqual({ type: "clean", text: a });
      expect(merge(a, b, b)).toEqual({ type: "clean", text: a });
      expect(merge(b, a, b)).toEqual({ type: "clean", text: a });
    }));
  });
  it("[M1] [M3] is the same from both sides up to order, always parses, and loses no leaf", () => {
    const flat = (value: unknown, path = ""): [string, string][] =>
      typeof value === "object" && value !== null
        ? Object.entries(value).flatMap(([key, item]) => flat(item, `${path}/${Array.isArray(value) && typeof item === "object" && item !== null && "name" in item ? String(item.name) : key}`))
        : [[path, JSON.stringify(value)]];
    fc.assert(fc.property(text, text, text, (b, a, c) => {
      const there = merge(a, c, b);
      const back = merge(c, a, b);
      expect(back.type).toBe(there.type);
      expect(there.type).not.toBe("demoted");
      if (there.type !== "clean") return;
      const result = new Map(flat(parse(there.text)));
      expect(new Map(flat(parse(back.text)))).toEqual(result);
      const was = new Map(flat(parse(b)));
      for (const side of [a, c]) for (const [path, value] of flat(parse(side))) if (was.get(path) !== value && !path.startsWith("/tags")) expect([path, result.get(path)]).toEqual([path, value]);
    }), { numRuns: 200 });
  });
});
