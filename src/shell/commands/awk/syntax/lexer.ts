/** Owns cutting awk source into tokens. */
import { Stop } from "../../option/declare.ts";

export interface Token {
  readonly type: "number" | "string" | "regex" | "name" | "call" | "keyword" | "builtin" | "op" | "newline" | "end";
  readonly text: string;
  readonly line: number;
}

const KEYWORDS = new Set(["BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile", "exit", "return", "delete", "in", "getline", "print", "printf"]);
const BUILTINS = new Set(["length", "substr", "index", "split", "sub", "gsub", "match", "sprintf", "sin", "cos", "atan2", "exp", "log", "sqrt", "int", "rand", "srand", "tolower", "toupper", "system", "close", "fflush", "systime", "strftime", "mktime"]);
const OPS = /&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|>>|[-+*\/%^!<>|?:~$=(){}[\];,]/y;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", '"': '"', "/": "/", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Escapes of string literals and of -v values; an unknown one keeps its backslash (as mawk does). */
export const unescapeAwk = (text: string): string =>
  text.replace(/\\(?:([0-7]{1,3})|([^]))/g, (whole, octal: string | undefined, char: string) => (octal !== undefined ? String.fromCharCode(parseInt(octal, 8) & 255) : char === "\n" ? "" : (ESCAPES[char] ?? whole)));

/** Whether a "/" after this token divides (else it opens a regular expression). */
const endsOperand = (token: Token | undefined): boolean =>
  token !== undefined && (["number", "string", "name", "regex", "builtin"].includes(token.type) || (token.type === "op" && [")", "]", "$", "++", "--"].includes(token.text)));

const readRegex = (source: string, from: number): number => {
  let inSet = false;
  for (let i = from; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === "\n") return -1;
    if (char === "\\") i++;
    else if (inSet) inSet = char !== "]";
    else if (char === "[") {
      inSet = true;
      if (source.charAt(i + 1) === "^") i++;
      if (source.charAt(i + 1) === "]") i++;
    } else if (char === "/") return i;
  }
  return -1;
};

const PATTERNS: readonly (readonly [Token["type"], RegExp])[] = [
  ["number", /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y],
  ["name", /[A-Za-z_]\w*/y],
];

export const tokenize = (source: string): Token[] => {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  const push = (type: Token["type"], text: string): void => void tokens.push({ type, text, line });
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const SPACE = /(?:[ \t\r\f\v]|\\\r?\n|#[^\n]*)+/y;
  const STRING = /"((?:[^"\\\n]|\\[^])*)"/y;
  while (at < source.length) {
    const blank = match(SPACE);
    if (blank !== undefined) {
      line += blank.split("\n").length - 1;
      at += blank.length;
      continue;
    }
    const char = source.charAt(at);
    if (char === "\n") {
      push("newline", "\n");
      line++;
      at++;
      continue;
    }
    if (char === '"') {
      const whole = match(STRING);
      if (whole === undefined) throw new Stop(2, `line ${line}: runaway string constant ${source.slice(at, at + 10)} ...`);
      push("string", unescapeAwk(whole.slice(1, -1)));
      at += whole.length;
      continue;
    }
    if (char === "/" && !endsOperand(tokens.at(-1))) {
      const end = readRegex(source, at + 1);
      if (end < 0) throw new Stop(2, `line ${line}: runaway regular expression ${source.slice(at, at + 10)} ...`);
      push("regex", source.slice(at + 1, end).replaceAll("\\/", "/"));
      at = end + 1;
      continue;
    }
    const found = PATTERNS.map(([type, pattern]) => [type, match(pattern)] as const).find(([, text]) => text !== undefined);
    if (found !== undefined) {
      const text = found[1]!;
      at += text.length;
      if (found[0] === "number") push("number", text);
      else if (KEYWORDS.has(text)) push("keyword", text === "func" ? "function" : text);
      else if (BUILTINS.has(text)) push("builtin", text);
      else push(source.charAt(at) === "(" ? "call" : "name", text);
      continue;
    }
    const op = match(OPS);
    if (op === undefined) throw new Stop(2, `line ${line}: unexpected character '${char}'`);
    push("op", op);
    at += op.length;
  }
  push("newline", "\n");
  push("end", "");
  return tokens;
};
