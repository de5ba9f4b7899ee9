import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Validator, type Schema } from "@cfworker/json-schema";
import { describe as group, expect, it } from "vitest";
import { schemaText } from "../../../src/cli/schema.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";
import { readDocuments } from "../../../src/core/spec/yaml/read.ts";
import { toJson } from "../../../src/core/spec/yaml/tree.ts";
import { shapes } from "../../../src/core/spec/schema/shapes.ts";
import { schema } from "../../../src/core/spec/schema/json-schema.ts";
import { describe, keysAt, valuesAt } from "../../../src/core/spec/schema/lookup.ts";

group("the schema", () => {
  it("knows keys at any path", () => {
    expect(keysAt("").map((help) => help.key)).toContain("steps");
    expect(keysAt("steps[2]").map((help) => help.key)).toContain("command");
    expect(keysAt("steps[1][0].retry_policy").map((help) => help.key)).toContain("interval_sec");
    expect(keysAt("steps.build").map((help) => help.key)).toContain("command");
    expect(keysAt("handler_on.exit").map((help) => help.key)).toContain("script");
    expect(keysAt("steps[0].with", "jq").map((help) => help.key)).toEqual(["raw", "input"]);
    expect(keysAt("steps[0].preconditions[0]").map((help) => help.key)).toContain("expected");
    expect(keysAt("env")).toEqual([]);
  });
  it("knows values and sentences in both languages", () => {
    expect(valuesAt("type").map((help) => help.value)).toEqual(["chain", "graph"]);
    expect(valuesAt("steps[0].type").map((help) => help.value)).toContain("http");
    expect(valuesAt("steps[0].mail_on_error").map((help) => help.value)).toEqual(["true", "false"]);
    expect(describe("steps[0].retry_policy.limit", "en")).toBe("How often to try again.");
    expect(describe("steps[0].call", "zh")).toBe("作为子流程运行的 DAG。");
  });
  it("has a sentence for every key of DAG and step", () => {
    const bare = ["dag", "step"].flatMap((shape) => Object.keys(shapes[shape]!).filter((key) => describe(shape === "dag" ? key : `steps[0].${key}`, "zh") === undefined));
    expect(bare).toEqual([]);
  });
  it("is one JSON Schema", () => {
    expect(schema).toMatchObject({ properties: { steps: {}, type: { enum: ["chain", "graph", "", null] } }, $defs: { step: { additionalProperties: false } } });
  });
  it("is published as it is made", () => {
    expect(readFileSync(new URL("../../../public/schema/dagu-2.6.json", import.meta.url), "utf8")).toBe(schemaText());
  });
});

/** Codes of refusals that are about the shape of the text alone. Not among them: `backoff: 2` for 2.0, which are one number in JSON. */
const shapeCodes = new Set([
  "unknown-key", "unknown-key-near", "legacy-key", "wrong-type", "dag-type", "dag-name-form", "dag-name-long", "labels-and-tags", "retention-both", "retry-missing", "timeout-negative",
  "secret-missing", "exec-alone", "output-form", "steps-form", "command-form", "continue-word", "continue-key", "precondition-key", "step-id-form",
]);
group("the corpus against the JSON Schema", () => {
  const root = new URL("../../conformance/corpus/", import.meta.url);
  const cases = readdirSync(root).flatMap((topic) => readdirSync(new URL(`${topic}/`, root)).map((slug) => `${topic}/${slug}`)).filter((name) => existsSync(new URL(`${name}/dag.yaml`, root)));
  const validator = new Validator(schema as Schema, "2020-12", true);
  const read = cases.map((name) => {
    const text = readFileSync(new URL(`${name}/dag.yaml`, root), "utf8");
    const { spec, issues } = parseSpec(text, { name: name.split("/")[1]! });
    const documents = readDocuments(text).documents.filter((tree) => tree !== undefined);
    return { name, spec, first: issues.find((issue) => issue.severity === "error"), fits: documents.every((tree) => validator.validate(toJson(tree)).valid), documents };
  });
  it("fits every text that loads", () => {
    const wrong = read.filter((one) => one.spec !== undefined && !one.fits).map(({ name, documents }) => [name, documents.map((tree) => validator.validate(toJson(tree)).errors.at(-1))]);
    expect(wrong).toEqual([]);
  });
  it("does not fit a text that is refused for its shape", () => {
    const refused = read.filter((one) => one.first !== undefined && shapeCodes.has(one.first.code));
    expect(refused.length).toBeGreaterThan(15);
    expect(refused.filter((one) => one.fits).map(({ name, first }) => [name, first?.code])).toEqual([]);
  });
});
