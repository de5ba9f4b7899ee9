/** Owns how Go prints numbers: `%v` of a float64 and the number form of encoding/json. Refuses to know any field of a DAG. */

/** Go `%v` of a float64: shortest digits; exponent form, at least two exponent digits, when the decimal exponent is < -4 or >= 6 (15.2). */
export const goFloat = (value: number): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return plainDigits(value);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
};

/** Number of encoding/json: exponent only from 1e21 and below 1e-6, without padding. JavaScript's own text is the same. */
export const jsonNumber = (value: number): string => {
  if (Object.is(value, -0)) return "-0";
  return String(value);
};

/** Digits without an exponent, whatever the size. */
export const plainDigits = (value: number): string => {
  const text = String(value);
  if (!/e/.test(text)) return text;
  const negative = value < 0;
  const [mantissa = "", exponentText = "0"] = text.replace(/^-/, "").split("e");
  const exponent = Number(exponentText);
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const plain =
    point <= 0
      ? `0.${"0".repeat(-point)}${digits}`
      : point >= digits.length
        ? digits + "0".repeat(point - digits.length)
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return negative ? `-${plain}` : plain;
};
