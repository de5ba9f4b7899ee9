/**
 * Owns params whose JSON Schema lies outside the text (`schema: file`, 5.1): what the schema declares once it has been read, under the values
 * that the text gives. Refuses to know where a schema comes from.
 */
import { goValue } from "../go/text.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Declared, DeclaredParams } from "./declared.ts";

const isMap = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** Name of the file or address that the params' schema is; absent when the schema stands in the text. */
export const externalSchema = ({ form, schema }: DeclaredParams): string | undefined => {
  const ref = form === "schema" && schema !== undefined && Object.keys(schema).length === 1 ? schema["$ref"] : undefined;
  return typeof ref === "string" && !ref.startsWith("#") ? ref : undefined;
};

const types = ["string", "integer", "number", "boolean"] as const;
/** A property's own words, `$ref` inside the document followed once. */
const propertyOf = (schema: JsonObject, value: Json): JsonObject => {
  if (!isMap(value)) return {};
  const ref = value["$ref"];
  if (typeof ref !== "string" || !ref.startsWith("#/")) return value;
  const found = ref.slice(2).split("/").reduce<Json | undefined>((at, key) => (isMap(at) ? at[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined), schema);
  return isMap(found) ? { ...found, ...Object.fromEntries(Object.entries(value).filter(([key]) => key !== "$ref")) } : value;
};
const numbers = ["minimum", "maximum", "minLength", "maxLength"] as const;
const declaredOf = (name: string, property: JsonObject, required: boolean): Declared => {
  const given = property["default"];
  return {
    name, required, type: types.find((type) => type === property["type"]) ?? "string",
    ...(given === undefined || given === null ? {} : { default: goValue(given) }),
    ...(Array.isArray(property["enum"]) ? { enum: property["enum"] as readonly Json[] } : {}),
    ...(typeof property["pattern"] === "string" ? { pattern: property["pattern"] } : {}),
    ...Object.fromEntries(numbers.flatMap((key) => (typeof property[key] === "number" ? [[key, property[key]]] : []))),
  };
};

/** Params as the schema declares them; `values` of the text are their defaults. */
export const withSchema = (params: DeclaredParams, schema: JsonObject): DeclaredParams => {
  const values = new Map(params.declared.map((each) => [each.name, each.default] as const));
  const properties = isMap(schema["properties"]) ? schema["properties"] : {};
  const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as readonly Json[]).map(String) : []);
  const names = Object.keys(properties).sort();
  const declared = names.map((name): Declared => {
    const own = declaredOf(name, propertyOf(schema, properties[name] as Json), required.has(name));
    const value = values.get(name);
    return value === undefined ? own : { ...own, default: value };
  });
  const extra = params.declared.filter((each) => each.name === undefined || !names.includes(each.name));
  return { form: "schema", declared: [...declared, ...extra], schema };
};
