/**
 * Owns how Go prints plain values with `%v`: floats in their shortest form, maps with sorted keys, lists in brackets.
 * In template values a bigint is Go's `int`; a number is what data files hold (uint64 when whole, else float64).
 */

/** A value a Go template or `%v` may meet. */
export type GoValue = null | boolean | number | bigint | string | readonly GoValue[] | { readonly [key: string]: GoValue };

const shortest = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/;

/** Go's `%v` of a float64: shortest digits; exponent form below 1e-4 and from 1e6 on (contract 15.2). */
export const goFloat = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [, sign, first, rest = "", power] = shortest.exec(value.toExponential())!;
  const exponent = Number(power);
  const digits = first! + rest;
  if (exponent < -4 || exponent >= 6) return exponentForm(sign!, first!, rest, exponent);
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign! + digits.padEnd(exponent + 1, "0");
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
};
const exponentForm = (sign: string, first: string, rest: string, exponent: number): string => {
  const power = String(Math.abs(exponent)).padStart(2, "0");
  return `${sign}${first}${rest === "" ? "" : `.${rest}`}e${exponent < 0 ? "-" : "+"}${power}`;
};

export const bytewise = (a: string, b: string): number => {
  if (a === b) return 0;
  const plain = /^[\u0000-\ud7ff]*$/;
  if (plain.test(a) && plain.test(b)) return a < b ? -1 : 1;
  const mine = [...a], theirs = [...b];
  for (let i = 0; i < mine.length && i < theirs.length; i += 1) {
    const difference = mine[i]!.codePointAt(0)! - theirs[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return mine.length - theirs.length;
};

/** `%v`. Whole numbers are integers; null inside a map or list is `<nil>`. */
export const goPrint = (value: GoValue): string => {
  if (value === null) return "<nil>";
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isInteger(value) ? wholeText(value) : goFloat(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(goPrint).join(" ")}]`;
  const entries = Object.entries(value as { readonly [key: string]: GoValue });
  return `map[${entries.sort(([a], [b]) => bytewise(a, b)).map(([key, item]) => `${key}:${goPrint(item)}`).join(" ")}]`;
};
const wholeText = (value: number): string => (Math.abs(value) < 1e21 ? BigInt(value).toString() : goFloat(value));
