/** Owns defaults, numbers, JSON and type questions of slim-sprig, with Dagu's overrides: `default def v`, `add b a` on ints only. */
import { isTrue, typeName, type GoFunction } from "../exec.ts";
import { bytewise, goPrint, type GoValue } from "../print.ts";
import { fail, fn, isMap } from "./builtins.ts";
import { countUp, deepEqual } from "./lists.ts";

const int = (value: GoValue | undefined): bigint => (typeof value === "bigint" ? value : fail(`wrong type for value; expected int; got ${typeName(value ?? null)}`));
const toInt = (value: GoValue | undefined): bigint => {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return BigInt(Math.trunc(value));
  if (typeof value === "boolean") return value ? 1n : 0n;
  return typeof value === "string" && /^\s*[-+]?\d+\s*$/.test(value) ? BigInt(value.trim().replace(/^\+/, "")) : 0n;
};
const toFloat = (value: GoValue | undefined): number => {
  const number = typeof value === "string" || typeof value === "bigint" ? Number(value) : typeof value === "number" ? value : value === true ? 1 : 0;
  return Number.isNaN(number) ? 0 : number;
};
const nonZero = (value: bigint): bigint => (value === 0n ? fail("runtime error: integer divide by zero") : value);
const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const fold = (run: (a: bigint, b: bigint) => bigint): GoFunction => fn(1, Infinity, (args) => args.slice(1).reduce<bigint>((sum, arg) => wrap(run(sum, toInt(arg))), toInt(args[0])));
const extreme = (better: (a: number | bigint, b: number | bigint) => boolean, of: (value: GoValue) => number | bigint): GoFunction =>
  fn(1, Infinity, (args) => args.map(of).reduce((best, value) => (better(value, best) ? value : best)));
const round = (value: number, places: number): number => {
  const scale = 10 ** places;
  const scaled = value * scale;
  return (scaled < 0 ? -Math.round(-scaled) : Math.round(scaled)) / scale;
};
const numberRange = (args: readonly GoValue[]): string => {
  const numbers = args.map((arg) => Number(toInt(arg)));
  const [from, step, to] = numbers.length === 1 ? [1, numbers[0]! >= 1 ? 1 : -1, numbers[0]!] : numbers.length === 2 ? [numbers[0]!, numbers[1]! >= numbers[0]! ? 1 : -1, numbers[1]!] : (numbers as [number, number, number]);
  return (countUp(from, to + Math.sign(step), step) as readonly GoValue[]).map(goPrint).join(" ");
};

/** JSON as Go writes it: keys sorted, `<`, `>`, `&`, U+2028 and U+2029 escaped unless `raw`. */
export const goJson = (value: GoValue, raw = false): string => {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "bigint" || typeof value === "number") return jsonNumber(value);
  if (typeof value === "string") return raw ? JSON.stringify(value) : JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (Array.isArray(value)) return `[${value.map((item) => goJson(item as GoValue, raw)).join(",")}]`;
  const entries = Object.entries(value as { readonly [key: string]: GoValue }).sort(([a], [b]) => bytewise(a, b));
  return `{${entries.map(([key, item]) => `${goJson(key, raw)}:${goJson(item, raw)}`).join(",")}}`;
};
const jsonNumber = (value: number | bigint): string => {
  if (typeof value === "bigint") return value.toString();
  if (!Number.isFinite(value)) return fail(`json: unsupported value: ${goPrint(value)}`);
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
};
const pretty = (value: GoValue): string => JSON.stringify(JSON.parse(goJson(value)), null, 2).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
const parsed = (text: GoValue | undefined): GoValue | undefined => {
  try {
    return JSON.parse(typeof text === "string" ? text : fail("wrong type for value; expected string")) as GoValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
const kindOf = (value: GoValue): string => {
  if (value === null) return "invalid";
  if (Array.isArray(value)) return "slice";
  return isMap(value) ? "map" : typeName(value);
};

export const generalFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ["default", fn(1, 2, ([def, value]) => (value !== undefined && isTrue(value) ? value : def!))],
  ["empty", fn(1, 1, ([value]) => !isTrue(value!))],
  ["coalesce", fn(0, Infinity, (args) => args.find(isTrue) ?? null)],
  ["all", fn(0, Infinity, (args) => args.every(isTrue))], ["any", fn(0, Infinity, (args) => args.some(isTrue))],
  ["ternary", fn(3, 3, ([yes, no, which]) => (which === true ? yes! : no!))],
  ["fail", fn(1, 1, ([message]) => fail(goPrint(message!)))],
  ["add", fn(2, 2, ([b, a]) => wrap(int(a) + int(b)))], ["add1", fn(1, 1, ([value]) => wrap(toInt(value) + 1n))],
  ["sub", fn(2, 2, ([a, b]) => wrap(toInt(a) - toInt(b)))], ["mul", fold((a, b) => a * b)],
  ["div", fn(2, 2, ([a, b]) => toInt(a) / nonZero(toInt(b)))], ["mod", fn(2, 2, ([a, b]) => toInt(a) % nonZero(toInt(b)))],
  ["max", extreme((a, b) => a > b, toInt)], ["biggest", extreme((a, b) => a > b, toInt)], ["min", extreme((a, b) => a < b, toInt)],
  ["maxf", extreme((a, b) => a > b, toFloat)], ["minf", extreme((a, b) => a < b, toFloat)],
  ["ceil", fn(1, 1, ([value]) => Math.ceil(toFloat(value)))], ["floor", fn(1, 1, ([value]) => Math.floor(toFloat(value)))],
  ["round", fn(2, 3, ([value, places]) => round(toFloat(value), Number(toInt(places))))],
  ["int", fn(1, 1, ([value]) => toInt(value))], ["int64", fn(1, 1, ([value]) => toInt(value))], ["float64", fn(1, 1, ([value]) => toFloat(value))],
  ["atoi", fn(1, 1, ([value]) => toInt(value))],
  ["toDecimal", fn(1, 1, ([value]) => BigInt(Number.parseInt(goPrint(value!), 8) || 0))],
  ["until", fn(1, 1, ([to]) => countUp(0, Number(toInt(to)), toInt(to) < 0n ? -1 : 1))],
  ["untilStep", fn(3, 3, ([from, to, step]) => countUp(Number(toInt(from)), Number(toInt(to)), Number(toInt(step))))], ["seq", fn(1, 3, numberRange)],
  ["json", fn(1, 1, ([value]) => goJson(value!))], ["toJson", fn(1, 1, ([value]) => goJson(value!))], ["mustToJson", fn(1, 1, ([value]) => goJson(value!))],
  ["toRawJson", fn(1, 1, ([value]) => goJson(value!, true))], ["toPrettyJson", fn(1, 1, ([value]) => pretty(value!))],
  ["fromJson", fn(1, 1, ([text]) => parsed(text) ?? null)], ["mustFromJson", fn(1, 1, ([text]) => parsed(text) ?? fail("invalid JSON"))],
  ["typeOf", fn(1, 1, ([value]) => typeName(value!))], ["kindOf", fn(1, 1, ([value]) => kindOf(value!))],
  ["typeIs", fn(2, 2, ([name, value]) => typeName(value!) === name)], ["typeIsLike", fn(2, 2, ([name, value]) => typeName(value!) === name)],
  ["kindIs", fn(2, 2, ([name, value]) => kindOf(value!) === name)], ["deepEqual", fn(2, 2, ([a, b]) => deepEqual(a, b))],
]);
