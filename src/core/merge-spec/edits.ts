/**
 * Owns the edits to one side's text that bring in a piece of the other's: replace, remove, insert, with columns and line breaks made right.
 * Refuses to know why an edit is made.
 */
import type { Entry, Tree } from "./node.ts";

/** `from` = `to` inserts; `text` "" deletes. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
export interface Texts {
  readonly mine: string;
  readonly theirs: string;
}

export const entriesOf = (tree: Tree | undefined): readonly Entry[] => (tree === undefined || tree.type === "leaf" ? [] : tree.entries);

export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  let out = text;
  const indexed = edits.map((edit, i) => ({ ...edit, i }));
  for (const { from, to, text: put } of indexed.sort((a, b) => b.from - a.from || b.to - a.to || b.i - a.i)) out = out.slice(0, from) + put + out.slice(to);
  return out;
};

/** A block of which nothing is left cannot be written as a block. */
export const emptied = (text: string, mine: Tree): Edit => {
  const from = startOfInline(text, mine.place.from);
  return { from, to: mine.place.to, text: `${from === 0 ? "" : " "}${mine.type === "list" ? "[]" : "{}"}` };
};

const slice = (text: string, tree: { readonly place: { readonly from: number; readonly to: number } }): string => text.slice(tree.place.from, tree.place.to);
/** Moves all lines but the first by the difference of columns; blank lines stay blank. */
const shifted = (text: string, by: number): string => {
  if (by === 0) return text;
  const [first = "", ...rest] = text.split("\n");
  const move = (line: string): string => (line.trim() === "" ? line : by > 0 ? " ".repeat(by) + line : line.slice(Math.min(-by, line.length - line.trimStart().length)));
  return [first, ...rest.map(move)].join("\n");
};

export const replace = (texts: Texts, mine: Tree, theirs: Tree): Edit => {
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
export const remove = (text: string, entry: Entry): Edit => {
  const lineStart = text.lastIndexOf("\n", entry.place.from - 1) + 1;
  const isOwnLine = text.slice(lineStart, entry.place.from).trim() === "";
  const lineEnd = text.indexOf("\n", entry.place.to);
  return isOwnLine
    ? { from: lineStart, to: lineEnd < 0 ? text.length : lineEnd + 1, text: "" }
    : { from: entry.place.from, to: entry.place.to, text: "" };
};

/** Puts an entry of their text into my map or list, after `anchor`, or before all others without one. */
export const insert = (texts: Texts, mine: Tree, entry: Entry, anchor: Entry | undefined): Edit => {
  const first = entriesOf(mine)[0];
  const column = first?.place.column ?? mine.place.column;
  const text = shifted(withComments(texts.theirs, entry), column - entry.place.column);
  if (anchor === undefined && first !== undefined) {
    // At the start of the line, where a removal of that entry begins too: inside its range the insertion would go with it.
    const lineStart = texts.mine.lastIndexOf("\n", first.place.from - 1) + 1;
    const isOwnLine = texts.mine.slice(lineStart, first.place.from).trim() === "";
    return isOwnLine
      ? { from: lineStart, to: lineStart, text: `${" ".repeat(column)}${text}\n` }
      : { from: first.place.from, to: first.place.from, text: `${text}\n${" ".repeat(column)}` };
  }
  const at = lineEndAfter(texts.mine, anchor?.place.to ?? mine.place.to);
  return { from: at, to: at, text: `\n${" ".repeat(column)}${text}` };
};
export const lineEndAfter = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};
/** The entry's text to the end of its last line, so that a trailing comment comes along. */
const withComments = (text: string, entry: Entry): string => text.slice(entry.place.from, lineEndAfter(text, entry.place.to)).trimEnd();
