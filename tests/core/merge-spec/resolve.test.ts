import "../../kit/seed.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import type { Choice } from "../../../src/core/merge-spec/choice.ts";
import { differences } from "../../../src/core/merge-spec/explain.ts";
import { graphDiff } from "../../../src/core/merge-spec/graph-diff.ts";
import { mergeSpec, resolve, type Resolution } from "../../../src/core/merge-spec/merge.ts";

const base = `schedule: "0 8 * * *"
steps:
  - id: extract
    command: ./extract.sh
  # the long one
  - id: load
    retry_policy:
      interval_sec: 5
      limit: 2
    timeout_sec: 1800
    command: ./load.sh
  - id: notify
    command: ./notify.sh
`;
const edit = (find: string, put: string, text = base): string => {
  expect(text).toContain(find);
  return text.replace(find, put);
};
const mine = edit("timeout_sec: 1800", "timeout_sec: 3600", edit("limit: 2", "limit: 4"));
const theirs = edit('"0 8 * * *"', '"0 8,17 * * *"', edit("limit: 2", "limit: 3"));
const limit = "steps/load/retry_policy/limit";
const withChoices = (sides: { readonly base?: string; readonly mine: string; readonly theirs: string }, choices: Readonly<Record<string, Choice>>): Resolution =>
  resolve({ base: sides.base ?? base, mine: sides.mine, theirs: sides.theirs, isValid: () => true }, new Map(Object.entries(choices)));

describe("a merge with a person's choices", () => {
  it("[M6] takes mine, theirs, or what was written, and says what is still open", () => {
    const open = withChoices({ mine, theirs }, {});
    expect([open.open, open.conflicts.length, open.text]).toEqual([[limit], 1, edit('"0 8 * * *"', '"0 8,17 * * *"', mine)]);
    const kept = withChoices({ mine, theirs }, { [limit]: { type: "mine" } });
    expect([kept.open, kept.text]).toEqual([[], open.text]);
    expect(withChoices({ mine, theirs }, { [limit]: { type: "theirs" } }).text).toBe(edit("limit: 4", "limit: 3", open.text));
    expect(withChoices({ mine, theirs }, { [limit]: { type: "text", text: "7 # between" } }).text).toBe(edit("limit: 4", "limit: 7", open.text));
    const block = withChoices({ mine, theirs }, { [limit]: { type: "text", text: "a: 1\nb: [2]" } });
    expect(parse(block.text).steps[1].retry_policy.limit).toEqual({ a: 1, b: [2] });
  });
  it("keeps a written text that is no value open, with mine in its place", () => {
    const resolved = withChoices({ mine, theirs }, { [limit]: { type: "text", text: "[3" } });
    expect([resolved.unreadable, resolved.open, parse(resolved.text).steps[1].retry_policy.limit]).toEqual([[limit], [limit], 4]);
  });
  it("[M6] decides delete against change either way round, and by a text", () => {
    const gone = edit("  - id: extract\n    command: ./extract.sh\n", "");
    const changed = edit("./extract.sh", "./other.sh");
    const names = (resolution: Resolution): unknown => parse(resolution.text).steps.map((step: { id: string; command: string }) => [step.id, step.command]);
    const rest = [["load", "./load.sh"], ["notify", "./notify.sh"]];
    expect(names(withChoices({ mine: gone, theirs: changed }, {}))).toEqual(rest);
    expect(names(withChoices({ mine: gone, theirs: changed }, { "steps/extract": { type: "theirs" } }))).toEqual([["extract", "./other.sh"], ...rest]);
    expect(names(withChoices({ mine: changed, theirs: gone }, { "steps/extract": { type: "theirs" } }))).toEqual(rest);
    const written: Choice = { type: "text", text: "id: extract\ncommand: |\n  one\n  two\n" };
    for (const sides of [{ mine: gone, theirs: changed }, { mine: changed, theirs: gone }]) {
      expect(names(withChoices(sides, { "steps/extract": written }))).toEqual([["extract", "one\ntwo\n"], ...rest]);
    }
  });
  it("[M5] keeps a move of one side, with its comment, and asks where both moved", () => {
    const load = base.slice(base.indexOf("  # the long one"), base.indexOf("  - id: notify"));
    const first = edit("steps:\n", `steps:\n${load}`, edit(load, ""));
    const last = edit(load, "") + load;
    const order = (text: string): unknown => parse(text).steps.map((step: { id: string }) => step.id);
    for (const sides of [{ mine, theirs: first }, { mine: first, theirs: mine }]) {
      const merged = mergeSpec({ base, ...sides, isValid: () => true });
      expect([merged.type, order(merged.text), parse(merged.text).steps[0].timeout_sec]).toEqual(["clean", ["load", "extract", "notify"], 3600]);
      expect(merged.text).toContain("  # the long one\n  - id: load");
    }
    const asked = withChoices({ mine: first, theirs: last }, {});
    expect([asked.open, order(asked.text)]).toEqual([["steps#order"], ["load", "extract", "notify"]]);
    expect(order(withChoices({ mine: first, theirs: last }, { "steps#order": { type: "theirs" } }).text)).toEqual(["extract", "notify", "load"]);
  });
  it("goes on by lines where a side does not parse", () => {
    const broken = edit("limit: 4", "limit: [4", mine);
    const resolved = withChoices({ mine: broken, theirs }, { "line 9": { type: "theirs" } });
    expect([resolved.by, resolved.conflicts.map(({ path }) => path)]).toEqual(["lines", ["line 9"]]);
    expect(resolved.text).toContain("limit: 3");
    expect(differences({ base, mine: broken, theirs }).map(({ by, lines }) => [by, lines])).toEqual([["conflict", { base: { from: 9, to: 10 }, mine: { from: 9, to: 10 }, theirs: { from: 9, to: 10 } }]]);
  });
  it("tells who changed what, with its lines in each text", () => {
    const at = (line: number): unknown => ({ base: { from: line, to: line }, mine: { from: line, to: line }, theirs: { from: line, to: line } });
    expect(differences({ base, mine, theirs })).toEqual([
      { path: "schedule", by: "theirs", base: "0 8 * * *", mine: "0 8 * * *", theirs: "0 8,17 * * *", lines: at(1) },
      { path: limit, by: "conflict", base: 2, mine: 4, theirs: 3, lines: at(9) },
      { path: "steps/load/timeout_sec", by: "mine", base: 1800, mine: 3600, theirs: 1800, lines: at(10) },
    ]);
  });
  it("draws the graph of the result: same, changed, added, gone", () => {
    const chain = (text: string) => parse(text).steps.map(({ id }: { id: string }, n: number, all: { id: string }[]) => ({ name: id, depends: n === 0 ? [] : [all[n - 1]?.id ?? ""] }));
    const after = edit("  - id: notify\n    command: ./notify.sh\n", "  - id: tell\n    command: x\n", edit("limit: 2", "limit: 4", mine.replace("limit: 4", "limit: 2")));
    expect(graphDiff({ text: base, steps: chain(base) }, { text: after, steps: chain(after) })).toEqual([
      { name: "extract", depends: [], state: "same", changes: 0 },
      { name: "load", depends: ["extract"], state: "changed", changes: 2 },
      { name: "tell", depends: ["load"], state: "added", changes: 0 },
      { name: "notify", depends: ["load"], state: "gone", changes: 0 },
    ]);
  });

  const leaf = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom("x", "two words", "multi\nline\n", "007"), fc.boolean());
  const step = fc.record({ command: leaf, env: fc.dictionary(fc.constantFrom("A", "B"), leaf) }, { requiredKeys: [] });
  const dag = fc.record({
    name: leaf, env: fc.dictionary(fc.constantFrom("A", "B"), leaf),
    steps: fc.shuffledSubarray(["s1", "s2", "s3"], { minLength: 1 }).chain((names) => fc.tuple(...names.map((name) => step.map((body) => ({ name, ...body }))))),
  }, { requiredKeys: [] });
  const text = dag.map((value) => stringify(value));
  const answers = fc.infiniteStream(fc.constantFrom<Choice>({ type: "mine" }, { type: "theirs" }, { type: "text", text: "chosen" }));

  it("[M7] has the same conflicts for any choices, told alike by the merge and its explanation", () => {
    fc.assert(fc.property(text, text, text, answers, (b, a, c, stream) => {
      const input = { base: b, mine: a, theirs: c, isValid: () => true };
      const { conflicts, by } = resolve(input, new Map());
      expect(by).toBe("structure");
      const choices = new Map(conflicts.filter(({ path }) => !path.endsWith("#order")).map(({ path }) => [path, stream.next().value]));
      expect(resolve(input, choices).conflicts).toEqual(conflicts);
      expect(differences(input).filter((one) => one.by === "conflict").map(({ path }) => path).sort()).toEqual(conflicts.map(({ path }) => path).sort());
    }), { numRuns: 80 });
  });
  it("[M6] holds each choice at its path and the rest as merged", () => {
    const at = (value: unknown, path: string): unknown =>
      (path === "" ? [] : path.split("/")).reduce<unknown>((found, key) => (Array.isArray(found) ? found.find((item: { name: string }) => item.name === key) : (found as Record<string, unknown> | undefined)?.[key]), value);
    fc.assert(fc.property(text, text, text, answers, (b, a, c, stream) => {
      const input = { base: b, mine: a, theirs: c, isValid: () => true };
      const { conflicts } = resolve(input, new Map());
      const chosen = conflicts.filter(({ path }) => !path.endsWith("#order") && !/^steps\/s\d$/.test(path)).map((conflict) => ({ ...conflict, choice: stream.next().value as Choice }));
      const resolved = resolve(input, new Map(chosen.map(({ path, choice }) => [path, choice])));
      const result: unknown = parse(resolved.text);
      for (const { path, choice, mine: m, theirs: t } of chosen) expect([path, at(result, path)]).toEqual([path, choice.type === "text" ? "chosen" : choice.type === "mine" ? m : t]);
      const merged: unknown = parse(resolve(input, new Map()).text);
      for (const one of differences(input)) if (one.by !== "conflict" && !one.path.includes("#")) expect([one.path, at(result, one.path)]).toEqual([one.path, at(merged, one.path)]);
    }), { numRuns: 80 });
  });
  it("[M6] theirs everywhere from one side is mine everywhere from the other, up to where concurrent steps stand", () => {
    const sorted = (text: string): unknown => {
      const { steps = [], ...rest } = parse(text) ?? {};
      return { ...rest, steps: [...steps].sort((x: { name: string }, y: { name: string }) => (x.name < y.name ? -1 : 1)) };
    };
    fc.assert(fc.property(text, text, text, (b, a, c) => {
      const there = { base: b, mine: a, theirs: c, isValid: () => true };
      const all = new Map(resolve(there, new Map()).conflicts.map(({ path }): [string, Choice] => [path, { type: "theirs" }]));
      expect(sorted(resolve({ ...there, mine: c, theirs: a }, new Map()).text)).toEqual(sorted(resolve(there, all).text));
    }), { numRuns: 80 });
  });
});
