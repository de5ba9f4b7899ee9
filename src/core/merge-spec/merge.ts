/**
 * Owns the merge of two edited YAML texts over their base. M1 A clean result holds every leaf either side changed. M2 merge(base, a, a) = a
 * and merge(base, a, base) = a. M3 The result parses, has exactly the value the structure says, and is valid where both sides were;
 * anything else is demoted to a conflict. M4 A pure function of its inputs: two devices render the same bytes.
 */
import { diff3Merge } from "node-diff3";
import type { Json } from "../value/json.ts";
import { readTrees, type Tree } from "./node.ts";
import { isEqual, mergeTrees, type Conflict, type Edit } from "./three-way.ts";

export type Outcome =
  | { readonly type: "clean"; readonly text: string }
  /** `text` keeps mine where they differ; every conflict names both sides. */
  | { readonly type: "conflict"; readonly text: string; readonly conflicts: readonly Conflict[] }
  /** Merged by value, but what came out is not a DAG (a missing dependency, a cycle): a person must look. */
  | { readonly type: "demoted"; readonly text: string; readonly reason: "invalid" | "layout" };
export interface MergeInput {
  /** Undefined: no common ancestor. */
  readonly base: string | undefined;
  readonly mine: string;
  readonly theirs: string;
  /** Does this text hold a valid DAG? */
  readonly isValid: (text: string) => boolean;
}

export const mergeSpec = (input: MergeInput): Outcome => {
  const { base, mine, theirs } = input;
  if (mine === theirs || base === theirs) return { type: "clean", text: mine };
  if (base === mine) return { type: "clean", text: theirs };
  const trees = [mine, theirs].map(readTrees);
  const [mineTrees, theirTrees] = trees;
  const baseTrees = base === undefined ? undefined : readTrees(base);
  if (mineTrees === undefined || theirTrees === undefined || (base !== undefined && baseTrees === undefined)) return byLines(input);
  if (mineTrees.length !== theirTrees.length || (baseTrees !== undefined && baseTrees.length !== mineTrees.length)) return byLines(input);
  return byStructure(input, { base: baseTrees, mine: mineTrees, theirs: theirTrees });
};

interface AllTrees {
  readonly base: readonly Tree[] | undefined;
  readonly mine: readonly Tree[];
  readonly theirs: readonly Tree[];
}
const byStructure = (input: MergeInput, trees: AllTrees): Outcome => {
  const edits: Edit[] = [];
  const conflicts: Conflict[] = [];
  const values: (Json | undefined)[] = [];
  trees.mine.forEach((mine, i) => {
    const theirs = trees.theirs[i];
    if (theirs === undefined) return;
    const merged = mergeTrees(input, { base: trees.base?.[i], mine, theirs }, trees.mine.length > 1 ? `document ${i}` : "");
    edits.push(...merged.edits);
    conflicts.push(...merged.conflicts);
    values.push(merged.value);
  });
  const text = applyEdits(input.mine, edits);
  const read = readTrees(text);
  const fits = read !== undefined && read.length === values.length && read.every((tree, i) => isEqual(tree.value, values[i]));
  if (!fits) return { type: "demoted", text: input.mine, reason: "layout" };
  if (conflicts.length > 0) return { type: "conflict", text, conflicts };
  return demotedIfInvalid(input, text);
};

/** Clean by text is not clean when it breaks a graph that was whole on both sides. */
const demotedIfInvalid = ({ mine, theirs, isValid }: MergeInput, text: string): Outcome =>
  !isValid(text) && isValid(mine) && isValid(theirs) ? { type: "demoted", text, reason: "invalid" } : { type: "clean", text };

const applyEdits = (text: string, edits: readonly Edit[]): string => {
  let out = text;
  const indexed = edits.map((edit, i) => ({ ...edit, i }));
  for (const { from, to, text: put } of indexed.sort((a, b) => b.from - a.from || b.to - a.to || b.i - a.i)) out = out.slice(0, from) + put + out.slice(to);
  return out;
};

/** Texts that do not parse: lines, with overlaps as conflicts. */
const byLines = (input: MergeInput): Outcome => {
  const { base = "", mine, theirs } = input;
  const regions = diff3Merge(mine.split("\n"), base.split("\n"), theirs.split("\n"), { excludeFalseConflicts: true });
  const lines: string[] = [];
  const conflicts: Conflict[] = [];
  for (const region of regions) {
    if (region.ok !== undefined) lines.push(...region.ok);
    if (region.conflict === undefined) continue;
    const { a, o, b } = region.conflict;
    conflicts.push({ path: `line ${lines.length + 1}`, base: o.join("\n"), mine: a.join("\n"), theirs: b.join("\n") });
    lines.push(...a);
  }
  const text = lines.join("\n");
  return conflicts.length > 0 ? { type: "conflict", text, conflicts } : demotedIfInvalid(input, text);
};
