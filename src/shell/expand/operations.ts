/** Owns what the operators inside `${…}` do to values: lengths, slices, trims, replacements, changes of case, transformations. */
import { characterCount, characters, decodeText, encodeText } from "../bytes.ts";
import { decodeAnsi } from "../syntax/ansi.ts";
import { ShellError } from "../state/errors.ts";
import type { Shell } from "../state/shell.ts";
import { flags } from "../state/variables.ts";
import { evaluate } from "./number/evaluate.ts";
import type { ParamValue } from "./params.ts";
import { compilePattern } from "./pattern.ts";
import type { Pattern } from "./pattern.ts";
import { quoteDouble, quoteValue } from "./quote.ts";

export const patternFor = (sh: Shell, text: string): Pattern =>
  compilePattern(text, { extended: sh.options.extglob, ignoreCase: sh.options.nocasematch, bytes: sh.dialect === "sh" });
/** For trims and replacements: case is never ignored in trims, as bash does. */
export const exactPattern = (sh: Shell, text: string): Pattern => compilePattern(text, { extended: sh.options.extglob, ignoreCase: false, bytes: sh.dialect === "sh" });

export const lengthOf = (sh: Shell, value: ParamValue): number => {
  if (value.list) return value.values.length;
  return sh.dialect === "sh" ? (value.value ?? "").length : characterCount(value.value ?? "");
};

/** `${v:offset:length}` on a scalar. */
const sliceText = (text: string, offset: number, length: number | undefined, shown: string): string => {
  const chars = characters(text);
  const from = offset < 0 ? chars.length + offset : offset;
  if (from < 0 || from > chars.length) return "";
  if (length === undefined) return chars.slice(from).join("");
  const to = length < 0 ? chars.length + length : from + length;
  if (to < from) throw new ShellError(`${shown}: substring expression < 0`, "line", 1);
  return chars.slice(from, to).join("");
};
const sliceList = (sh: Shell, value: Extract<ParamValue, { list: true }>, offset: number, length: number | undefined): readonly string[] => {
  if (length !== undefined && length < 0) throw new ShellError(`${length}: substring expression < 0`, "line", 1);
  if (value.keys === undefined) {
    const from = offset < 0 ? value.values.length + 1 + offset : offset;
    if (from < 0) return [];
    const all = [sh.name, ...value.values];
    return all.slice(from, length === undefined ? undefined : from + length);
  }
  const last = Number(value.keys[value.keys.length - 1] ?? -1);
  const start = offset < 0 ? last + 1 + offset : offset;
  if (start < 0) return [];
  const at = value.keys.findIndex((key) => Number(key) >= start);
  return at < 0 ? [] : value.values.slice(at, length === undefined ? undefined : at + length);
};
export const slice = (sh: Shell, value: ParamValue, offsetText: string, lengthText: string | undefined): ParamValue => {
  const offset = Number(offsetText.trim() === "" ? 0 : evaluate(sh, offsetText));
  const length = lengthText === undefined ? undefined : Number(lengthText.trim() === "" ? 0 : evaluate(sh, lengthText));
  if (value.list) return { list: true, values: sliceList(sh, value, offset, length), star: value.star };
  return { list: false, value: value.value === undefined ? undefined : sliceText(value.value, offset, length, lengthText ?? offsetText) };
};

const swapCase = (char: string, how: "up" | "down" | "swap"): string => {
  const changed = how === "up" || (how === "swap" && char === char.toLowerCase()) ? char.toUpperCase() : char.toLowerCase();
  return changed.length === char.length ? changed : char;
};
export const changeCase = (text: string, how: string, pattern: Pattern | undefined): string => {
  const kind = how[0] === "^" ? "up" : how[0] === "," ? "down" : "swap";
  const all = how.length === 2;
  return characters(text)
    .map((char, i) => {
      if ((!all && i > 0) || (pattern !== undefined && !pattern.matches(char))) return char;
      return encodeText(swapCase(decodeText(char), kind));
    })
    .join("");
};

/** What stands for a match: unescaped `&` is the match itself. `template` marks it; quoted ones are escaped. */
export const replacer = (template: string): ((matched: string) => string) =>
  template.includes("&") || template.includes("\\")
    ? (matched) => template.replace(/\\([&\\])|&/g, (_, quoted: string | undefined) => quoted ?? matched)
    : () => template;

/** Letters of the attributes a variable has; of a reference its target's, unless `itself`. */
export const attributeLetters = (sh: Shell, name: string, itself = false): string => {
  const v = sh.vars.find(itself ? name : sh.vars.target(name).name);
  if (v === undefined) return "";
  const letters: [number, string][] = [
    [flags.array, "a"], [flags.map, "A"], [flags.integer, "i"], [flags.lower, "l"], [flags.nameref, "n"], [flags.readonly, "r"],
    [flags.trace, "t"], [flags.upper, "u"], [flags.export, "x"],
  ];
  return letters.map(([flag, letter]) => ((v.flags & flag) !== 0 ? letter : "")).join("");
};
/** Expands `\u`, `\w`, `\n` … of a prompt, as far as they make sense without a terminal. */
const expandPrompt = (sh: Shell, text: string): string =>
  text.replace(/\\([uhHw$nsvWe\\[\]at])/g, (_, code: string) => {
    const { user } = sh.kernel.world;
    const home = sh.vars.get("HOME") ?? "";
    const where = home !== "" && sh.process.cwd.startsWith(home) ? `~${sh.process.cwd.slice(home.length)}` : sh.process.cwd;
    const known: Record<string, string> = {
      u: user.name, h: user.hostname.split(".")[0] ?? "", H: user.hostname, w: where, W: where.slice(where.lastIndexOf("/") + 1) || "/", $: user.uid === 0 ? "#" : "$",
      n: "\n", s: sh.name, v: "5.2", e: "\x1b", "\\": "\\", "[": "", "]": "", a: "\x07", t: "",
    };
    return known[code] ?? "";
  });

const assignmentOf = (sh: Shell, name: string, value: string): string => {
  const letters = attributeLetters(sh, name);
  return letters === "" ? `${name}=${quoteValue(value)}` : `declare -${letters} ${name}=${quoteValue(value)}`;
};
/** `${v@X}` on one value. */
export const transform = (sh: Shell, how: string, value: string, name: string): string => {
  switch (how) {
    case "Q":
      return quoteValue(value);
    case "E":
      return decodeAnsi(value);
    case "P":
      return expandPrompt(sh, value);
    case "A":
      return assignmentOf(sh, name, value);
    case "a":
      return attributeLetters(sh, name);
    case "U":
      return changeCase(value, "^^", undefined);
    case "u":
      return changeCase(value, "^", undefined);
    case "L":
      return changeCase(value, ",,", undefined);
    default:
      return quoteValue(value);
  }
};
/** `${a[@]@A}`, `@K`, `@k`: forms of a whole array. */
export const transformList = (sh: Shell, how: string, name: string): readonly string[] | undefined => {
  const entries = sh.vars.entries(name);
  if (how === "A") {
    const letters = attributeLetters(sh, name);
    const isMap = letters.includes("A");
    const body = entries.map(([key, value]) => `[${isMap ? quoteKey(key) : key}]=${quoteDouble(value)}`).join(" ");
    return [`declare -${letters} ${name}=(${body}${isMap && body !== "" ? " " : ""})`];
  }
  if (how === "K") return [entries.map(([key, value]) => `${quoteKey(key)} ${quoteDouble(value)}`).join(" ") + (sh.vars.isMap(name) && entries.length > 0 ? " " : "")];
  return how === "k" ? entries.flatMap(([key, value]) => [key, value]) : undefined;
};
export const quoteKey = (key: string): string => (/^[A-Za-z0-9_.+,:/@%-]+$/.test(key) ? key : quoteDouble(key));
