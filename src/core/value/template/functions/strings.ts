/** Owns the text functions of slim-sprig and Dagu's overrides among them (value last). */
import { regexOf } from "./regex.ts";
import { typeName, type GoFunction } from "../exec.ts";
import { goPrint, type GoValue } from "../print.ts";
import { quoted } from "../printf.ts";
import { fail, fn, indexOf } from "./builtins.ts";

const repeatMax = 1_000_000;
const str = (value: GoValue | undefined): string => (typeof value === "string" ? value : fail(`wrong type for value; expected string; got ${typeName(value ?? null)}`));
/** sprig's `strval`: anything as text. */
export const textOf = (value: GoValue): string => (value === null ? "" : goPrint(value));
export const textsOf = (value: GoValue | undefined): readonly string[] => {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map((item) => textOf(item as GoValue));
  return value === null || value === undefined ? [] : [textOf(value)];
};
const one = (run: (text: string) => GoValue): GoFunction => fn(1, 1, ([text]) => run(str(text)));
const two = (run: (first: string, text: string) => GoValue): GoFunction => fn(2, 2, ([first, text]) => run(str(first), str(text)));
const indent = (count: number, text: string): string => {
  const blanks = " ".repeat(Math.max(0, Math.min(count, repeatMax)));
  return blanks + text.replaceAll("\n", `\n${blanks}`);
};
const trimSet = (set: string, text: string): string => {
  const chars = new Set([...set]), points = [...text];
  let from = 0, to = points.length;
  while (from < to && chars.has(points[from]!)) from += 1;
  while (to > from && chars.has(points[to - 1]!)) to -= 1;
  return points.slice(from, to).join("");
};
const bytes = (text: string, from: number, to: number): string => {
  const all = new TextEncoder().encode(text);
  if (to > all.length || from > all.length || from > to) return fail("slice bounds out of range");
  return new TextDecoder().decode(all.slice(from, to));
};
const substr = (from: number, to: number, text: string): string => {
  if (from < 0) return bytes(text, 0, to);
  const length = new TextEncoder().encode(text).length;
  return to < 0 || to > length ? bytes(text, from, length) : bytes(text, from, to);
};
const trunc = (count: number, text: string): string => {
  const length = new TextEncoder().encode(text).length;
  if (count < 0 && length + count > 0) return bytes(text, length + count, length);
  return count >= 0 && length > count ? bytes(text, 0, count) : text;
};
const repeat = (count: number, text: string): string => (count < 0 || count * text.length > repeatMax ? fail("repeat count is out of range") : text.repeat(count));
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const unbase64 = (text: string): string => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return "illegal base64 data";
  return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
};
const title = (text: string): string => text.replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

const regex = (pattern: GoValue | undefined) => regexOf(str(pattern)) ?? fail(`error parsing regexp: ${str(pattern)}`);
const findAll = (pattern: GoValue | undefined, text: string, most: number): readonly string[] => {
  const matcher = regex(pattern).matcher(text), found: string[] = [];
  while ((most < 0 || found.length < most) && found.length < repeatMax && matcher.find()) found.push(matcher.group() ?? "");
  return found;
};
/** Go's `Expand`: `$1`, `${1}`, `${name}`, `$$`; an unknown group is empty. `literal` takes the text as it is. */
const replaceMatches = (pattern: GoValue | undefined, text: string, by: string, literal: boolean): string => {
  const matcher = regex(pattern).matcher(text), parts: string[] = [];
  const group = (name: string): string => {
    if (/^\d+$/.test(name)) return Number(name) <= matcher.groupCount() ? (matcher.group(Number(name)) ?? "") : "";
    return Object.hasOwn(matcher.getNamedGroups(), name) ? (matcher.group(name) ?? "") : "";
  };
  let from = 0;
  while (matcher.find()) {
    const filled = literal ? by : by.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar: string | undefined, braced: string | undefined, bare: string | undefined) => dollar ?? group(braced ?? bare!));
    parts.push(text.slice(from, matcher.start()), filled);
    from = matcher.end();
  }
  return parts.join("") + text.slice(from);
};

export const stringFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ["upper", one((text) => text.toUpperCase())], ["lower", one((text) => text.toLowerCase())], ["trim", one((text) => text.trim())], ["title", one(title)],
  ["untitle", one((text) => text.replace(/(^|\s)(\S)/g, (_, gap: string, char: string) => gap + char.toLowerCase()))],
  ["split", two((sep, text) => (sep === "" ? [...text] : text.split(sep)))], ["splitList", two((sep, text) => (sep === "" ? [...text] : text.split(sep)))],
  ["splitn", fn(3, 3, ([sep, count, text]) => splitn(str(sep), indexOf(count), str(text)))],
  ["join", fn(2, 2, ([sep, list]) => textsOf(list).join(str(sep)))],
  ["trunc", fn(2, 2, ([count, text]) => trunc(indexOf(count), str(text)))],
  ["substr", fn(3, 3, ([from, to, text]) => substr(indexOf(from), indexOf(to), str(text)))],
  ["repeat", fn(2, 2, ([count, text]) => repeat(indexOf(count), str(text)))],
  ["trimAll", two(trimSet)], ["trimall", two(trimSet)],
  ["trimSuffix", two((suffix, text) => (suffix !== "" && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text))],
  ["trimPrefix", two((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text))],
  ["nospace", one((text) => text.replace(/\s/g, ""))],
  ["contains", two((part, text) => text.includes(part))], ["hasPrefix", two((part, text) => text.startsWith(part))], ["hasSuffix", two((part, text) => text.endsWith(part))],
  ["quote", fn(0, Infinity, (args) => args.filter((arg) => arg !== null).map((arg) => quoted(textOf(arg))).join(" "))],
  ["squote", fn(0, Infinity, (args) => args.filter((arg) => arg !== null).map((arg) => `'${textOf(arg)}'`).join(" "))],
  ["cat", fn(0, Infinity, (args) => args.filter((arg) => arg !== null).map(textOf).join(" "))],
  ["indent", fn(2, 2, ([count, text]) => indent(indexOf(count), str(text)))], ["nindent", fn(2, 2, ([count, text]) => `\n${indent(indexOf(count), str(text))}`)],
  ["replace", fn(3, 3, ([old, now, text]) => str(text).replaceAll(str(old), () => str(now)))],
  ["plural", fn(3, 3, ([single, many, count]) => (indexOf(count) === 1 ? str(single) : str(many)))],
  ["toString", fn(1, 1, ([value]) => textOf(value!))], ["toStrings", fn(1, 1, ([value]) => textsOf(value))], ["sortAlpha", fn(1, 1, ([value]) => [...textsOf(value)].sort())],
  ["b64enc", one(base64)], ["b64dec", one(unbase64)],
  ["regexMatch", two((pattern, text) => regex(pattern).matcher(text).find())], ["mustRegexMatch", two((pattern, text) => regex(pattern).matcher(text).find())],
  ["regexFind", two((pattern, text) => findAll(pattern, text, 1)[0] ?? "")], ["mustRegexFind", two((pattern, text) => findAll(pattern, text, 1)[0] ?? "")],
  ["regexFindAll", fn(3, 3, ([pattern, text, most]) => findAll(pattern, str(text), indexOf(most)))],
  ["regexReplaceAll", fn(3, 3, ([pattern, text, by]) => replaceMatches(pattern, str(text), str(by), false))],
  ["regexReplaceAllLiteral", fn(3, 3, ([pattern, text, by]) => replaceMatches(pattern, str(text), str(by), true))],
  ["regexSplit", fn(3, 3, ([pattern, text, most]) => regexSplit(pattern, str(text), indexOf(most)))],
  ["regexQuoteMeta", one((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"))],
  ["base", one((path) => path.replace(/\/+$/, "").split("/").at(-1) || (path === "" ? "." : "/"))],
  ["dir", one((path) => cleanPath(path.slice(0, path.lastIndexOf("/") + 1)))], ["clean", one((path) => cleanPath(path))],
  ["ext", one((path) => /\.[^./]*$/.exec(path)?.[0] ?? "")], ["isAbs", one((path) => path.startsWith("/"))],
]);
const splitn = (sep: string, count: number, text: string): GoValue => {
  const parts = text.split(sep);
  const kept = count > 0 && parts.length > count ? [...parts.slice(0, count - 1), parts.slice(count - 1).join(sep)] : parts;
  return Object.fromEntries(kept.map((part, i) => [`_${i}`, part]));
};
const regexSplit = (pattern: GoValue | undefined, text: string, most: number): readonly string[] => {
  if (most === 0) return [];
  const matcher = regex(pattern).matcher(text), parts: string[] = [];
  let from = 0;
  while ((most < 0 || parts.length < most - 1) && matcher.find()) {
    if (matcher.end() === 0) continue;
    parts.push(text.slice(from, matcher.start()));
    from = matcher.end();
  }
  return [...parts, text.slice(from)];
};
const cleanPath = (path: string): string => {
  const rooted = path.startsWith("/"), parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || (rooted ? "/" : ".");
};
