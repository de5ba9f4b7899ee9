/** Owns what a parameter is worth: variables, positional and special parameters, elements, and the lists behind `@` and `*`. */
import { ShellError } from "../state/errors.ts";
import { endStatus } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import type { Task } from "../state/thread.ts";
import type { ParamPart } from "../syntax/tree.ts";

/** One value, or the list behind `@`/`*`. `keys` are the indexes of a list that has holes or names. */
export type ParamValue =
  | { readonly list: false; readonly value: string | undefined }
  | { readonly list: true; readonly values: readonly string[]; readonly star: boolean; readonly keys?: readonly string[] };

const specials = /^[0-9@*#?$!-]/;

const special = (sh: Shell, name: string): string | undefined => {
  switch (name) {
    case "#":
      return String(sh.positional.length);
    case "?":
      return String(sh.status);
    case "$":
      return String(sh.mainPid);
    case "!":
      return sh.lastBackground === "" ? undefined : sh.lastBackground;
    case "-":
      return sh.dialect === "sh" ? sh.options.letters("", true) : sh.options.letters(sh.fromText ? "c" : "");
    case "0":
      return sh.name;
    default:
      return sh.positional[Number(name) - 1];
  }
};
/** The value of a name that is no list. */
export const scalarOf = (sh: Shell, name: string): string | undefined => {
  if (specials.test(name)) return special(sh, name);
  return name === "_" ? sh.lastArgument : sh.vars.get(name);
};

export const unbound = (sh: Shell, shown: string): ShellError =>
  sh.dialect === "sh"
    ? new ShellError(`${shown}: parameter not set`, "shell", 2)
    : new ShellError(`${shown}: unbound variable`, "shell", endStatus(sh));

const nameRule = /^(?:[A-Za-z_][A-Za-z0-9_]*(?:\[[^]*\])?|[0-9]+|[@*#?$!-])$/;

/** Reads a parameter by its written form: `x`, `x[1]`, `x[@]`, `@`, `3`. */
export const valueByText = (sh: Shell, text: string): ParamValue => {
  if (!nameRule.test(text)) throw new ShellError(`${text}: invalid variable name`, "line", 1);
  const open = text.indexOf("[");
  if (open < 0) return valueOf(sh, text, undefined);
  const inside = text.slice(open + 1, -1);
  return valueOf(sh, text.slice(0, open), inside);
};
/** Reads a parameter; `index` is "@", "*", or an evaluated subscript. */
export const valueOf = (sh: Shell, name: string, index: string | undefined): ParamValue => {
  if (name === "@" || name === "*") return { list: true, values: sh.positional, star: name === "*" };
  if (index === "@" || index === "*") {
    const entries = sh.vars.entries(name);
    return { list: true, values: entries.map((e) => e[1]), keys: entries.map((e) => e[0]), star: index === "*" };
  }
  if (index !== undefined) return { list: false, value: sh.vars.getElement(name, index) };
  const target = specials.test(name) || name === "_" ? undefined : sh.vars.target(name);
  if (target?.index === "@" || target?.index === "*") return valueOf(sh, target.name, target.index);
  return { list: false, value: scalarOf(sh, name) };
};

/** The subscript of a part, expanded. */
export function* indexOf(
  sh: Shell,
  part: ParamPart,
  expand: (sh: Shell, part: ParamPart) => Task<string>,
): Task<string | undefined> {
  const { index } = part;
  if (index === undefined) return undefined;
  if (index.kind !== "word") return index.kind;
  return index.word.literal ?? (yield* expand(sh, part));
}
