/** Owns simple commands: expand, redirect, find what the name means, run it. */
import { isPromise } from "../contract.ts";
import { builtinOf } from "../builtins/table.ts";
import type { Builtin } from "../builtins/entry.ts";
import { addFields, text } from "../expand/words.ts";
import { quoteIfNeeded } from "../expand/quote.ts";
import { ExitShell, ShellError } from "../state/errors.ts";
import { complain } from "../state/shell.ts";
import type { FunctionDef, RunHow, Shell } from "../state/shell.ts";
import { call, settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { flags } from "../state/variables.ts";
import type { Assign, SimpleNode } from "../syntax/tree.ts";
import { said } from "./execute.ts";
import { performAssign, traceAssign, tracePrompt } from "./assign.ts";
import { callFunction } from "./functions.ts";
import { runExternal } from "./process/external.ts";
import { applyRedirects, undoRedirects } from "./redirect.ts";
import type { Saved } from "./redirect.ts";
import { debugs, runTrap, runTraps } from "./traps.ts";

const isAssign = (item: object): item is Assign => "name" in item;

/** What is between commands: the time slice, signals, DEBUG. */
function* between(sh: Shell): Task<void> {
  if (sh.process.pending.length > 0) yield* runTraps(sh);
  if (debugs(sh)) yield* runTrap(sh, "DEBUG");
}

/** A command's text as bash prints it: a space between a redirection and its target. */
const shown = (text: string): string => (/["'`$\\]/.test(text) ? text : text.replace(/(^|\s)(\d*(?:>>|>\||<>|>|<))(?=[^\s&<>(|])/g, "$1$2 "));

export function* runSimple(sh: Shell, node: SimpleNode): Task<number> {
  sh.line = node.line;
  const slice = sh.process.tick(1);
  if (isPromise(slice)) yield slice;
  if (sh.process.pending.length > 0 || sh.traps.size > 0) {
    if (sh.inTrap === undefined) sh.command = shown(node.text);
    yield* between(sh);
    if (sh.flow !== undefined) return sh.status;
  }
  sh.substituted = undefined;
  if (sh.options.noexec) return sh.status;
  const once = sh.execNext;
  sh.execNext = false;
  try {
    if (node.words.length === 0) return yield* onlyAssigns(sh, node);
    const argv: string[] = [];
    const builtin = firstBuiltin(sh, node);
    const declared = builtin?.declares === undefined ? undefined : ([] as (string | Assign)[]);
    for (const word of node.words) {
      if (isAssign(word)) {
        if (declared === undefined) argv.push(yield* assignAsText(sh, word));
        else declared.push(word);
      } else if (word.literal !== undefined) {
        argv.push(word.literal);
        declared?.push(word.literal);
      } else {
        const from = argv.length;
        yield* addFields(sh, word, argv);
        if (declared !== undefined) for (let i = from; i < argv.length; i++) declared.push(argv[i] as string);
      }
    }
    if (argv.length === 0) return yield* onlyAssigns(sh, node);
    return yield* invoke(sh, node, { argv, declared, once });
  } catch (error) {
    if (error instanceof ShellError && error.scope === "command") {
      if (error.message !== "") yield* settle(complain(sh, error.message));
      return error.status ?? 1;
    }
    throw error;
  } finally {
    if (sh.opened.length > 0) closeOpened(sh);
  }
}
const closeOpened = (sh: Shell): void => {
  for (const fd of sh.opened) sh.process.closeFd(fd);
  sh.opened = [];
};
const firstBuiltin = (sh: Shell, node: SimpleNode): Builtin | undefined => {
  const first = node.words[0];
  if (first === undefined || isAssign(first) || first.literal === undefined) return undefined;
  let name = first.literal;
  for (let i = 1; (name === "command" || name === "builtin") && i < node.words.length; i++) {
    const next = node.words[i];
    if (next === undefined || isAssign(next) || next.literal === undefined) return undefined;
    name = next.literal;
  }
  return sh.functions.has(name) ? undefined : builtinOf(sh, name);
};
function* assignAsText(sh: Shell, assign: Assign): Task<string> {
  const operator = assign.append ? "+=" : "=";
  const index = assign.index === undefined ? "" : `[${yield* text(sh, assign.index)}]`;
  const value = assign.value === undefined ? assign.text.slice(assign.text.indexOf("=") + 1) : yield* text(sh, assign.value);
  return assign.name + index + operator + value;
}

/** No command: the assignments stay; redirections are done and undone. */
function* onlyAssigns(sh: Shell, node: SimpleNode): Task<number> {
  const saved: Saved[] = [];
  const before = sh.status;
  try {
    if (node.redirects.length > 0 && !(yield* applyRedirects(sh, node.redirects, saved))) return sh.dialect === "sh" ? 2 : 1;
    for (const assign of node.assigns) {
      try {
        yield* performAssign(sh, assign);
      } catch (error) {
        // A refused assignment ends sh; in bash it drops the line.
        if (error instanceof ShellError && sh.dialect === "sh") throw new ShellError(error.message, "shell", 2);
        throw error;
      }
      if (sh.options.xtrace) yield* traceAssign(sh, assign);
    }
  } finally {
    undoRedirects(sh, saved);
  }
  return sh.substituted ?? (node.words.length > 0 || node.assigns.length > 0 || node.redirects.length > 0 ? 0 : before);
}

interface Invocation {
  readonly argv: readonly string[];
  readonly declared: readonly (string | Assign)[] | undefined;
  readonly once: boolean;
}
function* invoke(sh: Shell, node: SimpleNode, invocation: Invocation): Task<number> {
  const { argv } = invocation;
  const name = argv[0] as string;
  if (sh.options.xtrace) yield* trace(sh, argv);
  const builtin = builtinOf(sh, name);
  const fn = builtin?.special === true && sh.dialect === "sh" ? undefined : sh.functions.get(name);
  const target: FunctionDef | Builtin | undefined = fn ?? builtin;
  sh.lastArgument = argv[argv.length - 1] as string;
  if (node.redirects.length === 0 && node.assigns.length === 0) return yield* dispatch(sh, target, invocation);
  const saved: Saved[] = [];
  const permanent = name === "exec" && fn === undefined && argv.length === 1;
  try {
    const special = builtin?.special === true && sh.dialect === "sh" && fn === undefined;
    if (!(yield* applyRedirects(sh, node.redirects, permanent ? undefined : saved))) {
      if (special) throw new ExitShell(2);
      return sh.dialect === "sh" ? 2 : 1;
    }
    if (node.assigns.length === 0) return yield* dispatch(sh, target, invocation);
    if (special || (builtin?.special === true && sh.options.posix)) {
      for (const assign of node.assigns) yield* performAssign(sh, assign);
      return yield* dispatch(sh, target, invocation);
    }
    return yield* withAssigns(sh, node.assigns, dispatch(sh, target, invocation));
  } catch (error) {
    // Functions and builtins fail with their redirections still in place.
    if (fn !== undefined) throw yield* said(sh, error);
    if (error instanceof ShellError && sh.dialect === "sh" && error.scope !== "shell") throw new ShellError(error.message, "shell", 2);
    throw error;
  } finally {
    undoRedirects(sh, saved);
  }
}
/** Runs with assignments that are seen, and exported, only meanwhile. */
function* withAssigns(sh: Shell, assigns: readonly Assign[], work: Task<number>): Task<number> {
  const { vars } = sh;
  vars.pushFrame();
  try {
    for (const assign of assigns) {
      const value = assign.value === undefined ? "" : yield* text(sh, assign.value);
      const before = assign.append ? (vars.get(assign.name) ?? "") : "";
      if (assign.index !== undefined) continue;
      vars.makeLocal(assign.name, false);
      vars.set(assign.name, before + value);
      vars.declare(assign.name, flags.export, 0);
    }
    return yield* work;
  } finally {
    vars.popFrame();
  }
}
function* dispatch(sh: Shell, target: FunctionDef | Builtin | undefined, { argv, declared, once }: Invocation): Task<number> {
  if (target === undefined) return yield* runExternal(sh, argv, once);
  if ("body" in target) return yield* call(callFunction(sh, target, argv));
  return yield* runBuiltin(sh, target, argv, declared);
}
export function* runBuiltin(sh: Shell, builtin: Builtin, argv: readonly string[], declared?: readonly (string | Assign)[]): Task<number> {
  const name = argv[0] as string;
  try {
    if (builtin.declares !== undefined) {
      let given = declared ?? argv;
      while (given.length > 1 && given[0] !== name) given = given.slice(1);
      return yield* builtin.declares(sh, given.slice(1), name);
    }
    const result = builtin.run(sh, argv.slice(1), name);
    return typeof result === "number" ? result : yield* result;
  } catch (error) {
    return yield* builtinFailure(sh, name, error);
  }
}
/** A builtin that could not write says so; anything else goes on up. */
function* builtinFailure(sh: Shell, name: string, error: unknown): Task<number> {
  if (error instanceof Error && error.name === "FileError") {
    yield* settle(complain(sh, `${name}: write error: ${error.message}`));
    return 1;
  }
  throw error;
}
function* trace(sh: Shell, argv: readonly string[]): Task<void> {
  const prompt = yield* tracePrompt(sh);
  yield* settle(sh.process.fds.get(2)?.writeText(`${prompt}${argv.map(quoteIfNeeded).join(" ")}\n`));
}

/** Runs words that are a command already (`command`, `builtin`, `exec`'s and `eval`'s kin). */
export function* runWords(sh: Shell, argv: readonly string[], how: RunHow): Task<number> {
  const name = argv[0] as string;
  const builtin = builtinOf(sh, name);
  if (builtin !== undefined) return yield* runBuiltin(sh, builtin, argv);
  const fn = how.skip === undefined ? sh.functions.get(name) : undefined;
  if (fn !== undefined) return yield* call(callFunction(sh, fn, argv));
  if (how.skip === "all-but-builtins") {
    yield* settle(complain(sh, `builtin: ${name}: not a shell builtin`));
    return 1;
  }
  return yield* runExternal(sh, argv, false);
}
