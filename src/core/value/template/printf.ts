/** Owns Go's `printf` verbs and the spacing of `print` and `println`. */
import { typeName } from "./exec.ts";
import { TemplateError } from "./lex.ts";
import { goFloat, goPrint, type GoValue } from "./print.ts";

const widthMax = 10_000;
const directive = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)/gsu;

export const goSprint = (args: readonly GoValue[]): string =>
  args.map((arg, i) => (i > 0 && typeof arg !== "string" && typeof args[i - 1] !== "string" ? " " : "") + goPrint(arg)).join("");
export const goSprintln = (args: readonly GoValue[]): string => `${args.map(goPrint).join(" ")}\n`;

export const goSprintf = (format: string, args: readonly GoValue[]): string => {
  let used = 0;
  const next = (): GoValue | undefined => args[used++];
  const star = (): number => Number(next() ?? 0);
  const text = format.replace(directive, (...match: readonly string[]) => {
    const [, flags, width, precision, verb] = match as [string, string, string | undefined, string | undefined, string];
    const wide = width === "*" ? star() : width === undefined ? 0 : Number(width);
    const exact = precision === undefined ? undefined : precision === "*" ? star() : Number(precision);
    if (Math.abs(wide) > widthMax || (exact ?? 0) > widthMax) throw new TemplateError(`width or precision above ${widthMax}`);
    if (verb === "%") return "%";
    if (used >= args.length) return `%!${verb}(MISSING)`;
    return pad(verbText(verb, next()!, flags, exact), wide, flags, verb);
  });
  const extra = args.slice(used);
  return extra.length === 0 ? text : `${text}%!(EXTRA ${extra.map((arg) => `${typeName(arg)}=${goPrint(arg)}`).join(", ")})`;
};
const pad = (text: string, width: number, flags: string, verb: string): string => {
  const length = [...text].length, missing = Math.abs(width) - length;
  if (missing <= 0) return text;
  if (flags.includes("-") || width < 0) return text + " ".repeat(missing);
  if (!flags.includes("0") || "sqvT".includes(verb)) return " ".repeat(missing) + text;
  const sign = /^[-+ ]/.exec(text)?.[0] ?? "";
  return sign + "0".repeat(missing) + text.slice(sign.length);
};
const whole = (value: GoValue): bigint | undefined =>
  typeof value === "bigint" ? value : typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;

const verbText = (verb: string, value: GoValue, flags: string, precision: number | undefined): string => {
  const bad = (): string => `%!${verb}(${value === null ? "<nil>" : `${typeName(value)}=${goPrint(value)}`})`;
  if (verb === "v") return typeof value === "string" && flags.includes("#") ? quoted(value) : goPrint(value);
  if (verb === "T") return typeName(value);
  if (Array.isArray(value)) return `[${value.map((item) => verbText(verb, item as GoValue, flags, precision)).join(" ")}]`;
  if (verb === "t") return typeof value === "boolean" ? String(value) : bad();
  if (verb === "s" || verb === "q") {
    if (typeof value !== "string") return verb === "q" && whole(value) !== undefined ? `'${String.fromCodePoint(Number(value))}'` : bad();
    const cut = precision === undefined ? value : [...value].slice(0, precision).join("");
    return verb === "q" ? quoted(cut) : cut;
  }
  if ("xX".includes(verb) && typeof value === "string") return hexText(value, verb);
  if ("dxXobc".includes(verb)) return wholeText(verb, value, flags) ?? bad();
  if ("fFeEgG".includes(verb)) return typeof value === "number" && !Number.isInteger(value) ? floatText(verb, value, flags, precision) : bad();
  return `%!${verb}(${typeName(value)}=${goPrint(value)})`;
};
const wholeText = (verb: string, value: GoValue, flags: string): string | undefined => {
  const number = whole(value);
  if (number === undefined) return undefined;
  if (verb === "c") return String.fromCodePoint(Number(number));
  const base = { d: 10, x: 16, X: 16, o: 8, b: 2 }[verb]!;
  const digits = (number < 0n ? -number : number).toString(base);
  const prefix = flags.includes("#") ? ({ x: "0x", X: "0X", o: "0", b: "0b" }[verb] ?? "") : "";
  return signOf(number < 0n, flags) + prefix + (verb === "X" ? digits.toUpperCase() : digits);
};
const signOf = (negative: boolean, flags: string): string => (negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "");
const floatText = (verb: string, value: number, flags: string, precision: number | undefined): string => {
  const size = Math.abs(value), sign = signOf(value < 0, flags);
  const digits = Math.min(precision ?? 6, 100);
  if (verb === "f" || verb === "F") return sign + size.toFixed(digits);
  if (verb === "e" || verb === "E") {
    const text = size.toExponential(digits).replace(/e([+-])(\d)$/, "e$10$2");
    return sign + (verb === "E" ? text.toUpperCase() : text);
  }
  return sign + goFloat(precision === undefined ? size : Number(size.toPrecision(Math.max(1, digits))));
};
const hexText = (text: string, verb: string): string => {
  const hex = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return verb === "X" ? hex.toUpperCase() : hex;
};
/** Go's `strconv.Quote`. */
export const quoted = (text: string): string => {
  const named: Readonly<Record<string, string>> = { "\u0007": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u000b": "\\v", "\\": "\\\\", '"': '\\"' };
  return `"${[...text].map((char) => named[char] ?? unprintable(char)).join("")}"`;
};
const unprintable = (char: string): string => {
  const code = char.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char) || char === " ") return char;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
};
