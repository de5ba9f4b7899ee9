/**
 * Owns the merge of two edited YAML texts over their base, with or without a person's choices. M1 A clean result holds every leaf either
 * side changed. M2 merge(base, a, a) = a and merge(base, a, base) = a. M3 The result parses, has exactly the value the structure says, and is
 * valid where both sides were; anything else is demoted to a conflict. M4 A pure function of its inputs: two devices render the same bytes.
 * M5 A move of list entries by one side alone is kept; two different moves are a conflict. M6 With a choice for every conflict the result holds
 * each chosen value at its path and, elsewhere, what the merge without choices holds. M7 Choices never change which conflicts there are.
 */
import type { Json } from "../value/json.ts";
import type { Choices } from "./choice.ts";
import { applyEdits } from "./edits.ts";
import { mergeLines } from "./lines.ts";
import { readTrees, type Tree } from "./node.ts";
import { inOrder } from "./order.ts";
import { isEqual, mergeTrees, type Conflict, type Merged } from "./three-way.ts";

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
export interface Resolution {
  /** Conflicts without a choice keep mine. */
  readonly text: string;
  /** By keys and step names, or by lines where a side does not parse or its layout cannot be followed. */
  readonly by: "structure" | "lines";
  /** All of them, chosen or not, the same for any choices (M7). */
  readonly conflicts: readonly Conflict[];
  /** Paths that still wait for a choice. */
  readonly open: readonly string[];
  /** Paths of choices whose text is no YAML value. */
  readonly unreadable: readonly string[];
  readonly isValid: boolean;
}

export const mergeSpec = (input: MergeInput): Outcome => {
  const trivial = withoutMerge(input);
  if (trivial !== undefined) return { type: "clean", text: trivial };
  const trees = allTrees(input);
  const structured = trees === undefined ? undefined : byStructure(input, trees, new Map());
  if (trees !== undefined && structured === undefined) return { type: "demoted", text: input.mine, reason: "layout" };
  const { text, conflicts } = structured ?? mergeLines({ ...input, base: input.base ?? "" }, new Map());
  if (conflicts.length > 0) return { type: "conflict", text, conflicts: conflicts.map(({ path, ...sides }) => ({ path, ...valuesOf(sides) })) };
  return demotedIfInvalid(input, text);
};

/** The merge with a person's choices. Where its layout cannot be followed by structure it goes on by lines, never by a guess. */
export const resolve = (input: MergeInput, choices: Choices): Resolution => {
  const trivial = withoutMerge(input);
  if (trivial !== undefined) return { text: trivial, by: "structure", conflicts: [], open: [], unreadable: [], isValid: input.isValid(trivial) };
  const trees = allTrees(input);
  const structured = trees === undefined || byStructure(input, trees, new Map()) === undefined ? undefined : byStructure(input, trees, choices);
  const { text, conflicts } = structured ?? mergeLines({ ...input, base: input.base ?? "" }, choices);
  const unreadable = structured?.unreadable ?? [];
  const open = conflicts.map(({ path }) => path).filter((path) => !choices.has(path) || unreadable.includes(path));
  return { text, by: structured === undefined ? "lines" : "structure", conflicts, open, unreadable, isValid: input.isValid(text) };
};

const withoutMerge = ({ base, mine, theirs }: MergeInput): string | undefined =>
  mine === theirs || base === theirs ? mine : base === mine ? theirs : undefined;
const valuesOf = ({ base, mine, theirs }: Omit<Conflict, "path">): Omit<Conflict, "path"> => ({
  ...(base === undefined ? {} : { base }), ...(mine === undefined ? {} : { mine }), ...(theirs === undefined ? {} : { theirs }),
});

interface AllTrees {
  readonly base: readonly Tree[] | undefined;
  readonly mine: readonly Tree[];
  readonly theirs: readonly Tree[];
}
/** Undefined: a side does not parse, or the sides have different numbers of documents. */
export const allTrees = ({ base, mine, theirs }: Pick<MergeInput, "base" | "mine" | "theirs">): AllTrees | undefined => {
  const [mineTrees, theirTrees] = [readTrees(mine), readTrees(theirs)];
  const baseTrees = base === undefined ? undefined : readTrees(base);
  if (mineTrees === undefined || theirTrees === undefined || (base !== undefined && baseTrees === undefined)) return undefined;
  if (mineTrees.length !== theirTrees.length || (baseTrees !== undefined && baseTrees.length !== mineTrees.length)) return undefined;
  return { base: baseTrees, mine: mineTrees, theirs: theirTrees };
};
/** The path of a document's root: "" where there is one only. */
export const rootPath = (index: number, count: number): string => (count > 1 ? `document ${index}` : "");

/** Undefined: the edited text does not say what the structure says. */
const byStructure = (input: MergeInput, trees: AllTrees, choices: Choices): Pick<Merged, "conflicts" | "unreadable"> & { readonly text: string } | undefined => {
  const parts = trees.mine.flatMap((mine, i) => {
    const theirs = trees.theirs[i];
    if (theirs === undefined) return [];
    return [mergeTrees({ mine: input.mine, theirs: input.theirs, choices }, { base: trees.base?.[i], mine, theirs }, { path: rootPath(i, trees.mine.length), keys: [] })];
  });
  const text = inOrder(applyEdits(input.mine, parts.flatMap((part) => part.edits)), parts.map((part) => part.orders));
  const read = text === undefined ? undefined : readTrees(text);
  const values: readonly (Json | undefined)[] = parts.map((part) => part.value);
  const fits = read !== undefined && read.length === values.length && read.every((tree, i) => isEqual(tree.value, values[i]));
  if (!fits || text === undefined) return undefined;
  return { text, conflicts: parts.flatMap((part) => part.conflicts), unreadable: parts.flatMap((part) => part.unreadable) };
};

/** Clean by text is not clean when it breaks a graph that was whole on both sides. */
const demotedIfInvalid = ({ mine, theirs, isValid }: MergeInput, text: string): Outcome =>
  !isValid(text) && isValid(mine) && isValid(theirs) ? { type: "demoted", text, reason: "invalid" } : { type: "clean", text };
