/** Owns the structural three-way merge: what each side did to each node, what was chosen, and the edits to my text that follow. */
import type { Json } from "../value/json.ts";
import { readValue, writtenEntry, type Choice, type Choices } from "./choice.ts";
import { emptied, entriesOf, insert, remove, replace, type Edit, type Texts } from "./edits.ts";
import type { Entry, Tree } from "./node.ts";

/** A choice only a person can make. Absent sides are `undefined`: deleted there, or not there yet. */
export interface Conflict {
  /** Keys and step names from the root, "steps/load/retry_policy/limit"; "steps#order" for the order of a list. */
  readonly path: string;
  readonly base?: Json;
  readonly mine?: Json;
  readonly theirs?: Json;
}
/** A list whose entries stand in their order, or mine, once the other edits are done. */
export interface Order {
  /** Keys from the root of the document to the list. */
  readonly at: readonly string[];
  readonly keys: readonly string[];
}
export interface Merged {
  readonly edits: readonly Edit[];
  /** All conflicts, chosen or not. */
  readonly conflicts: readonly Conflict[];
  readonly orders: readonly Order[];
  /** Paths of choices whose text is no YAML value; mine stands there. */
  readonly unreadable: readonly string[];
  /** The value the merged text must have; conflicts without a choice keep mine. Undefined = gone. */
  readonly value: Json | undefined;
}
interface Sides {
  readonly base: Tree | undefined;
  readonly mine: Tree;
  readonly theirs: Tree;
}
export interface Merging extends Texts {
  readonly choices: Choices;
}
export interface Where {
  readonly path: string;
  readonly keys: readonly string[];
}

/** Equal as data: key order does not matter, list order does. */
export const isEqual = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: Json | undefined): unknown => {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item as Json)]);
};
export const below = (at: Where, key: string): Where => ({ path: at.path === "" ? key : `${at.path}/${key}`, keys: [...at.keys, key] });

const settled = (value: Json | undefined, edits: readonly Edit[] = []): Merged => ({ edits, conflicts: [], orders: [], unreadable: [], value });

export const mergeTrees = (merging: Merging, sides: Sides, at: Where): Merged => {
  const { base, mine, theirs } = sides;
  if (isEqual(mine.value, theirs.value) || isEqual(base?.value, theirs.value)) return settled(mine.value);
  if (base !== undefined && isEqual(base.value, mine.value)) return settled(theirs.value, [replace(merging, mine, theirs)]);
  if (mine.type !== "leaf" && mine.type === theirs.type && (base === undefined || base.type === mine.type)) return mergeEntries(merging, sides, at);
  const conflict: Conflict = { path: at.path, ...(base === undefined ? {} : { base: base.value }), mine: mine.value, theirs: theirs.value };
  return { ...chosenNode(merging, mine, theirs, at.path), conflicts: [conflict] };
};
/** Both sides have a value: one of them, or what was written, stands. */
const chosenNode = (merging: Merging, mine: Tree, theirs: Tree, path: string): Merged => {
  const choice = merging.choices.get(path);
  if (choice === undefined || choice.type === "mine") return settled(mine.value);
  if (choice.type === "theirs") return settled(theirs.value, [replace(merging, mine, theirs)]);
  const written = readValue(choice.text);
  if (written === undefined) return { ...settled(mine.value), unreadable: [path] };
  return settled(written.tree.value, [replace({ mine: merging.mine, theirs: written.text }, mine, written.tree)]);
};

export const byKey = (tree: Tree | undefined): ReadonlyMap<string, Entry> => new Map(entriesOf(tree).map((entry) => [entry.key, entry]));

const mergeEntries = (merging: Merging, sides: Sides, at: Where): Merged => {
  const { base, mine, theirs } = sides;
  const [inBase, inMine, inTheirs] = [byKey(base), byKey(mine), byKey(theirs)];
  const moved = reordered(sides, at.path, merging.choices.get(`${at.path}#order`));
  const parts: Merged[] = [];
  const values = new Map<string, Json>();
  for (const key of orderOf(mine, theirs)) {
    const [b, m, t] = [inBase.get(key), inMine.get(key), inTheirs.get(key)];
    const part = m !== undefined && t !== undefined
      ? mergeTrees(merging, { base: b?.node, mine: m.node, theirs: t.node }, below(at, key))
      : m !== undefined ? onlyMine(merging, b, m, below(at, key)) : t !== undefined ? onlyTheirs(merging, sides, { b, t }, below(at, key)) : settled(undefined);
    parts.push(part);
    if (part.value !== undefined) values.set(key, part.value);
  }
  const keys = moved.takesTheirs ? orderOf(theirs, mine) : [...values.keys()];
  const all = keys.flatMap((key) => (values.has(key) ? [values.get(key) as Json] : []));
  return {
    edits: values.size === 0 ? [emptied(merging.mine, mine)] : parts.flatMap((part) => part.edits),
    conflicts: [...parts.flatMap((part) => part.conflicts), ...moved.conflicts],
    orders: [...parts.flatMap((part) => part.orders), ...(moved.takesTheirs && values.size > 1 ? [{ at: at.keys, keys }] : [])],
    unreadable: parts.flatMap((part) => part.unreadable),
    value: mine.type === "list" ? all : Object.fromEntries(values),
  };
};

/** They deleted it, or never had it. */
const onlyMine = (merging: Merging, b: Entry | undefined, m: Entry, at: Where): Merged => {
  if (b === undefined) return settled(m.node.value);
  if (isEqual(b.node.value, m.node.value)) return settled(undefined, [remove(merging.mine, m)]);
  const conflicts: readonly Conflict[] = [{ path: at.path, base: b.node.value, mine: m.node.value }];
  if (merging.choices.get(at.path)?.type === "theirs") return { ...settled(undefined, [remove(merging.mine, m)]), conflicts };
  return { ...chosenNode(merging, m.node, m.node, at.path), conflicts };
};
/** I deleted it, or never had it. */
const onlyTheirs = (merging: Merging, { mine, theirs }: Sides, { b, t }: { readonly b: Entry | undefined; readonly t: Entry }, at: Where): Merged => {
  const before = entriesOf(theirs).slice(0, entriesOf(theirs).indexOf(t)).findLast((entry) => byKey(mine).has(entry.key));
  const anchor = before === undefined ? undefined : byKey(mine).get(before.key);
  if (b === undefined) return settled(t.node.value, [insert(merging, mine, t, anchor)]);
  if (isEqual(b.node.value, t.node.value)) return settled(undefined);
  const conflicts: readonly Conflict[] = [{ path: at.path, base: b.node.value, theirs: t.node.value }];
  const choice = merging.choices.get(at.path);
  if (choice === undefined || choice.type === "mine") return { ...settled(undefined), conflicts };
  if (choice.type === "theirs") return { ...settled(t.node.value, [insert(merging, mine, t, anchor)]), conflicts };
  const written = readValue(choice.text);
  const made = written === undefined ? undefined : writtenEntry(mine.type, t, written);
  if (made === undefined) return { ...settled(undefined), conflicts, unreadable: [at.path] };
  return { ...settled(made.entry.node.value, [insert({ mine: merging.mine, theirs: made.text }, mine, made.entry, anchor)]), conflicts };
};

/** My order, with each of their new entries after the one it follows there. */
const orderOf = (mine: Tree, theirs: Tree): readonly string[] => {
  const order = entriesOf(mine).map((entry) => entry.key);
  let after = -1;
  for (const { key } of entriesOf(theirs)) {
    const at = order.indexOf(key);
    if (at >= 0) after = at;
    else order.splice(++after, 0, key);
  }
  return order;
};
/** A move made by one side alone is kept; where both moved the same entries, each its own way, the order itself is the conflict (M5). */
const reordered = ({ base, mine, theirs }: Sides, path: string, choice: Choice | undefined): { readonly conflicts: readonly Conflict[]; readonly takesTheirs: boolean } => {
  if (mine.type !== "list" || base === undefined) return { conflicts: [], takesTheirs: false };
  const shared = (tree: Tree): string[] => entriesOf(tree).map((entry) => entry.key).filter((key) => [base, mine, theirs].every((side) => byKey(side).has(key)));
  const [was, here, there] = [shared(base), shared(mine), shared(theirs)].map((keys) => JSON.stringify(keys));
  if (there === was || there === here) return { conflicts: [], takesTheirs: false };
  if (here === was) return { conflicts: [], takesTheirs: true };
  return { conflicts: [{ path: `${path}#order`, base: shared(base), mine: shared(mine), theirs: shared(theirs) }], takesTheirs: choice?.type === "theirs" };
};
