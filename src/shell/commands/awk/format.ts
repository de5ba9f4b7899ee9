/** Owns awk's sprintf, and mawk's random numbers (those of the C library's random()). */
import { Stop } from "../option/declare.ts";
import { formatFloat, formatInteger, formatText, generalText } from "../number/printf.ts";
import { isPlainInteger, numberOf, type Value } from "./value.ts";

const INT_MAX = 2_147_483_647;
const toInteger = (value: number): bigint => (Number.isNaN(value) ? BigInt(-INT_MAX - 1) : BigInt(Math.trunc(Math.max(-INT_MAX - 1, Math.min(INT_MAX, value)))));
const toUnsigned = (value: number): bigint => (Number.isNaN(value) || value < 0 ? 0n : BigInt(Math.trunc(Math.min(4_294_967_295, value))));

const PATTERN = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlLq]*([a-zA-Z%])?/g;

export const formatAwk = (format: string, args: readonly Value[], textOf: (value: Value) => string, name = "sprintf"): string => {
  let next = 0;
  const take = (): Value => {
    if (next >= args.length) throw new Stop(2, `run time error: not enough arguments passed to ${name}("${format}")`);
    return args[next++];
  };
  return format.replace(PATTERN, (whole, flagText: string, width: string | undefined, precision: string | undefined, letter: string | undefined) => {
    if (letter === "%") return "%";
    if (letter === undefined) return whole;
    let flags = flagText;
    let columns = width === "*" ? Math.trunc(numberOf(take())) : Number(width ?? 0);
    if (columns < 0) {
      flags += "-";
      columns = -columns;
    }
    const digits = precision === "*" ? Math.trunc(numberOf(take())) : precision === undefined ? undefined : Number(precision);
    const spec = { flags, width: columns, precision: digits };
    switch (letter) {
      case "d":
      case "i": return formatInteger(toInteger(numberOf(take())), "d", spec);
      case "o":
      case "x":
      case "X":
      case "u": return formatInteger(toUnsigned(numberOf(take())), letter, spec);
      case "f": case "F": case "e": case "E": case "g": case "G": return formatFloat(numberOf(take()), letter, spec);
      case "c": {
        const value = take();
        const code = typeof value === "number" ? value : typeof value === "object" ? value.number() : undefined;
        const char = code === undefined ? textOf(value).slice(0, 1) : String.fromCharCode(Math.trunc(code) & 255);
        return formatText(char, { ...spec, precision: undefined });
      }
      case "s": return formatText(textOf(take()), spec);
      default: throw new Stop(2, `run time error: bad conversion specifier "${whole}" in printf`);
    }
  });
};

/** A number as text: whole ones with all digits, others by `format` (CONVFMT, OFMT). */
export const numberText = (value: number, format: string): string => {
  if (isPlainInteger(value)) return String(value === 0 ? 0 : value);
  if (format !== "%.6g") return formatAwk(format, [value], () => "");
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  return generalText(value, 6);
};

/** The additive feedback generator of glibc's random(): 31 words, seeded as srandom does. Answers in [0, 1). */
export const createRandom = (seed: number): (() => number) => {
  const words: number[] = new Array<number>(34).fill(0);
  words[0] = seed >>> 0 === 0 ? 1 : seed | 0;
  for (let i = 1; i < 31; i++) {
    const high = Math.trunc(words[i - 1]! / 127_773);
    const low = words[i - 1]! % 127_773;
    const word = 16_807 * low - 2836 * high;
    words[i] = word < 0 ? word + INT_MAX : word;
  }
  for (let i = 31; i < 34; i++) words[i] = words[i - 31]!;
  for (let i = 34; i < 344; i++) words.push((words[i - 31]! + words[i - 3]!) | 0);
  const ring = words.slice(-31).map((word) => word >>> 0);
  let at = 0;
  return () => {
    const word = (ring[at]! + ring[(at + 28) % 31]!) >>> 0;
    ring[at] = word;
    at = (at + 1) % 31;
    return (word >>> 1) / INT_MAX;
  };
};
