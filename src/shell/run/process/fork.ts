/** Owns the making of child shells: forks of the state, subshells, command and process substitution. */
import { Killed, LimitExceeded } from "../../contract.ts";
import { Capture, NullDevice, PipeEnd } from "../../files/open.ts";
import { Pipe } from "../../files/pipe.ts";
import { ExitShell, ShellError } from "../../state/errors.ts";
import { Process } from "../../state/process.ts";
import { complain } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import type { List, Program, Redirect } from "../../syntax/tree.ts";
import { attachVariables } from "./specials.ts";

/** A copy of the shell's state for a new process. Traps are reset, but still listed until one is set. */
export const forkShell = (sh: Shell, process: Process, deeper: boolean): Shell => {
  sh.functionsShared = true;
  const child: Shell = {
    ...sh,
    process,
    vars: sh.vars.fork(),
    options: sh.options.fork(),
    jobs: sh.jobs.fork(),
    aliases: new Map(sh.aliases),
    traps: sh.dialect === "bash" ? new Map(sh.traps) : new Map([...sh.traps].filter(([, handler]) => handler === "")),
    trapsInherited: true,
    calls: [...sh.calls],
    flow: undefined,
    ifs: { ...sh.ifs },
    subshellDepth: sh.subshellDepth + (deeper ? 1 : 0),
    directoryStack: [...sh.directoryStack],
    hashed: new Map(sh.hashed),
    inTrap: undefined,
    opened: [],
    loopDepth: 0,
  };
  attachVariables(child);
  return child;
};
export const forkProcess = (sh: Shell): Process => {
  const child = new Process(sh.kernel, sh.process, Process.copyFds(sh.kernel, sh.process.fds), true);
  child.group = sh.process.group;
  return child;
};

/** What an escaped error means for a shell process: its message is said, its status is the process's. */
function* statusOfError(sh: Shell, error: unknown): Task<number> {
  if (error instanceof ExitShell) return error.status;
  if (error instanceof ShellError) {
    if (error.message !== "") yield* settle(complain(sh, error.message));
    return sh.dialect === "sh" ? 2 : (error.status ?? 1);
  }
  if (error instanceof RangeError) {
    yield* settle(complain(sh, "too deep a recursion"));
    return 1;
  }
  throw error;
}

/** The whole life of a shell process: its work, then its EXIT trap. */
export function* shellMain(sh: Shell, work: Task<number>): Task<number> {
  let status: number;
  let ended: Killed | undefined;
  try {
    status = yield* work;
  } catch (error) {
    if (error instanceof LimitExceeded) {
      sh.kernel.fail(error);
      throw error;
    }
    if (error instanceof Killed && error.signal !== "KILL" && sh.dialect === "bash" && !sh.trapsInherited && sh.traps.has("EXIT")) {
      ended = error;
      sh.process.fatal = undefined;
      status = sh.status;
    } else status = yield* statusOfError(sh, error);
  }
  if (!sh.trapsInherited && (sh.traps.get("EXIT") ?? "") !== "") {
    sh.status = status;
    sh.flow = undefined;
    try {
      yield* sh.engine.runTrap(sh, "EXIT");
    } catch (error) {
      status = yield* statusOfError(sh, error);
    }
  }
  if (ended !== undefined) throw ended;
  return status;
}

/** Starts a child shell on its process. */
export const startShell = (child: Shell, work: Task<number>): void => child.process.start(shellMain(child, work));

/** Waits for a child that runs in the foreground. */
export function* foreground(sh: Shell, process: Process): Task<number> {
  if (process.status === undefined) yield process.whenEnded();
  return process.status as number;
}

export function* runSubshell(sh: Shell, list: List): Task<number> {
  if (sh.execNext) {
    sh.execNext = false;
    return yield* sh.engine.runList(sh, list);
  }
  const child = forkShell(sh, forkProcess(sh), true);
  startShell(child, sh.engine.runList(child, list));
  return yield* foreground(sh, child.process);
}

/** `$(…)`: the output without NULs and final newlines; its status is kept for assignments. */
export function* substitute(sh: Shell, program: Program): Task<string> {
  const process = forkProcess(sh);
  const capture = new Capture((bytes) => sh.kernel.hold(bytes));
  process.install(1, capture);
  const child = forkShell(sh, process, true);
  if (sh.dialect === "bash" && !sh.options.inheritErrexit && !sh.options.posix) child.options.errexit = false;
  if (sh.dialect === "sh") child.conditionDepth = 0;
  child.execNext = isOneCommand(program);
  child.substitutionDepth++;
  const input = sh.dialect === "bash" ? onlyInput(program) : undefined;
  startShell(child, input === undefined ? sh.engine.runProgram(child, program) : copyInput(child, input));
  if (process.status === undefined) yield process.whenEnded();
  if (capture.open) yield capture.whenClosed();
  sh.kernel.hold(-capture.size);
  sh.substituted = process.status as number;
  if (sh.dialect === "bash") sh.status = sh.substituted;
  const text = capture.value.includes("\0") ? capture.value.replaceAll("\0", "") : capture.value;
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 10) end--;
  return text.slice(0, end);
}

const isOneCommand = (program: Program): boolean =>
  program.error === undefined && program.groups.length === 1 && program.groups[0]?.length === 1 && program.groups[0][0]?.command.type === "simple" && !program.groups[0][0].background;
/** The redirection of `$(< file)`, which gives the file's content. */
const onlyInput = (program: Program): Redirect | undefined => {
  const command = program.groups.length === 1 && program.groups[0]?.length === 1 ? program.groups[0][0]?.command : undefined;
  if (command?.type !== "simple" || command.words.length > 0 || command.assigns.length > 0 || command.redirects.length !== 1) return undefined;
  return command.redirects[0]?.operator === "<" ? command.redirects[0] : undefined;
};
function* copyInput(sh: Shell, input: Redirect): Task<number> {
  if (!(yield* sh.engine.applyRedirects(sh, [input]))) return 1;
  const [from, to] = [sh.process.need(0), sh.process.need(1)];
  for (;;) {
    while (!from.readable) yield from.whenReadable();
    const chunk = yield* settle(from.read());
    if (chunk === null) return 0;
    yield* settle(to.write(chunk));
  }
}

/** `<(…)` and `>(…)`: a path to the end of a pipe that a child holds at the other side. */
export const processSubstitution = (sh: Shell, program: Program, write: boolean): string => {
  const pipe = new Pipe();
  const process = forkProcess(sh);
  process.install(write ? 0 : 1, new PipeEnd(pipe, write ? "r" : "w"));
  const ours = new PipeEnd(pipe, write ? "w" : "r");
  let fd = 63;
  while (sh.process.fds.has(fd)) fd--;
  sh.process.install(fd, ours);
  sh.opened.push(fd);
  const child = forkShell(sh, process, true);
  for (const other of sh.opened) if (other !== fd) process.closeFd(other);
  startShell(child, sh.engine.runProgram(child, program));
  sh.lastBackground = String(process.pid);
  sh.jobs.know(process);
  return `/dev/fd/${fd}`;
};

/** An input that is at its end, for background commands of a shell without job control. */
export const noInput = (): NullDevice => new NullDevice();
