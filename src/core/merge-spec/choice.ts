/** Owns what a person may say to a conflict, and how a text they write becomes a piece of YAML. Refuses to know where it will stand. */
import { readTrees, type Entry, type Tree } from "./node.ts";

/** `text`: YAML of the value itself, "4", "[a, b]", or a block. An order (path ends in "#order") and lines know no other YAML than a side's. */
export type Choice = { readonly type: "mine" } | { readonly type: "theirs" } | { readonly type: "text"; readonly text: string };
/** By the path of the conflict. */
export type Choices = ReadonlyMap<string, Choice>;

/** A text of its own with one value in it. */
export interface Written {
  readonly text: string;
  readonly tree: Tree;
}
/** Undefined: not one YAML value, or one that a merge by place cannot follow. */
export const readValue = (text: string): Written | undefined => {
  const trees = readTrees(text);
  return trees?.length === 1 && trees[0] !== undefined ? { text, tree: trees[0] } : undefined;
};

/** The written value as a whole entry of a map or list, ready to be put where there is none. */
export const writtenEntry = (kind: Tree["type"], entry: Entry, written: Written): { readonly text: string; readonly entry: Entry } | undefined => {
  const indented = written.text.trimEnd().split("\n").map((line, i) => (i === 0 && !written.tree.block ? line : `  ${line}`)).join("\n");
  const key = /^[\w-]+$/.test(entry.key) ? entry.key : JSON.stringify(entry.key);
  const text = kind === "list" ? `- ${written.tree.block ? indented.slice(2) : indented}` : `${key}:${written.tree.block ? "\n" : " "}${indented}`;
  const container = readTrees(text)?.[0];
  const made = container === undefined || container.type === "leaf" ? undefined : container.entries[0];
  return made === undefined ? undefined : { text, entry: made };
};
