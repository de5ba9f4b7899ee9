import { describe as group, expect, it } from "vitest";
import { shapes } from "../../../src/core/spec/schema/shapes.ts";
import { describe, keysAt, schema, valuesAt } from "../../../src/core/spec/schema/lookup.ts";

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
    expect(schema).toMatchObject({ properties: { steps: {}, type: { enum: ["chain", "graph"] } }, $defs: { step: { additionalProperties: false } } });
  });
});
