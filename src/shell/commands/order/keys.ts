/** Owns what of a line sort looks at: keys, their fields and the letters after them. */
import { Stop } from "../option/declare.ts";
import { compareBytes, compareGeneral, compareHuman, compareMonth, compareNumeric, compareVersion, type Compare } from "./compare.ts";

export interface KeyFlags {
  readonly letters: ReadonlySet<string>;
}
interface Position {
  readonly field: number;
  readonly char: number;
  readonly skipBlanks: boolean;
}
export interface Key {
  readonly from: Position;
  readonly to: Position | undefined;
  readonly letters: ReadonlySet<string>;
}

const countError = (text: string, spec: string): Stop => new Stop(2, `${text} of field: invalid count at start of '${spec}'`);

/** "2.3nr,4" → a key. Letters of neither side mean that the global ones hold. */
export const readKey = (spec: string, globals: ReadonlySet<string>): Key => {
  const match = /^(\d*)(?:\.(\d*))?([bdfghiMnRrV]*)(?:,(\d*)(?:\.(\d*))?([bdfghiMnRrV]*))?(.*)$/.exec(spec);
  if (match === null) throw countError("invalid number at field start", spec);
  const [, field = "", char, flags = "", toField, toChar, toFlags = "", rest = ""] = match;
  if (field === "") throw new Stop(2, `-: invalid field specification '${spec}'`.replace("-: ", ""));
  if (rest !== "") throw new Stop(2, `stray character in field spec: invalid field specification '${spec}'`);
  if (Number(field) === 0) throw new Stop(2, `field number is zero: invalid field specification '${spec}'`);
  if (char !== undefined && Number(char) === 0) throw new Stop(2, `character offset is zero: invalid field specification '${spec}'`);
  if (toField !== undefined && Number(toField) === 0) throw new Stop(2, `field number is zero: invalid field specification '${spec}'`);
  const own = new Set(flags + toFlags);
  const inherits = own.size === 0;
  const blanks = (letters: string): boolean => letters.includes("b") || (inherits && globals.has("b"));
  return {
    from: { field: Number(field), char: Number(char ?? "1"), skipBlanks: blanks(flags) },
    to: toField === undefined ? undefined : { field: Number(toField), char: Number(toChar || "0"), skipBlanks: blanks(toFlags) },
    letters: inherits ? globals : own,
  };
};

const isBlank = (code: number): boolean => code === 32 || code === 9 || code === 10;
const skipBlank = (line: string, at: number): number => {
  while (at < line.length && isBlank(line.charCodeAt(at))) at++;
  return at;
};

/** Where a field after `count` others begins; with blanks as separators a field includes the blanks before it. */
const skipFields = (line: string, count: number, separator: string | undefined): number => {
  let at = 0;
  for (let i = 0; i < count && at < line.length; i++) {
    if (separator !== undefined) {
      const found = line.indexOf(separator, at);
      at = found < 0 ? line.length : found + 1;
      continue;
    }
    at = skipBlank(line, at);
    while (at < line.length && !isBlank(line.charCodeAt(at))) at++;
  }
  return at;
};

const keyEnd = (line: string, to: Position, separator: string | undefined): number => {
  if (to.char === 0) {
    const at = skipFields(line, to.field, separator);
    return separator !== undefined && at > 0 && at <= line.length && line.charAt(at - 1) === separator && countSeparators(line, at, separator) === to.field ? at - 1 : at;
  }
  let at = skipFields(line, to.field - 1, separator);
  if (to.skipBlanks) at = skipBlank(line, at);
  return Math.min(line.length, at + to.char);
};

const countSeparators = (line: string, end: number, separator: string): number => {
  let count = 0;
  for (let at = line.indexOf(separator); at >= 0 && at < end; at = line.indexOf(separator, at + 1)) count++;
  return count;
};

/** The part of `line` that the key means. */
export const extractKey = (line: string, key: Key, separator: string | undefined): string => {
  let start = skipFields(line, key.from.field - 1, separator);
  if (key.from.skipBlanks) start = skipBlank(line, start);
  start = Math.min(line.length, start + key.from.char - 1);
  if (key.to === undefined) return line.slice(start);
  return line.slice(start, Math.max(start, keyEnd(line, key.to, separator)));
};

/** How texts are changed before they are compared (-d, -i, -f), or `undefined` when they are not. */
const createFold = (letters: ReadonlySet<string>): ((text: string) => string) | undefined => {
  const dictionary = letters.has("d");
  const printable = letters.has("i");
  const upper = letters.has("f");
  if (!dictionary && !printable && !upper) return undefined;
  return (text) => {
    let folded = text;
    if (dictionary) folded = folded.replace(/[^A-Za-z0-9 \t]/g, "");
    else if (printable) folded = folded.replace(/[^ -~]/g, "");
    return upper ? folded.replace(/[a-z]+/g, (run) => run.toUpperCase()) : folded;
  };
};

const hashOf = (text: string, seed: number): number => {
  let hash = seed | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0;
};

/** The order of two extracted keys, ascending; -r is the caller's. */
export const compareFor = (letters: ReadonlySet<string>, seed: number): Compare => {
  if (letters.has("n")) return compareNumeric;
  if (letters.has("h")) return compareHuman;
  if (letters.has("g")) return compareGeneral;
  if (letters.has("M")) return compareMonth;
  if (letters.has("V")) return compareVersion;
  const fold = createFold(letters);
  const plain: Compare = fold === undefined ? compareBytes : (a, b) => compareBytes(fold(a), fold(b));
  if (letters.has("R")) return (a, b) => hashOf(a, seed) - hashOf(b, seed) || plain(a, b);
  return plain;
};
