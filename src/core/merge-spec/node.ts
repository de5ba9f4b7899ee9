/**
 * Owns YAML as the merge sees it: maps by key, lists of steps by name, everything else a leaf with its value and its place in the text.
 * Refuses to know Dagu's keys, but for a step's `name` and `id`.
 */
import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, visit, type Document, type Node, type Pair } from "yaml";
import type { Json } from "../value/json.ts";

/** Where a node's text stands: offsets into its source and the column (0-based) it starts at. */
export interface Place {
  readonly from: number;
  readonly to: number;
  readonly column: number;
}
export interface Entry {
  readonly key: string;
  /** The whole entry: the key and its value, or the list item with its dash. */
  readonly place: Place;
  readonly node: Tree;
}
/** `block`: a map or list in block style, which starts on a line of its own. */
export type Tree =
  | { readonly type: "map" | "list"; readonly entries: readonly Entry[]; readonly place: Place; readonly value: Json; readonly block: boolean }
  | { readonly type: "leaf"; readonly place: Place; readonly value: Json; readonly block: boolean };

/** A whole text, one tree per document; undefined when it does not parse, or uses what a merge by place cannot follow (anchors). */
export const readTrees = (text: string): readonly Tree[] | undefined => {
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: counter });
  if (!Array.isArray(documents) || documents.some((doc) => doc.errors.length > 0 || hasAnchors(doc))) return undefined;
  const trees = documents.map((doc) => (doc.contents === null ? undefined : toTree({ text, doc, counter }, doc.contents as Node)));
  return trees.every((tree) => tree !== undefined) ? trees : undefined;
};

interface Reading {
  readonly text: string;
  readonly doc: Document.Parsed;
  readonly counter: LineCounter;
}
const hasAnchors = (doc: Document.Parsed): boolean => {
  let found = false;
  visit(doc, (_, node) => {
    if (isAlias(node) || ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)) found = true;
    return found ? visit.BREAK : undefined;
  });
  return found;
};
const columnOf = (reading: Reading, offset: number): number => reading.counter.linePos(offset).col - 1;
/** Ends right after the last character that is not white space, so that comments between entries stay with the text around them. */
const placeOf = (reading: Reading, from: number, to: number): Place => {
  let end = to;
  while (end > from && /\s/.test(reading.text[end - 1] ?? "")) end--;
  return { from, to: end, column: columnOf(reading, from) };
};
const valueOf = (reading: Reading, node: Node): Json => node.toJS(reading.doc) as Json;

const toTree = (reading: Reading, node: Node): Tree => {
  const [from = 0, to = from] = node.range ?? [];
  const place = placeOf(reading, from, to);
  const value = valueOf(reading, node);
  const block = isCollection(node) && !node.flow;
  if (isMap(node) && !node.flow) {
    const entries = node.items.map((pair) => mapEntry(reading, pair as Pair<Node, Node | null>));
    if (entries.every((entry) => entry !== undefined)) return { type: "map", entries, place, value, block };
  }
  if (isSeq(node) && !node.flow) {
    const entries = node.items.map((item) => listEntry(reading, item as Node));
    const keys = new Set(entries.map((entry) => entry?.key));
    if (keys.size === entries.length && entries.every((entry) => entry !== undefined)) return { type: "list", entries, place, value, block };
  }
  return { type: "leaf", place, value, block };
};

const mapEntry = (reading: Reading, pair: Pair<Node, Node | null>): Entry | undefined => {
  if (!isScalar(pair.key) || pair.key.range == null) return undefined;
  const [from, keyEnd] = pair.key.range;
  const value = pair.value;
  if (value === null || value.range == null) {
    const colon = reading.text.indexOf(":", keyEnd) + 1;
    return { key: String(pair.key.value), place: placeOf(reading, from, colon), node: { type: "leaf", place: placeOf(reading, colon, colon), value: null, block: false } };
  }
  return { key: String(pair.key.value), place: placeOf(reading, from, Math.max(value.range[1], keyEnd + 1)), node: toTree(reading, value) };
};

/** A step's identity in a list: its name, else its id. Items without one make the whole list a leaf. */
const listEntry = (reading: Reading, item: Node): Entry | undefined => {
  if (!isMap(item) || item.range == null) return undefined;
  const name = item.get("name") ?? item.get("id");
  if (typeof name !== "string" || name === "") return undefined;
  const dash = reading.text.lastIndexOf("-", item.range[0]);
  return { key: name, place: placeOf(reading, dash, item.range[1]), node: toTree(reading, item) };
};
