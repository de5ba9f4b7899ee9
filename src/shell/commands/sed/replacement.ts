/** Owns the right side of s: reading its escapes and putting it together, case changes included. */
import { toBytesText, toUnicode } from "../stream/bytes.ts";
import type { ReplacePart } from "./script.ts";

const SIMPLE: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\x07" };
const CODE = /^(?:x([0-9a-fA-F]{1,2})|o([0-7]{1,3})|d(\d{1,3})|c([^]))/;

/** The character a numeric or control escape stands for, and its length after the backslash. */
const readCode = (rest: string): readonly [string, number] | undefined => {
  const match = CODE.exec(rest);
  if (match === null) return undefined;
  const code = match[1] !== undefined ? parseInt(match[1], 16) : match[2] !== undefined ? parseInt(match[2], 8) : match[3] !== undefined ? Number(match[3]) : match[4]!.toUpperCase().charCodeAt(0) ^ 64;
  return [String.fromCharCode(code & 255), match[0].length];
};

export const readReplacement = (source: string): ReplacePart[] => {
  const parts: ReplacePart[] = [];
  let text = "";
  const push = (part: ReplacePart): void => {
    if (text !== "") parts.push({ type: "text", text });
    text = "";
    parts.push(part);
  };
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i);
    if (char === "&") push({ type: "group", index: 0 });
    else if (char !== "\\") text += char;
    else {
      const next = source.charAt(++i);
      const code = readCode(source.slice(i));
      if (/\d/.test(next)) push({ type: "group", index: Number(next) });
      else if (next !== "" && "LUluE".includes(next)) push({ type: "case", mode: next as "L" });
      else if (code !== undefined) {
        text += code[0];
        i += code[1] - 1;
      } else text += SIMPLE[next] ?? next;
    }
  }
  if (text !== "") parts.push({ type: "text", text });
  return parts;
};

/** Text of a, i and c: a backslash is taken away, escapes like \t are known. */
export const unescapeText = (raw: string): string => raw.replace(/\\([^]?)/g, (_, char: string) => SIMPLE[char] ?? char);

const upper = (text: string): string => toBytesText(toUnicode(text).toUpperCase());
const lower = (text: string): string => toBytesText(toUnicode(text).toLowerCase());

export const buildReplacement = (parts: readonly ReplacePart[], groups: readonly (string | undefined)[]): string => {
  let result = "";
  let mode: "L" | "U" | "E" = "E";
  let once: "l" | "u" | undefined;
  for (const part of parts) {
    if (part.type === "case") {
      if (part.mode === "l" || part.mode === "u") once = part.mode;
      else mode = part.mode;
      continue;
    }
    let text = part.type === "text" ? part.text : (groups[part.index] ?? "");
    if (text === "") continue;
    if (mode !== "E") text = mode === "U" ? upper(text) : lower(text);
    if (once !== undefined) {
      const unicode = toUnicode(text);
      const first = [...unicode][0] ?? "";
      text = toBytesText((once === "u" ? first.toUpperCase() : first.toLowerCase()) + unicode.slice(first.length));
      once = undefined;
    }
    result += text;
  }
  return result;
};
