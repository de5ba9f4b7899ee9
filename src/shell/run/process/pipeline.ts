/** Owns what runs beside: pipeline stages, background commands, coprocesses. */
import { NullDevice, PipeEnd } from "../../files/open.ts";
import { Pipe } from "../../files/pipe.ts";
import { Process } from "../../state/process.ts";
import { writeError } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import type { Node, PipelineNode, Statement } from "../../syntax/tree.ts";
import { onFailure } from "../traps.ts";
import { foreground, forkProcess, forkShell, startShell } from "./fork.ts";

/** Installs both ends of a new pipe: `from`'s descriptor 1 (and 2) flows into `to`'s 0. */
const connect = (from: Process, to: Process, withErrors: boolean): void => {
  const pipe = new Pipe();
  const writer = new PipeEnd(pipe, "w");
  from.install(1, writer);
  if (withErrors) from.install(2, writer);
  to.install(0, new PipeEnd(pipe, "r"));
};
const startStage = (sh: Shell, process: Process, node: Node): void => {
  const child = forkShell(sh, process, true);
  child.execNext = endsWith(node);
  startShell(child, sh.engine.runNode(child, node));
};
/** True for what needs no process of its own when nothing comes after it. */
const endsWith = (node: Node): boolean => node.type === "simple" || node.type === "subshell" || (node.type === "redirected" && node.command.type === "subshell");

function* runStages(sh: Shell, node: PipelineNode): Task<number[]> {
  const { stages } = node;
  const lastHere = sh.options.lastpipe && sh.dialect === "bash";
  const processes = stages.slice(0, lastHere ? -1 : undefined).map(() => forkProcess(sh));
  let lastInput: PipeEnd | undefined;
  for (let i = 0; i + 1 < stages.length; i++) {
    const next = processes[i + 1];
    if (next !== undefined) connect(processes[i] as Process, next, node.merge[i] === true);
    else {
      const pipe = new Pipe();
      (processes[i] as Process).install(1, new PipeEnd(pipe, "w"));
      lastInput = new PipeEnd(pipe, "r");
    }
  }
  for (let i = 0; i < processes.length; i++) startStage(sh, processes[i] as Process, stages[i] as Node);
  const statuses: number[] = [];
  let lastStatus: number | undefined;
  if (lastInput !== undefined) lastStatus = yield* runHere(sh, stages[stages.length - 1] as Node, lastInput);
  for (const process of processes) statuses.push(yield* foreground(sh, process));
  if (lastStatus !== undefined) statuses.push(lastStatus);
  return statuses;
}
/** `lastpipe`: the last stage runs in this shell. */
function* runHere(sh: Shell, node: Node, input: PipeEnd): Task<number> {
  const before = sh.process.fds.get(0)?.retain();
  sh.process.install(0, input);
  try {
    return yield* sh.engine.runNode(sh, node);
  } finally {
    sh.process.closeFd(0);
    if (before !== undefined) sh.process.fds.set(0, before);
  }
}

export function* runPipeline(sh: Shell, node: PipelineNode): Task<number> {
  const startMs = node.time === undefined ? 0 : sh.kernel.world.clock.now();
  let status: number;
  if (node.stages.length <= 1) {
    if (node.negate) sh.conditionDepth++;
    try {
      status = node.stages[0] === undefined ? 0 : yield* sh.engine.runNode(sh, node.stages[0]);
    } finally {
      if (node.negate) sh.conditionDepth--;
    }
  } else {
    const statuses = yield* runStages(sh, node);
    sh.pipeStatus = statuses;
    status = statuses[statuses.length - 1] as number;
    if (sh.options.pipefail) for (const one of statuses) if (one !== 0) status = one;
  }
  if (node.time !== undefined) yield* settle(reportTime(sh, node.time, sh.kernel.world.clock.now() - startMs));
  if (sh.flow !== undefined) return status;
  sh.status = node.negate ? (status === 0 ? 1 : 0) : status;
  if (!node.negate && node.stages.length > 1 && status !== 0) yield* onFailure(sh, status);
  return sh.status;
}
/** TIMEFORMAT: `%[p][l]R`, U, S, `%P`. Processor times are not known: user time is the real one. */
const timeFormat = (format: string, seconds: number): string =>
  format.replace(/%(?:(\d?)(l?)([RUS])|P|%)/g, (whole, digits: string | undefined, long: string | undefined, which: string | undefined) => {
    if (which === undefined) return whole === "%%" ? "%" : "100.00";
    const value = which === "S" ? 0 : seconds;
    const places = digits === undefined || digits === "" ? 3 : Math.min(Number(digits), 3);
    return long === "l" ? `${Math.floor(value / 60)}m${(value % 60).toFixed(places)}s` : value.toFixed(places);
  });
const reportTime = (sh: Shell, form: "bash" | "posix", ms: number): ReturnType<typeof writeError> => {
  const seconds = ms / 1000;
  if (form === "posix" || sh.dialect === "sh") return writeError(sh, `real ${seconds.toFixed(2)}\nuser ${seconds.toFixed(2)}\nsys 0.00\n`);
  const format = form === "bash" ? sh.vars.get("TIMEFORMAT") : undefined;
  if (format !== undefined) return format === "" ? undefined : writeError(sh, `${timeFormat(format, seconds)}\n`);
  const shown = `${Math.floor(seconds / 60)}m${(seconds % 60).toFixed(3)}s`;
  return writeError(sh, `\nreal\t${shown}\nuser\t${shown}\nsys\t0m0.000s\n`);
};

/** Processes of a background statement: one for a pipeline's every stage, else one. */
const backgroundProcesses = (sh: Shell, node: Node): Process[] => {
  const stages = node.type === "pipeline" && !node.negate && node.time === undefined ? node.stages : [node];
  const merge = node.type === "pipeline" ? node.merge : [];
  const processes = stages.map(() => forkProcess(sh));
  if (sh.dialect === "sh") (processes[0] as Process).install(0, new NullDevice());
  for (const process of processes) for (const signal of ["INT", "QUIT"]) process.dispositions.set(signal, "ignore");
  for (let i = 0; i + 1 < stages.length; i++) connect(processes[i] as Process, processes[i + 1] as Process, merge[i] === true);
  for (let i = 0; i < stages.length; i++) startBackgroundStage(sh, processes[i] as Process, stages[i] as Node);
  return processes;
};
const startBackgroundStage = (sh: Shell, process: Process, node: Node): void => {
  const child = forkShell(sh, process, true);
  child.conditionDepth = 0;
  child.execNext = endsWith(node);
  process.startsLater = true;
  startShell(child, sh.engine.runNode(child, node));
};
export function* startBackground(sh: Shell, statement: Statement): Task<number> {
  const processes = backgroundProcesses(sh, statement.command);
  for (const process of processes) tellParent(sh, process);
  sh.jobs.add(processes, statement.text);
  sh.lastBackground = String((processes[processes.length - 1] as Process).pid);
  return 0;
}
/** CHLD, where it is trapped. */
const tellParent = (sh: Shell, process: Process): void => {
  process.onEnd(() => {
    if (sh.traps.has("CHLD") && !sh.trapsInherited) sh.process.signal("CHLD");
  });
};

export function* runCoproc(sh: Shell, node: Extract<Node, { type: "coproc" }>): Task<number> {
  const input = new Pipe();
  const output = new Pipe();
  const process = forkProcess(sh);
  process.install(0, new PipeEnd(input, "r"));
  process.install(1, new PipeEnd(output, "w"));
  const place = (end: PipeEnd): string => {
    let fd = 63;
    while (sh.process.fds.has(fd)) fd--;
    sh.process.install(fd, end);
    return String(fd);
  };
  const read = place(new PipeEnd(output, "r"));
  const write = place(new PipeEnd(input, "w"));
  sh.vars.setList(node.name, [read, write]);
  sh.vars.set(`${node.name}_PID`, String(process.pid));
  sh.lastBackground = String(process.pid);
  sh.jobs.add([process], node.name);
  startStage(sh, process, node.body);
  return 0;
}
