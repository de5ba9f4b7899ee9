/** Owns typed values (5.2): text → value of the declared type, its checks, and the text that steps see. Refusal texts follow Dagu's. */
import { RE2JS } from "re2js";
import type { Json } from "../json.ts";
import { goJson, goQuote, goValue } from "../go/text.ts";
import type { Declared } from "./declared.ts";

export type Coerced = { readonly ok: true; readonly value: Json; readonly text: string } | { readonly ok: false; readonly message: string };

const typed = (text: string, type: Declared["type"]): Json | undefined => {
  if (type === "string") return text;
  if (type === "boolean") return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
  if (type === "integer") return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
};

export const coerce = (name: string, text: string, type: Declared["type"]): Coerced => {
  const value = typed(text, type);
  if (value === undefined) return { ok: false, message: `${name}: cannot coerce ${goQuote(text)} to ${type}` };
  return { ok: true, value, text: typeof value === "string" ? value : goJson(value) };
};

const isEqual = (a: Json, b: Json): boolean => goJson(a) === goJson(b);
const matches = (pattern: string, text: string): boolean => RE2JS.compile(pattern).matcher(text).find();
const sixDigits = (value: number): string => value.toFixed(6);

/** First broken constraint of a value, as the validator words it; length before pattern. */
const brokenConstraint = (decl: Declared, value: Json): string | undefined => {
  if (decl.enum !== undefined && !decl.enum.some((each) => isEqual(each, value)))
    return `enum: ${goValue(value)} does not equal any of: [${decl.enum.map(goValue).join(" ")}]`;
  if (typeof value === "number") {
    if (decl.minimum !== undefined && value < decl.minimum) return `minimum: ${ratio(value)} is less than ${sixDigits(decl.minimum)}`;
    if (decl.maximum !== undefined && value > decl.maximum) return `maximum: ${ratio(value)} is greater than ${sixDigits(decl.maximum)}`;
  }
  if (typeof value === "string") {
    const length = [...value].length;
    if (decl.minLength !== undefined && length < decl.minLength)
      return `minLength: ${goQuote(value)} contains ${length} Unicode code points, fewer than ${decl.minLength}`;
    if (decl.maxLength !== undefined && length > decl.maxLength)
      return `maxLength: ${goQuote(value)} contains ${length} Unicode code points, more than ${decl.maxLength}`;
    if (decl.pattern !== undefined && !matches(decl.pattern, value))
      return `pattern: ${goQuote(value)} does not match regular expression ${goQuote(decl.pattern)}`;
  }
  return undefined;
};
/** Go's big.Rat text of a number. */
const ratio = (value: number): string => {
  const [whole = "0", fraction = ""] = String(value).split(".");
  if (fraction === "") return `${whole}/1`;
  let [top, bottom] = [Number(whole + fraction), 10 ** fraction.length];
  const divisor = commonDivisor(Math.abs(top), bottom);
  [top, bottom] = [top / divisor, bottom / divisor];
  return `${top}/${bottom}`;
};
const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

export const checkConstraints = (decl: Declared, value: Json): string | undefined => {
  const broken = brokenConstraint(decl, value);
  return broken === undefined ? undefined : `parameter validation failed: validating root: validating /properties/${decl.name ?? ""}: ${broken}`;
};
