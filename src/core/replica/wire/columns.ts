/**
 * Owns a list of JSON values as columns: what stands in the same place of every value is kept together, so that a page of many alike rows
 * is small before any compression and smaller after it. Refuses to know what the values mean. `fromColumns(toColumns(x))` is x for every
 * list of JSON values, key order included; anything that is no such column is answered by undefined.
 */
import type { Json } from "../../value/json.ts";

/**
 * `k` the same value `size` times; `n` whole numbers as differences to the one before; `d` texts of which few differ: those, and which one each
 * is; `s` texts that end in digits: the texts before them, their values, how wide they are; `t` lists of one short length: a column per
 * place; `l` other lists: their lengths, and all their items; `o` objects: the key lists that occur, which one each has, and for each key list a column per key; `v` the values as they are.
 */
export type Column =
  | { readonly k: Json; readonly size: number }
  | { readonly n: readonly number[] }
  | { readonly d: readonly [texts: readonly string[], which: Column] }
  | { readonly s: readonly [starts: Column, ends: Column, widths: Column] }
  | { readonly t: readonly Column[] }
  | { readonly l: readonly [lengths: Column, items: Column] }
  | { readonly o: readonly [shapes: readonly (readonly string[])[], which: Column, parts: readonly (readonly Column[])[]] }
  | { readonly v: readonly Json[] };

type Fields = { readonly [key: string]: Json };
const isFields = (value: Json): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isWhole = (value: Json): value is number => Number.isSafeInteger(value) && !Object.is(value, -0);
const isText = (value: Json): value is string => typeof value === "string";
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
/** A table pays when one entry stands for at least this many values. */
const sharedMin = 4;

export const toColumns = (values: readonly Json[]): Column => {
  const [first = null] = values;
  if (typeof first !== "object" || first === null) if (values.every((value) => value === first && !Object.is(value, -0))) return { k: first, size: values.length };
  if (values.every(isWhole)) return wholeColumn(values);
  if (values.every(isText)) return textColumn(values);
  if (values.every(isList)) return listColumn(values);
  if (values.every(isFields)) return objectColumn(values);
  return { v: values };
};

const wholeColumn = (values: readonly number[]): Column => {
  const steps = values.map((value, i) => value - (values[i - 1] ?? 0));
  return steps.every(isWhole) && steps.join().length < values.join().length ? { n: steps } : { v: values };
};
const tupleMax = 4;
const listColumn = (values: readonly (readonly Json[])[]): Column => {
  const length = values[0]?.length ?? 0;
  if (length > 0 && length <= tupleMax && values.every((list) => list.length === length))
    return { t: Array.from({ length }, (_, i) => toColumns(values.map((list) => list[i] ?? null))) };
  return { l: [toColumns(values.map((list) => list.length)), toColumns(values.flat(1) as readonly Json[])] };
};
const numbered = /^([^]*?)(\d{1,15})$/;
const textColumn = (values: readonly string[]): Column => {
  const texts = [...new Set(values)];
  if (texts.length * sharedMin <= values.length) {
    const at = new Map(texts.map((text, i) => [text, i]));
    return { d: [texts, toColumns(values.map((value) => at.get(value) ?? 0))] };
  }
  const split = values.map((value) => numbered.exec(value));
  const starts = split.map((parts) => parts?.[1] ?? "");
  if (split.some((parts) => parts === null) || new Set(starts).size * sharedMin > values.length) return { v: values };
  const ends = split.map((parts) => parts?.[2] ?? "");
  return { s: [toColumns(starts), toColumns(ends.map(Number)), toColumns(ends.map((end) => end.length))] };
};
const objectColumn = (values: readonly Fields[]): Column => {
  const shapes: (readonly string[])[] = [];
  const known = new Map<string, number>();
  const which = values.map((value) => {
    const keys = Object.keys(value);
    const name = JSON.stringify(keys);
    const at = known.get(name) ?? shapes.push(keys) - 1;
    known.set(name, at);
    return at;
  });
  if (shapes.length > 1 && shapes.length * sharedMin > values.length) return { v: values };
  const groups: Fields[][] = shapes.map(() => []);
  values.forEach((value, i) => groups[which[i] ?? 0]?.push(value));
  return { o: [shapes, toColumns(which), shapes.map((keys, i) => keys.map((key) => toColumns((groups[i] ?? []).map((value) => value[key] ?? null))))] };
};

/** Values that a column may stand for at most: what comes from elsewhere says its own size. */
const sizeMax = 4_000_000;

export const fromColumns = (column: unknown): readonly Json[] | undefined => {
  try {
    return read(column as Column);
  } catch (error) {
    if (error instanceof NotAColumn || error instanceof TypeError) return undefined;
    throw error;
  }
};
class NotAColumn extends Error {}
const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new NotAColumn();
  return value;
};
const wholes = (column: Column): readonly number[] => read(column).map((value) => must(isWhole(value) ? value : undefined));
const read = (column: Column): readonly Json[] => {
  if ("k" in column) return Array.from({ length: must(column.size <= sizeMax ? column.size : undefined) }, () => column.k);
  if ("n" in column) {
    let sum = 0;
    return column.n.map((step) => (sum += must(isWhole(step) ? step : undefined)));
  }
  if ("d" in column) return wholes(column.d[1]).map((i) => must(column.d[0][i]));
  if ("s" in column) return readNumbered(column.s);
  if ("t" in column) return readTuples(column.t);
  if ("l" in column) return readLists(column.l);
  if ("o" in column) return readObjects(column.o);
  return must(isList(column.v) ? column.v : undefined);
};
const readNumbered = ([starts, ends, widths]: readonly [Column, Column, Column]): readonly Json[] => {
  const [from, width] = [read(starts), wholes(widths)];
  return wholes(ends).map((end, i) => `${must(from[i]) as string}${String(end).padStart(Math.min(15, must(width[i])), "0")}`);
};
const readTuples = (places: readonly Column[]): readonly Json[] => {
  const columns = places.map(read);
  return must(columns[0]).map((_, row) => columns.map((column) => must(column[row])));
};
const readLists = ([lengths, items]: readonly [Column, Column]): readonly Json[] => {
  const all = read(items);
  let at = 0;
  return wholes(lengths).map((length) => must(length >= 0 && at + length <= all.length ? all.slice(at, (at += length)) : undefined));
};
const readObjects = ([shapes, which, parts]: readonly [readonly (readonly string[])[], Column, readonly (readonly Column[])[]]): readonly Json[] => {
  const columns = parts.map((keys) => keys.map(read));
  const next = shapes.map(() => 0);
  return wholes(which).map((shape) => {
    const row = must(next[shape]);
    next[shape] = row + 1;
    // Own keys by definition, so that "__proto__" stays a key.
    return Object.fromEntries(must(shapes[shape]).map((key, i) => [key, must(columns[shape]?.[i]?.[row])]));
  });
};
