/**
 * Owns Dagu 2.6's DAG file as one JSON Schema (draft 2020-12), made from the tables the parser reads, with the forms of those keys that
 * take more than one. It knows shapes, not meanings: names that must be unique, steps that must exist and times that must parse are the parser's.
 */
import type { Json, JsonObject } from "../../value/json.ts";
import { kinds } from "../kinds.ts";
import { enumerations, wordsOf } from "./lookup.ts";
import { shapes, type FieldType } from "./shapes.ts";

const orNull = (...types: readonly string[]): JsonObject => ({ type: [...types, "null"] });
const either = (...forms: readonly JsonObject[]): JsonObject => ({ anyOf: [...forms, { type: "null" }] });
const shape = (name: string): JsonObject => ({ $ref: `#/$defs/${name}` });
const list = (items: JsonObject): JsonObject => ({ type: "array", items });
const text: JsonObject = { type: "string" };
const anyMap: JsonObject = { type: "object" };
const oneOf = (...values: readonly Json[]): JsonObject => ({ enum: [...values, null] });

const variables = either(anyMap, list({ anyOf: [anyMap, { type: "string", pattern: "=" }] }));
const texts = either(text, list({}));
const conditions = either(text, shape("condition"), list({ anyOf: [text, shape("condition"), { type: "null" }] }));
const stepForms: JsonObject = { anyOf: [text, shape("step"), list({ anyOf: [text, shape("step")] })] };
const continueOn = either({ enum: ["failed", "skipped"] }, shape("continue_on"));
const logOutput = oneOf("separate", "merged", "");
const container = either(text, shape("container"));
const runtimeNumber = orNull("number", "string");
const backoff = orNull("boolean", "number");
const seconds: JsonObject = { type: ["number", "null"], minimum: 0 };

/** Forms of keys that the tables call `any` or `custom`, and limits of others. */
const forms: Readonly<Record<string, JsonObject>> = {
  "dag.name": { type: ["string", "null"], pattern: "^\\s*[A-Za-z0-9_.-]{0,40}\\s*$" }, "dag.type": oneOf("chain", "graph", ""), "dag.labels": either(text, anyMap, list({ type: ["string", "object", "null"] })), "dag.tags": either(text, anyMap, list({ type: ["string", "object", "null"] })),
  "dag.env": variables, "dag.dotenv": texts, "dag.schedule": orNull("string", "array", "object"), "dag.preconditions": conditions, "dag.shell": texts, "dag.log_output": logOutput, "dag.params": orNull("string", "array", "object"),
  "dag.container": container, "dag.steps": either(list(stepForms), { type: "object", additionalProperties: stepForms }), "dag.timeout_sec": seconds, "dag.overlap_policy": orNull("string"),
  "step.id": { type: ["string", "null"], pattern: "^\\s*([A-Za-z][A-Za-z0-9_]*)?\\s*$", maxLength: 40 }, "step.with": orNull("object"), "step.config": orNull("object"), "step.command": either(text, list({})), "step.shell": texts, "step.env": variables, "step.depends": texts,
  "step.preconditions": conditions, "step.continue_on": continueOn, "step.log_output": logOutput, "step.output": orNull("string", "object"), "step.params": orNull("string", "array", "object", "number", "boolean"), "step.parallel": orNull("string", "array", "object"),
  "step.container": container, "step.timeout_sec": seconds,
  "defaults.continue_on": continueOn, "defaults.env": variables, "defaults.preconditions": conditions, "defaults.timeout_sec": seconds,
  "retry.limit": runtimeNumber, "retry.interval_sec": runtimeNumber, "retry.backoff": backoff, "repeat.limit": runtimeNumber, "repeat.interval_sec": runtimeNumber, "repeat.backoff": backoff, "repeat.repeat": orNull("string", "boolean"),
  "dag_retry.backoff": backoff, "secret.provider": orNull("string"), "param.type": orNull("string"), "output_entry.from": orNull("string"), "output_entry.decode": orNull("string"), "message.role": orNull("string"), "step.signal_on_stop": orNull("string"),
};
/** What a whole map of a shape must also hold to. */
const rules: Readonly<Record<string, JsonObject>> = {
  dag: {
    allOf: [
      { not: { required: ["labels", "tags"] } },
      { not: { required: ["hist_retention_days", "hist_retention_runs"], properties: { hist_retention_days: { exclusiveMinimum: 0, type: "number" }, hist_retention_runs: { exclusiveMinimum: 0, type: "number" } } } },
    ],
  },
  step: {
    allOf: [
      { not: { required: ["exec", "command"], properties: { exec: anyMap, command: { type: ["string", "array"] } } } }, { not: { required: ["exec", "script"], properties: { exec: anyMap, script: text } } },
      ...[...kinds.values()].flatMap(({ type, withKeys }) => (withKeys === undefined ? [] : [{ if: { properties: { type: { const: type } }, required: ["type"] }, then: { properties: { with: { properties: Object.fromEntries(withKeys.map((key) => [key, {}])) } } } }])),
    ],
  },
  retry: { required: ["limit", "interval_sec"] },
  secret: { required: ["name", "provider", "key"] },
};

const jsonTypes: Readonly<Record<string, string>> = { string: "string", int: "number", float: "number", bool: "boolean" };
const typeSchema = (type: FieldType): JsonObject => {
  if (type.startsWith("@")) return either(shape(type.slice(1)));
  if (type.startsWith("[]")) return either(list(typeSchema(type.slice(2))));
  if (type.startsWith("{}")) return either({ type: "object", additionalProperties: typeSchema(type.slice(2)) });
  return jsonTypes[type] === undefined ? {} : orNull(jsonTypes[type]);
};
const fieldSchema = (type: FieldType, name: string): JsonObject => {
  const { en, zh } = wordsOf(name);
  const values = enumerations[name];
  const examples = name === "step.type" ? [...kinds.keys()] : values !== undefined && forms[name] !== undefined && forms[name]["enum"] === undefined ? values : undefined;
  return {
    ...(forms[name] ?? typeSchema(type)), ...(en === "" ? {} : { description: en }), ...(zh === "" ? {} : { "x-description-zh": zh }), ...(examples === undefined ? {} : { examples }),
  };
};
const objectSchema = (name: string): JsonObject => ({
  type: "object", additionalProperties: false, properties: Object.fromEntries(Object.entries(shapes[name]!).map(([key, type]) => [key, fieldSchema(type, `${name}.${key}`)])), ...rules[name],
});

export const schema: JsonObject = {
  $schema: "https://json-schema.org/draft/2020-12/schema", title: "Dagu 2.6 DAG", ...objectSchema("dag"),
  $defs: Object.fromEntries(Object.keys(shapes).filter((name) => name !== "dag").map((name) => [name, objectSchema(name)])),
};
