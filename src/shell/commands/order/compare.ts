/** Owns the orders that sort knows, one comparison per kind of key. All work on byte strings. */

export type Compare = (a: string, b: string) => number;

export const compareBytes: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const NUMBER = /^[ \t\n]*(-?)(\d*)(?:\.(\d*))?/;

interface Decimal {
  readonly negative: boolean;
  readonly whole: string;
  readonly part: string;
}

/** The leading number of a text (`sort -n`): no exponent, no plus sign; empty counts as 0. */
const readDecimal = (text: string): Decimal => {
  const match = NUMBER.exec(text);
  const whole = (match?.[2] ?? "").replace(/^0+/, "");
  const part = (match?.[3] ?? "").replace(/0+$/, "");
  return { negative: match?.[1] === "-" && whole + part !== "", whole, part };
};

const compareSize = (a: Decimal, b: Decimal): number =>
  a.whole.length - b.whole.length || compareBytes(a.whole, b.whole) || compareBytes(a.part, b.part);

/** Exact for any number of digits. */
export const compareNumeric: Compare = (a, b) => {
  const left = readDecimal(a);
  const right = readDecimal(b);
  if (left.negative !== right.negative) return left.negative ? -1 : 1;
  return left.negative ? compareSize(right, left) : compareSize(left, right);
};

/** A number that orders as `compareNumeric` does, or `undefined` when the text has too many digits for that. */
export const quickNumber = (text: string): number | undefined => {
  let at = 0;
  let code = text.charCodeAt(0);
  while (code === 32 || code === 9) code = text.charCodeAt(++at);
  let value = 0;
  const start = at;
  for (; code >= 48 && code <= 57; code = text.charCodeAt(++at)) value = value * 10 + (code - 48);
  if (code !== 46 && code !== 45 && at - start <= 15) return value;
  const match = NUMBER.exec(text);
  const digits = match?.[0] ?? "";
  if (digits.length - (match?.[1] ?? "").length > 15) return undefined;
  const number = Number(`${match?.[2] ?? ""}.${match?.[3] ?? ""}0`);
  return match?.[1] === "-" && number !== 0 ? -number : number;
};

const UNITS = "KMGTPEZY";
/** `sort -h`: sign, then the unit, then the number. */
export const compareHuman: Compare = (a, b) => {
  const order = (text: string): number => {
    const match = /^[ \t]*(-?)(\d*\.?\d*)([a-zA-Z]?)/.exec(text);
    if (match === null || !/[1-9]/.test(match[2] ?? "")) return 0;
    const unit = UNITS.indexOf((match[3] ?? "") === "k" ? "K" : (match[3] ?? "") || "?") + 1;
    return (match[1] === "-" ? -1 : 1) * (unit + 1);
  };
  return order(a) - order(b) || compareNumeric(a, b);
};

/** `sort -g`: any number strtold reads; not a number before all numbers, NaN after those. */
export const compareGeneral: Compare = (a, b) => {
  const read = (text: string): number | undefined => {
    const match = /^[ \t\n]*([-+]?(?:inf(?:inity)?|nan|0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?))/i.exec(text);
    if (match === null) return undefined;
    const word = (match[1] ?? "").toLowerCase();
    if (word.includes("inf")) return word.startsWith("-") ? -Infinity : Infinity;
    return word.includes("nan") ? NaN : Number(word);
  };
  const left = read(a);
  const right = read(b);
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(!Number.isNaN(left)) - Number(!Number.isNaN(right));
  return left < right ? -1 : left > right ? 1 : 0;
};

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** `sort -M`: unknown before JAN. */
export const compareMonth: Compare = (a, b) => {
  const month = (text: string): number => MONTHS.indexOf(text.replace(/^[ \t]+/, "").slice(0, 3).toUpperCase());
  return month(a) - month(b);
};

/** Order of one unit outside digits: "~" before the end, the end before letters, letters before the rest. */
const versionOrder = (text: string, at: number): number => {
  if (at >= text.length) return -1;
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return 0;
  if ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)) return code;
  return code === 126 ? -2 : code + 256;
};

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

const compareVersionText: Compare = (a, b) => {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const order = versionOrder(a, i) - versionOrder(b, j);
      if (order !== 0) return order;
      i++;
      j++;
    }
    const left = /^0*(\d*)/.exec(a.slice(i));
    const right = /^0*(\d*)/.exec(b.slice(j));
    const order = (left?.[1] ?? "").length - (right?.[1] ?? "").length || compareBytes(left?.[1] ?? "", right?.[1] ?? "");
    if (order !== 0) return order;
    i += left?.[0].length ?? 0;
    j += right?.[0].length ?? 0;
  }
  return 0;
};

const SUFFIX = /(?:\.[A-Za-z~][A-Za-z0-9~]*)*$/;
/** `sort -V`, `ls -v`: numbers inside compare by value; a file suffix counts only among equals (Debian's rule, as GNU's filevercmp). */
export const compareVersion: Compare = (a, b) => {
  if (a === b) return 0;
  if (a === "" || b === "") return a === "" ? -1 : 1;
  for (const special of [".", ".."]) {
    if (a === special || b === special) return a === special ? -1 : 1;
  }
  const dotA = a.startsWith(".");
  if (dotA !== b.startsWith(".")) return dotA ? -1 : 1;
  const stemA = a.replace(SUFFIX, "");
  const stemB = b.replace(SUFFIX, "");
  const order = stemA === stemB ? 0 : compareVersionText(stemA, stemB);
  return order !== 0 ? order : compareVersionText(a, b);
};
