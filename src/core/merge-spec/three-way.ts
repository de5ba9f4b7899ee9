/** Owns the structural three-way merge: what each side did to each node, and the edits to one side's text that bring in the other's. */
import type { Json } from "../value/json.ts";
import type { Entry, Tree } from "./node.ts";

/** A choice only a person can make. Absent sides are `undefined`: deleted there, or not there yet. */
export interface Conflict {
  /** Keys and step names from the root, "steps/load/retry_policy/limit". */
  readonly path: string;
  readonly base?: Json;
  readonly mine?: Json;
  readonly theirs?: Json;
}
/** Brings a piece of their text into mine. `from` = `to` inserts; `text` "" deletes. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
export interface Merged {
  readonly edits: readonly Edit[];
  readonly conflicts: readonly Conflict[];
  /** The value the merged text must have; conflicts keep mine. Undefined = gone. */
  readonly value: Json | undefined;
}
interface Sides {
  readonly base: Tree | undefined;
  readonly mine: Tree;
  readonly theirs: Tree;
}
export interface Texts {
  readonly mine: string;
  readonly theirs: string;
}

/** Equal as data: key order does not matter, list order does. */
export const isEqual = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: Json | undefined): unknown => {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item as Json)]);
};

export const mergeTrees = (texts: Texts, sides: Sides, path: string): Merged => {
  const { base, mine, theirs } = sides;
  if (isEqual(mine.value, theirs.value) || isEqual(base?.value, theirs.value)) return { edits: [], conflicts: [], value: mine.value };
  if (base !== undefined && isEqual(base.value, mine.value)) return { edits: [replace(texts, mine, theirs)], conflicts: [], value: theirs.value };
  if (mine.type !== "leaf" && mine.type === theirs.type && (base === undefined || base.type === mine.type)) return mergeEntries(texts, sides, path);
  return { edits: [], conflicts: [{ path, ...(base === undefined ? {} : { base: base.value }), mine: mine.value, theirs: theirs.value }], value: mine.value };
};

const entriesOf = (tree: Tree | undefined): readonly Entry[] => (tree === undefined || tree.type === "leaf" ? [] : tree.entries);
const byKey = (tree: Tree | undefined): ReadonlyMap<string, Entry> => new Map(entriesOf(tree).map((entry) => [entry.key, entry]));

const mergeEntries = (texts: Texts, { base, mine, theirs }: Sides, path: string): Merged => {
  const [inBase, inMine, inTheirs] = [byKey(base), byKey(mine), byKey(theirs)];
  const edits: Edit[] = [];
  const conflicts: Conflict[] = [];
  const values = new Map<string, Json>();
  for (const key of orderOf(mine, theirs)) {
    const at = path === "" ? key : `${path}/${key}`;
    const [b, m, t] = [inBase.get(key), inMine.get(key), inTheirs.get(key)];
    if (m !== undefined && t !== undefined) {
      const merged = mergeTrees(texts, { base: b?.node, mine: m.node, theirs: t.node }, at);
      edits.push(...merged.edits);
      conflicts.push(...merged.conflicts);
      if (merged.value !== undefined) values.set(key, merged.value);
    } else if (m !== undefined) {
      if (b === undefined || !isEqual(b.node.value, m.node.value)) {
        values.set(key, m.node.value);
        if (b !== undefined) conflicts.push({ path: at, base: b.node.value, mine: m.node.value });
      } else edits.push(remove(texts.mine, m));
    } else if (t !== undefined) {
      if (b === undefined) {
        edits.push(insert(texts, { mine, theirs }, t, inMine));
        values.set(key, t.node.value);
      } else if (!isEqual(b.node.value, t.node.value)) conflicts.push({ path: at, base: b.node.value, theirs: t.node.value });
    }
  }
  conflicts.push(...reordered({ base, mine, theirs }, path));
  const value: Json = mine.type === "list" ? [...values.values()] : Object.fromEntries(values);
  return { edits: values.size === 0 ? [emptied(texts.mine, mine)] : edits, conflicts, value };
};

/** A block of which nothing is left cannot be written as a block. */
const emptied = (text: string, mine: Tree): Edit => {
  const from = startOfInline(text, mine.place.from);
  return { from, to: mine.place.to, text: `${from === 0 ? "" : " "}${mine.type === "list" ? "[]" : "{}"}` };
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
/** Both sides moved the same steps, each its own way: the order itself is the conflict. One side's move alone is kept only when it is mine. */
const reordered = ({ base, mine, theirs }: Sides, path: string): readonly Conflict[] => {
  if (mine.type !== "list" || base === undefined) return [];
  const shared = (tree: Tree): string[] => entriesOf(tree).map((e) => e.key).filter((key) => [base, mine, theirs].every((side) => byKey(side).has(key)));
  const [was, here, there] = [shared(base), shared(mine), shared(theirs)].map((keys) => JSON.stringify(keys));
  return there !== was && there !== here
    ? [{ path: `${path}#order`, base: shared(base), mine: shared(mine), theirs: shared(theirs) }]
    : [];
};

const slice = (text: string, tree: { readonly place: { readonly from: number; readonly to: number } }): string => text.slice(tree.place.from, tree.place.to);
/** Moves all lines but the first by the difference of columns; blank lines stay blank. */
const shifted = (text: string, by: number): string => {
  if (by === 0) return text;
  const [first = "", ...rest] = text.split("\n");
  const move = (line: string): string => (line.trim() === "" ? line : by > 0 ? " ".repeat(by) + line : line.slice(Math.min(-by, line.length - line.trimStart().length)));
  return [first, ...rest.map(move)].join("\n");
};

const replace = (texts: Texts, mine: Tree, theirs: Tree): Edit => {
  const { from, to, column } = mine.place;
  const text = shifted(slice(texts.theirs, theirs), column - theirs.place.column);
  const needsSpace = from > 0 && texts.mine[from - 1] === ":" && text !== "";
  if (mine.block === theirs.block) return { from, to, text: needsSpace ? ` ${text}` : text };
  return theirs.block ? { from, to, text: asBlock(texts, mine, theirs) } : { from: startOfInline(texts.mine, from), to, text: ` ${text}` };
};
/** A map or list that takes the place of an inline value starts on a line of its own, two columns further in. */
const asBlock = (texts: Texts, mine: Tree, theirs: Tree): string => {
  const lineStart = texts.mine.lastIndexOf("\n", mine.place.from - 1) + 1;
  const indent = (/^[\s-]*/.exec(texts.mine.slice(lineStart))?.[0].length ?? 0) + 2;
  return `\n${" ".repeat(indent)}${shifted(slice(texts.theirs, theirs), indent - theirs.place.column)}`;
};
const startOfInline = (text: string, from: number): number => {
  let at = from;
  while (at > 0 && /\s/.test(text[at - 1] ?? "")) at--;
  return at;
};

/** Whole lines go, with the line break after them. */
const remove = (text: string, entry: Entry): Edit => {
  const lineStart = text.lastIndexOf("\n", entry.place.from - 1) + 1;
  const isOwnLine = text.slice(lineStart, entry.place.from).trim() === "";
  const lineEnd = text.indexOf("\n", entry.place.to);
  return isOwnLine
    ? { from: lineStart, to: lineEnd < 0 ? text.length : lineEnd + 1, text: "" }
    : { from: entry.place.from, to: entry.place.to, text: "" };
};
const insert = (texts: Texts, sides: { readonly mine: Tree; readonly theirs: Tree }, entry: Entry, inMine: ReadonlyMap<string, Entry>): Edit => {
  const before = entriesOf(sides.theirs).slice(0, entriesOf(sides.theirs).indexOf(entry)).findLast((e) => inMine.has(e.key));
  const anchor = (before === undefined ? undefined : inMine.get(before.key)) ?? undefined;
  const first = entriesOf(sides.mine)[0];
  const column = first?.place.column ?? sides.mine.place.column;
  const text = shifted(withComments(texts.theirs, entry), column - entry.place.column);
  if (anchor === undefined && first !== undefined) {
    // At the start of the line, where a removal of that entry begins too: inside its range the insertion would go with it.
    const lineStart = texts.mine.lastIndexOf("\n", first.place.from - 1) + 1;
    const isOwnLine = texts.mine.slice(lineStart, first.place.from).trim() === "";
    return isOwnLine
      ? { from: lineStart, to: lineStart, text: `${" ".repeat(column)}${text}\n` }
      : { from: first.place.from, to: first.place.from, text: `${text}\n${" ".repeat(column)}` };
  }
  const at = lineEndAfter(texts.mine, anchor?.place.to ?? sides.mine.place.to);
  return { from: at, to: at, text: `\n${" ".repeat(column)}${text}` };
};
const lineEndAfter = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};
/** The entry's text to the end of its last line, so that a trailing comment comes along. */
const withComments = (text: string, entry: Entry): string => text.slice(entry.place.from, lineEndAfter(text, entry.place.to)).trimEnd();
