/** Owns the commands that run a command: env, nohup, nice, timeout; and sleep. */
import type { Child } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";

export const env = defineCommand(
  {
    name: "env",
    en: "Run a command in a changed environment, or print it.",
    zh: "在修改过的环境中运行命令，或输出环境。",
    synopsis: "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]",
    stopAtOperand: true,
    usageStatus: 125,
    options: [
      ["-i, --ignore-environment", "start with an empty environment", "从空环境开始"],
      ["-0, --null", "end output lines with NUL", "以 NUL 结束输出行"],
      ["-u, --unset=NAME", "remove a variable", "删除变量"],
      ["-C, --chdir=DIR", "change the directory", "切换目录"],
      ["-S, --split-string=S", "split S into arguments", "把 S 拆成参数"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    let words = [...args.all("S").flatMap((text) => text.split(/\s+/).filter(Boolean)), ...args.operands];
    let clean = args.has("i");
    if (words[0] === "-") {
      clean = true;
      words = words.slice(1);
    }
    const vars = new Map(clean ? [] : proc.env);
    for (const name of args.all("u")) vars.delete(name);
    let at = 0;
    for (; at < words.length && words[at]!.indexOf("=") > 0; at++) {
      const split = words[at]!.indexOf("=");
      vars.set(words[at]!.slice(0, split), words[at]!.slice(split + 1));
    }
    const command = words.slice(at);
    if (command.length === 0) {
      for (const [name, value] of vars) run.out.text(`${name}=${value}${args.has("0") ? "\0" : "\n"}`);
      return 0;
    }
    const dir = args.last("C");
    return proc.spawn(command, { env: vars, ...(dir === undefined ? {} : { cwd: proc.resolve(dir) }) }).wait();
  },
);

export const printenv = defineCommand(
  { name: "printenv", en: "Print environment variables.", zh: "输出环境变量。", synopsis: "[VARIABLE]...", options: [["-0, --null", "end lines with NUL", "以 NUL 结束一行"]], usageStatus: 2 },
  (run) => {
    const end = run.args.has("0") ? "\0" : "\n";
    if (run.args.operands.length === 0) for (const [name, value] of run.proc.env) run.out.text(`${name}=${value}${end}`);
    let status = 0;
    for (const name of run.args.operands) {
      const value = run.proc.env.get(name);
      if (value === undefined) status = 1;
      else run.out.text(value + end);
    }
    return status;
  },
);

export const nohup = defineCommand(
  { name: "nohup", en: "Run a command that a hangup does not end.", zh: "运行不受挂断影响的命令。", synopsis: "COMMAND [ARG]...", stopAtOperand: true, usageStatus: 125 },
  (run) => (run.args.operands.length === 0 ? run.misuse("missing operand") : run.proc.spawn(run.args.operands).wait()),
);

export const nice = defineCommand(
  { name: "nice", en: "Run a command; the priority is ignored.", zh: "运行命令；忽略优先级。", synopsis: "[-n N] [COMMAND [ARG]...]", stopAtOperand: true, usageStatus: 125, options: [["-n, --adjustment=N", "ignored", "忽略"]] },
  (run) => {
    if (run.args.operands.length > 0) return run.proc.spawn(run.args.operands).wait();
    run.out.text("0\n");
    return 0;
  },
);

const UNITS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** "1.5", "2m", "infinity" → milliseconds; `undefined` when it is no duration. */
export const readDuration = (text: string): number | undefined => {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  const match = /^((?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)([smhd]?)$/i.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) * 1000;
};

/** A wait that a timer cannot overflow. */
const sleepFor = async (run: Run, ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 86_400_000) await run.proc.sleep(Math.min(left, 86_400_000));
};

export const sleep = defineCommand(
  { name: "sleep", en: "Wait for the sum of durations.", zh: "等待给定时间之和。", synopsis: "NUMBER[smhd]..." },
  async (run) => {
    if (run.args.operands.length === 0) return run.misuse("missing operand");
    let total = 0;
    for (const word of run.args.operands) {
      const ms = readDuration(word);
      if (ms === undefined) return run.misuse(`invalid time interval '${word}'`);
      total += ms;
    }
    await sleepFor(run, total);
    return 0;
  },
);

const SIGNALS: readonly string[] = ["EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM"];

const signalName = (text: string): string => {
  const name = /^\d+$/.test(text) ? SIGNALS[Number(text)] : text.toUpperCase().replace(/^SIG/, "");
  if (name === undefined || name === "EXIT") throw new Stop(125, `${text}: invalid signal`);
  return name;
};

export const timeout = defineCommand(
  {
    name: "timeout",
    en: "Run a command and end it after a time.",
    zh: "运行命令，超时则结束它。",
    synopsis: "[OPTION] DURATION COMMAND [ARG]...",
    stopAtOperand: true,
    usageStatus: 125,
    options: [
      ["-k, --kill-after=DURATION", "send KILL when it still runs after that", "到时仍在运行则发送 KILL"],
      ["-s, --signal=SIGNAL", "the signal to send; TERM when absent", "要发送的信号，默认 TERM"],
      ["--preserve-status", "exit as the command does", "返回命令自己的状态"],
      ["--foreground", "ignored", "忽略"],
      ["-v, --verbose", "tell when a signal is sent", "发送信号时提示"],
    ],
  },
  async (run) => {
    const [time, ...command] = run.args.operands;
    if (time === undefined || command.length === 0) return run.misuse("missing operand");
    const limit = readDuration(time);
    if (limit === undefined) return run.misuse(`invalid time interval '${time}'`);
    const killAfter = run.args.last("k");
    const grace = killAfter === undefined ? undefined : readDuration(killAfter);
    if (killAfter !== undefined && grace === undefined) return run.misuse(`invalid time interval '${killAfter}'`);
    const signal = signalName(run.args.last("s") ?? "TERM");
    const child = run.proc.spawn(command);
    const ended = child.wait();
    if (limit === 0 || limit === Infinity) return ended;
    const first = await endsWithin(run, ended, limit);
    if (first !== undefined) return first;
    await sendSignal(run, child, signal, command[0] ?? "");
    const second = grace === undefined ? await ended : await endsWithin(run, ended, grace);
    if (second === undefined) {
      await sendSignal(run, child, "KILL", command[0] ?? "");
      await ended;
      return 137;
    }
    if (run.args.has("preserve-status")) return second;
    return signal === "KILL" ? 137 : 124;
  },
);

const sendSignal = async (run: Run, child: Child, signal: string, name: string): Promise<void> => {
  if (run.args.has("v")) await run.warn(`sending signal ${signal} to command '${name}'`);
  child.kill(signal);
};

/** The child's status, or `undefined` when the time was up first. A signal to ourselves is passed on. */
const endsWithin = (run: Run, ended: Promise<number>, ms: number): Promise<number | undefined> =>
  Promise.race([ended, sleepFor(run, ms).then(() => undefined)]);

