/** Owns `grep -P`: Perl patterns, most of which JavaScript reads as they are. */
import { hasHigh, toBytesText, toUnicode } from "../stream/bytes.ts";
import type { Match, Matcher } from "./match.ts";
import { PatternError } from "./tree.ts";

const POSIX: Readonly<Record<string, string>> = { alnum: "A-Za-z0-9", alpha: "A-Za-z", blank: " \\t", cntrl: "\\x00-\\x1f\\x7f", digit: "0-9", graph: "!-~", lower: "a-z", print: " -~", punct: "!-\\/:-@\\[-`{-~", space: "\\s", upper: "A-Z", xdigit: "0-9A-Fa-f", word: "\\w" };

const ESCAPES: Readonly<Record<string, string>> = { A: "^", z: "(?![^])", Z: "(?=\\n?$)", h: "[ \\t]", H: "[^ \\t]", R: "(?:\\r\\n|[\\n\\v\\f\\r])", N: "[^\\n]", e: "\\x1b", a: "\\x07", G: "" };

/** Perl source → JavaScript source and flags. `\K` becomes a look-behind over what stands before it. */
const translate = (pattern: string): { source: string; flags: string } => {
  let flags = "";
  let text = pattern.replace(/^\(\?([imsx]+)\)/, (_, letters: string) => ((flags += letters.replace(/x/g, "")), ""));
  text = text.replace(/\\Q([^]*?)(?:\\E|$)/g, (_, literal: string) => literal.replace(/[^A-Za-z0-9]/g, "\\$&"));
  text = text.replace(/\[:(\^?)([a-z]+):\]/g, (whole, _negated, name: string) => POSIX[name] ?? whole);
  text = text.replace(/\(\?P?<([A-Za-z_]\w*)>/g, "(?<$1>").replace(/\(\?P=(\w+)\)/g, "\\k<$1>").replace(/\\g\{?(\d+)\}?/g, "\\$1");
  text = text.replace(/\\x\{([0-9a-fA-F]+)\}/g, (_, digits: string) => `\\u{${digits}}`);
  text = text.replace(/(\\.)|([*+?}])\+|\(\?>/g, (whole, escaped?: string, quantifier?: string) => escaped ?? (quantifier !== undefined ? quantifier : whole === "(?>" ? "(?:" : whole));
  text = text.replace(/\\([A-Za-z])/g, (whole, letter: string) => ESCAPES[letter] ?? whole);
  text = text.replace(/\\([-"#%&',:;<=>@_`~!/ ])/g, (_, char: string) => (char === "-" || char === "/" ? `\\${char}` : char));
  const kept = text.indexOf("\\K");
  if (kept >= 0) text = `(?<=${text.slice(0, kept)})${text.slice(kept + 2)}`;
  return { source: text, flags };
};

export const createPerlMatcher = (pattern: string, options: { utf8: boolean; ignoreCase: boolean; around: readonly [string, string] }): Matcher => {
  const { source, flags } = translate(hasHigh(pattern) ? toUnicode(pattern) : pattern);
  const full = options.around[0] === "" ? source : `${options.around[0]}(?:${source})${options.around[1]}`;
  const compile = (): RegExp => {
    const wanted = new Set(`g${flags}${options.ignoreCase ? "i" : ""}`);
    try {
      return new RegExp(full, `${[...wanted].join("")}u`);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    try {
      return new RegExp(full, [...wanted].join(""));
    } catch (error) {
      if (error instanceof SyntaxError) throw new PatternError(error.message.replace(/^.*: /, ""));
      throw error;
    }
  };
  const regex = compile();
  const textOf = (subject: string): string => (options.utf8 ? toUnicode(subject) : subject);
  return {
    groupCount: 0,
    test: (subject) => ((regex.lastIndex = 0), regex.test(textOf(subject))),
    exec: (subject, from): Match | undefined => {
      const isWide = options.utf8 && hasHigh(subject);
      const text = textOf(subject);
      regex.lastIndex = isWide ? toUnicode(subject.slice(0, from)).length : from;
      const match = regex.exec(text);
      if (match === null) return undefined;
      if (!isWide) return { start: match.index, end: match.index + match[0].length, groups: match };
      const start = toBytesText(text.slice(0, match.index)).length;
      const groups = match.map((group: string | undefined) => (group === undefined ? undefined : toBytesText(group)));
      return { start, end: start + groups[0]!.length, groups };
    },
  };
};
