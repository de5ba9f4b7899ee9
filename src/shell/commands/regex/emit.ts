/**
 * Owns writing a parsed pattern as the source of a JavaScript RegExp, once for bytes and once for Unicode text.
 * Rules: 1. `.` and negated sets never match a byte that is not UTF-8 (in Unicode form). 2. Alternatives of plain text are put longest first,
 * and alternatives that begin differently stay: then the first match is POSIX's longest; what cannot be told so is marked `ambiguous`.
 */
import { CLASSES } from "./classes.ts";
import type { Node, SetItem } from "./tree.ts";

export interface EmitStyle {
  readonly unicode: boolean;
  readonly ignoreCase: boolean;
  /** ^ and $ also stand at newlines (sed's M). */
  readonly multiline: boolean;
}
export interface Emitted {
  readonly source: string;
  readonly ambiguous: boolean;
}

const UNICODE_CLASSES: Readonly<Record<string, string>> = {
  alnum: "\\p{L}\\p{N}", alpha: "\\p{L}", blank: "\\t\\p{Zs}", cntrl: "\\p{Cc}", digit: "0-9", graph: "!-~\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}",
  lower: "\\p{Ll}", print: " -~\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}", punct: "\\p{P}\\p{S}", space: "\\s", upper: "\\p{Lu}", xdigit: "0-9A-Fa-f",
};
const STRAY = "\\udc80-\\udcff";

const hex = (point: number, unicode: boolean): string => {
  if (point > 0xff) return unicode ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, "0")}`;
  const char = String.fromCharCode(point);
  return /[A-Za-z0-9_ ]/.test(char) ? char : `\\x${point.toString(16).padStart(2, "0")}`;
};

const isWord = (point: number): boolean => point === 95 || (point < 128 && /\w/.test(String.fromCharCode(point)));
const isSpace = (point: number): boolean => point === 32 || (point >= 9 && point <= 13);

const byteTable = (negated: boolean, items: readonly SetItem[], ignoreCase: boolean): Uint8Array => {
  const table = new Uint8Array(256);
  for (const item of items) {
    if (item.type === "range") for (let i = item.from; i <= Math.min(item.to, 255); i++) table[i] = 1;
    else if (item.type === "class") for (const byte of CLASSES.get(item.name) ?? []) table[byte] = 1;
    else {
      const test = item.letter === "w" || item.letter === "W" ? isWord : isSpace;
      const wanted = item.letter === "w" || item.letter === "s";
      for (let i = 0; i < 256; i++) if (test(i) === wanted) table[i] = 1;
    }
  }
  if (ignoreCase) for (let i = 65; i <= 90; i++) if (table[i] === 1 || table[i + 32] === 1) table[i] = table[i + 32] = 1;
  if (negated) for (let i = 0; i < 256; i++) table[i] = 1 - table[i]!;
  return table;
};

const tableSource = (table: Uint8Array): string => {
  let inside = "";
  for (let i = 0; i < 256; i++) {
    if (table[i] === 0) continue;
    let end = i;
    while (end < 255 && table[end + 1] === 1) end++;
    inside += end === i ? hex(i, false) : `${hex(i, false)}-${hex(end, false)}`;
    i = end;
  }
  return inside === "" ? "[]" : `[${inside}]`;
};

const unicodeSet = (negated: boolean, items: readonly SetItem[]): string => {
  const inside = items.map((item) => {
    if (item.type === "range") return item.from === item.to ? hex(item.from, true) : `${hex(item.from, true)}-${hex(item.to, true)}`;
    if (item.type === "class") return UNICODE_CLASSES[item.name] ?? "";
    return { w: "\\p{L}\\p{N}_", s: "\\s", W: "", S: "\\S" }[item.letter];
  });
  const only = items[0];
  if (items.length === 1 && only?.type === "escape" && only.letter === "W") return `[^\\p{L}\\p{N}_${STRAY}]`;
  return negated ? `[^${inside.join("")}${STRAY}]` : `[${inside.join("")}]`;
};

/** The bytes a match can begin with; `undefined` when it may be empty or is not known. */
const firstBytes = (node: Node, ignoreCase: boolean): Uint8Array | undefined => {
  switch (node.type) {
    case "char": return node.point < 128 ? byteTable(false, [{ type: "range", from: node.point, to: node.point }], ignoreCase) : undefined;
    case "set": return byteTable(node.negated, node.items, ignoreCase);
    case "group": return firstBytes(node.node, ignoreCase);
    case "repeat": return node.min > 0 ? firstBytes(node.node, ignoreCase) : undefined;
    case "cat": {
      const first = node.nodes.find((child) => child.type !== "assert");
      return first === undefined ? undefined : firstBytes(first, ignoreCase);
    }
    case "alt": {
      const tables = node.nodes.map((child) => firstBytes(child, ignoreCase));
      if (tables.includes(undefined)) return undefined;
      return Uint8Array.from({ length: 256 }, (_, i) => (tables.some((table) => table![i] === 1) ? 1 : 0));
    }
    default: return undefined;
  }
};

const beginDifferently = (nodes: readonly Node[], ignoreCase: boolean): boolean => {
  const seen = new Uint8Array(256);
  for (const node of nodes) {
    const table = firstBytes(node, ignoreCase);
    if (table === undefined) return false;
    for (let i = 0; i < 256; i++) {
      if (table[i] === 1 && seen[i] === 1) return false;
      seen[i]! |= table[i]!;
    }
  }
  return true;
};

/** Length of a node that always matches as many characters and has no groups; `undefined` otherwise. */
const fixedLength = (node: Node): number | undefined => {
  if (node.type === "char" || node.type === "any" || node.type === "set") return 1;
  if (node.type === "assert") return 0;
  if (node.type === "repeat" && node.min === node.max) return multiply(fixedLength(node.node), node.min);
  if (node.type !== "cat") return undefined;
  let sum = 0;
  for (const child of node.nodes) {
    const length = fixedLength(child);
    if (length === undefined) return undefined;
    sum += length;
  }
  return sum;
};
const multiply = (length: number | undefined, times: number): number | undefined => (length === undefined ? undefined : length * times);

export const emitPattern = (root: Node, style: EmitStyle): Emitted => {
  let ambiguous = false;
  const word = style.unicode ? "[\\p{L}\\p{N}_]" : "\\w";
  const asserts: Readonly<Record<string, string>> = {
    "^": style.multiline ? "(?<![^\\n])" : "^",
    $: style.multiline ? "(?![^\\n])" : "$",
    "`": "(?<![^])",
    "'": "(?![^])",
    "<": `(?<!${word})(?=${word})`,
    ">": `(?<=${word})(?!${word})`,
    b: style.unicode ? `(?:(?<!${word})(?=${word})|(?<=${word})(?!${word}))` : "\\b",
    B: style.unicode ? `(?:(?<!${word})(?!${word})|(?<=${word})(?=${word}))` : "\\B",
  };
  const alternatives = (nodes: readonly Node[]): string => {
    const lengths = nodes.map(fixedLength);
    let ordered = [...nodes];
    if (!lengths.includes(undefined)) ordered = nodes.map((node, i) => ({ node, length: lengths[i]! })).sort((a, b) => b.length - a.length).map(({ node }) => node);
    else if (!beginDifferently(nodes, style.ignoreCase)) ambiguous = true;
    return `(?:${ordered.map(emit).join("|")})`;
  };
  const repeat = (node: Node & { type: "repeat" }): string => {
    const inner = node.node.type === "char" || node.node.type === "set" || node.node.type === "any" || node.node.type === "group" ? emit(node.node) : `(?:${emit(node.node)})`;
    if (node.min === 0 && node.max === Infinity) return `${inner}*`;
    if (node.min === 1 && node.max === Infinity) return `${inner}+`;
    if (node.min === 0 && node.max === 1) return `${inner}?`;
    return `${inner}{${node.min}${node.max === node.min ? "" : `,${node.max === Infinity ? "" : node.max}`}}`;
  };
  const emit = (node: Node): string => {
    switch (node.type) {
      case "char": {
        if (!style.unicode && style.ignoreCase) return tableOrChar(node.point);
        return hex(node.point, style.unicode);
      }
      case "any": return style.unicode ? `[^${STRAY}]` : "[^]";
      case "set": return style.unicode ? unicodeSet(node.negated, node.items) : tableSource(byteTable(node.negated, node.items, style.ignoreCase));
      case "assert": return asserts[node.mark] ?? "";
      case "group": return `(${emit(node.node)})`;
      case "back": return `(?:\\${node.index})`;
      case "cat": return node.nodes.map(emit).join("");
      case "alt": return alternatives(node.nodes);
      case "repeat": return repeat(node);
    }
  };
  return { source: emit(root), ambiguous };
};

const tableOrChar = (point: number): string => {
  const char = String.fromCharCode(point);
  return /[A-Za-z]/.test(char) ? `[${char.toLowerCase()}${char.toUpperCase()}]` : hex(point, false);
};
