/** Owns Go's predeclared template functions. */
import { isTrue, typeName, type GoFunction } from "../exec.ts";
import { TemplateError } from "../lex.ts";
import { bytewise, goPrint, type GoValue } from "../print.ts";
import { goSprint, goSprintf, goSprintln } from "../printf.ts";

export const fn = (least: number, most: number, run: GoFunction["run"]): GoFunction => ({ least, most, run });
export const fail = (message: string): never => {
  throw new TemplateError(message);
};
export const isMap = (value: GoValue | undefined): value is { readonly [key: string]: GoValue } =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** An index or count: a whole number of either kind. */
export const indexOf = (value: GoValue | undefined): number => {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && Number.isInteger(value)) return value;
  return fail(`cannot index slice/array with type ${typeName(value ?? null)}`);
};

type Basic = "bool" | "int" | "uint" | "float" | "string";
const kindOf = (value: GoValue): Basic | undefined => {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  if (typeof value === "bigint") return "int";
  if (typeof value === "number") return Number.isInteger(value) ? "uint" : "float";
  return undefined;
};
const whole = (kind: Basic | undefined): boolean => kind === "int" || kind === "uint";

const equal = (a: GoValue, b: GoValue): boolean => {
  if (a === null || b === null) return a === b;
  const mine = kindOf(a), theirs = kindOf(b);
  if (mine === undefined || theirs === undefined) return fail("non-comparable type");
  if (mine === theirs) return a === b;
  if (whole(mine) && whole(theirs)) return BigInt(a as number | bigint) === BigInt(b as number | bigint);
  return fail("incompatible types for comparison");
};
const less = (a: GoValue, b: GoValue): boolean => {
  const mine = kindOf(a), theirs = kindOf(b);
  if (mine === undefined || theirs === undefined || mine === "bool") return fail("invalid type for comparison");
  if (whole(mine) && whole(theirs)) return BigInt(a as number | bigint) < BigInt(b as number | bigint);
  if (mine !== theirs) return fail("incompatible types for comparison");
  return mine === "string" ? bytewise(a as string, b as string) < 0 : (a as number) < (b as number);
};
const equalsAny = (args: readonly GoValue[]): boolean => args.slice(1).some((other) => equal(args[0]!, other));

const index = (args: readonly GoValue[]): GoValue => {
  let value: GoValue = args[0]!;
  for (const key of args.slice(1)) {
    if (value === null) return fail("index of untyped nil");
    if (isMap(value)) {
      if (typeof key !== "string") return fail(`value has type ${typeName(key)}; should be string`);
      value = Object.hasOwn(value, key) ? (value[key] as GoValue) : null;
    } else if (Array.isArray(value) || typeof value === "string") {
      const at = indexOf(key);
      const bytes: Uint8Array | undefined = typeof value === "string" ? new TextEncoder().encode(value) : undefined;
      const length: number = bytes?.length ?? value.length;
      if (at < 0 || at >= length) return fail(`index out of range: ${at}`);
      value = bytes === undefined ? (value as readonly GoValue[])[at]! : BigInt(bytes[at]!);
    } else return fail(`can't index item of type ${typeName(value)}`);
  }
  return value;
};
export const sliceOf = (args: readonly GoValue[]): GoValue => {
  const [of, ...bounds] = args;
  const text = typeof of === "string" ? new TextEncoder().encode(of) : undefined;
  if (text === undefined && !Array.isArray(of)) return fail(`can't slice item of type ${typeName(of ?? null)}`);
  const length: number = text?.length ?? (of as readonly GoValue[]).length;
  const from = bounds.length > 0 ? indexOf(bounds[0]) : 0, to = bounds.length > 1 ? indexOf(bounds[1]) : length;
  if (from < 0 || to > length || from > to) return fail(`index out of range: ${from > to ? from : to}`);
  return text === undefined ? (of as readonly GoValue[]).slice(from, to) : new TextDecoder().decode(text.slice(from, to));
};
export const lengthOf = (value: GoValue): bigint => {
  if (typeof value === "string") return BigInt(new TextEncoder().encode(value).length);
  if (Array.isArray(value)) return BigInt(value.length);
  return isMap(value) ? BigInt(Object.keys(value).length) : fail(value === null ? "len of nil pointer" : `len of type ${typeName(value)}`);
};
const escaped = (text: string, table: Readonly<Record<string, string>>): string => [...text].map((char) => table[char] ?? char).join("");
const htmlTable = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&#34;", "'": "&#39;", "\u0000": "\ufffd" };
const jsTable = { "\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D", "\n": "\\u000A", "\r": "\\u000D", "\t": "\\u0009" };
const urlText = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%20", "+");
const joined = (args: readonly GoValue[]): string => (args.length === 1 && typeof args[0] === "string" ? args[0] : goSprint(args));

export const builtins: ReadonlyMap<string, GoFunction> = new Map([
  ["and", fn(1, Infinity, () => null)], ["or", fn(1, Infinity, () => null)],
  ["not", fn(1, 1, ([value]) => !isTrue(value!))],
  ["len", fn(1, 1, ([value]) => lengthOf(value!))],
  ["index", fn(1, Infinity, index)], ["slice", fn(1, 4, sliceOf)],
  ["print", fn(0, Infinity, goSprint)], ["println", fn(0, Infinity, goSprintln)],
  ["printf", fn(1, Infinity, ([format, ...args]) => (typeof format === "string" ? goSprintf(format, args) : fail(`wrong type for value; expected string; got ${typeName(format!)}`)))],
  ["html", fn(0, Infinity, (args) => escaped(joined(args), htmlTable))], ["js", fn(0, Infinity, (args) => escaped(joined(args), jsTable))],
  ["urlquery", fn(0, Infinity, (args) => urlText(joined(args)))],
  ["eq", fn(2, Infinity, equalsAny)], ["ne", fn(2, 2, ([a, b]) => !equal(a!, b!))],
  ["lt", fn(2, 2, ([a, b]) => less(a!, b!))], ["le", fn(2, 2, ([a, b]) => less(a!, b!) || equal(a!, b!))],
  ["gt", fn(2, 2, ([a, b]) => !less(a!, b!) && !equal(a!, b!))], ["ge", fn(2, 2, ([a, b]) => !less(a!, b!))],
  ["call", fn(1, Infinity, ([value]) => fail(`non-function ${goPrint(value!)} of type ${typeName(value!)}`))],
]);
