import { describe, expect, it } from "vitest";
import { definitionOf, referenceAt } from "../../../src/core/spec/refs.ts";
import { renameId } from "../../../src/core/spec/rename.ts";

/** The bar is the cursor. */
const at = (marked: string) => {
  const offset = marked.indexOf("|");
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const found = referenceAt(text, offset);
  const target = found === undefined ? undefined : definitionOf(text, found);
  return { kind: found?.kind, name: found?.name, line: target === undefined ? undefined : text.slice(0, target.from).split("\n").length, word: target === undefined ? undefined : text.slice(target.from, target.to) };
};
const head = "params:\n  - name: WHO\n  - WHERE: here\nenv:\n  - HOME_DIR: /x\n# id: fake\nsteps:\n  - id: fake2\n    name: build it\n  - {id: two, output: OUT}\n";

describe("following a name", () => {
  it.each([
    ["  - depends: bui|ld it\n", "step", "build it", 9],
    ["  - depends:\n      - build| it\n", "step", "build it", 9],
    ["  - depends: [a, t|wo]\n", "step", "two", 10],
    ["  - {depends: t|wo}\n", "step", "two", 10],
    ["  - command: echo ${t|wo.stdout}\n", "variable", "two", 10],
    ["  - command: echo $O|UT\n", "variable", "OUT", 10],
    ["  - command: echo ${W|HO}\n", "variable", "WHO", 2],
    ["  - command: echo ${WHE|RE}\n", "variable", "WHERE", 3],
    ["  - command: echo ${HOME_|DIR}\n", "variable", "HOME_DIR", 5],
    ["  - command: echo ${fa|ke}\n", "variable", "fake", undefined],
  ])("%j", (line, kind, name, target) => {
    expect(at(head + line)).toEqual({ kind, name, line: target, word: target === undefined ? undefined : name });
  });
  it("finds nothing in plain words", () => {
    expect(at("steps:\n  - command: echo h|i\n").kind).toBeUndefined();
    expect(at("des|cription: x\n").kind).toBeUndefined();
  });
});

describe("renaming an id", () => {
  const text = "type: graph\nsteps:\n  - id: a # first\n    command: echo\n  - name: b\n    depends: [a]\n    command: echo ${a.stdout} ${a} ${ab} $a \"${a[0]}\"\n";
  it("reaches depends and references, and nothing that only looks alike", () => {
    expect(renameId(text, { from: "a", to: "one" })).toEqual({ ok: true, value: text.replace("id: a", "id: one").replace("[a]", "[one]").replace("${a.stdout} ${a}", "${one.stdout} ${one}").replace("${a[0]}", "${one[0]}") });
  });
  it("is refused for a form Dagu does not take, a taken and an unknown one", () => {
    expect([renameId(text, { from: "a", to: "9" }), renameId(text, { from: "a", to: "b" }), renameId(text, { from: "z", to: "y" }), renameId("a: [", { from: "a", to: "y" })].map((made) => !made.ok && made.error.type)).toEqual(["bad-name", "name-taken", "unknown-step", "unreadable"]);
  });
});
