/** Params whose JSON Schema is a file of the DAG's folder. */
import { describe, expect, it } from "vitest";
import { createStage, dagOf, folder } from "./stage.ts";

const files: Readonly<Record<string, string>> = {
  "schema.json": JSON.stringify({
    type: "object", additionalProperties: false, required: ["region"],
    properties: { region: { $ref: "types/common.yaml#/defs/region" }, count: { type: "integer", default: 3, minimum: 1 }, kind: { $ref: "#/$defs/kind" } },
    $defs: { kind: { type: "string", enum: ["a", "b"], default: "a" } },
  }),
  "types/common.yaml": "defs:\n  region: {$ref: '#/defs/name'}\n  name: {type: string, pattern: '^[a-z]+$'}\n  loop: {$ref: '#/defs/loop'}\n",
  "loop.json": '{"properties": {"x": {"$ref": "types/common.yaml#/defs/loop"}}}', "out.json": '{"$ref": "../../secret.json"}',
};
const bound = async (params: string, args: readonly string[]): Promise<unknown> => {
  const { executor, put } = await createStage();
  for (const [path, text] of Object.entries(files)) await put(`${folder}/${path}`, text);
  await put("/secret.json", "{}");
  const said = await executor.evaluateStart({ dag: dagOf(`params:\n  ${params}\nsteps:\n  - command: echo\n`), args, host: {}, folder, special: [] });
  return said.ok ? Object.fromEntries(said.params.map(({ name, value }) => [name, value])) : said.message;
};

describe("an external params schema", () => {
  it("declares, types and defaults; values of the text go before", async () => {
    expect(await bound("schema: schema.json", ["region=eu"])).toEqual({ count: "3", kind: "a", region: "eu" });
    expect(await bound("schema: ./schema.json\n  values: {region: us, count: 5}", [])).toEqual({ count: "5", kind: "a", region: "us" });
  });
  it.each([
    ["a wrong type", ["region=eu", "count=x"], 'cannot coerce "x" to integer'], ["a missing one", [], 'missing properties: ["region"]'],
    ["a value outside", ["region=eu", "kind=c"], "kind"], ["a pattern of another file", ["region=EU"], "region"],
    ["an unknown name", ["region=eu", "zone=1"], 'unknown parameter(s): "zone"'],
  ] as const)("refuses %s", async (_, args, why) => expect(await bound("schema: schema.json", args)).toEqual(expect.stringContaining(why)));
  it.each([
    ["none.json", "params schema file not found: none.json"], ["https://example.com/s.json", "nothing is fetched here"], ["loop.json", "refers to itself"],
    ["out.json", "lies outside of the DAG's folder"], ["/secret.json", "lies outside of the DAG's folder"],
  ] as const)("refuses to start with %s", async (name, why) => expect(await bound(`schema: ${name}`, [])).toEqual(expect.stringContaining(why)));
});
