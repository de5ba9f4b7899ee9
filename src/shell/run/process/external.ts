/** Owns commands that are no builtins: finding them by PATH, scripts by their first line, running them as processes. */
import { fromBytes } from "../../bytes.ts";
import { FileError, isPromise, Killed, LimitExceeded } from "../../contract.ts";
import type { Command, SpawnOptions } from "../../contract.ts";
import { nameOf, resolvePath } from "../../files/paths.ts";
import { ExitShell } from "../../state/errors.ts";
import type { Kernel } from "../../state/kernel.ts";
import { Process } from "../../state/process.ts";
import { complain } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import { foreground } from "./fork.ts";
import { interpreterNames, runAsCommand, runInterpreter } from "./interpreter.ts";
import { CommandProc, descriptionOf } from "./proc.ts";

/** Directories whose commands are those of the table. */
const systemDirectories = new Set(["/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin"]);
const defaultPath = "/usr/local/bin:/usr/bin:/bin";

type Found =
  | { readonly type: "command"; readonly name: string }
  | { readonly type: "script"; readonly path: string }
  | { readonly type: "missing"; readonly status: 126 | 127; readonly words: string };

/** Builtins that exist as programs too (`xargs echo`, `env printf`). */
const builtinPrograms = new Set(["[", "echo", "false", "kill", "printf", "pwd", "test", "true"]);
const isKnown = (kernel: Kernel, name: string): boolean => kernel.world.commands.has(name) || interpreterNames.has(name) || builtinPrograms.has(name);

/** What kind of executable stands at a path. */
function* atPath(kernel: Kernel, cwd: string, path: string): Task<Found> {
  const absolute = resolvePath(cwd, path);
  try {
    const stat = yield* settle(kernel.world.files.stat(absolute));
    if (stat.kind === "directory") return { type: "missing", status: 126, words: "Is a directory" };
    if ((stat.mode & 0o111) === 0) return { type: "missing", status: 126, words: "Permission denied" };
    return { type: "script", path };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const slash = absolute.lastIndexOf("/");
    const name = nameOf(absolute);
    if (systemDirectories.has(absolute.slice(0, slash)) && isKnown(kernel, name)) return { type: "command", name };
    return { type: "missing", status: error.code === "ENOTDIR" ? 126 : 127, words: error.message };
  }
}
export function* findCommand(kernel: Kernel, cwd: string, name: string, path: string | undefined): Task<Found & { readonly at?: string }> {
  if (name.includes("/")) return yield* atPath(kernel, cwd, name);
  for (const directory of (path ?? defaultPath).split(":")) {
    if (systemDirectories.has(directory)) {
      if (isKnown(kernel, name)) return { type: "command", name, at: `${directory === "/usr/local/bin" ? "/usr/bin" : directory}/${name}` };
      continue;
    }
    const found = yield* atPath(kernel, cwd, `${directory === "" ? "." : directory}/${name}`);
    if (found.type === "script") return { ...found, at: found.path };
  }
  return { type: "missing", status: 127, words: "command not found" };
}

/** The nearest name that exists, for the message. */
const suggestion = (kernel: Kernel, name: string): string => {
  const near = (other: string): boolean => {
    if (Math.abs(other.length - name.length) > 1 || name.length < 3) return false;
    let i = 0;
    while (i < name.length && i < other.length && name[i] === other[i]) i++;
    const [a, b] = [name.slice(i), other.slice(i)];
    return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
  };
  for (const other of kernel.world.commands.keys()) if (near(other)) return ` (did you mean '${other}'?)`;
  return "";
};

/** The interpreter that a script's first line names, with its argument. */
function* shebang(process: Process, path: string): Task<readonly string[] | undefined> {
  const { files } = process.kernel.world;
  const head = fromBytes(yield* settle(files.read(resolvePath(process.cwd, path), 0, 256)));
  const match = /^#!\s*(\S+)[ \t]*([^\n]*)/.exec(head);
  if (match === null) return undefined;
  const [, interpreter, rest] = match as unknown as [string, string, string];
  const argument = rest.trim();
  if (nameOf(interpreter) !== "env") return argument === "" ? [interpreter] : [interpreter, argument];
  const words = argument.split(/\s+/).filter((word) => word !== "" && word !== "-S");
  return words.length === 0 ? [interpreter] : words;
}

const commandOf = (kernel: Kernel, name: string): Command | Promise<Command> | undefined => {
  const entry = kernel.world.commands.get(name);
  if (entry === undefined) return undefined;
  return "run" in entry ? entry.run : entry.load();
};

/** The life of a process that runs a command of the table. */
function* runCommand(process: Process, argv: readonly string[], env: ReadonlyMap<string, string>, name: string): Task<number> {
  const proc = new CommandProc(process, argv, env, spawnProcess);
  try {
    const command = yield* settle(commandOf(process.kernel, name) as Command | Promise<Command>);
    const result = command(proc);
    if (!isPromise(result)) return result;
    process.ownFds();
    return (yield result) as number;
  } catch (error) {
    if (error instanceof Killed) {
      if (process.fatal === undefined && error.signal === "PIPE" && process.dispositions.get("PIPE") === "ignore") return 1;
      throw error;
    }
    if (error instanceof LimitExceeded) {
      process.kernel.fail(error);
      throw error;
    }
    const words = error instanceof Error ? error.message : String(error);
    yield* settle(process.fds.get(2)?.writeText(`${argv[0] ?? name}: ${error instanceof FileError ? `${error.path}: ${words}` : `internal error: ${words}`}\n`));
    return 126;
  } finally {
    proc.closeAll();
  }
}

/** The life of a process that runs `argv`: a command, an interpreter, a script. */
export function* runArgv(process: Process, argv: readonly string[], env: ReadonlyMap<string, string>, depth = 0): Task<number> {
  const name = argv[0] as string;
  const found = yield* findCommand(process.kernel, process.cwd, name, env.get("PATH"));
  if (found.type === "missing") {
    yield* settle(process.fds.get(2)?.writeText(`${name}: ${found.words}\n`));
    return found.status;
  }
  if (found.type === "command") {
    if (interpreterNames.has(found.name)) return yield* runInterpreter(process, found.name, argv, env);
    if (!process.kernel.world.commands.has(found.name)) return yield* runAsCommand(process, argv, env);
    return yield* runCommand(process, argv, env, found.name);
  }
  const interpreter = depth > 4 ? undefined : yield* shebang(process, found.path);
  if (interpreter === undefined) return yield* runInterpreter(process, "sh", ["sh", found.path, ...argv.slice(1)], env);
  return yield* runArgv(process, [...interpreter, found.path, ...argv.slice(1)], env, depth + 1);
}

const spawnProcess = (parent: Process, argv: readonly string[], options: SpawnOptions): Process => {
  const fds = Process.copyFds(parent.kernel, parent.fds);
  const process = new Process(parent.kernel, parent, fds, true);
  process.group = process.pid;
  for (const [fd, file] of options.fds ?? []) {
    if (file === null) process.closeFd(fd);
    else process.install(fd, descriptionOf(file));
  }
  if (options.cwd !== undefined) process.cwd = options.cwd;
  process.start(runArgv(process, argv, options.env ?? new Map()));
  return process;
};

function* refuse(sh: Shell, name: string, found: Extract<Found, { type: "missing" }>): Task<number> {
  const hint = found.status === 127 && !name.includes("/") ? suggestion(sh.kernel, name) : "";
  const words = sh.dialect === "sh" && found.words === "command not found" ? "not found" : found.words;
  yield* settle(complain(sh, `${name}: ${words}${hint}`));
  return found.status;
}

/** Runs a command that is no builtin and no function. `once`: nothing comes after, so it may have this process. */
export function* runExternal(sh: Shell, argv: readonly string[], once: boolean): Task<number> {
  const name = argv[0] as string;
  const handler = sh.functions.get("command_not_found_handle");
  const found = yield* findCommand(sh.kernel, sh.process.cwd, name, sh.vars.get("PATH"));
  if (found.type === "missing") {
    if (handler !== undefined && found.status === 127 && sh.dialect === "bash") return yield* sh.engine.runWords(sh, ["command_not_found_handle", ...argv], {});
    return yield* refuse(sh, name, found);
  }
  const env = environmentFor(sh, found.at ?? name);
  if (once && (sh.traps.size === 0 || sh.trapsInherited)) return yield* runArgv(sh.process, argv, env);
  sh.kernel.expectRoom();
  const process = new Process(sh.kernel, sh.process, sh.process.fds, false);
  const inTable = found.type === "command" && sh.kernel.world.commands.has(found.name);
  if (!inTable) process.ownFds();
  process.start(inTable ? runCommand(process, argv, env, found.name) : runArgv(process, argv, env));
  return yield* foreground(sh, process);
}
export const environmentFor = (sh: Shell, path: string): ReadonlyMap<string, string> => {
  if (sh.dialect === "sh" && !hasExports(sh)) return sh.vars.environment();
  const env = new Map(sh.vars.environment());
  if (sh.dialect === "bash") env.set("_", path);
  for (const name of sh.exportedFunctions) {
    const fn = sh.functions.get(name);
    if (fn !== undefined) env.set(`BASH_FUNC_${name}%%`, `() ${fn.text}`);
  }
  return env;
};
const hasExports = (sh: Shell): boolean => sh.exportedFunctions.size > 0;

/** `exec COMMAND`: this process becomes the command. */
export function* replaceShell(sh: Shell, argv: readonly string[], how: { readonly name: string; readonly env: ReadonlyMap<string, string> }): Task<never> {
  const name = argv[0] as string;
  const found = yield* findCommand(sh.kernel, sh.process.cwd, name, sh.vars.get("PATH"));
  if (found.type === "missing") {
    yield* refuse(sh, name, found);
    throw new ExitShell(found.status);
  }
  for (const [signal, disposition] of sh.process.dispositions) if (disposition === "trap") sh.process.dispositions.delete(signal);
  sh.traps = new Map();
  sh.trapsInherited = false;
  const command = found.type === "command" ? found.name : undefined;
  const given = [how.name, ...argv.slice(1)];
  if (command !== undefined && interpreterNames.has(command)) throw new ExitShell(yield* runInterpreter(sh.process, command, given, how.env));
  if (command !== undefined && sh.kernel.world.commands.has(command)) throw new ExitShell(yield* runCommand(sh.process, given, how.env, command));
  throw new ExitShell(yield* runArgv(sh.process, argv, how.env));
}
