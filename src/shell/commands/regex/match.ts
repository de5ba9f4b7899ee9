/**
 * Owns matching byte strings against POSIX patterns, with JavaScript's engine underneath.
 * Rules: 1. A subject of ASCII (or a byte locale) is matched as bytes; else as Unicode, offsets mapped back. 2. Leftmost longest: when the
 * pattern is ambiguous, longer ends are tried from the far end of the subject.
 */
import { hasHigh, toBytesText, toUnicode } from "../stream/bytes.ts";
import { emitPattern, type Emitted } from "./emit.ts";
import { parsePattern, type ParsedPattern } from "./parse.ts";
import { PatternError, type Syntax } from "./tree.ts";

export interface Match {
  readonly start: number;
  readonly end: number;
  /** From 1; `undefined` when the group took no part. Index 0 is the whole match. */
  readonly groups: readonly (string | undefined)[];
}
export interface Matcher {
  readonly groupCount: number;
  readonly test: (subject: string) => boolean;
  /** The first match at or after a byte offset. */
  readonly exec: (subject: string, from: number) => Match | undefined;
}
export interface MatchOptions extends Syntax {
  readonly utf8: boolean;
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  /** Puts the whole pattern between these (grep's -w and -x). */
  readonly around?: readonly [string, string];
}

interface Engine {
  readonly regex: RegExp;
  /** Matches only a whole subject, from a position. */
  readonly whole: RegExp | undefined;
}

const createEngine = (emitted: Emitted, flags: string, around: readonly [string, string]): Engine => {
  const source = around[0] + (around[0] === "" ? emitted.source : `(?:${emitted.source})`) + around[1];
  try {
    return {
      regex: new RegExp(source, `g${flags}`),
      whole: emitted.ambiguous ? new RegExp(`(?:${source})(?![^])`, `y${flags}`) : undefined,
    };
  } catch (error) {
    if (error instanceof SyntaxError) throw new PatternError("Regular expression too big");
    throw error;
  }
};

/** Above this many units the search for a longer match is left: it is quadratic. */
const LONGEST_MAX = 4096;

const execEngine = (engine: Engine, text: string, from: number): RegExpExecArray | null => {
  engine.regex.lastIndex = from;
  const first = engine.regex.exec(text);
  if (first === null || engine.whole === undefined || text.length > LONGEST_MAX) return first;
  const end = first.index + first[0].length;
  for (let longer = text.length; longer > end; longer--) {
    engine.whole.lastIndex = first.index;
    const match = engine.whole.exec(longer === text.length ? text : text.slice(0, longer));
    if (match !== null && endsAlike(engine, text, match, longer)) return match;
  }
  return first;
};

/** A cut subject must not let "$" or a word border match where the whole one does not. */
const endsAlike = (engine: Engine, text: string, match: RegExpExecArray, end: number): boolean =>
  end === text.length || !/\$|\(\?[!=]|\\b/i.test(engine.regex.source) || match[0].length > 0;

interface Decoded {
  readonly subject: string;
  readonly text: string;
  /** Byte offset of every unit of `text`, and of its end. */
  readonly bytes: Uint32Array;
}

const decodeSubject = (subject: string): Decoded => {
  const text = toUnicode(subject);
  const bytes = new Uint32Array(text.length + 1);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    bytes[i] = at;
    const code = text.charCodeAt(i);
    if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff && !isPair(text, i))) at += 1;
    else if (code < 0x800) at += 2;
    else if (code < 0xd800 || code > 0xdfff) at += 3;
    else if (code < 0xdc00) at += 4;
  }
  bytes[text.length] = at;
  return { subject, text, bytes };
};

const isPair = (text: string, at: number): boolean => {
  const before = at > 0 ? text.charCodeAt(at - 1) : 0;
  return before >= 0xd800 && before < 0xdc00;
};

const unitAt = (decoded: Decoded, offset: number): number => {
  let low = 0;
  let high = decoded.text.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (decoded.bytes[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const createMatcher = (source: string, options: MatchOptions): Matcher => {
  const ignoreCase = options.ignoreCase ?? false;
  const multiline = options.multiline ?? false;
  const around = options.around ?? ["", ""];
  const parsed: ParsedPattern = parsePattern(source, options);
  const flags = ignoreCase && /\\[1-9]/.test(source) ? "i" : "";
  const bytes = createEngine(emitPattern(parsed.node, { unicode: false, ignoreCase, multiline }), flags, around);
  let wide: Engine | undefined;
  const wideEngine = (): Engine => {
    if (wide !== undefined) return wide;
    const node = hasHigh(source) ? parsePattern(toUnicode(source), options).node : parsed.node;
    const word = (text: string): string => text.replaceAll("\\w", "[\\p{L}\\p{N}_]");
    wide = createEngine(emitPattern(node, { unicode: true, ignoreCase, multiline }), ignoreCase ? "iu" : "u", [word(around[0]), word(around[1])]);
    return wide;
  };
  let cached: Decoded | undefined;
  const execWide = (subject: string, from: number): Match | undefined => {
    if (cached === undefined || cached.subject !== subject) cached = decodeSubject(subject);
    const match = execEngine(wideEngine(), cached.text, unitAt(cached, from));
    if (match === null) return undefined;
    const groups = match.map((group: string | undefined) => (group === undefined ? undefined : toBytesText(group)));
    return { start: cached.bytes[match.index]!, end: cached.bytes[match.index + match[0].length]!, groups };
  };
  const isWide = (subject: string): boolean => options.utf8 && hasHigh(subject);
  return {
    groupCount: parsed.groups,
    test: (subject) => {
      if (isWide(subject)) return wideEngine().regex.test(((wideEngine().regex.lastIndex = 0), toUnicode(subject)));
      bytes.regex.lastIndex = 0;
      return bytes.regex.test(subject);
    },
    exec: (subject, from) => {
      if (isWide(subject)) return execWide(subject, from);
      const match = execEngine(bytes, subject, from);
      return match === null ? undefined : { start: match.index, end: match.index + match[0].length, groups: match };
    },
  };
};
