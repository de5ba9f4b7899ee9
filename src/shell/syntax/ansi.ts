/** Owns `$'…'`: what its escapes mean, in bytes. */
import { encodePoint } from "../bytes.ts";

const simple: Readonly<Record<string, string>> = {
  n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", e: "\x1b", E: "\x1b", f: "\f", v: "\v", "\\": "\\", "'": "'", '"': '"', "?": "?",
};
const hexDigits = (text: string, at: number, max: number): string => {
  let n = 0;
  while (n < max && /[0-9a-fA-F]/.test(text[at + n] ?? "")) n++;
  return text.slice(at, at + n);
};

/** Decodes one escape that starts after the backslash at `at`; answers its bytes and where it ends. */
const decodeEscape = (text: string, at: number): readonly [string, number] => {
  const char = text[at] as string;
  const known = simple[char];
  if (known !== undefined) return [known, at + 1];
  if (char === "x" || char === "u" || char === "U") {
    const digits = hexDigits(text, at + 1, char === "x" ? 2 : char === "u" ? 4 : 8);
    if (digits === "") return ["\\" + char, at + 1];
    const point = parseInt(digits, 16);
    return [char === "x" ? String.fromCharCode(point) : encodePoint(point), at + 1 + digits.length];
  }
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0];
  if (octal !== undefined) return [String.fromCharCode(parseInt(octal, 8) & 0xff), at + octal.length];
  if (char === "c" && at + 1 < text.length) return [String.fromCharCode(text.charCodeAt(at + 1) & 0x1f), at + 2];
  return ["\\" + char, at + 1];
};

/** The value of the text between `$'` and `'`. A NUL ends it, as in bash. */
export const decodeAnsi = (text: string): string => {
  let value = "";
  for (let i = 0; i < text.length; ) {
    if (text[i] !== "\\" || i + 1 >= text.length) {
      value += text[i];
      i++;
      continue;
    }
    const [piece, next] = decodeEscape(text, i + 1);
    if (piece === "\0") return value;
    value += piece;
    i = next;
  }
  return value;
};
