/** Owns C's number formats (%d %o %x %f %e %g) as printf writes them. */

export interface FormatSpec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
}

const exponentText = (text: string): string => text.replace(/e([-+])(\d)$/, "e$10$2");

/** %g: the shorter of %e and %f with so many significant digits, without zeros at the end unless "#". */
export const generalText = (value: number, precision: number, keepZeros = false): string => {
  const digits = precision === 0 ? 1 : precision;
  if (value === 0) return keepZeros ? (0).toFixed(digits - 1) : Object.is(value, -0) ? "-0" : "0";
  const exponential = value.toExponential(Math.min(100, digits - 1));
  const exponent = Number(exponential.slice(exponential.indexOf("e") + 1));
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = "", tail = ""] = exponential.split("e");
    return exponentText(`${keepZeros || !mantissa.includes(".") ? mantissa : mantissa.replace(/\.?0+$/, "")}e${tail}`);
  }
  const fixed = value.toFixed(Math.max(0, Math.min(100, digits - 1 - exponent)));
  return keepZeros || !fixed.includes(".") ? fixed : fixed.replace(/\.?0+$/, "");
};

/** Above 1e21 toFixed turns to exponents; whole doubles are exact as BigInt. */
const fixedText = (value: number, digits: number): string => {
  if (Math.abs(value) < 1e21) return value.toFixed(Math.min(100, digits));
  return BigInt(value).toString() + (digits > 0 ? `.${"0".repeat(digits)}` : "");
};

const floatText = (value: number, letter: string, { flags, precision = 6 }: FormatSpec): string => {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  const kind = letter.toLowerCase();
  const text = kind === "f" ? fixedText(value, precision) : kind === "e" ? exponentText(value.toExponential(Math.min(100, precision))) : generalText(value, precision, flags.includes("#"));
  return Object.is(value, -0) && !text.startsWith("-") ? `-${text}` : text;
};

const pad = (text: string, { flags, width, precision }: FormatSpec, isInteger: boolean): string => {
  if (text.length >= width) return text;
  if (flags.includes("-")) return text.padEnd(width);
  if (!flags.includes("0") || (isInteger && precision !== undefined) || /[a-z]{3}$/i.test(text)) return text.padStart(width);
  const sign = /^[-+ ]?(?:0[xX])?/.exec(text)?.[0] ?? "";
  return sign + text.slice(sign.length).padStart(width - sign.length, "0");
};

const signed = (text: string, flags: string): string => (text.startsWith("-") ? text : flags.includes("+") ? `+${text}` : flags.includes(" ") ? ` ${text}` : text);

/** %f %F %e %E %g %G. */
export const formatFloat = (value: number, letter: string, spec: FormatSpec): string => {
  const text = pad(signed(floatText(value, letter, spec), spec.flags), spec, false);
  return letter === letter.toUpperCase() ? text.toUpperCase() : text;
};

/** %d %i %u %o %x %X of a whole number. */
export const formatInteger = (value: bigint, letter: string, spec: FormatSpec): string => {
  const base = letter === "o" ? 8 : letter === "x" || letter === "X" ? 16 : 10;
  let digits = (value < 0n ? -value : value).toString(base);
  if (spec.precision !== undefined) digits = spec.precision === 0 && value === 0n ? "" : digits.padStart(spec.precision, "0");
  if (spec.flags.includes("#") && value !== 0n) digits = base === 16 ? `0x${digits}` : base === 8 ? `0${digits.replace(/^0+/, "")}` : digits;
  const text = pad(base === 10 ? signed(value < 0n ? `-${digits}` : digits, spec.flags) : digits, spec, true);
  return letter === "X" ? text.toUpperCase() : text;
};

/** %s and %c. */
export const formatText = (text: string, spec: FormatSpec): string => {
  const cut = spec.precision === undefined ? text : text.slice(0, spec.precision);
  return spec.flags.includes("-") ? cut.padEnd(spec.width) : cut.padStart(spec.width);
};
