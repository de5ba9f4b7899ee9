/** Owns the list and map functions of slim-sprig, and `count`. Lists are never changed in place; `set` and `unset` change their map. */
import { isTrue, typeName, type GoFunction } from "../exec.ts";
import { bytewise, type GoValue } from "../print.ts";
import { fail, fn, indexOf, isMap, lengthOf, sliceOf } from "./builtins.ts";
import { textOf } from "./strings.ts";

type List = readonly GoValue[];
type MapValue = { [key: string]: GoValue };
const listMax = 1_000_000;
const list = (value: GoValue | undefined, name: string): List => (Array.isArray(value) ? value : fail(`cannot find ${name} on type ${typeName(value ?? null)}`));
const map = (value: GoValue | undefined): MapValue => (isMap(value) ? (value as MapValue) : fail(`wrong type for value; expected map[string]interface {}; got ${typeName(value ?? null)}`));
const key = (value: GoValue | undefined): string => (typeof value === "string" ? value : fail(`wrong type for value; expected string; got ${typeName(value ?? null)}`));
/** Go's `reflect.DeepEqual` over plain values. */
export const deepEqual = (a: GoValue | undefined, b: GoValue | undefined): boolean => {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => deepEqual(item as GoValue, b[i] as GoValue));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((name) => Object.hasOwn(b, name) && deepEqual(a[name], b[name]));
};
const has = (item: GoValue, of: List): boolean => of.some((other) => deepEqual(item, other));
const uniq = (of: List): List => of.filter((item, i) => of.findIndex((other) => deepEqual(item, other)) === i);
const smallList = (of: List): List => (of.length > 10_000 ? fail("list is too long") : of);
const define = (target: MapValue, name: string, value: GoValue): void => {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
};
const dict = (args: List): GoValue => {
  const made: MapValue = {};
  for (let i = 0; i < args.length; i += 2) define(made, textOf(args[i]!), args[i + 1] ?? "");
  return made;
};
const chunk = (size: number, of: List): GoValue => {
  if (size <= 0) return fail("chunk size must be positive");
  return Array.from({ length: Math.ceil(of.length / size) }, (_, i) => of.slice(i * size, (i + 1) * size));
};
const dig = (args: List): GoValue => {
  let value: GoValue = args.at(-1)!;
  for (const name of args.slice(0, -2)) {
    if (!isMap(value) || !Object.hasOwn(value, key(name))) return args.at(-2)!;
    value = value[key(name)]!;
  }
  return value;
};
export const countUp = (from: number, to: number, step: number): GoValue => {
  if (step === 0 || (to > from) !== step > 0) return [];
  if (Math.abs((to - from) / step) > listMax) return fail("too many numbers");
  const numbers: bigint[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) numbers.push(BigInt(i));
  return numbers;
};
const append = (of: List, item: GoValue): List => (of.length >= listMax ? fail("list is too long") : [...of, item]);
const both = (name: string, made: GoFunction): readonly (readonly [string, GoFunction])[] => [[name, made], [`must${name[0]!.toUpperCase()}${name.slice(1)}`, made]];

export const listFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ["count", fn(1, 1, ([value]) => (value === null ? 0n : lengthOf(value!)))],
  ["list", fn(0, Infinity, (args) => [...args])], ["tuple", fn(0, Infinity, (args) => [...args])],
  ["dict", fn(0, Infinity, dict)],
  ...both("first", fn(1, 1, ([of]) => list(of, "first")[0] ?? null)), ...both("last", fn(1, 1, ([of]) => list(of, "last").at(-1) ?? null)),
  ...both("rest", fn(1, 1, ([of]) => list(of, "rest").slice(1))), ...both("initial", fn(1, 1, ([of]) => list(of, "initial").slice(0, -1))),
  ...both("append", fn(2, 2, ([of, item]) => append(list(of, "append"), item!))), ...both("push", fn(2, 2, ([of, item]) => append(list(of, "push"), item!))),
  ...both("prepend", fn(2, 2, ([of, item]) => [item!, ...list(of, "prepend")])),
  ["concat", fn(0, Infinity, (args) => args.flatMap((arg) => list(arg, "concat")))],
  ...both("reverse", fn(1, 1, ([of]) => [...list(of, "reverse")].reverse())), ...both("uniq", fn(1, 1, ([of]) => uniq(smallList(list(of, "uniq"))))),
  ...both("without", fn(1, Infinity, ([of, ...out]) => list(of, "without").filter((item) => !has(item, out)))),
  ...both("has", fn(2, 2, ([item, of]) => (of === null ? false : has(item!, list(of, "has"))))),
  ...both("slice", fn(1, 3, (args) => sliceOf(args))), ...both("compact", fn(1, 1, ([of]) => list(of, "compact").filter(isTrue))),
  ...both("chunk", fn(2, 2, ([size, of]) => chunk(indexOf(size), list(of, "chunk")))),
  ["get", fn(2, 2, ([of, name]) => (Object.hasOwn(map(of), key(name)) ? map(of)[key(name)]! : ""))],
  ["set", fn(3, 3, ([of, name, value]) => (define(map(of), key(name), value!), of!))],
  ["unset", fn(2, 2, ([of, name]) => (Reflect.deleteProperty(map(of), key(name)), of!))],
  ["hasKey", fn(2, 2, ([of, name]) => Object.hasOwn(map(of), key(name)))],
  ["keys", fn(0, Infinity, (args) => args.flatMap((of) => Object.keys(map(of)).sort(bytewise)))],
  ["values", fn(1, 1, ([of]) => Object.keys(map(of)).sort(bytewise).map((name) => map(of)[name]!))],
  ["pick", fn(1, Infinity, ([of, ...names]) => Object.fromEntries(Object.entries(map(of)).filter(([name]) => names.includes(name))))],
  ["omit", fn(1, Infinity, ([of, ...names]) => Object.fromEntries(Object.entries(map(of)).filter(([name]) => !names.includes(name))))],
  ["pluck", fn(1, Infinity, ([name, ...maps]) => maps.flatMap((of) => (Object.hasOwn(map(of), key(name)) ? [map(of)[key(name)]!] : [])))],
  ["dig", fn(3, Infinity, dig)],
]);
