/**
 * Owns the operator phase of expansion: `$V`, `${V}`, `${V:-d}`, slices, length, `#` `%` `/` `^` `,` over already substituted text.
 * Two manners: "known" leaves every reference to an unknown name as it stands; "host" also sees host names and makes unknown names empty.
 */

export type Lookup = (name: string) => string | undefined;

const nameAt = /[A-Za-z_][A-Za-z0-9_]*|[0-9]+/y;

/** Index of the brace that closes the one before `from`, nested ones skipped; -1 when unclosed. */
const closingBrace = (text: string, from: number): number => {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === "$" && text[i + 1] === "{") depth++;
    else if (char === "}" && --depth === 0) return i;
  }
  return -1;
};

/** Shell pattern → source of a regular expression. */
const patternSource = (pattern: string, lazy: boolean): string => {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "*") source += lazy ? "[^]*?" : "[^]*";
    else if (char === "?") source += "[^]";
    else if (char === "[" && pattern.indexOf("]", i + 2) > 0) {
      const end = pattern.indexOf("]", i + 2);
      source += `[${pattern.slice(i + 1, end).replace(/^!/, "^").replaceAll("\\", "\\\\")}]`;
      i = end;
    } else if (char === "\\" && i + 1 < pattern.length) source += escaped(pattern[++i] as string);
    else source += escaped(char);
  }
  return source;
};
const escaped = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

const stripped = (value: string, operator: string, pattern: string): string => {
  const lazy = operator.length === 1;
  if (operator.startsWith("#")) return value.replace(new RegExp(`^${patternSource(pattern, lazy)}`), "");
  if (!lazy) return value.replace(new RegExp(`${patternSource(pattern, false)}$`), "");
  for (let from = value.length; from >= 0; from--) {
    if (new RegExp(`^${patternSource(pattern, false)}$`).test(value.slice(from))) return value.slice(0, from);
  }
  return value;
};

const replaced = (value: string, rest: string): string => {
  const all = rest.startsWith("/");
  const body = all ? rest.slice(1) : rest;
  const cut = body.search(/(?<!\\)\//);
  const raw = (cut < 0 ? body : body.slice(0, cut)).replaceAll("\\/", "/");
  const into = cut < 0 ? "" : body.slice(cut + 1);
  const anchor = !all && (raw.startsWith("#") || raw.startsWith("%")) ? raw[0] : "";
  const source = patternSource(anchor ? raw.slice(1) : raw, false);
  if (source === "") return value;
  const pattern = anchor === "#" ? `^${source}` : anchor === "%" ? `${source}$` : source;
  return value.replace(new RegExp(pattern, all ? "g" : ""), () => into);
};

const sliceOf = (value: string, rest: string): string | undefined => {
  const found = /^:\s*(-?\d+)\s*(?::\s*(-?\d+)\s*)?$/.exec(rest);
  if (!found) return undefined;
  const runes = [...value];
  const offset = Number(found[1]);
  const start = offset < 0 ? Math.max(0, runes.length + offset) : offset;
  if (found[2] === undefined) return runes.slice(start).join("");
  const length = Number(found[2]);
  return runes.slice(start, length < 0 ? runes.length + length : start + length).join("");
};

const cased = (value: string, rest: string): string => {
  const change = (char: string): string => (rest.startsWith("^") ? char.toUpperCase() : char.toLowerCase());
  if (rest.length === 2) return change(value);
  const [first = "", ...others] = [...value];
  return change(first) + others.join("");
};

/** One `${…}` body; undefined when it is not understood (it stays as it is). */
const applied = (body: string, look: Lookup, expand: (text: string) => string): string | undefined => {
  if (/^#(?:[A-Za-z_]\w*|\d+)$/.test(body)) return String([...(look(body.slice(1)) ?? "")].length);
  nameAt.lastIndex = 0;
  const name = nameAt.exec(body)?.[0];
  if (name === undefined) return undefined;
  const rest = body.slice(name.length);
  const value = look(name);
  if (rest === "") return value ?? "";
  const word = /^:?[-=+?]/.exec(rest);
  if (word) {
    const isSet = value !== undefined && (word[0].length === 1 || value !== "");
    const given = expand(rest.slice(word[0].length));
    if (word[0].endsWith("+")) return isSet ? given : "";
    return isSet ? (value as string) : word[0].endsWith("?") ? "" : given;
  }
  if (rest.startsWith(":")) return sliceOf(value ?? "", rest);
  const strip = /^(##?|%%?)/.exec(rest);
  if (strip) return stripped(value ?? "", strip[0], expand(rest.slice(strip[0].length)));
  if (rest.startsWith("/")) return replaced(value ?? "", expand(rest.slice(1)));
  return /^(\^\^?|,,?)$/.test(rest) ? cased(value ?? "", rest) : undefined;
};
const nameIn = (body: string): string | undefined => /^#?([A-Za-z_]\w*|\d+)/.exec(body)?.[1];

/** Only known names change. */
export const expandKnown = (text: string, look: Lookup): string =>
  scan(text, (body) => {
    const name = nameIn(body);
    if (name === undefined || look(name) === undefined) return undefined;
    return applied(body, look, (inner) => expandKnown(inner, look));
  });

/** As a shell would, without commands: unknown names are empty. A text with `$(` or a backtick falls back to known names. */
export const expandHost = (text: string, look: Lookup): string => {
  if (/\$\((?!\()|`/.test(text) || /\$\{[^}]*$/.test(text)) return expandKnown(text, look);
  return scan(text, (body) => applied(body, look, (inner) => expandHost(inner, look)));
};

const scan = (text: string, resolve: (body: string) => string | undefined): string => {
  let out = "";
  for (let i = 0; i < text.length; ) {
    const char = text[i] as string;
    const found = char === "$" ? reference(text, i) : undefined;
    if (found === undefined) {
      out += char;
      i++;
      continue;
    }
    out += resolve(found.body) ?? text.slice(i, found.end);
    i = found.end;
  }
  return out;
};
const reference = (text: string, at: number): { readonly body: string; readonly end: number } | undefined => {
  if (text[at + 1] === "{") {
    const close = closingBrace(text, at + 2);
    return close < 0 ? undefined : { body: text.slice(at + 2, close), end: close + 1 };
  }
  nameAt.lastIndex = at + 1;
  const name = nameAt.exec(text)?.[0];
  return name === undefined ? undefined : { body: name, end: at + 1 + name.length };
};
