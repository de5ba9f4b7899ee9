/**
 * Owns the bridge from a step's command to the shell library: texts become byte strings, an abort becomes a signal, then the end.
 * Refuses to know what a step is.
 */
import { encodeText } from "../../../../shell/bytes.ts";
import type { CommandTable } from "../../../../shell/contract.ts";
import { createShell, type Limits } from "../../../../shell/shell.ts";
import type { Files } from "../../../../ports/files.ts";
import { createShellFiles } from "../../files/shell-files.ts";
import type { ShellRequest, ShellRunner } from "../../kind.ts";
import type { DoorRequest } from "../doors/door.ts";

export interface RunnerWorld {
  readonly files: Files;
  readonly commands: CommandTable;
  /** Commands that reach other runtimes (python3, node, sqlite3, jq, curl); made for each request. */
  readonly doors: (request: DoorRequest) => CommandTable;
  readonly now: () => number;
  readonly random: () => number;
  readonly limits?: Partial<Limits>;
}
/** Milliseconds between the polite signal and the end of everything, inside one run. */
const graceMs = 2000;
const bytesOf = (map: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...map].map(([name, value]) => [encodeText(name), encodeText(value.replaceAll("\u0000", ""))]));

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
/** A turn of the event loop without the timer's clamp. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(0);
  });

/** Builtins that every system has as programs too; without a shell they are started through one. */
const builtinPrograms = new Set(["printf", "echo", "test", "[", "true", "false", "pwd", "kill"]);
const vectorOf = (argv: readonly string[], commands: CommandTable): readonly string[] => {
  const name = argv[0] ?? "";
  return builtinPrograms.has(name) && !commands.has(name) ? ["sh", "-c", '"$0" "$@"', ...argv] : argv;
};

export const createShellRunner = (world: RunnerWorld): ShellRunner => {
  const shellFiles = createShellFiles(world.files);
  const clock = { now: world.now, sleep, yield: turn };
  return async (request: ShellRequest) => {
    let limit: string | undefined;
    const limited = (name: string): void => {
      limit ??= name;
    };
    const doors = world.doors({ signal: request.signal, hosts: request.hosts, deadlineMs: request.deadlineMs ?? Number.POSITIVE_INFINITY, limited });
    const commands: CommandTable = new Map([...world.commands, ...doors]);
    const shell = createShell({ files: shellFiles, commands, clock, random: world.random, ...(world.limits ? { limits: world.limits } : {}) });
    const running = shell.run(
      { argv: vectorOf(request.argv, commands).map(encodeText) },
      {
        env: bytesOf(request.env), cwd: encodeText(request.cwd), stdout: request.stdout.write, stderr: request.stderr.write,
        ...(request.stdin === undefined ? {} : { stdin: request.stdin }),
      },
    );
    let late: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      running.signal(signalName(request.signal.reason));
      late = setTimeout(running.terminate, graceMs);
    };
    if (request.signal.aborted) stop();
    request.signal.addEventListener("abort", stop, { once: true });
    const end = await running.done;
    request.signal.removeEventListener("abort", stop);
    clearTimeout(late);
    const reached = end.limit ?? (end.exitCode === 0 ? undefined : limit);
    return {
      exitCode: end.exitCode,
      ...(end.signal === undefined ? {} : { killed: end.signal }),
      ...(reached === undefined ? {} : { limit: reached }),
    };
  };
};
const signalName = (reason: unknown): string => (typeof reason === "string" && /^SIG[A-Z0-9]+$/.test(reason) ? reason.slice(3) : "TERM");
