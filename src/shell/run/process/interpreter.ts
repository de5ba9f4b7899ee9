/** Owns the start of a shell: `bash`, `sh` and their kin with options, as the main program or as a command inside scripts. */
import { fromBytes } from "../../bytes.ts";
import { FileError } from "../../contract.ts";
import { Jobs } from "../../state/jobs.ts";
import { Options } from "../../state/options.ts";
import type { Process } from "../../state/process.ts";
import { readIfs } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import { flags, Variables } from "../../state/variables.ts";
import { parseProgram } from "../../syntax/parse.ts";
import type { Dialect } from "../../syntax/tree.ts";
import { shellMain } from "./fork.ts";
import { openPath } from "./opening.ts";
import { attachVariables } from "./specials.ts";

const dialects: ReadonlyMap<string, Dialect> = new Map([
  ["bash", "bash"], ["rbash", "bash"], ["zsh", "bash"], ["ksh", "bash"], ["sh", "sh"], ["dash", "sh"], ["ash", "sh"],
]);
export const interpreterNames: ReadonlySet<string> = new Set(dialects.keys());

export interface ShellStart {
  readonly process: Process;
  readonly dialect: Dialect;
  readonly env: ReadonlyMap<string, string>;
  /** `$0`. */
  readonly name: string;
  readonly positional: readonly string[];
  readonly fromText: boolean;
  readonly options: Options;
}

const importEnvironment = (sh: Shell, env: ReadonlyMap<string, string>): void => {
  const { vars } = sh;
  for (const [name, value] of env) {
    const fn = /^BASH_FUNC_(.+)%%$/.exec(name)?.[1];
    if (fn !== undefined && sh.dialect === "bash") importFunction(sh, fn, value);
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && name !== "_" && !vars.dynamic.has(name)) {
      vars.declare(name, flags.export, 0);
      vars.set(name, value);
    }
  }
};
const importFunction = (sh: Shell, name: string, text: string): void => {
  const program = parseProgram(`${name} ${text}`, "bash");
  const command = program.groups[0]?.[0]?.command;
  if (program.error !== undefined || command?.type !== "function") return;
  sh.functions.set(name, { name, body: command.body, text: command.text, line: 0, source: "environment" });
  sh.exportedFunctions.add(name);
};
const presetVariables = (sh: Shell): void => {
  const { vars, kernel } = sh;
  const { user } = kernel.world;
  const preset = (name: string, value: string, on = 0): void => {
    vars.set(name, value);
    if (on !== 0) vars.declare(name, on, 0);
  };
  preset("PWD", sh.process.cwd, flags.export);
  preset("OPTIND", "1");
  preset("IFS", " \t\n");
  preset("PS4", "+ ");
  preset("PPID", String(sh.process.ppid), sh.dialect === "sh" ? 0 : flags.readonly);
  if (sh.dialect === "sh") {
    preset("PS1", user.uid === 0 ? "# " : "$ ");
    preset("PS2", "> ");
    return;
  }
  if (vars.find("OLDPWD") === undefined) vars.declare("OLDPWD", flags.export, 0);
  preset("SHLVL", String((Number(vars.get("SHLVL") ?? "0") || 0) + 1), flags.export);
  preset("UID", String(user.uid), flags.readonly | flags.integer);
  preset("EUID", String(user.uid), flags.readonly | flags.integer);
  preset("HOSTNAME", user.hostname);
  preset("BASH", "/usr/bin/bash");
  preset("BASH_VERSION", "5.2.15(1)-release");
  vars.setList("BASH_VERSINFO", ["5", "2", "15", "1", "release", "x86_64-pc-linux-gnu"]);
  vars.declare("BASH_VERSINFO", flags.readonly, 0);
  preset("OSTYPE", "linux-gnu");
  preset("MACHTYPE", "x86_64-pc-linux-gnu");
  preset("HOSTTYPE", "x86_64");
  preset("OPTERR", "1");
};

export const makeShell = (start: ShellStart): Shell => {
  const { process } = start;
  const sh: Shell = {
    engine: process.kernel.engine,
    kernel: process.kernel,
    process,
    dialect: start.dialect,
    vars: new Variables(),
    options: start.options,
    jobs: new Jobs(),
    functions: new Map(),
    functionsShared: false,
    exportedFunctions: new Set(),
    aliases: new Map(),
    traps: new Map(),
    trapFrames: new Set(),
    trapsLost: () => false,
    keepsTrap: () => false,
    trapsInherited: false,
    ignoredAtStart: new Set(),
    positional: start.positional,
    name: start.name,
    mainPid: process.pid,
    status: 0,
    pipeStatus: [0],
    lastBackground: "",
    calls: [],
    flow: undefined,
    loopDepth: 0,
    textDepth: 0,
    substitutionDepth: 0,
    line: 1,
    command: "",
    conditionDepth: 0,
    subshellDepth: 0,
    inTrap: undefined,
    fromText: start.fromText,
    ifs: readIfs(" \t\n"),
    random: Math.floor(process.kernel.world.random() * 32768),
    secondsBase: process.kernel.world.clock.now(),
    directoryStack: [],
    lastArgument: start.name,
    hashed: new Map(),
    getoptsAt: 0,
    opened: [],
    substituted: undefined,
    execNext: false,
  };
  attachVariables(sh);
  importEnvironment(sh, start.env);
  presetVariables(sh);
  for (const [signal, how] of process.dispositions) if (how === "ignore") sh.ignoredAtStart.add(signal);
  return sh;
};

/** Runs a builtin as the program of a process. */
export function* runAsCommand(process: Process, argv: readonly string[], env: ReadonlyMap<string, string>): Task<number> {
  process.ownFds();
  const name = (argv[0] as string).slice((argv[0] as string).lastIndexOf("/") + 1);
  const sh = makeShell({ process, dialect: "bash", env, name, positional: [], fromText: true, options: new Options() });
  return yield* shellMain(sh, sh.engine.runWords(sh, [name, ...argv.slice(1)], { skip: "functions" }));
}

interface Call {
  readonly options: Options;
  readonly command: string | undefined;
  readonly stdin: boolean;
  readonly rest: readonly string[];
  readonly error: string | undefined;
}
const longOptions = new Set(["norc", "noprofile", "login", "posix", "noediting", "restricted", "verbose"]);
/** Reads the options of a shell's command line. */
const readCall = (args: readonly string[]): Call => {
  const options = new Options();
  let wantsCommand = false;
  let stdin = false;
  let i = 0;
  for (; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === "--" || arg === "-") {
      i++;
      break;
    }
    if (arg.startsWith("--")) {
      if (!longOptions.has(arg.slice(2))) return { options, command: undefined, stdin, rest: [], error: `${arg}: invalid option` };
      if (arg === "--posix") options.posix = true;
      continue;
    }
    if (!/^[-+]./.test(arg)) break;
    const on = arg[0] === "-";
    for (const letter of arg.slice(1)) {
      if (letter === "c" && on) wantsCommand = true;
      else if (letter === "s" && on) stdin = true;
      else if (letter === "o") {
        if (!options.turn(args[++i] ?? "", on)) return { options, command: undefined, stdin, rest: [], error: `${args[i] ?? ""}: invalid option name` };
      } else if (letter === "O") options.turnShopt(args[++i] ?? "", on);
      else if (!"il".includes(letter) && !options.turnLetter(letter, on)) return { options, command: undefined, stdin, rest: [], error: `${arg}: invalid option` };
    }
  }
  if (!wantsCommand) return { options, command: undefined, stdin, rest: args.slice(i), error: undefined };
  if (i >= args.length) return { options, command: undefined, stdin, rest: [], error: "-c: option requires an argument" };
  return { options, command: args[i] as string, stdin, rest: args.slice(i + 1), error: undefined };
};

function* readAll(process: Process, path: string): Task<string> {
  const file = (yield* openPath(process, path, { mode: "r" })).retain();
  try {
    let text = "";
    for (;;) {
      const chunk = yield* settle(file.read());
      if (chunk === null) return text;
      text += fromBytes(chunk);
    }
  } finally {
    file.release();
  }
}
/** A script's text by path: beside the shell, or in PATH when the name has no slash. */
function* scriptText(process: Process, path: string, env: ReadonlyMap<string, string>): Task<string> {
  try {
    return yield* readAll(process, path);
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== "ENOENT" || path.includes("/")) throw error;
    for (const directory of (env.get("PATH") ?? "").split(":")) {
      try {
        return yield* readAll(process, `${directory}/${path}`);
      } catch (inner) {
        if (!(inner instanceof FileError)) throw inner;
      }
    }
    throw error;
  }
}
function* refuse(process: Process, message: string, status: number): Task<number> {
  yield* settle(process.fds.get(2)?.writeText(`${message}\n`));
  return status;
}

/** Runs a shell as the program of `process`. `argv[0]` is what it was called. */
export function* runInterpreter(process: Process, name: string, argv: readonly string[], env: ReadonlyMap<string, string>): Task<number> {
  process.ownFds();
  const dialect = dialects.get(name) as Dialect;
  const asked = readCall(argv.slice(1));
  const called = argv[0] as string;
  if (asked.error !== undefined) return yield* refuse(process, `${called}: ${asked.error}`, 2);
  const { options, rest } = asked;
  const start = (shellName: string, positional: readonly string[], fromText: boolean): Shell =>
    makeShell({ process, dialect, env, name: shellName, positional, fromText, options });
  if (dialect === "sh") options.expandAliases = true;
  if (asked.command !== undefined) {
    const sh = start(rest[0] ?? called, rest.slice(1), true);
    return yield* shellMain(sh, sh.engine.runText(sh, asked.command));
  }
  if (asked.stdin || rest.length === 0) {
    const text = yield* readAll(process, "/dev/stdin");
    const sh = start(called, rest, false);
    return yield* shellMain(sh, sh.engine.runText(sh, text));
  }
  const path = rest[0] as string;
  let text: string;
  try {
    text = yield* scriptText(process, path, env);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return yield* refuse(process, `${called}: ${path}: ${error.message}`, dialect === "sh" ? 2 : error.code === "ENOENT" ? 127 : 126);
  }
  const sh = start(path, rest.slice(1), false);
  return yield* shellMain(sh, sh.engine.runText(sh, text));
}
