/** Owns builtins about variables: export, readonly, declare, typeset, local, unset, let. */
import { evaluate } from "../expand/number/evaluate.ts";
import { attributeLetters, quoteKey } from "../expand/operations.ts";
import { text } from "../expand/words.ts";
import { quoteDouble, singleQuote } from "../expand/quote.ts";
import { ShellError } from "../state/errors.ts";
import { complain, out } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { flags } from "../state/variables.ts";
import { parseProgram } from "../syntax/parse.ts";
import type { Assign } from "../syntax/tree.ts";
import { performAssign } from "../run/assign.ts";
import { fail, info } from "./entry.ts";
import type { Builtin } from "./entry.ts";
import { printFunction } from "./print.ts";

const attribute: Readonly<Record<string, number>> = {
  a: flags.array, A: flags.map, i: flags.integer, l: flags.lower, n: flags.nameref, r: flags.readonly, t: flags.trace, u: flags.upper, x: flags.export, c: flags.capital,
};
const nameRule = /^[A-Za-z_][A-Za-z0-9_]*$/;

interface Request {
  on: number;
  off: number;
  print: boolean;
  functions: boolean;
  functionNames: boolean;
  global: boolean;
  inherit: boolean;
  readonly names: (string | Assign)[];
}
/** Reads the options of a declaration; `undefined` after an unknown one (the letter is in `bad`). */
const readRequest = (args: readonly (string | Assign)[]): Request & { bad?: string } => {
  const request: Request & { bad?: string } = { on: 0, off: 0, print: false, functions: false, functionNames: false, global: false, inherit: false, names: [] };
  let options = true;
  for (const arg of args) {
    if (typeof arg !== "string" || !options || !/^[-+]./.test(arg)) {
      request.names.push(arg);
      if (typeof arg !== "string" || !/^[-+]./.test(arg)) options = false;
      continue;
    }
    if (arg === "--") {
      options = false;
      continue;
    }
    for (const letter of arg.slice(1)) {
      const flag = attribute[letter];
      if (flag !== undefined) {
        if (arg[0] === "-") request.on |= flag;
        else request.off |= flag;
      } else if (letter === "p") request.print = true;
      else if (letter === "f") request.functions = true;
      else if (letter === "F") request.functions = request.functionNames = true;
      else if (letter === "g") request.global = true;
      else if (letter === "I") request.inherit = true;
      else request.bad = `${arg[0] as string}${letter}`;
    }
  }
  return request;
};

/** `declare -- v="…"`. */
export const declarationOf = (sh: Shell, name: string): string | undefined => {
  const v = sh.vars.find(name);
  if (v === undefined) {
    const dynamic = sh.vars.get(name);
    return dynamic === undefined ? undefined : `declare -- ${name}=${quoteDouble(dynamic)}`;
  }
  const letters = attributeLetters(sh, name, true) || "-";
  if (v.map !== undefined) {
    const body = [...v.map].map(([key, value]) => `[${quoteKey(key)}]=${quoteDouble(value)} `).join("");
    return `declare -${letters} ${name}=(${body})`;
  }
  if (v.list !== undefined) {
    const body: string[] = [];
    v.list.forEach((value, i) => body.push(`[${i}]=${quoteDouble(value)}`));
    return `declare -${letters} ${name}=(${body.join(" ")})`;
  }
  return v.value === undefined ? `declare -${letters} ${name}` : `declare -${letters} ${name}=${quoteDouble(v.value)}`;
};
function* printAll(sh: Shell, request: Request, prefix: string): Task<number> {
  for (const name of sh.vars.names().sort()) {
    const v = sh.vars.find(name);
    if (v === undefined || (v.flags & request.on) !== request.on) continue;
    if (sh.dialect === "sh") {
      yield* settle(out(sh).writeText(`${prefix} ${name}${v.value === undefined ? "" : `=${singleQuote(v.value)}`}\n`));
    } else yield* settle(out(sh).writeText(`${declarationOf(sh, name) as string}\n`));
  }
  return 0;
}
function* printSome(sh: Shell, request: Request, command: string): Task<number> {
  let status = 0;
  for (const item of request.names) {
    const name = typeof item === "string" ? item : item.name;
    const line = declarationOf(sh, name);
    if (line === undefined) {
      yield* settle(complain(sh, `${command}: ${name}: not found`));
      status = 1;
    } else yield* settle(out(sh).writeText(`${line}\n`));
  }
  return status;
}
function* functionRequest(sh: Shell, request: Request): Task<number> {
  let status = 0;
  const names = request.names.length > 0 ? request.names.map(String) : [...sh.functions.keys()].sort();
  for (const name of names) {
    const fn = sh.functions.get(name);
    if (fn === undefined) status = 1;
    else if ((request.on & flags.export) !== 0) sh.exportedFunctions.add(name);
    else if ((request.off & flags.export) !== 0) sh.exportedFunctions.delete(name);
    else if (request.functionNames) yield* settle(out(sh).writeText(`${request.names.length > 0 ? "" : "declare -f "}${name}\n`));
    else if ((request.on & flags.readonly) === 0) yield* settle(out(sh).writeText(`${printFunction(fn)}\n`));
  }
  return status;
}

/** A word like `x=(1 2)` that came from an expansion is read as the assignment it looks like, where an array is declared. */
const parseText = (sh: Shell, text: string, isArray: boolean): Assign | undefined => {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(\[[^\]]*\])?(\+?)=([^]*)$/.exec(text);
  if (match === null) return undefined;
  const [, name, index, append, value] = match as unknown as [string, string, string | undefined, string, string];
  if ((isArray || sh.vars.find(name)?.list !== undefined || sh.vars.isMap(name)) && index === undefined && /^\([^]*\)$/.test(value)) {
    const command = parseProgram(`${name}${append}=${value}`, "bash").groups[0]?.[0]?.command;
    if (command?.type === "simple" && command.assigns[0] !== undefined) return command.assigns[0];
  }
  const literal = (content: string): Assign["value"] => ({ text: content, parts: [], literal: content, simple: true });
  return { name, append: append === "+", index: index === undefined ? undefined : literal(index.slice(1, -1)), value: literal(value), elements: undefined, text };
};

interface Scope {
  readonly local: boolean;
  readonly global: boolean;
}
function* declareOne(sh: Shell, item: string | Assign, request: Request, scope: Scope): Task<void> {
  const isArray = (request.on & (flags.array | flags.map)) !== 0;
  let assign = typeof item === "string" ? parseText(sh, item, isArray) : item;
  if (typeof item !== "string" && assign !== undefined && assign.value !== undefined && isArray && assign.index === undefined) {
    const only = assign.value.parts.every((part) => part.type !== "command");
    if (only && assign.value.literal !== undefined) assign = parseText(sh, `${assign.name}${assign.append ? "+" : ""}=${assign.value.literal}`, true) ?? assign;
  }
  const name = assign?.name ?? (item as string).replace(/\[[^]*\]$/, "");
  if (!nameRule.test(name)) throw new ShellError(`\`${typeof item === "string" ? item : item.text}': not a valid identifier`, "command", 1);
  const { vars } = sh;
  // The value is expanded before a local hides what it reads: `local x=$x`.
  const ready = assign === undefined || assign.elements !== undefined ? assign : yield* expandAhead(sh, assign);
  if (scope.local) vars.makeLocal(name, request.inherit || sh.options.shopt("localvar_inherit") === true || (sh.dialect === "sh" && assign === undefined));
  const target = (request.on & flags.nameref) !== 0 || (request.off & flags.nameref) !== 0 ? name : vars.target(name).name;
  const first = request.on & ~flags.readonly & ~flags.nameref;
  vars.declare(target, first, request.off);
  if ((request.off & flags.nameref) !== 0) vars.declare(name, 0, flags.nameref);
  if (ready !== undefined) {
    if ((request.on & flags.nameref) !== 0) vars.declare(name, 0, flags.nameref);
    yield* performAssign(sh, ready);
  }
  if ((request.on & flags.nameref) !== 0) vars.declare(name, flags.nameref, 0);
  if ((request.on & flags.readonly) !== 0) vars.declare(target, flags.readonly, 0);
}
function* expandAhead(sh: Shell, assign: Assign): Task<Assign> {
  if (assign.value === undefined || assign.value.literal !== undefined) return assign;
  const value = yield* textOf(sh, assign);
  return { ...assign, value: { text: value, parts: [{ type: "text", text: value, quoted: true }], literal: value, simple: true } };
}
function* textOf(sh: Shell, assign: Assign): Task<string> {
  return assign.value === undefined ? "" : yield* text(sh, assign.value);
}

function* runDeclaration(sh: Shell, args: readonly (string | Assign)[], name: string): Task<number> {
  const request = readRequest(args);
  const illegal = sh.dialect === "sh" && name !== "local" ? args.find((arg) => typeof arg === "string" && /^-(?!-$|p$)./.test(arg)) : undefined;
  if (illegal !== undefined) throw new ShellError(`${name}: Illegal option ${illegal as string}`, "shell", 2);
  if (request.bad !== undefined) {
    yield* settle(complain(sh, `${name}: ${request.bad}: invalid option`));
    return 2;
  }
  if (name === "export") request.on |= request.names.length > 0 && args.includes("-n") ? 0 : flags.export;
  if (name === "export" && args.includes("-n")) {
    request.on &= ~(flags.export | flags.nameref);
    request.off |= flags.export;
  }
  if (name === "readonly") request.on |= flags.readonly;
  if (request.functions) return yield* functionRequest(sh, request);
  const inFunction = sh.calls.some((call) => call.isFunction);
  if (name === "local" && !inFunction) {
    if (sh.dialect === "sh") throw new ShellError("local: not in a function", "shell", 2);
    yield* settle(complain(sh, "local: can only be used in a function"));
    return 1;
  }
  if (request.names.length === 0) return name === "local" ? 0 : yield* printAll(sh, request, name === "readonly" ? "readonly" : "export");
  if (request.print && name !== "export" && name !== "readonly") return yield* printSome(sh, request, name);
  const local = name === "local" || ((name === "declare" || name === "typeset") && inFunction && !request.global);
  let status = 0;
  for (const item of request.names) {
    if (item === "-" && name === "local") continue;
    try {
      const task = declareOne(sh, item, request, { local, global: request.global });
      if (request.global) {
        const target = typeof item === "string" ? (/^[A-Za-z_]\w*/.exec(item)?.[0] ?? item) : item.name;
        yield* globally(sh, target, task);
      } else yield* task;
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      if (sh.dialect === "sh") throw new ShellError(error.message, "shell", 2);
      if (error.scope !== "command" && !/readonly variable/.test(error.message)) throw error;
      yield* settle(complain(sh, /readonly variable/.test(error.message) ? error.message : `${name}: ${error.message}`));
      status = 1;
    }
  }
  return status;
}
/** Runs a declaration on the global variable below the locals. */
function* globally(sh: Shell, name: string, task: Task<void>): Task<void> {
  const leave = sh.vars.enterGlobal(name);
  try {
    yield* task;
  } finally {
    leave();
  }
}

const runUnset = (sh: Shell, args: readonly string[]): number | Task<number> => {
  let what = "";
  let i = 0;
  for (; i < args.length && /^-[fvn]+$/.test(args[i] as string); i++) what += (args[i] as string).slice(1);
  if (args[i] === "--") i++;
  let failure: ShellError | undefined;
  for (const name of args.slice(i)) {
    try {
      unsetOne(sh, name, what);
    } catch (error) {
      if (!(error instanceof ShellError)) throw error;
      failure = error;
    }
  }
  if (failure === undefined) return 0;
  if (sh.dialect === "sh") throw new ShellError(failure.message, "shell", 2);
  return fail(sh, "unset", failure.message);
};
const unsetOne = (sh: Shell, name: string, what: string): void => {
  const removeFunction = (): void => {
    if (sh.functionsShared) {
      sh.functions = new Map(sh.functions);
      sh.functionsShared = false;
    }
    sh.functions.delete(name);
    sh.exportedFunctions.delete(name);
  };
  if (what.includes("f")) return removeFunction();
  const open = name.indexOf("[");
  if (open > 0 && name.endsWith("]")) {
    const inside = name.slice(open + 1, -1);
    const base = name.slice(0, open);
    if ((inside === "@" || inside === "*") && !sh.vars.isMap(base)) return sh.vars.unset(base);
    return sh.vars.unsetElement(base, inside.replace(/^(["'])([^]*)\1$/, "$2"));
  }
  if (!nameRule.test(name)) {
    if (what === "" && sh.dialect === "bash") return removeFunction();
    throw new ShellError(`\`${name}': not a valid identifier`, "command", 1);
  }
  if (what.includes("n")) return sh.vars.unset(name);
  const target = sh.vars.target(name);
  if (target.index !== undefined) return sh.vars.unsetElement(target.name, target.index);
  if (sh.vars.find(target.name) === undefined && what === "" && sh.functions.has(name)) return removeFunction();
  sh.vars.unset(target.name);
};

const runLet = (sh: Shell, args: readonly string[]): number | Task<number> => {
  if (args.length === 0) return fail(sh, "let", "expression expected");
  let last = 0;
  try {
    for (const arg of args) last = Number(evaluate(sh, arg));
  } catch (error) {
    if (!(error instanceof ShellError) || error.scope !== "line") throw error;
    return fail(sh, "let", error.message);
  }
  return last === 0 ? 1 : 0;
};

const attributes = [
  ["-a -A", "indexed array, associative array", "索引数组、关联数组"],
  ["-i", "integer: assignments are arithmetic", "整数：赋值按算术求值"],
  ["-l -u", "lower case, upper case", "转为小写、大写"],
  ["-n", "reference to the variable it names", "引用所指名称的变量"],
  ["-r", "readonly", "只读"],
  ["-x", "exported", "导出"],
  ["-g", "global, inside a function", "在函数内声明为全局"],
  ["-f -F", "functions, their names", "函数、函数名"],
  ["-p", "print declarations", "打印声明"],
] as const;
export const variableBuiltins: readonly Builtin[] = [
  { ...info("export", ["Hand variables to commands", "将变量导出给命令"], [["-n", "no longer", "取消导出"], ["-f", "functions", "函数"], ["-p", "print", "打印"]]), special: true, declares: runDeclaration },
  { ...info("readonly", ["Protect variables from change", "将变量设为只读"], [["-a -A", "arrays", "数组"], ["-p", "print", "打印"]]), special: true, declares: runDeclaration },
  { ...info("declare", ["Set variables and their attributes", "设置变量及其属性"], attributes), bashOnly: true, declares: runDeclaration },
  { ...info("typeset", ["Set variables and their attributes", "设置变量及其属性"], attributes), bashOnly: true, declares: runDeclaration },
  { ...info("local", ["Make variables local to a function", "将变量设为函数局部变量"], attributes), declares: runDeclaration },
  {
    ...info("unset", ["Remove variables or functions", "删除变量或函数"], [["-f", "functions", "函数"], ["-v", "variables", "变量"], ["-n", "the reference itself", "引用本身"]]),
    special: true,
    run: runUnset,
  },
  { ...info("let", ["Evaluate arithmetic", "算术求值"]), bashOnly: true, run: runLet },
];
