/** Owns `type` and what `command -v` says: what a name means here. */
import { findCommand } from "../run/process/external.ts";
import { complain, out } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { info } from "./entry.ts";
import type { Builtin } from "./entry.ts";
import { builtinNames } from "./names.ts";
import { printFunction } from "./print.ts";

const keywords = new Set("if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc".split(" "));
const shKeywords = new Set("if then else elif fi case esac for while until do done in { } !".split(" "));
const isKeyword = (sh: Shell, name: string): boolean => (sh.dialect === "sh" ? shKeywords : keywords).has(name);

type Kind = "alias" | "keyword" | "function" | "builtin" | "file";
interface Meaning {
  readonly kind: Kind;
  readonly path?: string;
}
export function* meaningOf(sh: Shell, name: string, skipFunctions: boolean): Task<Meaning | undefined> {
  if (sh.aliases.has(name) && sh.options.expandAliases) return { kind: "alias" };
  if (isKeyword(sh, name)) return { kind: "keyword" };
  if (!skipFunctions && sh.functions.has(name)) return { kind: "function" };
  if (builtinNames(sh).has(name)) return { kind: "builtin" };
  const found = yield* findCommand(sh.kernel, sh.process.cwd, name, sh.vars.get("PATH"));
  return found.type === "missing" ? undefined : { kind: "file", path: found.at ?? name };
}
const longForm = (sh: Shell, name: string, meaning: Meaning): string => {
  switch (meaning.kind) {
    case "alias":
      return sh.dialect === "sh" ? `${name} is an alias for ${sh.aliases.get(name) as string}\n` : `${name} is aliased to \`${sh.aliases.get(name) as string}'\n`;
    case "keyword":
      return `${name} is a shell keyword\n`;
    case "function": {
      const fn = sh.functions.get(name);
      return sh.dialect === "sh" || fn === undefined ? `${name} is a shell function\n` : `${name} is a function\n${printFunction(fn)}\n`;
    }
    case "builtin":
      return sh.dialect === "sh" && specialNames.has(name) ? `${name} is a special shell builtin\n` : `${name} is a shell builtin\n`;
    case "file":
      return `${name} is ${meaning.path as string}\n`;
  }
};
const specialNames = new Set(": . break continue eval exec exit export readonly return set shift times trap unset".split(" "));
const shortForm = (sh: Shell, name: string, meaning: Meaning): string =>
  meaning.kind === "alias" ? `alias ${name}='${sh.aliases.get(name) as string}'\n` : meaning.kind === "file" ? `${meaning.path as string}\n` : `${name}\n`;

/** `command -v` and `-V`. */
export function* describe(sh: Shell, names: readonly string[], form: "short" | "long"): Task<number> {
  let status = names.length === 0 ? 0 : 1;
  for (const name of sh.dialect === "sh" ? names.slice(0, 1) : names) {
    const meaning = yield* meaningOf(sh, name, false);
    if (meaning !== undefined) {
      status = 0;
      yield* settle(out(sh).writeText(form === "short" ? shortForm(sh, name, meaning) : longForm(sh, name, meaning)));
    } else if (form === "long") yield* settle(sh.dialect === "sh" ? out(sh).writeText(`${name}: not found\n`) : complain(sh, `command: ${name}: not found`));
  }
  return status === 1 && sh.dialect === "sh" ? 127 : status;
}

function* runType(sh: Shell, given: readonly string[]): Task<number> {
  let i = 0;
  let how = "";
  for (; sh.dialect === "bash" && i < given.length && /^-[atpPf]+$/.test(given[i] as string); i++) how += (given[i] as string).slice(1);
  let status = 0;
  for (const name of given.slice(i)) {
    const meaning = yield* meaningOf(sh, name, how.includes("f"));
    if (meaning === undefined) {
      status = sh.dialect === "sh" ? 127 : 1;
      if (sh.dialect === "sh") yield* settle(out(sh).writeText(`${name}: not found\n`));
      else if (!/[tpP]/.test(how)) yield* settle(complain(sh, `type: ${name}: not found`));
      continue;
    }
    if (how.includes("t")) yield* settle(out(sh).writeText(`${meaning.kind}\n`));
    else if (how.includes("p") || how.includes("P")) {
      if (meaning.kind === "file") yield* settle(out(sh).writeText(`${meaning.path as string}\n`));
      else if (how.includes("P")) {
        const found = yield* findCommand(sh.kernel, sh.process.cwd, name, sh.vars.get("PATH"));
        if (found.type === "missing") status = 1;
        else yield* settle(out(sh).writeText(`${found.at ?? name}\n`));
      }
    } else yield* settle(out(sh).writeText(longForm(sh, name, meaning)));
  }
  return status;
}
export const typeBuiltins: readonly Builtin[] = [
  {
    ...info("type", ["Say what a name means", "说明名称的含义"], [
      ["-t", "one word: alias, keyword, function, builtin, file", "只输出一个词：alias、keyword、function、builtin、file"],
      ["-p", "the path, when it is a file", "若为文件则输出路径"],
      ["-P", "the path, even when it is something else too", "强制按路径查找"],
      ["-f", "leave out functions", "忽略函数"],
      ["-a", "all meanings", "所有含义"],
    ]),
    run: runType,
  },
];
