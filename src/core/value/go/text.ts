/** Owns Go's texts of values: encoding/json (sorted keys, `<>&` escaped), `%v` and strconv.Quote. Refuses to know who asks. */
import type { Json, JsonObject } from "../json.ts";
import { goFloat, jsonNumber } from "./number.ts";

/** Order of Go's sorted map keys: by code point. */
export const byCodePoint = (a: string, b: string): number => {
  if (a === b) return 0;
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = (left[i] as string).codePointAt(0) as number;
    const y = (right[i] as string).codePointAt(0) as number;
    if (x !== y) return x - y;
  }
  return left.length - right.length;
};
export const sortedKeys = (value: JsonObject): string[] => Object.keys(value).sort(byCodePoint);

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029",
};
/** A JSON string as encoding/json writes it. */
export const goJsonString = (text: string): string =>
  JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (char) => escapes[char] as string);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Compact JSON, keys sorted, `<>&` escaped. */
export const goJson = (value: Json): string => {
  if (value === null) return "null";
  if (typeof value === "string") return goJsonString(value);
  if (typeof value === "number") return jsonNumber(value);
  if (typeof value === "boolean") return String(value);
  if (isList(value)) return `[${value.map(goJson).join(",")}]`;
  return `{${sortedKeys(value).map((key) => `${goJsonString(key)}:${goJson(value[key] as Json)}`).join(",")}}`;
};

/** As `goJson`, over several lines: `indent` per level, empty lists and maps on one line. */
export const goJsonIndent = (value: Json, indent: string, level = 0): string => {
  if (value === null || typeof value !== "object") return goJson(value);
  const inner = `\n${indent.repeat(level + 1)}`;
  const outer = `\n${indent.repeat(level)}`;
  if (isList(value)) {
    if (value.length === 0) return "[]";
    return `[${inner}${value.map((item) => goJsonIndent(item, indent, level + 1)).join(`,${inner}`)}${outer}]`;
  }
  const keys = sortedKeys(value);
  if (keys.length === 0) return "{}";
  const line = (key: string): string => `${goJsonString(key)}: ${goJsonIndent(value[key] as Json, indent, level + 1)}`;
  return `{${inner}${keys.map(line).join(`,${inner}`)}${outer}}`;
};

/** Go `%v`: `map[a:1 b:2]`, `[1 2]`, `<nil>`, floats as 15.2. */
export const goValue = (value: Json): string => {
  if (value === null) return "<nil>";
  if (typeof value === "number") return goFloat(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(goValue).join(" ")}]`;
  return `map[${sortedKeys(value).map((key) => `${key}:${goValue(value[key] as Json)}`).join(" ")}]`;
};

const named: Readonly<Record<string, string>> = {
  '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x07": "\\a", "\b": "\\b", "\f": "\\f", "\v": "\\v",
};
const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");
const quoteChar = (char: string): string => {
  const short = named[char];
  if (short !== undefined) return short;
  const point = char.codePointAt(0) as number;
  if (point < 0x20 || point === 0x7f) return `\\x${hex(point, 2)}`;
  if (point < 0x80 || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) return char;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
};
/** Go's strconv.Quote. */
export const goQuote = (text: string): string => `"${Array.from(text, quoteChar).join("")}"`;
