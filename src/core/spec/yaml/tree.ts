/**
 * Owns the positioned tree: a YAML document as plain nodes with typed scalars, offsets and paths, aliases and merges resolved.
 * Refuses to know what a key means. Keys live in a Map, so a key named like a member of Object is only a key.
 */
import type { Json, JsonObject } from "../../value/json.ts";
import { bytewise, goFloat } from "../../value/template/print.ts";

export interface Span {
  readonly from: number;
  readonly to: number;
}
export type ScalarType = "null" | "bool" | "int" | "float" | "string";
export interface Scalar {
  readonly kind: "scalar";
  readonly type: ScalarType;
  readonly value: null | boolean | number | string;
  /** Go's `%v` of the value. */
  readonly text: string;
  readonly span: Span;
  readonly path: string;
}
export interface Field {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Tree;
}
export interface MapTree {
  readonly kind: "map";
  readonly fields: ReadonlyMap<string, Field>;
  readonly span: Span;
  readonly path: string;
}
export interface ListTree {
  readonly kind: "list";
  readonly items: readonly Tree[];
  readonly span: Span;
  readonly path: string;
}
export type Tree = Scalar | MapTree | ListTree;

export const isNull = (tree: Tree | undefined): boolean => tree === undefined || (tree.kind === "scalar" && tree.type === "null");
/** The value under `key`, absent when missing or null. */
export const valueAt = (map: MapTree, key: string): Tree | undefined => {
  const value = map.fields.get(key)?.value;
  return isNull(value) ? undefined : value;
};
export const stringOf = (tree: Tree | undefined): string | undefined =>
  tree?.kind === "scalar" && tree.type === "string" ? (tree.value as string) : undefined;

/** Go's `%v` of the whole tree. */
export const printTree = (tree: Tree): string => {
  if (tree.kind === "scalar") return tree.text;
  if (tree.kind === "list") return `[${tree.items.map(printTree).join(" ")}]`;
  const fields = [...tree.fields.values()].sort((a, b) => bytewise(a.key, b.key));
  return `map[${fields.map((field) => `${field.key}:${printTree(field.value)}`).join(" ")}]`;
};
/** The Go type that Dagu's YAML reader gives a value. */
export const goType = (tree: Tree): string => {
  if (tree.kind === "list") return "[]interface {}";
  if (tree.kind === "map") return "map[string]interface {}";
  const names = { null: "<nil>", bool: "bool", int: "uint64", float: "float64", string: "string" } as const;
  return tree.type === "int" && tree.text.startsWith("-") ? "int64" : names[tree.type];
};
export const toJson = (tree: Tree): Json => {
  if (tree.kind === "scalar") return typeof tree.value === "number" && !Number.isFinite(tree.value) ? tree.text : tree.value;
  if (tree.kind === "list") return tree.items.map(toJson);
  return toJsonObject(tree);
};
export const toJsonObject = (tree: MapTree): JsonObject =>
  Object.fromEntries([...tree.fields.values()].map((field) => [field.key, toJson(field.value)]));

/** A tree for a plain value that has no text of its own (a template's result): every node lies at `span`. */
export const treeOf = (value: Json, span: Span, path: string): Tree => {
  if (value === null) return { kind: "scalar", type: "null", value, text: "<nil>", span, path };
  if (typeof value === "string") return { kind: "scalar", type: "string", value, text: value, span, path };
  if (typeof value === "boolean") return { kind: "scalar", type: "bool", value, text: String(value), span, path };
  if (typeof value === "number") {
    const type = Number.isInteger(value) ? "int" : "float";
    return { kind: "scalar", type, value, text: type === "int" ? String(value) : goFloat(value), span, path };
  }
  if (Array.isArray(value)) return { kind: "list", items: value.map((item, i) => treeOf(item as Json, span, `${path}[${i}]`)), span, path };
  const entries = Object.entries(value).map(([key, item]) => [key, { key, keySpan: span, value: treeOf(item, span, path === "" ? key : `${path}.${key}`) }] as const);
  return { kind: "map", fields: new Map(entries), span, path };
};
