/**
 * Owns how Dagu's YAML reader types a plain scalar: `yes` is text, `010` is 8, `1e3` is text, `1.5e3` a float, `1_000` an int.
 * Source: the contract's section 1 and the number rules of goccy/go-yaml.
 */
import { goFloat } from "../../value/template/print.ts";
import type { ScalarType } from "./tree.ts";

export interface Typed {
  readonly type: ScalarType;
  readonly value: null | boolean | number | string;
  readonly text: string;
}
const nulls = new Set(["", "~", "null", "Null", "NULL"]);
const bools = new Map([["true", true], ["True", true], ["TRUE", true], ["false", false], ["False", false], ["FALSE", false]]);
const infinities = new Map([
  [".inf", Infinity], [".Inf", Infinity], [".INF", Infinity], ["-.inf", -Infinity], ["-.Inf", -Infinity], ["-.INF", -Infinity],
  [".nan", NaN], [".NaN", NaN], [".NAN", NaN],
]);
const uintMax = (1n << 64n) - 1n;
const intMin = -(1n << 63n);

export const textScalar = (value: string): Typed => ({ type: "string", value, text: value });

export const plainScalar = (source: string): Typed => {
  if (nulls.has(source)) return { type: "null", value: null, text: "<nil>" };
  const bool = bools.get(source);
  if (bool !== undefined) return { type: "bool", value: bool, text: String(bool) };
  const special = infinities.get(source);
  if (special !== undefined) return { type: "float", value: special, text: goFloat(special) };
  return numberScalar(source) ?? textScalar(source);
};
/** The text of a scalar that carries a tag (`!!str 5`). */
export const taggedScalar = (tag: string, source: string): Typed => {
  if (tag === "tag:yaml.org,2002:str") return textScalar(source);
  if (tag === "tag:yaml.org,2002:float") {
    const number = numberScalar(source);
    return number === undefined ? textScalar(source) : { type: "float", value: number.value, text: goFloat(Number(number.value)) };
  }
  return /^tag:yaml\.org,2002:(int|bool|null)$/.test(tag) ? plainScalar(source) : textScalar(source);
};

const numberScalar = (source: string): Typed | undefined => {
  if (!/^[-+.0-9]/.test(source) || source.length > 400) return undefined;
  const dots = source.split(".").length - 1;
  if (dots > 1) return undefined;
  const negative = source.startsWith("-");
  const digits = source.replace(/^\+/, "").replace(/^-/, "").replaceAll("_", "");
  const [body, base] = baseOf(digits, dots);
  if (base === 0) {
    if (!/^(\d+\.\d*|\.\d+)([eE][-+]?\d+)?$/.test(body)) return undefined;
    const value = Number(body) * (negative ? -1 : 1);
    return Number.isFinite(value) ? { type: "float", value, text: goFloat(value) } : undefined;
  }
  return wholeScalar(body, base, negative);
};
const baseOf = (digits: string, dots: number): readonly [string, number] => {
  if (digits.startsWith("0x")) return [digits.slice(2), 16];
  if (digits.startsWith("0o")) return [digits.slice(2), 8];
  if (digits.startsWith("0b")) return [digits.slice(2), 2];
  if (digits.startsWith("0") && digits.length > 1 && dots === 0) return [digits, 8];
  return dots === 1 ? [digits, 0] : [digits, 10];
};
const digitsOf: Readonly<Record<number, RegExp>> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^\d+$/, 16: /^[0-9a-fA-F]+$/ };
const prefixOf: Readonly<Record<number, string>> = { 2: "0b", 8: "0o", 10: "", 16: "0x" };
const wholeScalar = (body: string, base: number, negative: boolean): Typed | undefined => {
  if (!digitsOf[base]!.test(body)) return undefined;
  const size = BigInt(prefixOf[base]! + body);
  const whole = negative ? -size : size;
  if (whole > uintMax || whole < intMin) return undefined;
  return { type: "int", value: Number(whole), text: whole.toString() };
};
