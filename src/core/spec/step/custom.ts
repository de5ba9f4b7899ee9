/**
 * Owns the expansion of a step of a custom type into a built-in one: its inputs checked and defaulted, its template filled in
 * (contract 4.3). Declarations are checked elsewhere.
 */
import type { Json, JsonObject } from "../../value/json.ts";
import { renderTemplate } from "../../value/template/render.ts";
import { fieldFault } from "../decode/report.ts";
import type { Faults } from "../decode/texts.ts";
import { inputReasons, withInputDefaults } from "./inputs.ts";
import { isNull, printTree, stringOf, toJsonObject, treeOf, valueAt, type Field, type MapTree, type Tree } from "../yaml/tree.ts";

const forbidden = "agent call command container exec llm messages parallel params routes script shell shell_packages value working_dir".split(" ");
const appended: ReadonlySet<string> = new Set(["env", "preconditions"]);

/** The call site's map over the filled template, or undefined with the reason among the faults. */
export const expandCustom = (map: MapTree, name: string, type: MapTree, faults: Faults): MapTree | undefined => {
  const misplaced = forbidden.filter((key) => !isNull(map.fields.get(key)?.value));
  for (const key of misplaced) {
    const reason = `custom step type "${name}" does not allow field "${key}" at the call site`;
    faults.push({ ...fieldFault("custom-field", map.fields.get(key)!.value, key, reason), values: { type: name, field: key } });
  }
  const written = valueAt(map, "with") ?? valueAt(map, "config");
  if (written !== undefined && written.kind !== "map") faults.push(fieldFault("with-form", written, "with", "with must be a map", printTree(written)));
  if (misplaced.length > 0 || (written !== undefined && written.kind !== "map")) return undefined;

  const schema = toJsonObject(valueAt(type, "input_schema") as MapTree);
  const input = withInputDefaults(written?.kind === "map" ? toJsonObject(written) : {}, schema);
  const [reason] = inputReasons(input, schema).map((first) => `validating root: ${first}`);
  if (reason !== undefined) {
    const shown = written === undefined ? "map[]" : printTree(written);
    faults.push({ ...fieldFault("custom-input", written ?? map, "with", `invalid "${name}" input: ${reason}`, shown), values: { type: name, reason } });
    return undefined;
  }
  return filled(map, { name, type }, input, faults);
};
const filled = (map: MapTree, { name, type }: { readonly name: string; readonly type: MapTree }, input: JsonObject, faults: Faults): MapTree | undefined => {
  const failed: string[] = [];
  const template = fillTree(valueAt(type, "template")!, { input }, map, failed);
  if (failed.length > 0 || template.kind !== "map") {
    const reason = failed[0] ?? "the template must be a map";
    faults.push({ ...fieldFault("custom-template", map, "template", `failed to render template of "${name}": ${reason}`), values: { type: name, reason } });
    return undefined;
  }
  const base: Field = { key: "type", keySpan: map.span, value: valueAt(type, "type")! };
  const fields = new Map(template.fields);
  for (const [key, field] of map.fields) {
    if (key === "with" || key === "config" || key === "type") continue;
    const before = fields.get(key);
    fields.set(key, before !== undefined && appended.has(key) ? { ...field, value: append(before.value, field.value) } : field);
  }
  const own = stringOf(base.value)?.trim();
  if ((own === "command" || own === "shell") && !fields.has("exec")) return { kind: "map", fields, span: map.span, path: map.path };
  fields.set("type", base);
  return { kind: "map", fields, span: map.span, path: map.path };
};
const asItems = (tree: Tree): readonly Tree[] => {
  if (tree.kind === "list") return tree.items;
  if (isNull(tree)) return [];
  if (tree.kind === "scalar") return [tree];
  const single = (field: Field): Tree => ({ ...tree, fields: new Map([[field.key, field]]) });
  return tree.fields.has("condition") || tree.fields.has("command") ? [tree] : [...tree.fields.values()].map(single);
};
const append = (first: Tree, second: Tree): Tree => ({ kind: "list", items: [...asItems(first), ...asItems(second)], span: second.span, path: second.path });

/** Strings are Go templates over `.input`; `{$input: path}` is the input itself, typed. All nodes lie at the call site. */
const fillTree = (tree: Tree, data: JsonObject, site: MapTree, failed: string[]): Tree => {
  if (tree.kind === "scalar") {
    const text = stringOf(tree);
    if (text === undefined || !text.includes("{{")) return { ...tree, span: site.span };
    const rendered = renderTemplate(text, data, "step_type");
    if (!rendered.ok) failed.push(rendered.error.message);
    return treeOf(rendered.ok ? rendered.value : "", site.span, site.path);
  }
  if (tree.kind === "list") return { ...tree, span: site.span, items: tree.items.map((item) => fillTree(item, data, site, failed)) };
  const reference = tree.fields.size === 1 ? stringOf(tree.fields.get("$input")?.value) : undefined;
  if (reference !== undefined) {
    const value = atPath(data["input"]!, reference);
    if (value === undefined) failed.push(`input "${reference}" is not set`);
    return treeOf(value ?? null, site.span, site.path);
  }
  const fields = [...tree.fields].map(([key, field]) => [key, { key, keySpan: site.span, value: fillTree(field.value, data, site, failed) }] as const);
  return { ...tree, span: site.span, fields: new Map(fields) };
};
const atPath = (value: Json, path: string): Json | undefined => {
  let at: Json | undefined = value;
  for (const name of path.split(".").filter((part) => part !== "")) {
    if (typeof at !== "object" || at === null || Array.isArray(at) || !Object.hasOwn(at, name)) return undefined;
    at = (at as JsonObject)[name];
  }
  return at;
};
