/** Owns the split of a Go template into text and the tokens of its actions, trim markers and comments resolved. */

export type TokenType =
  | "text" | "open" | "close" | "space" | "word" | "field" | "variable" | "dot" | "string" | "char" | "number" | "punctuation" | "end";
export interface Token {
  readonly type: TokenType;
  readonly text: string;
  readonly at: number;
}
/** A fault of the template: in its text, or while it runs. */
export class TemplateError extends Error {
  readonly at: number;
  constructor(message: string, at = 0) {
    super(message);
    this.at = at;
  }
}
/** Characters of a template's text. */
export const templateMax = 1_048_576;

export const lexTemplate = (text: string): readonly Token[] => {
  if (text.length > templateMax) throw new TemplateError(`template is larger than ${templateMax} characters`);
  const tokens: Token[] = [];
  let at = 0, trimNext = false;
  while (at < text.length) {
    const open = text.indexOf("{{", at);
    const stop = open < 0 ? text.length : open;
    const trimBefore = open >= 0 && text[open + 2] === "-" && /[ \t\r\n]/.test(text[open + 3] ?? "");
    let plain = text.slice(at, stop);
    if (trimNext) plain = plain.replace(/^[ \t\r\n]+/, "");
    if (trimBefore) plain = plain.trimEnd();
    if (plain !== "") tokens.push({ type: "text", text: plain, at });
    if (open < 0) break;
    at = open + (trimBefore ? 3 : 2);
    const comment = /^[ \t\r\n]*\/\*/.exec(text.slice(at, at + 64));
    const closed = comment === null ? lexAction(text, at, tokens) : skipComment(text, at + comment[0].length);
    at = closed.at;
    trimNext = closed.trim;
  }
  tokens.push({ type: "end", text: "", at: text.length });
  return tokens;
};
interface Closed {
  readonly at: number;
  readonly trim: boolean;
}
const skipComment = (text: string, from: number): Closed => {
  const end = text.indexOf("*/", from);
  if (end < 0) throw new TemplateError("unclosed comment", from);
  const close = /^(\s-)?\}\}/.exec(text.slice(end + 2, end + 8));
  if (close === null) throw new TemplateError("comment ends before closing delimiter", end);
  return { at: end + 2 + close[0].length, trim: close[1] !== undefined };
};

const patterns: readonly (readonly [TokenType, RegExp])[] = [
  ["space", /[ \t\r\n]+/y],
  ["string", /"(?:\\[^\n]|[^"\\\n])*"|`[^`]*`/y],
  ["char", /'(?:\\[^\n]+?|[^'\\\n])'/y],
  ["number", /[+-]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)/y],
  ["field", /\.[\p{L}_][\p{L}\p{N}_]*/uy],
  ["dot", /\./y],
  ["variable", /\$[\p{L}\p{N}_]*/uy],
  ["word", /[\p{L}_][\p{L}\p{N}_]*/uy],
  ["punctuation", /:=|=|\||,|\(|\)/y],
];
const lexAction = (text: string, from: number, tokens: Token[]): Closed => {
  tokens.push({ type: "open", text: "{{", at: from });
  let at = from;
  for (;;) {
    if (at >= text.length) throw new TemplateError("unclosed action", from);
    const trim = /[ \t\r\n]/.test(text[at]!) && /^[ \t\r\n]+-\}\}/.exec(text.slice(at, at + 256));
    if (trim || text.startsWith("}}", at)) {
      tokens.push({ type: "close", text: "}}", at });
      return { at: at + (trim ? trim[0].length : 2), trim: Boolean(trim) };
    }
    const token = tokenAt(text, at);
    if (token === undefined) throw new TemplateError(badAction(text[at]!), at);
    tokens.push(token);
    at += token.text.length;
  }
};
const badAction = (char: string): string => (char === '"' || char === "`" ? "unterminated quoted string" : `unexpected ${JSON.stringify(char)} in command`);
const tokenAt = (text: string, at: number): Token | undefined => {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    if (type === "number" && /^[+-]?$/.test(match[0])) continue;
    return { type, text: match[0], at };
  }
  return undefined;
};

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\u0007", b: "\b", f: "\f", v: "\v", "\\": "\\", '"': '"', "'": "'" };
/** The value of a Go string or character literal. */
export const literalText = (source: string): string => {
  if (source.startsWith("`")) return source.slice(1, -1).replaceAll("\r", "");
  return source.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/g, (_, code: string) => {
    if (/^[xuU]/.test(code) && code.length > 1) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return Object.hasOwn(escapes, code) ? escapes[code]! : code;
  });
};
