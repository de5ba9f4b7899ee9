/**
 * Owns shell patterns: `*`, `?`, brackets with classes, backslash quoting, and the extended `?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`.
 * Plain patterns become regular expressions; extended ones are matched by the set of places where a match may end.
 */
import { decodeText, encodeText } from "../bytes.ts";

export interface PatternOptions {
  readonly extended: boolean;
  readonly ignoreCase: boolean;
  /** A character is a byte, as dash has it. */
  readonly bytes?: boolean;
}
type Node =
  | { readonly type: "char"; readonly char: string }
  | { readonly type: "any" }
  | { readonly type: "star" }
  | { readonly type: "set"; readonly source: string; readonly test: RegExp }
  | { readonly type: "extended"; readonly operator: string; readonly choices: readonly (readonly Node[])[] };

const classSources: Readonly<Record<string, string>> = {
  alpha: "\\p{L}", digit: "0-9", alnum: "\\p{L}0-9", upper: "\\p{Lu}", lower: "\\p{Ll}", space: "\\s", blank: " \\t",
  punct: "!-\\/:-@\\[-`\\{-~", cntrl: "\\x00-\\x1f\\x7f", print: "\\x20-\\x7e\\xa0-\\u{10ffff}", graph: "\\x21-\\x7e\\xa1-\\u{10ffff}",
  xdigit: "0-9a-fA-F", word: "\\p{L}0-9_", ascii: "\\x00-\\x7f",
};
const escapeClassChar = (char: string): string => (/[\\\]^\-[|{}()+*?.$/]/.test(char) ? `\\${char}` : char);
export const escapeRegex = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** The bracket that opens at `at`: a class source and where it ends; `undefined` when it never closes. */
const readBracket = (text: string, at: number, flags: string): { readonly node: Node; readonly end: number } | undefined => {
  let i = at + 1;
  const negated = text[i] === "!" || text[i] === "^";
  if (negated) i++;
  let source = "";
  let first = true;
  while (i < text.length && (first || text[i] !== "]")) {
    first = false;
    const named = /^\[:([a-z]+):\]|^\[([.=])(.)\2\]/u.exec(text.slice(i, i + 12));
    if (named !== null) {
      i += named[0].length;
      source += named[1] === undefined ? escapeClassChar(named[3] as string) : (classSources[named[1]] ?? "");
      continue;
    }
    const [low, afterLow] = bracketChar(text, i);
    if (text[afterLow] === "-" && text[afterLow + 1] !== "]" && afterLow + 1 < text.length) {
      const [high, afterHigh] = bracketChar(text, afterLow + 1);
      i = afterHigh;
      if ((low.codePointAt(0) as number) <= (high.codePointAt(0) as number)) source += `${escapeClassChar(low)}-${escapeClassChar(high)}`;
    } else {
      i = afterLow;
      source += escapeClassChar(low);
    }
  }
  if (i >= text.length) return undefined;
  const full = source === "" ? (negated ? "[^]" : "[^\\s\\S]") : `[${negated ? "^" : ""}${source}]`;
  return { node: { type: "set", source: full, test: new RegExp(`^${full}$`, flags) }, end: i + 1 };
};
const bracketChar = (text: string, at: number): readonly [string, number] => {
  const from = text[at] === "\\" && at + 1 < text.length ? at + 1 : at;
  const char = String.fromCodePoint(text.codePointAt(from) as number);
  return [char, from + char.length];
};

class PatternParser {
  private readonly text: string;
  private readonly options: PatternOptions;
  private at = 0;
  extended = false;
  constructor(text: string, options: PatternOptions) {
    this.text = text;
    this.options = options;
  }
  sequence(stops: string): Node[] {
    const nodes: Node[] = [];
    while (this.at < this.text.length) {
      const char = String.fromCodePoint(this.text.codePointAt(this.at) as number);
      if (stops !== "" && stops.includes(char)) return nodes;
      if (this.options.extended && "?*+@!".includes(char) && this.text[this.at + 1] === "(") {
        const node = this.group(char);
        if (node !== undefined) {
          nodes.push(node);
          continue;
        }
      }
      this.at += char.length;
      if (char === "\\" && this.at < this.text.length) {
        const quoted = String.fromCodePoint(this.text.codePointAt(this.at) as number);
        nodes.push({ type: "char", char: quoted });
        this.at += quoted.length;
      } else if (char === "*") {
        if (nodes[nodes.length - 1]?.type !== "star") nodes.push({ type: "star" });
      } else if (char === "?") nodes.push({ type: "any" });
      else {
        const bracket = char === "[" ? readBracket(this.text, this.at - 1, this.options.ignoreCase ? "iu" : "u") : undefined;
        if (bracket === undefined) nodes.push({ type: "char", char });
        else {
          nodes.push(bracket.node);
          this.at = bracket.end;
        }
      }
    }
    return nodes;
  }
  private group(operator: string): Node | undefined {
    const back = this.at;
    this.at += 2;
    const choices: Node[][] = [];
    for (;;) {
      choices.push(this.sequence("|)"));
      if (this.at >= this.text.length) {
        this.at = back;
        return undefined;
      }
      if (this.text[this.at++] === ")") break;
    }
    this.extended = true;
    return { type: "extended", operator, choices };
  }
}

const sourceOf = (nodes: readonly Node[], lazy: boolean): string =>
  nodes
    .map((node) => {
      if (node.type === "char") return escapeRegex(node.char);
      if (node.type === "any") return "[^]";
      if (node.type === "star") return lazy ? "[^]*?" : "[^]*";
      return node.type === "set" ? node.source : "";
    })
    .join("");

/** All places where `nodes` may end when they start at one of `starts`. */
const endsOf = (nodes: readonly Node[], text: string, starts: ReadonlySet<number>, ignoreCase: boolean): ReadonlySet<number> => {
  let places = starts;
  for (const node of nodes) {
    const next = new Set<number>();
    for (const place of places) for (const end of nodeEnds(node, text, place, ignoreCase)) next.add(end);
    places = next;
    if (places.size === 0) return places;
  }
  return places;
};
const nodeEnds = (node: Node, text: string, at: number, ignoreCase: boolean): Iterable<number> => {
  if (node.type === "star") return allFrom(text, at);
  if (node.type === "extended") return extendedEnds(node, text, at, ignoreCase);
  if (at >= text.length) return [];
  const char = String.fromCodePoint(text.codePointAt(at) as number);
  const fits =
    node.type === "any" || (node.type === "set" ? node.test.test(char) : node.char === char || (ignoreCase && node.char.toLowerCase() === char.toLowerCase()));
  return fits ? [at + char.length] : [];
};
const allFrom = (text: string, from: number): number[] => Array.from({ length: text.length - from + 1 }, (_, i) => from + i);
const extendedEnds = (node: Extract<Node, { type: "extended" }>, text: string, at: number, ignoreCase: boolean): Iterable<number> => {
  const once = (from: ReadonlySet<number>): Set<number> => {
    const ends = new Set<number>();
    for (const choice of node.choices) for (const end of endsOf(choice, text, from, ignoreCase)) ends.add(end);
    return ends;
  };
  const first = once(new Set([at]));
  if (node.operator === "@") return first;
  if (node.operator === "?") return first.add(at);
  if (node.operator === "!") return allFrom(text, at).filter((end) => !first.has(end));
  const reached = new Set(first);
  let frontier = first;
  while (frontier.size > 0) {
    const next = once(frontier);
    frontier = new Set([...next].filter((end) => !reached.has(end)));
    for (const end of frontier) reached.add(end);
  }
  if (node.operator === "*") reached.add(at);
  return reached;
};

/** A compiled pattern. Texts are byte strings; characters are matched, not bytes. */
const same = (text: string): string => text;
export class Pattern {
  private readonly nodes: readonly Node[];
  private readonly isExtended: boolean;
  private readonly ignoreCase: boolean;
  private readonly literal: string | undefined;
  private readonly regexes = new Map<string, RegExp>();

  private readonly decode: (bytes: string) => string;
  private readonly encode: (text: string) => string;

  constructor(pattern: string, options: PatternOptions) {
    this.decode = options.bytes === true ? same : decodeText;
    this.encode = options.bytes === true ? same : encodeText;
    const parser = new PatternParser(this.decode(pattern), options);
    this.nodes = parser.sequence("");
    this.isExtended = parser.extended;
    this.ignoreCase = options.ignoreCase;
    const plain = !options.ignoreCase && this.nodes.every((node) => node.type === "char");
    this.literal = plain ? this.encode(this.nodes.map((node) => (node.type === "char" ? node.char : "")).join("")) : undefined;
  }
  private regex(kind: "full" | "prefix" | "prefix-lazy" | "suffix" | "suffix-lazy" | "find"): RegExp {
    let regex = this.regexes.get(kind);
    if (regex === undefined) {
      const source = sourceOf(this.nodes, kind === "prefix-lazy");
      const whole = {
        full: `^${source}$`, prefix: `^${source}`, "prefix-lazy": `^${source}`, suffix: `${source}$`, "suffix-lazy": `^[^]*(?=(${source})$)`, find: source,
      }[kind];
      regex = new RegExp(whole, (this.ignoreCase ? "iu" : "u") + (kind === "find" ? "y" : ""));
      this.regexes.set(kind, regex);
    }
    return regex;
  }

  matches(text: string): boolean {
    if (this.literal !== undefined) return text === this.literal;
    const decoded = this.decode(text);
    if (this.isExtended) return endsOf(this.nodes, decoded, new Set([0]), this.ignoreCase).has(decoded.length);
    return this.regex("full").test(decoded);
  }
  /** The text without its shortest or longest matching beginning. */
  trimPrefix(text: string, longest: boolean): string {
    if (this.literal !== undefined) return text.startsWith(this.literal) ? text.slice(this.literal.length) : text;
    const decoded = this.decode(text);
    if (!this.isExtended) {
      const match = this.regex(longest ? "prefix" : "prefix-lazy").exec(decoded);
      return match === null ? text : this.encode(decoded.slice(match[0].length));
    }
    const ends = [...endsOf(this.nodes, decoded, new Set([0]), this.ignoreCase)];
    if (ends.length === 0) return text;
    return this.encode(decoded.slice(longest ? Math.max(...ends) : Math.min(...ends)));
  }
  trimSuffix(text: string, longest: boolean): string {
    if (this.literal !== undefined) return text.endsWith(this.literal) ? text.slice(0, text.length - this.literal.length) : text;
    const decoded = this.decode(text);
    if (!this.isExtended) {
      const match = this.regex(longest ? "suffix" : "suffix-lazy").exec(decoded);
      if (match === null) return text;
      return this.encode(longest ? decoded.slice(0, match.index) : match[0]);
    }
    const fits = (from: number): boolean => endsOf(this.nodes, decoded, new Set([from]), this.ignoreCase).has(decoded.length);
    if (longest) {
      for (let from = 0; from <= decoded.length; from++) if (fits(from)) return this.encode(decoded.slice(0, from));
    } else for (let from = decoded.length; from >= 0; from--) if (fits(from)) return this.encode(decoded.slice(0, from));
    return text;
  }
  /** Where the longest match that starts at `at` of a decoded text ends, or -1. */
  private longestAt(decoded: string, at: number): number {
    if (this.isExtended) {
      const ends = [...endsOf(this.nodes, decoded, new Set([at]), this.ignoreCase)];
      return ends.length === 0 ? -1 : Math.max(...ends);
    }
    const regex = this.regex("find");
    regex.lastIndex = at;
    const match = regex.exec(decoded);
    return match === null ? -1 : at + match[0].length;
  }
  /** Replaces matches; `replacement` sees the matched text. Empty matches are left alone. */
  replace(text: string, mode: "one" | "all" | "start" | "end", replacement: (matched: string) => string): string {
    const decoded = this.decode(text);
    if (mode === "end") {
      for (let at = 0; at <= decoded.length; at++) {
        const kept = this.trimsWhole(decoded, at);
        if (kept) return this.encode(decoded.slice(0, at)) + replacement(this.encode(decoded.slice(at)));
      }
      return text;
    }
    let result = "";
    let at = 0;
    while (at <= decoded.length) {
      const end = this.longestAt(decoded, at);
      if (end > at || (mode === "start" && end === at) || (end === at && decoded.length === 0)) {
        result += replacement(this.encode(decoded.slice(at, end)));
        at = end;
        if (mode !== "all" || decoded.length === 0) break;
      } else {
        if (mode === "start") break;
        const char = at < decoded.length ? String.fromCodePoint(decoded.codePointAt(at) as number) : "";
        result += this.encode(char);
        at += char.length || 1;
      }
    }
    return result + this.encode(decoded.slice(at));
  }
  private trimsWhole(decoded: string, at: number): boolean {
    if (this.isExtended) return endsOf(this.nodes, decoded, new Set([at]), this.ignoreCase).has(decoded.length);
    return this.regex("full").test(decoded.slice(at));
  }
}

const kept = new Map<string, Pattern>();
const keptMax = 1000;
export const compilePattern = (text: string, options: PatternOptions): Pattern => {
  const key = `${options.bytes === true ? "b" : "-"}${options.extended ? "e" : "-"}${options.ignoreCase ? "i" : "-"}${text}`;
  let pattern = kept.get(key);
  if (pattern === undefined) {
    if (kept.size >= keptMax) kept.clear();
    pattern = new Pattern(text, options);
    kept.set(key, pattern);
  }
  return pattern;
};
/** Quotes every character that a pattern could take as special. */
export const escapePattern = (text: string): string => text.replace(/[*?[\]\\()|!+@^-]/g, "\\$&");
/** Takes the quoting out of a pattern that stands for itself. */
export const unescapePattern = (text: string): string => text.replace(/\\([^])/g, "$1");
/** True when a pattern has something to expand. */
export const hasMagic = (text: string, extended: boolean): boolean => {
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === "\\") i++;
    else if (char === "*" || char === "?") return true;
    else if (char === "[" && text.indexOf("]", i + 1) > 0) return true;
    else if (extended && "+@!".includes(char) && text[i + 1] === "(") return true;
  }
  return false;
};
