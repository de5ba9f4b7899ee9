/** Owns C's floating-point formats on doubles. */

const trimZeros = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
const exponentForm = (value: number, precision: number, alternate: boolean): string => {
  const [mantissa, exponent] = value.toExponential(Math.min(precision, 100)).split("e") as [string, string];
  const digits = exponent.slice(1).padStart(2, "0");
  return `${mantissa}${alternate && precision === 0 ? "." : ""}e${exponent[0] as string}${digits}`;
};
const isTie = (value: number, precision: number): boolean =>
  precision < 15 && Number.isInteger(value * 2 ** (precision + 1)) && (value * 10 ** precision) % 1 === 0.5;
/** C rounds exact halves to even, JavaScript away from zero. */
const tieToEven = (value: number, precision: number): string => {
  const down = Math.floor(value * 10 ** precision);
  const even = String(down % 2 === 0 ? down : down + 1).padStart(precision + 1, "0");
  return precision === 0 ? even : `${even.slice(0, -precision)}.${even.slice(-precision)}`;
};
/** All digits of a double are exact in base 10 through BigInt, where toFixed stops at 1e21. */
const fixedForm = (value: number, precision: number): string => {
  if (value < 1e21) return isTie(value, precision) ? tieToEven(value, precision) : value.toFixed(Math.min(precision, 100));
  return BigInt(value).toString() + (precision > 0 ? `.${"0".repeat(precision)}` : "");
};
const generalForm = (value: number, given: number, alternate: boolean): string => {
  const precision = given === 0 ? 1 : given;
  if (value === 0) return alternate ? `0.${"0".repeat(precision - 1)}` : "0";
  const exponent = Number(value.toExponential(precision - 1).split("e")[1]);
  if (exponent < -4 || exponent >= precision) {
    const text = exponentForm(value, precision - 1, alternate);
    const [mantissa, tail] = text.split("e") as [string, string];
    return `${alternate ? mantissa : trimZeros(mantissa)}e${tail}`;
  }
  const text = fixedForm(value, Math.max(0, precision - 1 - exponent));
  return alternate ? text : trimZeros(text);
};
const hexForm = (value: number, precision: number | undefined): string => {
  if (value === 0) return "0x0p+0";
  let exponent = Math.floor(Math.log2(value));
  let mantissa = value / 2 ** exponent;
  if (mantissa >= 2) {
    mantissa /= 2;
    exponent++;
  }
  let digits = "";
  let fraction = mantissa - 1;
  for (let i = 0; i < (precision ?? 13) && (precision !== undefined || fraction > 0); i++) {
    fraction *= 16;
    digits += Math.floor(fraction).toString(16);
    fraction -= Math.floor(fraction);
  }
  return `0x1${digits === "" ? "" : `.${digits}`}p${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
};

/** `conversion` is one of eEfFgGaA; the sign flags are applied, the width is not. */
export const formatFloat = (value: number, conversion: string, flags: string, precision: number | undefined): string => {
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const lower = conversion.toLowerCase();
  let text: string;
  if (Number.isNaN(value)) text = "nan";
  else if (!Number.isFinite(value)) text = "inf";
  else if (lower === "f") text = fixedForm(magnitude, precision ?? 6) + (flags.includes("#") && precision === 0 ? "." : "");
  else if (lower === "e") text = exponentForm(magnitude, precision ?? 6, flags.includes("#"));
  else if (lower === "g") text = generalForm(magnitude, precision ?? 6, flags.includes("#"));
  else text = hexForm(magnitude, precision);
  return sign + (conversion === lower ? text : text.toUpperCase());
};
