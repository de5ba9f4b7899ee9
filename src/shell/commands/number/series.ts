/** Owns bc's math library: sine, cosine, arctangent, logarithm, exponential by their series, with guard digits. */
import { Stop } from "../option/declare.ts";
import { rescale, type Decimal } from "./decimal.ts";

/** All work is on integers scaled by `unit`. */
const exponential = (x: bigint, unit: bigint): bigint => {
  let halvings = 0n;
  let reduced = x < 0n ? -x : x;
  while (reduced > unit / 4n) {
    reduced /= 2n;
    halvings++;
  }
  let sum = unit;
  let term = unit;
  for (let n = 1n; term !== 0n; n++) {
    term = (term * reduced) / unit / n;
    sum += term;
  }
  for (; halvings > 0n; halvings--) sum = (sum * sum) / unit;
  return x < 0n ? (unit * unit) / sum : sum;
};

const arctangent = (x: bigint, unit: bigint): bigint => {
  if (x < 0n) return -arctangent(-x, unit);
  if (x > unit) return pi(unit) / 2n - arctangent((unit * unit) / x, unit);
  if (x > unit / 4n) {
    const fifth = unit / 5n;
    return arctangent(fifth, unit) + arctangent(((x - fifth) * unit) / (unit + (x * fifth) / unit), unit);
  }
  let sum = 0n;
  let power = x;
  for (let n = 1n, sign = 1n; power !== 0n; n += 2n, sign = -sign) {
    sum += (sign * power) / n;
    power = (((power * x) / unit) * x) / unit;
  }
  return sum;
};

const pi = (unit: bigint): bigint => 4n * (4n * arctangent(unit / 5n, unit) - arctangent(unit / 239n, unit));

const sine = (x: bigint, unit: bigint): bigint => {
  const circle = 2n * pi(unit);
  let reduced = x % circle;
  if (reduced > circle / 2n) reduced -= circle;
  if (reduced < -circle / 2n) reduced += circle;
  let sum = 0n;
  let term = reduced;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term;
    term = (-(((term * reduced) / unit) * reduced) / unit) / ((n + 1n) * (n + 2n));
  }
  return sum;
};

const logarithm = (x: bigint, unit: bigint): bigint => {
  if (x <= 0n) throw new Stop(1, "Runtime error (func=l, adr=0): logarithm of a number that is not positive");
  let doublings = 0n;
  let reduced = x;
  for (; reduced > 2n * unit; doublings++) reduced /= 2n;
  for (; reduced < unit / 2n; doublings--) reduced *= 2n;
  const series = (value: bigint): bigint => {
    const ratio = ((value - unit) * unit) / (value + unit);
    let sum = 0n;
    let power = ratio;
    for (let n = 1n; power !== 0n; n += 2n) {
      sum += power / n;
      power = (((power * ratio) / unit) * ratio) / unit;
    }
    return 2n * sum;
  };
  return series(reduced) + doublings * series(2n * unit);
};

/** s, c, a, l, e of a number, cut to `scale` digits. */
export const mathFunction = (name: string, value: Decimal, scale: number): Decimal => {
  const work = scale + value.digits.toString().length + 12;
  const unit = 10n ** BigInt(work);
  const x = rescale(value, work).digits;
  const result = name === "s" ? sine(x, unit) : name === "c" ? sine(x + pi(unit) / 2n, unit) : name === "a" ? arctangent(x, unit) : name === "l" ? logarithm(x, unit) : exponential(x, unit);
  return rescale({ digits: result, scale: work }, scale);
};
