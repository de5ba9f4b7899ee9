/**
 * Owns finding what a word in a text refers to, and where that is defined: steps by name or id, variables by any of the ways to make
 * one. Works on lines, so that it holds for a text that does not parse, and costs little. Refuses to know cursors and windows.
 */
import type { Span } from "./yaml/tree.ts";

export interface Reference extends Span {
  /** variable: inside `${…}` or after `$` · step: in `depends`, `rewind_to`, routes, or a step's own name. */
  readonly kind: "variable" | "step";
  readonly name: string;
}
const naming: ReadonlySet<string> = new Set(["depends", "rewind_to", "routes", "name", "id", "call"]);
/** Lines looked at for the key a list entry belongs to. */
const linesMax = 200;

/** What stands at this offset; undefined for a word that refers to nothing. */
export const referenceAt = (text: string, at: number): Reference | undefined => {
  const from = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const line = text.slice(from, end < 0 ? text.length : end);
  const inside = (start: number, length: number): boolean => from + start <= at && at <= from + start + length;
  for (const match of line.matchAll(/\$\{([A-Za-z_][\w-]*)[^}]*\}|\$([A-Za-z_]\w*)/g)) {
    if (!inside(match.index, match[0].length)) continue;
    const name = match[1] ?? match[2]!;
    const start = from + match.index + (match[1] === undefined ? 1 : 2);
    return { kind: "variable", name, from: start, to: start + name.length };
  }
  if (!isNaming(text, from, line)) return undefined;
  const value = line.indexOf(":") >= 0 && /^\s*(-\s+)?["']?[\w-]+["']?\s*:/.test(line) ? line.indexOf(":") + 1 : 0;
  for (const match of line.slice(value).matchAll(/"([^"]*)"|'([^']*)'|[\w.][\w.-]*(?: [\w.][\w.-]*)*/g)) {
    const quoted = match[1] !== undefined || match[2] !== undefined ? 1 : 0;
    if (!inside(value + match.index, match[0].length)) continue;
    const name = match[1] ?? match[2] ?? match[0];
    const start = from + value + match.index + quoted;
    return { kind: "step", name, from: start, to: start + name.length };
  }
  return undefined;
};
const keyOf = (line: string): string | undefined => /^\s*(?:-\s+)*["']?([\w.-]+)["']?\s*:/.exec(line)?.[1];
const indentOf = (line: string): number => /^\s*/.exec(line)![0].length;
const isNaming = (text: string, from: number, line: string): boolean => {
  const own = keyOf(line);
  if (own !== undefined && naming.has(own)) return true;
  if (/[{,]\s*(depends|rewind_to|name|id)\s*:/.test(line)) return true;
  let indent = indentOf(line), start = from;
  const isItem = /^\s*-\s/.test(line);
  for (let n = 0; n < linesMax && start > 0; n += 1) {
    const end = start - 1;
    start = text.lastIndexOf("\n", end - 1) + 1;
    const above = text.slice(start, end);
    if (above.trim() === "" || above.trim().startsWith("#")) continue;
    const depth = indentOf(above), key = keyOf(above);
    if (depth > indent || (depth === indent && (!isItem || /^\s*-\s/.test(above)))) continue;
    if (key !== undefined && (key === "depends" || key === "routes")) return true;
    if (key !== undefined && own === undefined) return false;
    indent = depth;
  }
  return false;
};

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** `key: NAME`, in block or flow style, quoted or not. */
const asValue = (key: string, name: string): RegExp => new RegExp(`(?:^|[\\s{,-])["']?${key}["']?\\s*:\\s*(["']?)(${escaped(name)})\\1(?=\\s*(?:[,}\\]#\\n\\r]|$))`, "dgm");
/** `NAME: …`: a parameter, a variable, a step of a map. */
const asKey = (name: string): RegExp => new RegExp(`(?:^|[\\s{,-])(["']?)(${escaped(name)})\\1\\s*:(?=\\s|$)`, "dgm");
/** `NAME=…`, in a text of params or of variables. */
const asText = (name: string): RegExp => new RegExp(`(?:^|[\\s"'-])()(${escaped(name)})=`, "dgm");

/** Where the name is made: the first of the ways below, in their order. Undefined when it is not made in this text. */
export const definitionOf = (text: string, { kind, name }: Pick<Reference, "kind" | "name">): Span | undefined => {
  const ways = kind === "step" ? [asValue("name", name), asValue("id", name), asKey(name)] : [asValue("id", name), asValue("output", name), asValue("name", name), asKey(name), asText(name)];
  for (const way of ways) {
    for (const match of text.matchAll(way)) {
      const [from, to] = (match as unknown as { readonly indices: readonly (readonly [number, number])[] }).indices[2]!;
      if (!isComment(text, from)) return { from, to };
    }
  }
  return undefined;
};
const isComment = (text: string, at: number): boolean => /(^|\s)#/.test(text.slice(text.lastIndexOf("\n", at - 1) + 1, at));
