/**
 * Owns the check of a custom step's inputs against its JSON Schema, without eval. An input that is one whole expression
 * (`${X}`, `$X`, a backtick text) is only known at run time and passes typed checks (contract 4.3).
 */
import { Validator, type OutputUnit, type Schema } from "@cfworker/json-schema";
import type { Json, JsonObject } from "../../value/json.ts";
import { goPrint } from "../../value/template/print.ts";

const expression = /^(\$\{[^}]*\}|\$[A-Za-z_][A-Za-z0-9_]*|`[^`]*`)$/;
const isExpression = (value: Json | undefined): boolean => typeof value === "string" && expression.test(value.trim());
const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Defaults of properties filled in, nested objects too where they are present. */
export const withInputDefaults = (input: JsonObject, schema: JsonObject): JsonObject => {
  const properties = schema["properties"];
  if (!isObject(properties)) return input;
  const found = new Map(Object.entries(input));
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue;
    const given = found.get(name);
    if (given === undefined && property["default"] !== undefined) found.set(name, property["default"]);
    else if (isObject(given)) found.set(name, withInputDefaults(given, property));
  }
  return Object.fromEntries(found);
};

/** Reasons in the words of Dagu's validator, the deepest of each fault; empty when valid. */
export const inputReasons = (input: JsonObject, schema: JsonObject): readonly string[] => {
  const missing = missingOf(input, schema);
  if (missing.length > 0) return [`required: missing properties: [${missing.map((name) => JSON.stringify(name)).join(" ")}]`];
  const open = relaxed(schema, input);
  const { valid, errors } = new Validator(open as Schema, "2020-12", false).validate(input);
  if (valid) return [];
  const deepest = errors.filter((unit) => !errors.some((other) => other !== unit && other.keywordLocation.startsWith(`${unit.keywordLocation}/`)));
  return (deepest.length > 0 ? deepest : errors).map((unit) => reasonOf(unit, input, schema));
};
const missingOf = (input: JsonObject, schema: JsonObject): readonly string[] => {
  const required = schema["required"];
  return Array.isArray(required) ? required.filter((name): name is string => typeof name === "string" && !Object.hasOwn(input, name)) : [];
};
/** The schema with the type checks of runtime expressions taken out. */
const relaxed = (schema: JsonObject, input: JsonObject): JsonObject => {
  const properties = schema["properties"];
  if (!isObject(properties)) return schema;
  const open = Object.entries(properties).map(([name, property]) => {
    const value = input[name];
    if (isExpression(value)) return [name, {}] as const;
    return [name, isObject(property) && isObject(value) ? relaxed(property, value) : property] as const;
  });
  return { ...schema, properties: Object.fromEntries(open) };
};
const reasonOf = (unit: OutputUnit, input: JsonObject, schema: JsonObject): string => {
  const path = unit.instanceLocation.replace(/^#\/?/, "").split("/").filter((part) => part !== "");
  const name = path[0];
  const property = name !== undefined && isObject(schema["properties"]) ? schema["properties"][name] : undefined;
  const value = name === undefined ? undefined : input[name];
  const where = name === undefined ? "" : `validating /properties/${path.join("/properties/")}: `;
  if (unit.keyword === "enum" && isObject(property) && Array.isArray(property["enum"])) {
    return `${where}enum: ${goPrint(value ?? null)} does not equal any of: ${goPrint(property["enum"])}`;
  }
  if (unit.keyword === "type" && isObject(property)) return `${where}type: ${goPrint(value ?? null)} has type ${JSON.stringify(jsonType(value))}, want ${JSON.stringify(property["type"] ?? "")}`;
  return `${where}${unit.keyword}: ${unit.error}`;
};
const jsonType = (value: Json | undefined): string => {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value === "number" ? (Number.isInteger(value) ? "integer" : "number") : typeof value;
};
