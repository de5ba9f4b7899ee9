/**
 * Owns JSON paths of references: the jq path subset that Dagu's texts use (`.a.b`, `.list[0].x`, `.list.[0]`, `.["k"]`, `[]`, `?`, `|`).
 * Anything else is unparsable here and stays literal, as gojq's own parse errors do. Source: 15.2.
 */
import type { Json, JsonObject } from "../json.ts";
import { goFloat } from "../go/number.ts";
import { goJson } from "../go/text.ts";

type Piece =
  | { readonly type: "key"; readonly key: string; readonly optional: boolean }
  | { readonly type: "index"; readonly index: number; readonly optional: boolean }
  | { readonly type: "slice"; readonly from: number | null; readonly to: number | null; readonly optional: boolean }
  | { readonly type: "first"; readonly optional: boolean };

const matchers: readonly [RegExp, (found: RegExpExecArray, optional: boolean) => Piece][] = [
  [/^\.?([A-Za-z_]\w*)(\??)/, (m, optional) => ({ type: "key", key: m[1] as string, optional })],
  [/^\.?\[\s*("(?:[^"\\]|\\.)*")\s*\](\??)/, (m, optional) => ({ type: "key", key: JSON.parse(m[1] as string) as string, optional })],
  [/^\.("(?:[^"\\]|\\.)*")(\??)/, (m, optional) => ({ type: "key", key: JSON.parse(m[1] as string) as string, optional })],
  [/^\.?\[\s*(-?\d+)\s*\](\??)/, (m, optional) => ({ type: "index", index: Number(m[1]), optional })],
  [/^\.?\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\](\??)/, (m, optional) => ({ type: "slice", from: bound(m[1]), to: bound(m[2]), optional })],
  [/^\.?\[\s*\](\??)/, (_m, optional) => ({ type: "first", optional })],
];
const bound = (text: string | undefined): number | null => (text === undefined || text === "" ? null : Number(text));

/** Pieces of a path that starts with "." or "["; undefined when it is not one. */
const parsePath = (path: string): Piece[] | undefined => {
  const pieces: Piece[] = [];
  let rest = path.trim();
  let fresh = true;
  if (rest === ".") return pieces;
  while (rest !== "") {
    const pipe = /^\s*\|\s*/.exec(rest);
    if (pipe && !fresh) {
      rest = rest.slice(pipe[0].length);
      if (rest === ".") return pieces;
      if (rest === "") return undefined;
      fresh = true;
      continue;
    }
    const key = rest.startsWith(".") || rest.startsWith("[");
    if (!key || (fresh && rest.startsWith("["))) return undefined;
    const next = matchOne(rest, pieces);
    if (next === undefined) return undefined;
    rest = next;
    fresh = false;
  }
  return pieces;
};
const matchOne = (rest: string, pieces: Piece[]): string | undefined => {
  for (const [pattern, make] of matchers) {
    const found = pattern.exec(rest);
    if (!found) continue;
    pieces.push(make(found, found[found.length - 1] === "?"));
    return rest.slice(found[0].length);
  }
  return undefined;
};

const isObject = (value: Json): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const failed = Symbol("path error");

const step = (value: Json, piece: Piece): Json | typeof failed => {
  if (piece.type === "first") {
    const items = Array.isArray(value) ? (value as readonly Json[]) : isObject(value) ? Object.values(value) : undefined;
    return items === undefined ? failed : (items[0] ?? null);
  }
  if (value === null) return null;
  if (piece.type === "key") return isObject(value) ? (Object.hasOwn(value, piece.key) ? (value[piece.key] as Json) : null) : failed;
  if (piece.type === "slice") {
    if (typeof value === "string") return [...value].slice(piece.from ?? 0, piece.to ?? undefined).join("");
    return Array.isArray(value) ? (value as readonly Json[]).slice(piece.from ?? 0, piece.to ?? undefined) : failed;
  }
  return Array.isArray(value) ? ((value as readonly Json[]).at(piece.index) ?? null) : failed;
};

/** Value at a path: `found: false` for an unparsable path or a path error; a missing key is null. */
export const selectPath = (value: Json, path: string): { readonly found: boolean; readonly value: Json } => {
  const pieces = parsePath(path);
  if (pieces === undefined) return { found: false, value: null };
  let now: Json = value;
  for (const piece of pieces) {
    const next = step(now, piece);
    if (next === failed) {
      if (piece.optional) return { found: true, value: null };
      return { found: false, value: null };
    }
    now = next;
  }
  return { found: true, value: now };
};

/** JSON text → value, or undefined when it is not JSON. */
export const parseJson = (text: string): { readonly value: Json } | undefined => {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return undefined; // Not JSON is an answer here, not a fault.
  }
};

/** Text of a selected value (15.2). */
export const pathText = (value: Json): string => {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return goFloat(value);
  if (typeof value === "boolean") return String(value);
  return goJson(value);
};

/** Text at `path` inside JSON text; undefined leaves the reference literal. */
export const pathInText = (text: string, path: string): string | undefined => {
  const parsed = parseJson(text);
  if (parsed === undefined) return undefined;
  const selected = selectPath(parsed.value, path);
  return selected.found ? pathText(selected.value) : undefined;
};
