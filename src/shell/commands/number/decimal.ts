/** Owns decimals of any precision as scaled BigInts, with the scale rules of bc. */
import { Stop } from "../option/declare.ts";

/** `digits` / 10^`scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const power10 = (n: number): bigint => 10n ** BigInt(n);
export const ZERO: Decimal = { digits: 0n, scale: 0 };
export const integer = (value: bigint | number): Decimal => ({ digits: BigInt(value), scale: 0 });

export const rescale = ({ digits, scale }: Decimal, to: number): Decimal => (to >= scale ? { digits: digits * power10(to - scale), scale: to } : { digits: digits / power10(scale - to), scale: to });

export const add = (a: Decimal, b: Decimal): Decimal => {
  const scale = Math.max(a.scale, b.scale);
  return { digits: rescale(a, scale).digits + rescale(b, scale).digits, scale };
};
export const negate = ({ digits, scale }: Decimal): Decimal => ({ digits: -digits, scale });
export const compare = (a: Decimal, b: Decimal): number => {
  const { digits } = add(a, negate(b));
  return digits < 0n ? -1 : digits > 0n ? 1 : 0;
};
export const multiply = (a: Decimal, b: Decimal, scale: number): Decimal => {
  const full = { digits: a.digits * b.digits, scale: a.scale + b.scale };
  return rescale(full, Math.min(full.scale, Math.max(scale, a.scale, b.scale)));
};
export const divide = (a: Decimal, b: Decimal, scale: number): Decimal => {
  if (b.digits === 0n) throw new Stop(0, "Runtime error (func=(main), adr=0): Divide by zero");
  return { digits: rescale(a, Math.max(a.scale, scale + b.scale)).digits / b.digits / power10(Math.max(0, a.scale - scale - b.scale)), scale };
};
export const remainder = (a: Decimal, b: Decimal, scale: number): Decimal => {
  const quotient = divide(a, b, scale);
  const product = { digits: quotient.digits * b.digits, scale: quotient.scale + b.scale };
  return rescale(add(a, negate(product)), Math.max(scale + b.scale, a.scale));
};
export const raise = (a: Decimal, b: Decimal, scale: number): Decimal => {
  const exponent = Number(rescale(b, 0).digits);
  const size = Math.abs(exponent);
  if (size > 100_000) throw new Stop(1, "exponent too large");
  const whole = { digits: a.digits ** BigInt(size), scale: a.scale * size };
  if (exponent < 0) return divide(integer(1), whole, scale);
  return rescale(whole, Math.min(whole.scale, Math.max(scale, a.scale)));
};
export const squareRoot = (a: Decimal, scale: number): Decimal => {
  if (a.digits < 0n) throw new Stop(0, "Runtime error (func=(main), adr=0): Square root of a negative number");
  const to = Math.max(scale, a.scale);
  const target = rescale(a, to * 2).digits;
  if (target === 0n) return { digits: 0n, scale: to };
  let x = 1n << BigInt(Math.ceil(target.toString(2).length / 2));
  for (;;) {
    const next = (x + target / x) >> 1n;
    if (next >= x) return { digits: x, scale: to };
    x = next;
  }
};

export const parseDecimal = (text: string, base: number): Decimal => {
  const [whole = "", part = ""] = text.split(".");
  if (base === 10) return { digits: BigInt(`${whole}${part}` || "0"), scale: part.length };
  const digitOf = (char: string): bigint => BigInt(/\d/.test(char) ? Number(char) : Math.min(base - 1, char.charCodeAt(0) - 55));
  const single = whole.length === 1 && part === "";
  let value = 0n;
  for (const char of whole) value = value * BigInt(base) + (single ? BigInt(parseInt(char, 36)) : digitOf(char));
  if (part === "") return integer(value);
  let fraction = 0n;
  for (const char of part) fraction = fraction * BigInt(base) + digitOf(char);
  return add(integer(value), { digits: (fraction * power10(part.length)) / BigInt(base) ** BigInt(part.length), scale: part.length });
};

/** As bc prints: no zero before the point, other bases in obase, lines of 69 digits. */
export const showDecimal = (value: Decimal, base: number): string => {
  const sign = value.digits < 0n ? "-" : "";
  const { digits, scale } = value.digits < 0n ? negate(value) : value;
  let text: string;
  if (base === 10) {
    const all = digits.toString().padStart(scale + 1, "0");
    const whole = all.slice(0, all.length - scale);
    text = scale === 0 ? whole : digits === 0n ? "0" : `${whole === "0" ? "" : whole}.${all.slice(-scale)}`;
  } else {
    const unit = power10(scale);
    let whole = digits / unit;
    const cells: string[] = [];
    const cell = (one: bigint): string => (base <= 16 ? one.toString(36).toUpperCase() : ` ${one.toString().padStart(String(base - 1).length, "0")}`);
    for (; whole > 0n; whole /= BigInt(base)) cells.unshift(cell(whole % BigInt(base)));
    text = cells.join("") || (scale === 0 || digits === 0n ? "0" : "");
    if (scale > 0 && digits !== 0n) {
      text += ".";
      let rest = digits % unit;
      for (let weight = 1n; weight < unit; weight *= BigInt(base)) {
        rest *= BigInt(base);
        text += cell(rest / unit);
        rest %= unit;
      }
    }
  }
  const full = sign + text;
  return full.length <= 69 ? full : (full.match(/.{1,68}/g) ?? []).join("\\\n");
};
