/**
 * Owns Dagu's strict decode of a map against its shape: unknown and legacy keys, and the type of every plain value.
 * Refuses to know what the values mean; fields marked `custom` or `any` are read by those who do.
 */
import { legacyKeys, shapes, type FieldType } from "../schema/shapes.ts";
import { isNull, goType, printTree, type MapTree, type Tree } from "../yaml/tree.ts";
import type { Fault } from "./report.ts";

const goKinds: Readonly<Record<string, string>> = { string: "string", int: "int", bool: "bool", float: "float64" };

/** One fault per wrong key or value, in the order of the shape, unknown keys last. `name` is '' at a root. */
export const decodeMap = (map: MapTree, shapeName: string, name = ""): readonly Fault[] => {
  const shape = shapes[shapeName]!;
  const faults: Fault[] = [];
  const seen = new Set(map.fields.keys());
  for (const [key, type] of Object.entries(shape)) {
    const value = map.fields.get(key)?.value;
    seen.delete(key);
    if (value !== undefined && !isNull(value)) decodeValue(value, type, name === "" ? key : `${name}.${key}`, faults);
  }
  if (seen.size > 0) faults.push(...unknownKeys(map, [...seen].sort(), shapeName, name));
  return faults;
};

const decodeValue = (value: Tree, type: FieldType, name: string, faults: Fault[]): void => {
  if (type === "any" || type === "custom") return;
  if (type.startsWith("@")) {
    if (value.kind === "map") faults.push(...decodeMap(value, type.slice(1), name));
    else faults.push(typeFault(value, name, "map", `expected a map or struct, got "${goType(value)}"`));
  } else if (type.startsWith("[]")) {
    if (value.kind === "list") value.items.forEach((item, i) => isNull(item) || decodeValue(item, type.slice(2), `${name}[${i}]`, faults));
    else faults.push(typeFault(value, name, "list", `: source data must be an array or slice, got ${kindOf(value)}`));
  } else if (type.startsWith("{}")) {
    if (value.kind === "map") for (const field of value.fields.values()) isNull(field.value) || decodeValue(field.value, type.slice(2), `${name}[${field.key}]`, faults);
    else faults.push(typeFault(value, name, "map", `expected a map, got '${kindOf(value)}'`));
  } else if (!fits(value, type)) {
    faults.push(typeFault(value, name, goKinds[type]!, `expected type '${goKinds[type]!}', got unconvertible type '${goType(value)}'`));
  }
};
const kindOf = (tree: Tree): string => (tree.kind === "list" ? "slice" : tree.kind === "map" ? "map" : goType(tree));
const fits = (value: Tree, type: string): boolean => {
  if (value.kind !== "scalar") return false;
  if (type === "int" || type === "float") return value.type === "int" || value.type === "float";
  return value.type === type;
};
const typeFault = (value: Tree, name: string, expected: string, words: string): Fault => ({
  code: "wrong-type", at: value, message: `${name}: must be ${article(expected)}, got ${goType(value)}`, refusal: `'${name}'${words.startsWith(":") ? "" : " "}${words}`,
  values: { field: name, expected, found: goType(value), value: printTree(value).slice(0, 80) },
});
const article = (expected: string): string => (expected === "int" ? "an integer" : expected === "bool" ? "true or false" : `a ${expected}`);

/** Unknown keys of one map that are told; a text of nothing but wrong keys must not cost more than its reading. */
const keysShown = 100;
/** Dagu's one line for all unknown keys of a map; ours is one fault per key, the first carrying Dagu's line, the rest empty. */
const unknownKeys = (map: MapTree, keys: readonly string[], shapeName: string, name: string): readonly Fault[] => {
  const hints = keys.slice(0, keysShown).flatMap((key) => (legacyKeys.has(key) ? [`${key} -> ${legacyKeys.get(key)!}`] : []));
  const refusal = `'${name}' has invalid keys: ${keys.slice(0, keysShown).join(", ")}${hints.length === 0 ? "" : `; use snake_case keys (${hints.join(", ")})`}`;
  return keys.slice(0, keysShown).map((key, i) => ({ ...unknownKey(map, key, shapeName), refusal: i === 0 ? refusal : "" }));
};
const unknownKey = (map: MapTree, key: string, shapeName: string): Fault => {
  const field = map.fields.get(key)!;
  const at = { span: field.keySpan, path: field.value.path };
  const current = legacyKeys.get(key);
  const found = current ?? nearest(key, Object.keys(shapes[shapeName]!));
  const usable = found !== undefined && !found.includes(".");
  return {
    code: current === undefined ? (found === undefined ? "unknown-key" : "unknown-key-near") : "legacy-key", at,
    message: current !== undefined ? `"${key}" is an old key; use "${current}"` : `unknown key "${key}"${found === undefined ? "" : `; did you mean "${found}"?`}`,
    values: { key, ...(found === undefined ? {} : { use: found }) },
    ...(usable ? { fix: { label: `use ${found}`, ...field.keySpan, text: found } } : {}),
  };
};

/** The closest known word within two edits (one for short words). */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const reach = word.length <= 4 ? 1 : 2;
  let best: string | undefined, least = reach + 1;
  if (word.length > 60) return undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > reach) continue;
    const distance = edits(word.toLowerCase(), candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
};
const edits = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
};
