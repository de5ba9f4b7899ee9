/** Owns 64-bit two's-complement integers: JavaScript numbers as long as they are exact, BigInt beyond. */

export type Int = number | bigint;

const exact = (n: number): boolean => n >= -9007199254740991 && n <= 9007199254740991;
export const wrap = (b: bigint): Int => {
  const wrapped = BigInt.asIntN(64, b);
  const n = Number(wrapped);
  return exact(n) ? n : wrapped;
};
const positiveZero = (n: number): number => (n === 0 ? 0 : n);

export const add = (a: Int, b: Int): Int => {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (exact(sum)) return sum;
  }
  return wrap(BigInt(a) + BigInt(b));
};
export const subtract = (a: Int, b: Int): Int => {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (exact(difference)) return difference;
  }
  return wrap(BigInt(a) - BigInt(b));
};
export const multiply = (a: Int, b: Int): Int => {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (exact(product)) return positiveZero(product);
  }
  return wrap(BigInt(a) * BigInt(b));
};
/** Truncates toward zero. `b` is not zero. */
export const divide = (a: Int, b: Int): Int =>
  typeof a === "number" && typeof b === "number" ? positiveZero(Math.trunc(a / b)) : wrap(BigInt(a) / BigInt(b));
export const remainder = (a: Int, b: Int): Int =>
  typeof a === "number" && typeof b === "number" ? positiveZero(a % b) : wrap(BigInt(a) % BigInt(b));
export const power = (a: Int, b: Int): Int => {
  if (typeof a === "number" && typeof b === "number") {
    const result = a ** b;
    if (exact(result)) return result;
  }
  let base = BigInt.asIntN(64, BigInt(a));
  let left = BigInt(b);
  let result = 1n;
  while (left > 0n) {
    if ((left & 1n) === 1n) result = BigInt.asIntN(64, result * base);
    base = BigInt.asIntN(64, base * base);
    left >>= 1n;
  }
  return wrap(result);
};
const small = (n: Int): n is number => typeof n === "number" && n >= -2147483648 && n <= 2147483647;
export const bitAnd = (a: Int, b: Int): Int => (small(a) && small(b) ? a & b : wrap(BigInt(a) & BigInt(b)));
export const bitOr = (a: Int, b: Int): Int => (small(a) && small(b) ? a | b : wrap(BigInt(a) | BigInt(b)));
export const bitXor = (a: Int, b: Int): Int => (small(a) && small(b) ? a ^ b : wrap(BigInt(a) ^ BigInt(b)));
export const bitNot = (a: Int): Int => subtract(negate(a), 1);
export const negate = (a: Int): Int => (typeof a === "number" ? positiveZero(-a) : wrap(-a));
export const shiftLeft = (a: Int, b: Int): Int => wrap(BigInt(a) << (BigInt(b) & 63n));
export const shiftRight = (a: Int, b: Int): Int => wrap(BigInt(a) >> (BigInt(b) & 63n));

/** Digits in a base of 2 to 64 (`0-9a-zA-Z@_`); `undefined` when a digit does not belong to it. */
export const parseDigits = (digits: string, base: number): Int | undefined => {
  let value = 0n;
  for (const digit of digits) {
    let n = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_".indexOf(digit);
    if (base <= 36 && n >= 36 && n < 62) n -= 26;
    if (n < 0 || n >= base) return undefined;
    value = BigInt.asIntN(64, value * BigInt(base) + BigInt(n));
  }
  return wrap(value);
};
