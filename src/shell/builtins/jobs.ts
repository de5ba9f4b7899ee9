/** Owns trap, kill, wait, jobs and disown. */
import { quoteValue, singleQuote } from "../expand/quote.ts";
import { lastOf } from "../state/jobs.ts";
import type { Job } from "../state/jobs.ts";
import type { Process } from "../state/process.ts";
import { ShellError } from "../state/errors.ts";
import { complain, out } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { parseSignal, signalName, signalNumbers, signalWords } from "../state/signals.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { fail, info } from "./entry.ts";
import type { Builtin } from "./entry.ts";

const pseudo = new Set(["EXIT", "ERR", "DEBUG", "RETURN"]);
const trapName = (sh: Shell, text: string): string | undefined => {
  if (sh.dialect === "sh" && /^sig/i.test(text)) return undefined;
  const name = parseSignal(text) ?? text.toUpperCase();
  if (name in signalNumbers || name === "EXIT") return name;
  return sh.dialect === "bash" && pseudo.has(name) ? name : undefined;
};
const order = (name: string): number => (name === "EXIT" ? 0 : (signalNumbers[name] ?? 100 + ["DEBUG", "ERR", "RETURN"].indexOf(name)));
const listTraps = (sh: Shell, names: readonly string[]): string =>
  names
    .map((name) => {
      const handler = sh.traps.get(name) ?? (sh.ignoredAtStart.has(name) ? "" : undefined);
      if (handler === undefined) return "";
      const shown = sh.dialect === "bash" ? (handler === "" ? "''" : quoteValue(handler)) : singleQuote(handler);
      return `trap -- ${shown} ${sh.dialect === "sh" || pseudo.has(name) ? name : `SIG${name}`}\n`;
    })
    .join("");

/** A subshell that touches its traps has its own from then on: only ignored ones stay. */
const ownTraps = (sh: Shell): void => {
  if (!sh.trapsInherited) return;
  const kept = [...sh.traps].filter(([name, handler]) => handler === "" || sh.keepsTrap(name));
  sh.traps = new Map(kept);
  sh.trapsInherited = false;
};
const setTrap = (sh: Shell, name: string, handler: string | undefined): void => {
  ownTraps(sh);
  if (sh.ignoredAtStart.has(name)) return;
  if (handler === undefined) sh.traps.delete(name);
  else sh.traps.set(name, handler);
  if (handler !== undefined && (name === "ERR" || name === "RETURN")) sh.trapFrames.add(`${name}${sh.calls.length}`);
  if (pseudo.has(name)) return;
  if (handler === undefined) sh.process.dispositions.delete(name);
  else sh.process.dispositions.set(name, handler === "" ? "ignore" : "trap");
};
function* runTrap(sh: Shell, given: readonly string[]): Task<number> {
  let args = given;
  if (sh.dialect === "sh" && /^-[a-zA-Z]/.test(args[0] ?? "")) throw new ShellError(`trap: Illegal option ${args[0] as string}`, "shell", 2);
  if (sh.dialect === "sh" && args.length === 1 && trapName(sh, args[0] as string) === undefined && args[0] !== "-") return yield* failing(sh, `trap: ${args[0] as string}: bad trap`);
  if (args[0] === "-l") {
    yield* settle(out(sh).writeText(signalTable()));
    return 0;
  }
  const prints = args[0] === "-p";
  if (prints || args[0] === "--") args = args.slice(1);
  if (args.length === 0 || prints) {
    const names = args.length === 0 ? [...sh.traps.keys()].sort((a, b) => order(a) - order(b)) : args.map((arg) => trapName(sh, arg) ?? arg);
    yield* settle(out(sh).writeText(listTraps(sh, names)));
    return 0;
  }
  const resets = args[0] === "-" || (args.length === 1 && trapName(sh, args[0] as string) !== undefined) || /^\d+$/.test(args[0] as string);
  const handler = resets ? undefined : (args[0] as string);
  const names = resets && args[0] !== "-" ? args : args.slice(1);
  if (names.length === 0) return yield* usage(sh, "trap: usage: trap [-lp] [[arg] signal_spec ...]");
  let status = 0;
  for (const text of names) {
    const name = trapName(sh, text);
    if (name === undefined) {
      yield* settle(complain(sh, sh.dialect === "sh" ? `trap: ${text}: bad trap` : `trap: ${text}: invalid signal specification`));
      status = 1;
    } else setTrap(sh, name, handler);
  }
  return status;
}
function* usage(sh: Shell, message: string): Task<number> {
  yield* settle(complain(sh, message));
  return 2;
}

const signalTable = (): string => {
  const cells = Object.entries(signalNumbers).map(([name, number]) => `${String(number).padStart(2)}) SIG${name}`);
  let text = "";
  for (let i = 0; i < cells.length; i += 5) text += `${cells.slice(i, i + 5).join("\t")}\n`;
  return text;
};
function* listSignals(sh: Shell, args: readonly string[]): Task<number> {
  if (args.length === 0) {
    const plain = Object.keys(signalNumbers).join("\n");
    yield* settle(out(sh).writeText(sh.dialect === "sh" ? `0\n${plain}\n` : signalTable()));
    return 0;
  }
  for (const arg of args) {
    const number = /^\d+$/.test(arg) ? Number(arg) : undefined;
    if (number === undefined && sh.dialect === "sh") return yield* failing(sh, `kill: Illegal number: ${arg}`);
    const shown = number === undefined ? signalNumbers[parseSignal(arg) ?? ""] : signalName(number > 128 ? number - 128 : number);
    if (shown === undefined) return yield* failing(sh, `kill: ${arg}: invalid signal specification`);
    yield* settle(out(sh).writeText(`${shown}\n`));
  }
  return 0;
}
function* failing(sh: Shell, message: string): Task<number> {
  yield* settle(complain(sh, message));
  return 1;
}
const targetsOf = (sh: Shell, text: string): readonly Process[] => {
  if (text.startsWith("%")) return sh.jobs.find(text)?.processes ?? [];
  if (!/^-?\d+$/.test(text)) return [];
  const pid = Number(text);
  if (pid > 0) {
    const found = sh.kernel.processes.get(pid);
    return found === undefined ? [] : [found];
  }
  const group = pid === 0 ? sh.process.group : -pid;
  return [...sh.kernel.processes.values()].filter((process) => process.group === group);
};
function* runKill(sh: Shell, args: readonly string[]): Task<number> {
  let signal = "TERM";
  let zero = false;
  let i = 0;
  const first = args[0];
  if (first === "-l" || first === "-L") return yield* listSignals(sh, args.slice(1));
  if (first !== undefined && /^-./.test(first) && first !== "--") {
    let text = first.slice(1);
    if (sh.dialect === "sh" && /^sig/i.test(text)) return yield* usage(sh, `kill: Illegal option -${text.slice(0, 1)}`);
    i = 1;
    if (text === "s" || text === "n") text = args[i++] ?? "";
    zero = text === "0";
    const name = zero ? "TERM" : parseSignal(text);
    if (name === undefined || name === "EXIT") {
      if (sh.dialect === "sh") return yield* usage(sh, `kill: invalid signal number or name: ${text}`);
      return yield* failing(sh, `kill: ${text}: invalid signal specification`);
    }
    signal = name;
  }
  if (args[i] === "--") i++;
  const targets = args.slice(i);
  if (targets.length === 0) return yield* usage(sh, "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]");
  let status = 0;
  for (const text of targets) {
    const found = targetsOf(sh, text);
    if (found.length === 0) {
      const words = text.startsWith("%") ? `${text}: no such job` : /^-?\d+$/.test(text) ? `(${text}) - No such process` : `${text}: arguments must be process or job IDs`;
      yield* settle(complain(sh, `kill: ${words}`));
      status = 1;
    } else if (!zero) for (const process of found) process.signal(signal);
  }
  if (sh.process.fatal !== undefined) throw sh.process.fatal;
  // Whoever was signalled gets its turn before the next command here.
  if (!zero) yield Promise.resolve();
  return status;
}

/** Waits for one of the processes; a trapped signal comes first: then its name's status. */
function* waitAny(sh: Shell, processes: readonly Process[]): Task<Process | number> {
  for (;;) {
    if (sh.process.pending.length > 0) {
      const signal = sh.process.pending[0] as string;
      yield* sh.engine.runTraps(sh);
      if (signal !== "CHLD") return 128 + (signalNumbers[signal] ?? 0);
    }
    const ended = processes.find((process) => process.status !== undefined);
    if (ended !== undefined) return ended;
    yield Promise.race([...processes.map((process) => process.whenEnded()), sh.process.whenSignalled()]);
  }
}
function* report(sh: Shell, process: Process): Task<number> {
  const job = sh.jobs.jobOf(process.pid);
  if (job !== undefined && job.processes.every((p) => p.status !== undefined)) sh.jobs.remove(job);
  const words = process.endedBy === undefined || process.endedBy === "INT" || process.endedBy === "PIPE" ? undefined : signalWords[process.endedBy];
  if (words !== undefined && job !== undefined && process.endedBy !== "TERM") {
    yield* settle(sh.process.fds.get(2)?.writeText(`${sh.name}: line ${sh.line}: ${process.pid} ${words}  ${job.text}\n`));
  }
  return process.status as number;
}
function* waitNext(sh: Shell, jobs: readonly Job[], into: string | undefined): Task<number> {
  const waiting = jobs.filter((job) => !job.reported);
  if (waiting.length === 0) return 127;
  const found = yield* waitAny(sh, waiting.map(lastOf));
  if (typeof found === "number") return found;
  if (into !== undefined) sh.vars.set(into, String(found.pid));
  return yield* report(sh, found);
}
function* runWait(sh: Shell, args: readonly string[]): Task<number> {
  let next = false;
  let into: string | undefined;
  let i = 0;
  for (; i < args.length && /^-./.test(args[i] as string); i++) {
    const arg = args[i] as string;
    if (arg === "--") {
      i++;
      break;
    }
    if (arg.includes("n")) next = true;
    if (arg.endsWith("p")) into = args[++i];
  }
  const targets = args.slice(i);
  if (next) {
    const chosen = targets.length === 0 ? sh.jobs.all : targets.flatMap((text) => (text.startsWith("%") ? sh.jobs.find(text) : sh.jobs.jobOf(Number(text))) ?? []);
    return yield* waitNext(sh, chosen, into);
  }
  if (targets.length === 0) return yield* waitAll(sh);
  let status = 0;
  for (const text of targets) {
    const job = text.startsWith("%") ? sh.jobs.find(text) : undefined;
    const process = job === undefined ? sh.jobs.byPid(Number(text)) : lastOf(job);
    if (process === undefined) {
      const words = text.startsWith("%") ? `${text}: no such job` : /^\d+$/.test(text) ? `pid ${text} is not a child of this shell` : `\`${text}': not a pid or valid job spec`;
      if (sh.dialect === "bash") yield* settle(complain(sh, `wait: ${words}`));
      status = /^\d+$/.test(text) || (sh.dialect === "bash" && text.startsWith("%")) ? 127 : sh.dialect === "sh" ? 2 : 1;
      continue;
    }
    const found = yield* waitAny(sh, [process]);
    if (typeof found === "number") return found;
    if (into !== undefined) sh.vars.set(into, String(found.pid));
    status = yield* report(sh, found);
  }
  return status;
}
function* waitAll(sh: Shell): Task<number> {
  for (const job of [...sh.jobs.all]) {
    for (const process of job.processes) {
      const found = yield* waitAny(sh, [process]);
      if (typeof found === "number") return found;
    }
    sh.jobs.remove(job);
  }
  return 0;
}

const stateOf = (job: Job): string => {
  const last = lastOf(job);
  if (last.status === undefined) return "Running";
  if (last.endedBy !== undefined) return signalWords[last.endedBy] ?? last.endedBy;
  return last.status === 0 ? "Done" : `Exit ${last.status}`;
};
function* runJobs(sh: Shell, args: readonly string[]): Task<number> {
  const how = args.filter((arg) => arg.startsWith("-")).join("");
  const chosen = args.filter((arg) => !arg.startsWith("-"));
  const all = chosen.length === 0 ? sh.jobs.listed : chosen.flatMap((text) => sh.jobs.find(text) ?? []);
  const jobs = all.filter((job) => (how.includes("r") ? lastOf(job).status === undefined : !how.includes("s")));
  for (const job of [...jobs]) {
    const mark = job === sh.jobs.find("%+") ? "+" : job === sh.jobs.find("%-") ? "-" : " ";
    const pid = String((how.includes("p") ? (job.processes[0] as Process) : lastOf(job)).pid);
    const state = stateOf(job).padEnd(24);
    if (sh.dialect === "sh" && !how.includes("p")) {
      yield* settle(out(sh).writeText(`[${job.number}] ${mark} ${how.includes("l") ? `${pid} ` : ""}${stateOf(job).replace("Exit ", "Exit ").padEnd(27)}\n`));
      if (lastOf(job).status !== undefined) sh.jobs.remove(job);
      continue;
    }
    const running = lastOf(job).status === undefined;
    const text = `${job.text.replace(/\s*&\s*$/, "")}${running ? " &" : ""}`;
    yield* settle(out(sh).writeText(how.includes("p") ? `${pid}\n` : how.includes("l") ? `[${job.number}]${mark} ${pid} ${state}${text}\n` : `[${job.number}]${mark}  ${state}${text}\n`));
    if (!running) sh.jobs.remove(job);
  }
  return 0;
}
const runDisown = (sh: Shell, args: readonly string[]): number | Task<number> => {
  const names = args.filter((arg) => !/^-[ahr]+$/.test(arg));
  const jobs = names.length === 0 ? (args.includes("-a") ? [...sh.jobs.all] : [sh.jobs.find("%+")]) : names.map((name) => (name.startsWith("%") ? sh.jobs.find(name) : sh.jobs.jobOf(Number(name))));
  for (const job of jobs) {
    if (job === undefined) return fail(sh, "disown", `${names[0] ?? "current"}: no such job`);
    if (!args.includes("-h")) sh.jobs.remove(job);
  }
  return 0;
};

export const jobBuiltins: readonly Builtin[] = [
  {
    ...info("trap", ["Run a text when a signal comes or the shell ends", "收到信号或退出时执行代码"], [
      ["EXIT ERR DEBUG RETURN", "at the end, at failures, before commands, after functions", "退出、出错、命令前、函数返回时"],
      ["-", "back to the default", "恢复默认"],
      ["''", "ignore", "忽略"],
      ["-p -l", "list the handlers, the signals", "列出处理程序、信号"],
    ]),
    special: true,
    run: runTrap,
  },
  { ...info("kill", ["Send a signal to processes", "向进程发送信号"], [["-s NAME -NAME -N", "which signal", "指定信号"], ["-0", "only ask whether it lives", "仅检查进程是否存在"], ["-l", "list signals", "列出信号"]]), run: runKill },
  { ...info("wait", ["Wait for background processes", "等待后台进程"], [["-n", "for the next one that ends", "等待下一个结束的"], ["-p NAME", "its pid into a variable", "将其 pid 存入变量"]]), run: runWait },
  { ...info("jobs", ["List background jobs", "列出后台任务"], [["-l -p", "with pids, only pids", "显示 pid、仅 pid"], ["-r", "running ones", "仅运行中的"]]), run: runJobs },
  { ...info("disown", ["Forget background jobs", "移除后台任务"], [["-a -h", "all, keep but mark", "全部、仅标记"]]), bashOnly: true, run: runDisown },
];
