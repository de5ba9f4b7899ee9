/**
 * Owns the declaration forms of `params` and the check of declared defaults (contract 5.1). Binding a run's arguments is done elsewhere.
 */
import type { Json, JsonObject } from "../../value/json.ts";
import type { ParamDecl, Params } from "../dag.ts";
import { decodeMap } from "../decode/keys.ts";
import { addError, fieldFault, type Fault, type Report } from "../decode/report.ts";
import { isNull, printTree, stringOf, toJson, toJsonObject, valueAt, type MapTree, type Tree } from "../yaml/tree.ts";
import { checkDecl } from "./param-rules.ts";

const none: Params = { form: "none", declared: [] };

export const paramsOf = (tree: Tree | undefined, report: Report): Params => {
  if (tree === undefined || isNull(tree)) return none;
  const faults: Fault[] = [];
  const params = tree.kind === "scalar" ? plain(textDecls(tree.text)) : tree.kind === "list" ? listParams(tree.items, faults) : mapParams(tree, faults);
  const names = new Set<string>();
  for (const { name } of params.declared) {
    if (name === undefined) continue;
    if (names.has(name)) faults.push({ ...fieldFault("param-duplicate", tree, "params", `duplicate parameter name "${name}"`, name), values: { name } });
    names.add(name);
  }
  for (const fault of faults) addError(report, "build", fault);
  return params;
};
const plain = (declared: readonly ParamDecl[]): Params => ({ form: declared.length === 0 ? "none" : "plain", declared });
const decl = (name: string | undefined, value: string): ParamDecl => ({
  ...(name === undefined ? {} : { name }), default: value, description: "", type: "string", required: false,
});

const token = /(?:([^\s=]+)=)?("(?:\\"|[^"])*"|`(?:\\`|[^`])*`|[^"\s]+)/g;
/** Splits `a KEY="two words"` as Dagu does; a JSON object or list of JSON text stands for its members. */
export const textDecls = (text: string): readonly ParamDecl[] => {
  const trimmed = text.trim();
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
    const json = jsonDecls(trimmed);
    if (json !== undefined) return json;
  }
  return [...trimmed.matchAll(token)].map((match) => decl(match[1], unquoted(match[2]!)));
};
const unquoted = (text: string): string => (text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).replaceAll('\\"', '"') : text);
const jsonDecls = (text: string): readonly ParamDecl[] | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const word = (item: unknown): string => (typeof item === "string" ? item : JSON.stringify(item));
  if (Array.isArray(value)) return value.map((item) => decl(undefined, word(item)));
  return Object.entries(value as object).map(([name, item]) => decl(name, word(item)));
};

const mapParams = (map: MapTree, faults: Fault[]): Params => {
  if (map.fields.has("schema")) return externalParams(map);
  if (stringOf(map.fields.get("type")?.value) === "object" && map.fields.get("properties")?.value.kind === "map") return schemaParams(map);
  return plain(plainDecls(map, faults, true));
};
const plainDecls = (map: MapTree, faults: Fault[], sorted: boolean): readonly ParamDecl[] => {
  const fields = [...map.fields.values()];
  if (sorted) fields.sort((a, b) => (a.key < b.key ? -1 : 1));
  return fields.map((field) => {
    if (field.value.kind === "map") {
      faults.push(fieldFault("param-nested", field.value, "params", `inline parameter definitions must use object form with name; rewrite \`- ${field.key}: { ... }\` as \`- name: ${field.key}\` with the definition fields on the same object`, printTree(field.value)));
    }
    return decl(field.key, isNull(field.value) ? "" : printTree(field.value));
  });
};
/** One map with `name` makes the whole list rich. */
const listParams = (items: readonly Tree[], faults: Fault[]): Params => {
  const rich = items.some((item) => item.kind === "map" && item.fields.has("name") && stringOf(item.fields.get("name")!.value) !== undefined);
  const declared = items.flatMap((item): readonly ParamDecl[] => {
    if (item.kind === "map") return rich && item.fields.has("name") ? [richDecl(item, faults)] : plainDecls(item, faults, false);
    if (item.kind === "scalar" && item.type === "string") return textDecls(item.text);
    if (item.kind === "scalar") return [decl(undefined, item.text)];
    faults.push(fieldFault("param-form", item, "params", "invalid parameter value", printTree(item)));
    return [];
  });
  return rich ? { form: "rich", declared } : plain(declared);
};

const richDecl = (map: MapTree, faults: Fault[]): ParamDecl => {
  const before = faults.length;
  if (map.fields.size === 1) faults.push(fieldFault("param-bare", map, "params", `parameter "${printTree(map.fields.get("name")!.value)}" must define at least one field in addition to name`));
  for (const key of ["minLength", "maxLength"] as const) {
    const field = map.fields.get(key);
    const use = key === "minLength" ? "min_length" : "max_length";
    if (field !== undefined) {
      faults.push({
        ...fieldFault("legacy-key", { span: field.keySpan, path: field.value.path }, "params", `invalid inline param field "${key}"; use ${use}`),
        values: { key, use }, fix: { label: `use ${use}`, ...field.keySpan, text: use },
      });
    }
  }
  if (faults.length === before) {
    for (const fault of decodeMap(map, "param")) {
      const key = fault.values?.["key"];
      const reason = key === undefined ? (fault.refusal ?? fault.message) : `invalid inline param field "${key}"`;
      faults.push({ ...fault, refusal: `field 'params': ${reason}` });
    }
  }
  return faults.length > before ? decl(printTree(map.fields.get("name")!.value), "") : declOf(map, stringOf(valueAt(map, "name")) ?? "", false, faults);
};
const number = (map: MapTree, key: string): number | undefined => {
  const value = valueAt(map, key);
  return value?.kind === "scalar" && typeof value.value === "number" ? value.value : undefined;
};
const declOf = (map: MapTree, name: string, required: boolean, faults: Fault[]): ParamDecl => {
  const text = (key: string): string | undefined => stringOf(valueAt(map, key));
  const written = (text("type") ?? "").trim() || "string";
  const type = (["string", "integer", "number", "boolean"] as const).find((known) => known === written);
  if (type === undefined) faults.push(fieldFault("param-type", valueAt(map, "type")!, "params", `parameter "${name}" has unsupported type "${written}"`));
  const given = map.fields.get("default")?.value;
  const values = valueAt(map, "enum");
  const optional = {
    default: given === undefined || isNull(given) ? undefined : printTree(given), eval: text("eval"), enum: values?.kind === "list" ? (values.items.map(toJson) as readonly Json[]) : undefined,
    minimum: number(map, "minimum"), maximum: number(map, "maximum"), minLength: number(map, "min_length") ?? number(map, "minLength"),
    maxLength: number(map, "max_length") ?? number(map, "maxLength"), pattern: text("pattern"),
  };
  const declared: ParamDecl = {
    name, description: text("description") ?? "", type: type ?? "string",
    required: required || printTree(valueAt(map, "required") ?? map) === "true",
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
  if (type !== undefined) checkDecl(declared, map, faults);
  return declared;
};

const schemaParams = (schemaTree: MapTree): Params => {
  const properties = valueAt(schemaTree, "properties") as MapTree | undefined;
  const required = valueAt(schemaTree, "required");
  const names = new Set(required?.kind === "list" ? required.items.map(printTree) : []);
  const fields = properties === undefined ? [] : [...properties.fields.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const declared = fields.map((field) => (field.value.kind === "map" ? declOf(field.value, field.key, names.has(field.key), []) : { ...decl(field.key, ""), default: undefined }));
  return { form: "schema", declared: declared.map(withoutUndefined), schema: toJsonObject(schemaTree) };
};
const withoutUndefined = (value: ParamDecl): ParamDecl => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as unknown as ParamDecl;

/** `schema: path|url|object` with `values`. A path or URL is kept for the host to fetch; the values are the declared defaults. */
const externalParams = (map: MapTree): Params => {
  const schemaTree = valueAt(map, "schema");
  const values = valueAt(map, "values");
  const given = new Map(values?.kind === "map" ? [...values.fields.values()].map((field) => [field.key, printTree(field.value)] as const) : []);
  const base = schemaTree?.kind === "map" ? schemaParams(schemaTree) : { form: "schema" as const, declared: [], schema: schemaTree === undefined ? {} : ({ $ref: toJson(schemaTree) } as JsonObject) };
  const known = new Set(base.declared.map((item) => item.name));
  const declared = base.declared.map((item) => (item.name !== undefined && given.has(item.name) ? { ...item, default: given.get(item.name)! } : item));
  const extra = [...given].filter(([name]) => !known.has(name)).map(([name, value]) => decl(name, value));
  return { ...base, declared: [...declared, ...extra] };
};
