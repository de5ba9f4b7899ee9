/** Owns POSIX extended regular expressions for `[[ =~ ]]`, translated to the platform's. Works on decoded text. */
import { decodeText, encodeText } from "../bytes.ts";

const classes: Readonly<Record<string, string>> = {
  alpha: "\\p{L}", digit: "0-9", alnum: "\\p{L}0-9", upper: "\\p{Lu}", lower: "\\p{Ll}", space: "\\s", blank: " \\t",
  punct: "!-\\/:-@\\[-`\\{-~", cntrl: "\\x00-\\x1f\\x7f", print: "\\x20-\\x7e\\xa0-\\u{10ffff}", graph: "\\x21-\\x7e\\xa1-\\u{10ffff}", xdigit: "0-9a-fA-F",
};
const inClass = (char: string): string => (/[\\\]^\-[|{}()+*?.$/]/.test(char) ? `\\${char}` : char);

const readBracket = (text: string, at: number): readonly [string, number] | undefined => {
  let i = at + 1;
  const negated = text[i] === "^";
  if (negated) i++;
  let source = "";
  let first = true;
  while (i < text.length && (first || text[i] !== "]")) {
    first = false;
    const named = /^\[:([a-z]+):\]|^\[([.=])(.)\2\]/u.exec(text.slice(i, i + 12));
    if (named !== null) {
      i += named[0].length;
      source += named[1] === undefined ? inClass(named[3] as string) : (classes[named[1]] ?? "");
      continue;
    }
    const char = String.fromCodePoint(text.codePointAt(i) as number);
    i += char.length;
    if (text[i] === "-" && text[i + 1] !== "]" && i + 1 < text.length) {
      const high = String.fromCodePoint(text.codePointAt(i + 1) as number);
      source += `${inClass(char)}-${inClass(high)}`;
      i += 1 + high.length;
    } else source += inClass(char);
  }
  if (i >= text.length) return undefined;
  return [source === "" ? (negated ? "[^]" : "(?!)") : `[${negated ? "^" : ""}${source}]`, i + 1];
};

const translate = (text: string): string => {
  let source = "";
  for (let i = 0; i < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(i) as number);
    if (char === "\\" && i + 1 < text.length) {
      const next = String.fromCodePoint(text.codePointAt(i + 1) as number);
      const gnu: Readonly<Record<string, string>> = { w: "[\\p{L}0-9_]", W: "[^\\p{L}0-9_]", s: "\\s", S: "\\S", b: "\\b", B: "\\B", "<": "\\b(?=\\w)", ">": "\\b(?<=\\w)" };
      source += /^[1-9]$/.test(next) ? `\\${next}` : (gnu[next] ?? (/[\\^$.*+?()[\]{}|/]/.test(next) ? `\\${next}` : next));
      i += 1 + next.length;
      continue;
    }
    const bracket = char === "[" ? readBracket(text, i) : undefined;
    if (bracket !== undefined) {
      source += bracket[0];
      i = bracket[1];
      continue;
    }
    if (char === "{") {
      const bound = /^\{(\d*)(,?)(\d*)\}/.exec(text.slice(i));
      if (bound !== null && (bound[1] !== "" || bound[3] !== "")) {
        source += `{${bound[1] === "" ? "0" : bound[1]}${bound[2]}${bound[3]}}`;
        i += bound[0].length;
        continue;
      }
      source += "\\{";
    } else if (char === "}" || char === "]" || char === "/" || char === "[") source += `\\${char}`;
    else if ((char === "*" || char === "+" || char === "?") && (i === 0 || "(|".includes(text[i - 1] as string) && text[i - 2] !== "\\")) {
      source += `\\${char}`;
    } else source += char === "." ? "[^]" : char;
    i += char.length;
  }
  return source;
};

const kept = new Map<string, RegExp | undefined>();
/** Compiles; `undefined` when the expression is malformed. */
const compile = (pattern: string, ignoreCase: boolean): RegExp | undefined => {
  const key = (ignoreCase ? "i" : "-") + pattern;
  if (kept.has(key)) return kept.get(key);
  let regex: RegExp | undefined;
  try {
    regex = new RegExp(translate(decodeText(pattern)), ignoreCase ? "iu" : "u");
  } catch {
    regex = undefined; // malformed: `[[` answers status 2
  }
  if (kept.size > 500) kept.clear();
  kept.set(key, regex);
  return regex;
};

/** Groups of the first match ("" for groups that took no part), `null` without one, `undefined` for a malformed expression. */
export const matchRegex = (text: string, pattern: string, ignoreCase: boolean): readonly string[] | null | undefined => {
  const regex = compile(pattern, ignoreCase);
  if (regex === undefined) return undefined;
  const match = regex.exec(decodeText(text));
  return match === null ? null : Array.from(match, (group) => encodeText(group ?? ""));
};
/** Quotes text so that it stands for itself in an expression. */
export const escapeExpression = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
