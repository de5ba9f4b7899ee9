/** Owns the inside of `${…}`: name, subscript, operator and operands. */
import { skipQuoted } from "./braces.ts";
import type { ParamOp, Part, Subscript, Word } from "./tree.ts";
import { makeWord, Scanner } from "./words.ts";

const nameAt = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?\-$!]/y;
const nameEnd = (src: string, at: number): number => {
  nameAt.lastIndex = at;
  const match = nameAt.exec(src);
  return match === null ? at : at + match[0].length;
};

/** Where the subscript that opens at `at` closes, or -1. */
export const closingBracket = (src: string, at: number, end: number): number => {
  let depth = 0;
  for (let i = at; i < end; ) {
    const after = skipQuoted(src, i);
    if (after > i) {
      i = after;
      continue;
    }
    if (src[i] === "[") depth++;
    else if (src[i] === "]" && --depth === 0) return i;
    i++;
  }
  return -1;
};

const wordOf = (text: string, parts: Part[]): Word => makeWord(text, parts);
const operand = (scanner: Scanner, read: () => Part[]): Word => {
  const from = scanner.at;
  const parts = read();
  return wordOf(scanner.src.slice(from, scanner.at), parts);
};
const patternOperand = (scanner: Scanner, stops: string): Word => operand(scanner, () => scanner.unquoted(stops, "start"));

const readSubscript = (scanner: Scanner): Subscript | undefined => {
  const open = scanner.at;
  const close = closingBracket(scanner.src, open, scanner.end);
  if (close < 0) return undefined;
  const text = scanner.src.slice(open + 1, close);
  scanner.at = close + 1;
  if (text === "@" || text === "*") return { kind: text, word: makeWord(text, []) };
  const inner = new Scanner(scanner.src, open + 1, close, scanner.context);
  return { kind: "word", word: makeWord(text, inner.unquoted("", "none")) };
};

/** Where the arithmetic text of a slice ends: at a top-level ":" (outside brackets and `?:`) or "}". */
const sliceEnd = (src: string, from: number, end: number): number => {
  let depth = 0;
  let questions = 0;
  for (let i = from; i < end; ) {
    const after = skipQuoted(src, i);
    if (after > i) {
      i = after;
      continue;
    }
    const char = src[i];
    if (char === "(" || char === "[") depth++;
    else if (char === ")" || char === "]") depth--;
    else if (char === "?") questions++;
    else if (char === "}" && depth <= 0) return i;
    else if (char === ":" && depth <= 0 && questions-- <= 0) return i;
    i++;
  }
  return end;
};
const arithmeticOperand = (scanner: Scanner): Word => {
  const stop = sliceEnd(scanner.src, scanner.at, scanner.end);
  const inner = new Scanner(scanner.src, scanner.at, stop, scanner.context);
  const text = scanner.src.slice(scanner.at, stop);
  scanner.at = stop;
  return makeWord(text, inner.quoted("arithmetic"));
};

const readReplace = (scanner: Scanner): ParamOp => {
  const next = scanner.src[scanner.at];
  const mode = next === "/" ? "all" : next === "#" ? "start" : next === "%" ? "end" : "one";
  if (mode !== "one") scanner.at++;
  const first = scanner.src[scanner.at];
  const pattern = first === "/" && mode === "one" ? makeWord("", []) : patternOperand(scanner, "/}");
  if (scanner.src[scanner.at] !== "/") return { type: "replace", mode, pattern, replacement: undefined };
  scanner.at++;
  return { type: "replace", mode, pattern, replacement: patternOperand(scanner, "}") };
};

const readDefault = (scanner: Scanner, colon: boolean, quoted: boolean): ParamOp => {
  const action = scanner.src[scanner.at] as "-" | "=" | "?" | "+";
  scanner.at++;
  const word = operand(scanner, () => (quoted ? scanner.quoted("}") : scanner.unquoted("}", "start")));
  return { type: "default", colon, action, word };
};

const readSlice = (scanner: Scanner): ParamOp => {
  const offset = arithmeticOperand(scanner);
  if (scanner.src[scanner.at] !== ":") return { type: "slice", offset, length: undefined };
  scanner.at++;
  return { type: "slice", offset, length: arithmeticOperand(scanner) };
};

const readOp = (scanner: Scanner, quoted: boolean): ParamOp => {
  const { src } = scanner;
  const char = src[scanner.at] as string;
  const twice = src[scanner.at + 1] === char;
  const bash = scanner.context.dialect === "bash";
  if ("-=?+".includes(char)) return readDefault(scanner, false, quoted);
  if (char === ":" && scanner.at + 1 < scanner.end && "-=?+".includes(src[scanner.at + 1] as string)) {
    scanner.at++;
    return readDefault(scanner, true, quoted);
  }
  if (char === "#" || char === "%") {
    scanner.at += twice ? 2 : 1;
    return { type: "trim", side: char, longest: twice, pattern: patternOperand(scanner, "}") };
  }
  if (!bash) return { type: "bad" };
  scanner.at++;
  if (char === ":") return readSlice(scanner);
  if (char === "/") return readReplace(scanner);
  if (char === "^" || char === "," || char === "~") {
    if (twice) scanner.at++;
    const pattern = src[scanner.at] === "}" ? undefined : patternOperand(scanner, "}");
    return { type: "case", how: (twice ? char + char : char) as "^", pattern };
  }
  if (char === "@" && /^[QEPAKaULuk]\}/.test(src.slice(scanner.at, scanner.at + 2))) {
    return { type: "transform", how: src[scanner.at++] as string };
  }
  return { type: "bad" };
};

/** Skips a malformed expansion up to its closing brace. */
const skipToBrace = (scanner: Scanner, from: number): void => {
  const after = skipQuoted(scanner.src, from);
  scanner.at = Math.min(after > from ? after : scanner.end, scanner.end);
};

/** True when `${#` starts a length and not the parameter `#`. */
const isLength = (src: string, at: number): boolean => {
  const end = nameEnd(src, at + 1);
  return end > at + 1 && (src[end] === "}" || src[end] === "[");
};
const isIndirect = (src: string, at: number): boolean => {
  const end = nameEnd(src, at + 1);
  if (end === at + 1) return false;
  const first = src[at + 1] as string;
  if (/[A-Za-z0-9_]/.test(first)) return true;
  return src[end] === "}" && "@*#?$!".includes(first);
};

/** Reads `${…}` at the scanner's place and pushes its part. */
export const scanParam = (scanner: Scanner, quoted: boolean): void => {
  const { src } = scanner;
  const start = scanner.at;
  let at = start + 2;
  const length = src[at] === "#" && isLength(src, at);
  const indirect = !length && src[at] === "!" && scanner.context.dialect === "bash" && isIndirect(src, at);
  if (length || indirect) at++;
  const stop = nameEnd(src, at);
  const name = src.slice(at, stop);
  scanner.at = stop;
  let index: Subscript | undefined;
  const bash = scanner.context.dialect === "bash";
  if (bash && src[stop] === "[" && /^[A-Za-z_]/.test(name)) index = readSubscript(scanner);
  let op: ParamOp | undefined;
  const next = src[scanner.at];
  if (name === "") op = { type: "bad" };
  else if (length) op = { type: "length" };
  else if (indirect && index !== undefined && index.kind !== "word" && next === "}") op = { type: "keys", star: index.kind === "*" };
  else if (indirect && (next === "@" || next === "*") && src[scanner.at + 1] === "}") {
    op = { type: "names", star: next === "*" };
    scanner.at++;
  } else if (next !== "}" && next !== undefined) op = readOp(scanner, quoted);
  if (src[scanner.at] !== "}" || op?.type === "bad") {
    op = { type: "bad" };
    skipToBrace(scanner, start);
  } else scanner.at++;
  const keyed = op?.type === "keys" || op?.type === "names";
  scanner.push({ type: "param", quoted, name, index, indirect: indirect && !keyed, op, text: src.slice(start, scanner.at) });
};
