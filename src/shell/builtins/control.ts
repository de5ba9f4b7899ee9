/** Owns builtins that steer: exit, return, break, continue, eval, source, exec, command, builtin, and the constant ones. */
import { fromBytes } from "../bytes.ts";
import { FileError } from "../contract.ts";
import { fileError } from "../files/errors.ts";
import { ExitShell, ShellError } from "../state/errors.ts";
import { complain } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { call, settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { openPath } from "../run/process/opening.ts";
import { environmentFor, findCommand, replaceShell } from "../run/process/external.ts";
import { describe } from "./type.ts";
import { fail, info } from "./entry.ts";
import type { Builtin } from "./entry.ts";
import { readChunk } from "./input/lines.ts";

const integer = /^[-+]?\d+$/;
const number = /^\d+$/;
/** dash: a special builtin with a bad number ends the shell. */
const illegalNumber = (name: string, given: string): never => {
  throw new ShellError(`${name}: Illegal number: ${given}`, "shell", 2);
};
const runExit = (sh: Shell, args: readonly string[], name: string): number | Task<number> => {
  const [given] = args[0] === "--" ? args.slice(1) : args;
  if (given === undefined) throw new ExitShell(sh.status);
  if (sh.dialect === "sh" && !number.test(given)) return illegalNumber(name, given);
  if (!integer.test(given)) {
    return (function* (): Task<number> {
      yield* settle(complain(sh, sh.dialect === "sh" ? `${name}: Illegal number: ${given}` : `${name}: ${given}: numeric argument required`));
      throw new ExitShell(2);
    })();
  }
  throw new ExitShell(Number(given) & 255);
};
const runReturn = (sh: Shell, args: readonly string[]): number | Task<number> => {
  const [given] = args;
  if (sh.dialect === "sh" && given !== undefined && !number.test(given)) return illegalNumber("return", given);
  if (sh.calls.length === 0 && sh.inTrap === undefined) {
    if (sh.dialect === "sh") throw new ExitShell(given === undefined ? sh.status : Number(given) & 255);
    return fail(sh, "return", "can only `return' from a function or sourced script", 2);
  }
  if (given !== undefined && !integer.test(given)) {
    sh.flow = { type: "return", before: sh.status };
    return fail(sh, "return", `${given}: numeric argument required`, 2);
  }
  sh.flow = { type: "return", before: sh.status };
  // dash keeps what does not fit into a byte until the shell ends.
  sh.status = given === undefined ? sh.status : sh.dialect === "sh" ? Number(given) : Number(given) & 255;
  return sh.status;
};
const runLoopControl =
  (type: "break" | "continue") =>
  (sh: Shell, args: readonly string[]): number | Task<number> => {
    const given = args[0] ?? "1";
    if (sh.dialect === "sh" && (!number.test(given) || Number(given) < 1)) return illegalNumber(type, given);
    if (!integer.test(given)) {
      if (sh.loopDepth === 0) return 0;
      return (function* (): Task<number> {
        yield* settle(complain(sh, `${type}: ${given}: numeric argument required`));
        throw new ExitShell(128);
      })();
    }
    if (sh.loopDepth === 0) {
      return sh.dialect === "sh" ? 0 : fail(sh, type, "only meaningful in a `for', `while', or `until' loop", 0);
    }
    const levels = Number(given);
    if (levels < 1) {
      sh.flow = { type: "break", levels: sh.loopDepth };
      return fail(sh, type, `${given}: loop count out of range`, 1);
    }
    sh.flow = { type, levels: Math.min(levels, sh.loopDepth) };
    return 0;
  };

function* runEval(sh: Shell, args: readonly string[]): Task<number> {
  const text = (args[0] === "--" ? args.slice(1) : args).join(" ");
  if (text.trim() === "") return 0;
  return yield* call(sh.engine.runText(sh, text, sh.line));
}

function* sourcePath(sh: Shell, name: string): Task<string> {
  if (name.includes("/")) return name;
  const found = yield* findCommandFile(sh, name);
  if (found === undefined && (sh.dialect === "sh" || sh.options.posix)) throw fileError("ENOENT", name);
  return found ?? name;
}
function* findCommandFile(sh: Shell, name: string): Task<string | undefined> {
  for (const directory of (sh.vars.get("PATH") ?? "").split(":")) {
    const path = `${directory === "" ? "." : directory}/${name}`;
    try {
      const stat = yield* settle(sh.kernel.world.files.stat(path.startsWith("/") ? path : `${sh.process.cwd}/${path}`));
      if (stat.kind === "file") return path;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return undefined;
}
function* readText(sh: Shell, path: string): Task<string> {
  const file = (yield* openPath(sh.process, path, { mode: "r" })).retain();
  try {
    let text = "";
    for (;;) {
      const chunk = yield* readChunk(file);
      if (chunk === null) return text;
      text += fromBytes(chunk);
    }
  } finally {
    file.release();
  }
}
function* runSource(sh: Shell, given: readonly string[], name: string): Task<number> {
  const args = given[0] === "--" ? given.slice(1) : given;
  const [file, ...rest] = args;
  if (file === undefined) {
    yield* settle(complain(sh, `${name}: filename argument required`));
    return 2;
  }
  let text: string;
  try {
    text = yield* readText(sh, yield* sourcePath(sh, file));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    yield* settle(complain(sh, sh.dialect === "sh" ? `${name}: cannot open ${file}: ${error.message === "No such file or directory" ? "No such file" : error.message}` : `${file}: ${error.message}`));
    if (sh.dialect === "sh" || sh.options.posix) throw new ExitShell(sh.dialect === "sh" ? 2 : 1);
    return 1;
  }
  return yield* call(runSourced(sh, file, text, rest));
}
function* runSourced(sh: Shell, file: string, text: string, rest: readonly string[]): Task<number> {
  const { positional } = sh;
  const replaces = rest.length > 0 && sh.dialect === "bash";
  if (replaces) sh.positional = rest;
  sh.calls.push({ name: "source", line: sh.line, source: file, isFunction: false });
  const line = sh.line;
  const { conditionDepth } = sh;
  // dash ends at a failure in a sourced file even where a condition surrounds it.
  if (sh.dialect === "sh") sh.conditionDepth = 0;
  try {
    sh.status = 0;
    const status = yield* sh.engine.runText(sh, text);
    if (sh.flow?.type === "return") {
      sh.flow = undefined;
      return sh.status;
    }
    return text.trim() === "" ? 0 : status;
  } finally {
    sh.calls.pop();
    sh.line = line;
    sh.conditionDepth = conditionDepth;
    if (replaces && sh.positional === rest) sh.positional = positional;
  }
}

function* runExec(sh: Shell, args: readonly string[]): Task<number> {
  let i = 0;
  let clear = false;
  let login = false;
  let zero: string | undefined;
  for (; i < args.length && /^-./.test(args[i] as string); i++) {
    const arg = args[i] as string;
    if (arg === "--") {
      i++;
      break;
    }
    if (arg === "-a") zero = args[++i];
    else if (arg === "-c") clear = true;
    else if (arg === "-l") login = true;
    else {
      yield* settle(complain(sh, `exec: ${arg}: invalid option`));
      return 2;
    }
  }
  const argv = args.slice(i);
  if (argv.length === 0) return 0;
  const env = clear ? new Map<string, string>() : environmentFor(sh, argv[0] as string);
  const name = zero ?? (argv[0] as string);
  if (sh.options.shopt("execfail") === true) {
    const found = yield* findCommand(sh.kernel, sh.process.cwd, argv[0] as string, sh.vars.get("PATH"));
    if (found.type === "missing") {
      yield* settle(complain(sh, `exec: ${argv[0] as string}: not found`));
      return found.status;
    }
  }
  return yield* replaceShell(sh, argv, { name: login ? `-${name}` : name, env });
}

function* runCommandBuiltin(sh: Shell, args: readonly string[]): Task<number> {
  let i = 0;
  let how = "";
  for (; i < args.length && /^-[pvV]+$/.test(args[i] as string); i++) how += (args[i] as string).slice(1);
  if (args[i] === "--") i++;
  const words = args.slice(i);
  if (words.length === 0) return 0;
  if (how.includes("v") || how.includes("V")) return yield* describe(sh, words, how.includes("v") ? "short" : "long");
  return yield* sh.engine.runWords(sh, words, { skip: "functions" });
}
function* runBuiltinBuiltin(sh: Shell, args: readonly string[]): Task<number> {
  const words = args[0] === "--" ? args.slice(1) : args;
  return words.length === 0 ? 0 : yield* sh.engine.runWords(sh, words, { skip: "all-but-builtins" });
}

export const controlBuiltins: readonly Builtin[] = [
  { ...info(":", ["Do nothing, successfully", "什么也不做，返回成功"]), special: true, run: () => 0 },
  { ...info("true", ["Return success", "返回成功"]), run: () => 0 },
  { ...info("false", ["Return failure", "返回失败"]), run: () => 1 },
  { ...info("exit", ["End the shell with a status", "以给定状态结束 shell"]), special: true, run: runExit },
  { ...info("return", ["End a function or sourced file with a status", "以给定状态结束函数或被引入的文件"]), special: true, run: runReturn },
  { ...info("break", ["Leave loops", "跳出循环"]), special: true, run: runLoopControl("break") },
  { ...info("continue", ["Go on with the next round of a loop", "继续下一轮循环"]), special: true, run: runLoopControl("continue") },
  { ...info("eval", ["Run arguments as shell text", "将参数作为脚本执行"]), special: true, run: runEval },
  { ...info(".", ["Run a file in this shell", "在当前 shell 中执行文件"]), special: true, run: runSource },
  { ...info("source", ["Run a file in this shell", "在当前 shell 中执行文件"]), bashOnly: true, run: runSource },
  {
    ...info("exec", ["Replace the shell by a command, or keep redirections", "用命令替换当前 shell，或保留重定向"], [
      ["-a NAME", "the command's name for itself", "命令看到的自身名称"],
      ["-c", "with an empty environment", "使用空环境"],
      ["-l", "as a login shell", "作为登录 shell"],
    ]),
    special: true,
    run: runExec,
  },
  {
    ...info("command", ["Run a command, not a function of that name", "执行命令而不是同名函数"], [
      ["-v", "say what it means, short", "简短说明其含义"],
      ["-V", "say what it means", "说明其含义"],
      ["-p", "search the standard PATH", "在标准 PATH 中查找"],
    ]),
    run: runCommandBuiltin,
  },
  { ...info("builtin", ["Run a builtin, not a function of that name", "执行内建命令而不是同名函数"]), bashOnly: true, run: runBuiltinBuiltin },
];
