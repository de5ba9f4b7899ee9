/** Owns moving the entries of lists within a text, each with the comment lines right above it. Refuses to know why they move. */
import { entriesOf, lineEndAfter } from "./edits.ts";
import { readTrees, type Entry, type Tree } from "./node.ts";
import type { Order } from "./three-way.ts";

/** The text with its lists in the wanted orders, by document; undefined when it cannot be read, or an entry shares its line with another. */
export const inOrder = (text: string, orders: readonly (readonly Order[])[]): string | undefined => {
  let out = text;
  for (const [document, all] of orders.entries())
    for (const order of all) {
      const list = find(readTrees(out)?.[document], order.at);
      const moved = list === undefined ? undefined : permuted(out, entriesOf(list), order.keys);
      if (moved === undefined) return undefined;
      out = moved;
    }
  return out;
};
const find = (tree: Tree | undefined, at: readonly string[]): Tree | undefined => {
  let found = tree;
  for (const key of at) found = entriesOf(found).find((entry) => entry.key === key)?.node;
  return found;
};

const permuted = (text: string, entries: readonly Entry[], keys: readonly string[]): string | undefined => {
  const starts = entries.map((entry, i) => startOf(text, entry, entries[i - 1]));
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined || starts.some((start) => start === undefined)) return undefined;
  const end = lineEndAfter(text, last.place.to);
  const chunks = entries.map((entry, i) => ({ key: entry.key, text: text.slice(starts[i], starts[i + 1] ?? end).replace(/\n+$/, "") }));
  const sorted = sortedBy(chunks, keys);
  return `${text.slice(0, starts[0])}${sorted.map((chunk) => chunk.text).join("\n")}${text.slice(end)}`;
};
/** Entries that the wanted order does not name stay behind the one they follow. */
const sortedBy = <T extends { readonly key: string }>(chunks: readonly T[], keys: readonly string[]): readonly T[] => {
  const rank: number[] = [];
  chunks.forEach((chunk, i) => {
    const at = keys.indexOf(chunk.key);
    rank.push(at >= 0 ? at : rank[i - 1] ?? -1);
  });
  return chunks.map((chunk, i) => ({ chunk, rank: rank[i] ?? 0, i })).sort((a, b) => a.rank - b.rank || a.i - b.i).map(({ chunk }) => chunk);
};
/** The start of the entry's first line, or of the comment lines right above it. */
const startOf = (text: string, entry: Entry, before: Entry | undefined): number | undefined => {
  let start = text.lastIndexOf("\n", entry.place.from - 1) + 1;
  if (text.slice(start, entry.place.from).trim() !== "") return undefined;
  const low = before === undefined ? 0 : lineEndAfter(text, before.place.to) + 1;
  while (start > low) {
    const above = text.lastIndexOf("\n", start - 2) + 1;
    if (above < low || !text.slice(above, start).trimStart().startsWith("#")) break;
    start = above;
  }
  return start;
};
