/** Owns set, shift, shopt, alias, unalias, getopts, umask, hash, times, ulimit, enable, caller. */
import { quoteListed, singleQuote } from "../expand/quote.ts";
import { ExitShell } from "../state/errors.ts";
import { shoptNames, wordOptions } from "../state/options.ts";
import { complain, out } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { quoteKey } from "../expand/operations.ts";
import { quoteDouble } from "../expand/quote.ts";
import { fail, info, say } from "./entry.ts";
import type { Builtin } from "./entry.ts";
import { printFunction } from "./print.ts";

const listVariables = (sh: Shell): string => {
  let text = "";
  for (const name of sh.vars.names().sort()) {
    const v = sh.vars.find(name);
    if (v?.list !== undefined || v?.map !== undefined) {
      const body = sh.vars.entries(name).map(([key, value]) => `[${quoteKey(key)}]=${quoteDouble(value)}`).join(" ");
      text += `${name}=(${body}${v.map !== undefined && body !== "" ? " " : ""})\n`;
    } else if (v?.value !== undefined) text += `${name}=${sh.dialect === "sh" ? singleQuote(v.value) : quoteListed(v.value)}\n`;
  }
  for (const fn of [...sh.functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) text += sh.dialect === "sh" ? "" : `${printFunction(fn)}\n`;
  return text;
};
const listOptions = (sh: Shell, form: "-" | "+"): string =>
  wordOptions.map((name) => (form === "+" ? `set ${sh.options.isOn(name) ? "-" : "+"}o ${name}\n` : `${name.padEnd(15)}\t${sh.options.isOn(name) ? "on" : "off"}\n`)).join("");

const runSet = (sh: Shell, args: readonly string[]): number | Task<number> => {
  if (args.length === 0) return say(sh, listVariables(sh));
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === "--") {
      sh.positional = args.slice(i + 1);
      return 0;
    }
    if (arg === "-" || arg === "+") {
      if (arg === "-") sh.options.turn("xtrace", false);
      i++;
      break;
    }
    if (!/^[-+]/.test(arg)) break;
    const on = arg[0] === "-";
    for (const letter of arg.slice(1)) {
      if (letter === "o") {
        const name = args[++i];
        if (name === undefined) return say(sh, listOptions(sh, on ? "-" : "+"));
        if (!sh.options.turn(name, on) || (sh.dialect === "sh" && name === "pipefail")) return badOption(sh, `${name}: invalid option name`);
      } else if (!sh.options.turnLetter(letter, on)) return badOption(sh, `${arg[0] as string}${letter}: invalid option`);
    }
  }
  if (i < args.length) sh.positional = args.slice(i);
  return 0;
};
const badOption = (sh: Shell, message: string): Task<number> =>
  (function* (): Task<number> {
    yield* settle(complain(sh, sh.dialect === "sh" ? `set: Illegal option ${message.split(":")[0] as string}` : `set: ${message}`));
    if (sh.dialect === "sh") throw new ExitShell(2);
    return 2;
  })();

const runShift = (sh: Shell, args: readonly string[]): number | Task<number> => {
  const given = args[0] ?? "1";
  if (!/^\d+$/.test(given)) return fail(sh, "shift", /^-\d+$/.test(given) ? `${given}: shift count out of range` : `${given}: numeric argument required`);
  const n = Number(given);
  if (n > sh.positional.length) {
    if (sh.dialect === "bash") return 1;
    return (function* (): Task<number> {
      yield* settle(complain(sh, "shift: can't shift that many"));
      throw new ExitShell(2);
    })();
  }
  sh.positional = sh.positional.slice(n);
  return 0;
};

function* runShopt(sh: Shell, args: readonly string[]): Task<number> {
  let how = "";
  let i = 0;
  for (; i < args.length && /^-[supqo]+$/.test(args[i] as string); i++) how += (args[i] as string).slice(1);
  const names = args.slice(i);
  const read = (name: string): boolean | undefined => (how.includes("o") ? (wordOptions.includes(name) ? sh.options.isOn(name) : undefined) : sh.options.shopt(name));
  const all: readonly string[] = how.includes("o") ? wordOptions : shoptNames;
  let status = 0;
  for (const name of names.length > 0 ? names : all) {
    const now = read(name);
    if (now === undefined) {
      yield* settle(complain(sh, `shopt: ${name}: invalid ${how.includes("o") ? "option name" : "shell option name"}`));
      status = 1;
    } else if (names.length > 0 && (how.includes("s") || how.includes("u"))) {
      const on = how.includes("s");
      if (how.includes("o")) sh.options.turn(name, on);
      else sh.options.turnShopt(name, on);
    } else {
      if (!now && names.length > 0) status = 1;
      if (how.includes("q") || (names.length === 0 && ((how.includes("s") && !now) || (how.includes("u") && now)))) continue;
      yield* settle(out(sh).writeText(how.includes("p") ? `shopt -${now ? "s" : "u"} ${name}\n` : `${name.padEnd(15)}\t${now ? "on" : "off"}\n`));
    }
  }
  return status;
}

function* runAlias(sh: Shell, given: readonly string[]): Task<number> {
  const args = given.filter((arg) => arg !== "-p");
  const prefix = sh.dialect === "sh" ? "" : "alias ";
  let status = 0;
  const show = (name: string): string => `${prefix}${name}=${singleQuote(sh.aliases.get(name) as string)}\n`;
  if (args.length === 0) for (const name of [...sh.aliases.keys()].sort()) yield* settle(out(sh).writeText(show(name)));
  for (const arg of args) {
    const equals = arg.indexOf("=");
    if (equals > 0) sh.aliases.set(arg.slice(0, equals), arg.slice(equals + 1));
    else if (sh.aliases.has(arg)) yield* settle(out(sh).writeText(show(arg)));
    else {
      yield* settle(complain(sh, `alias: ${arg}: not found`));
      status = 1;
    }
  }
  return status;
}
const runUnalias = (sh: Shell, args: readonly string[]): number | Task<number> => {
  if (args[0] === "-a") {
    sh.aliases.clear();
    return 0;
  }
  const missing = args.filter((name) => !sh.aliases.delete(name));
  return missing.length === 0 ? 0 : fail(sh, "unalias", `${missing[0] as string}: not found`);
};

function* runGetopts(sh: Shell, args: readonly string[]): Task<number> {
  const [spec, name, ...given] = args as [string, string, ...string[]];
  if (name === undefined) {
    yield* settle(complain(sh, "getopts: usage: getopts optstring name [arg ...]"));
    return 2;
  }
  const words = args.length > 2 ? given : sh.positional;
  const silent = spec.startsWith(":");
  let index = Number(sh.vars.get("OPTIND") ?? "1") || 1;
  const at = sh.getoptsAt;
  const finishAt = (next: number, place: number): void => {
    sh.vars.set("OPTIND", String(next));
    sh.getoptsAt = place;
  };
  const word = words[index - 1];
  if (at === 0 && (word === undefined || !/^-./.test(word) || word === "--")) {
    if (word === "--") index++;
    finishAt(index, 0);
    sh.vars.set(name, "?");
    sh.vars.unset("OPTARG");
    return 1;
  }
  const place = at === 0 ? 1 : at;
  const current = word as string;
  const letter = current[place] as string;
  const known = spec.indexOf(letter, silent ? 1 : 0);
  const last = place + 1 >= current.length;
  if (known < 0 || letter === ":") {
    finishAt(last ? index + 1 : index, last ? 0 : place + 1);
    sh.vars.set(name, "?");
    if (silent) sh.vars.set("OPTARG", letter);
    else {
      sh.vars.unset("OPTARG");
      if (sh.vars.get("OPTERR") !== "0") yield* settle(sh.process.fds.get(2)?.writeText(sh.dialect === "sh" ? `Illegal option -${letter}\n` : `${sh.name}: illegal option -- ${letter}\n`));
    }
    return 0;
  }
  if (spec[known + 1] !== ":") {
    finishAt(last ? index + 1 : index, last ? 0 : place + 1);
    sh.vars.set(name, letter);
    sh.vars.unset("OPTARG");
    return 0;
  }
  const argument = last ? words[index] : current.slice(place + 1);
  finishAt(last ? index + 2 : index + 1, 0);
  if (argument !== undefined) {
    sh.vars.set(name, letter);
    sh.vars.set("OPTARG", argument);
    return 0;
  }
  finishAt(index + 1, 0);
  sh.vars.set(name, silent ? ":" : "?");
  if (silent) sh.vars.set("OPTARG", letter);
  else {
    sh.vars.unset("OPTARG");
    if (sh.vars.get("OPTERR") !== "0") yield* settle(sh.process.fds.get(2)?.writeText(sh.dialect === "sh" ? `No arg for -${letter} option\n` : `${sh.name}: option requires an argument -- ${letter}\n`));
  }
  return 0;
}

/** `u=rwx,go-w` on a mask of permissions that are taken away. */
const symbolicMask = (text: string, mask: number): number | undefined => {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause);
    if (match === null) return undefined;
    const [, who, operator, what] = match as unknown as [string, string, string, string];
    const bits = (what.includes("r") ? 4 : 0) | (what.includes("w") ? 2 : 0) | (/[xX]/.test(what) ? 1 : 0);
    let all = 0;
    let chosen = 0;
    for (const [letter, shift] of [["u", 6], ["g", 3], ["o", 0]] as const) {
      if (who !== "" && !who.includes("a") && !who.includes(letter)) continue;
      all |= 7 << shift;
      chosen |= bits << shift;
    }
    if (operator === "=") allowed = (allowed & ~all) | chosen;
    else allowed = operator === "+" ? allowed | chosen : allowed & ~chosen;
  }
  return ~allowed & 0o777;
};
const runUmask = (sh: Shell, args: readonly string[]): number | Task<number> => {
  const [first] = args;
  if (first === undefined || first === "-p") return say(sh, `${first === "-p" ? "umask " : ""}${sh.process.umask.toString(8).padStart(4, "0")}\n`);
  if (first === "-S" && args.length === 1) {
    const shown = (shift: number): string => ["r", "w", "x"].map((letter, i) => ((~sh.process.umask >> (shift + 2 - i)) & 1 ? letter : "")).join("");
    return say(sh, `u=${shown(6)},g=${shown(3)},o=${shown(0)}\n`);
  }
  const given = first === "-S" ? (args[1] as string) : first;
  const mask = /^[0-7]+$/.test(given) ? parseInt(given, 8) & 0o777 : symbolicMask(given, sh.process.umask);
  if (mask === undefined) return fail(sh, "umask", `\`${given}': invalid symbolic mode operator`);
  sh.process.umask = mask;
  return 0;
};
const runCaller = (sh: Shell, args: readonly string[]): number | Task<number> => {
  const depth = Number(args[0] ?? "0");
  const call = sh.calls[sh.calls.length - 1 - depth];
  if (call === undefined) return 1;
  const outer = sh.calls[sh.calls.length - 2 - depth];
  if (outer === undefined && sh.fromText && args[0] !== undefined) return 1;
  const where = outer?.name ?? "main";
  const file = outer?.source ?? (sh.fromText ? "environment" : sh.name);
  return say(sh, args[0] === undefined ? `${call.line} ${outer === undefined ? (sh.fromText ? "NULL" : file) : file}\n` : `${call.line} ${where} ${file}\n`);
};

export const settingBuiltins: readonly Builtin[] = [
  {
    ...info("set", ["Set options and positional parameters", "设置选项和位置参数"], [
      ["-e", "end at the first failure", "出错即退出"],
      ["-u", "unset variables are errors", "使用未设置的变量视为错误"],
      ["-x", "show commands", "显示执行的命令"],
      ["-f", "no pathname expansion", "禁用路径名展开"],
      ["-C", "do not overwrite files", "不覆盖已有文件"],
      ["-n", "read, do not run", "只读入不执行"],
      ["-a", "export what is assigned", "导出所有赋值的变量"],
      ["-E -T", "functions inherit the ERR, the DEBUG and RETURN traps", "函数继承 ERR、DEBUG/RETURN 陷阱"],
      ["-o pipefail", "a pipeline fails when any stage does", "管道中任一失败即失败"],
      ["-o NAME +o NAME", "an option by name, on or off", "按名称开关选项"],
      ["-- ARG…", "positional parameters", "位置参数"],
    ]),
    special: true,
    run: runSet,
  },
  { ...info("shift", ["Drop positional parameters", "移除位置参数"]), special: true, run: runShift },
  {
    ...info("shopt", ["Set bash options", "设置 bash 选项"], [["-s -u", "on, off", "开、关"], ["-q", "only the status", "只返回状态"], ["-p", "as commands", "以命令形式"], ["-o", "options of set", "set 的选项"]]),
    bashOnly: true,
    run: runShopt,
  },
  { ...info("alias", ["Name a text for commands", "定义别名"]), run: runAlias },
  { ...info("unalias", ["Forget aliases", "删除别名"], [["-a", "all", "全部"]]), run: runUnalias },
  { ...info("getopts", ["Read options one by one", "逐个解析选项"]), run: runGetopts },
  { ...info("umask", ["Permissions that new files do not get", "新文件的权限掩码"], [["-S", "in letters", "符号形式"], ["-p", "as a command", "命令形式"]]), run: runUmask },
  { ...info("hash", ["Remembered command places; kept for compatibility", "命令位置缓存（仅兼容）"], [["-r", "forget", "清空"]]), run: (sh, args) => (sh.dialect === "bash" && args.length === 0 ? say(sh, "hash: hash table empty\n") : 0) },
  { ...info("times", ["Processor times of the shell", "shell 的处理器时间"]), special: true, run: (sh) => say(sh, sh.dialect === "sh" ? "0m0.000000s 0m0.000000s\n0m0.000000s 0m0.000000s\n" : "0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n") },
  { ...info("ulimit", ["Limits of the system; always unlimited here", "系统限制（此处恒为 unlimited）"], [["-n", "open files", "打开文件数"]]), run: (sh, args) => (args.filter((a) => !a.startsWith("-")).length > 0 ? 0 : say(sh, args.includes("-n") ? `${sh.kernel.world.limits.openFilesMax}\n` : "unlimited\n")) },
  { ...info("caller", ["Line and name of the caller", "调用者的行号和名称"]), bashOnly: true, run: runCaller },
  { ...info("enable", ["Builtins cannot be disabled; kept for compatibility", "内建命令不可禁用（仅兼容）"]), bashOnly: true, run: () => 0 },
  { ...info("history", ["There is no history without a terminal", "无终端时没有历史记录"]), bashOnly: true, run: () => 0 },
];
