/**
 * Owns the door of the shell library: a world of files, commands and a clock goes in, a shell that runs scripts comes out.
 *
 * 1. Output is handed on as it is written, in order; a slow taker holds the writer back.
 * 2. A run ends when its main process has ended and nobody holds its output any more.
 * 3. `signal` asks, `terminate` ends everything at once; both work inside any loop.
 */
import { toBytes } from "./bytes.ts";
import type { CommandTable, FileSystem, Maybe, OpenFile } from "./contract.ts";
import { isPromise } from "./contract.ts";
import { createMounts } from "./files/mounts.ts";
import { BytesSource, Foreign, NullDevice, Sink } from "./files/open.ts";
import type { OpenDescription } from "./files/open.ts";
import { engine } from "./run/engine.ts";
import { runArgv } from "./run/process/external.ts";
import { Kernel } from "./state/kernel.ts";
import type { ShellClock, UserInfo } from "./state/kernel.ts";
import { defaultLimits } from "./state/limits.ts";
import type { Limits } from "./state/limits.ts";
import { Process } from "./state/process.ts";

export type { ShellClock, UserInfo } from "./state/kernel.ts";
export type { Limits } from "./state/limits.ts";

export interface ShellWorld {
  /** The root file system; `/dev` and named pipes are laid over it. */
  readonly files: FileSystem;
  readonly commands: CommandTable;
  readonly clock: ShellClock;
  readonly random: () => number;
  readonly user?: Partial<UserInfo>;
  readonly limits?: Partial<Limits>;
}
/** What to run: words of a command, or a script's text with an interpreter. All strings are byte strings. */
export type RunWhat =
  | { readonly argv: readonly string[] }
  | {
      readonly script: string;
      readonly mode: "bash" | "sh";
      /** `$0`; by default the interpreter's name. */
      readonly name?: string;
      readonly args?: readonly string[];
      /** Option words before the script: "-e", "-o", "pipefail". */
      readonly options?: readonly string[];
    };
export interface RunOptions {
  readonly env: ReadonlyMap<string, string>;
  /** Absolute directory. */
  readonly cwd: string;
  /** Without it standard input is at its end. */
  readonly stdin?: OpenFile | Uint8Array;
  readonly stdout: (bytes: Uint8Array) => Maybe<void>;
  readonly stderr: (bytes: Uint8Array) => Maybe<void>;
}
export interface RunEnd {
  /** 0–255; 128 + n after a signal. */
  readonly exitCode: number;
  /** Name of the signal that ended it, without SIG. */
  readonly signal?: string;
  /** The limit that ended it. */
  readonly limit?: string;
}
export interface ShellRun {
  readonly done: Promise<RunEnd>;
  /** Sends a signal to everything that the run started. */
  readonly signal: (name: string) => void;
  /** Ends everything at once. */
  readonly terminate: () => void;
}
export interface DagbokShell {
  readonly run: (what: RunWhat, options: RunOptions) => ShellRun;
}

const stdinOf = (stdin: OpenFile | Uint8Array | undefined): OpenDescription => {
  if (stdin === undefined) return new NullDevice();
  return stdin instanceof Uint8Array ? new BytesSource(stdin, "/dev/stdin") : new Foreign(stdin);
};
const argvOf = (what: RunWhat): readonly string[] => {
  if ("argv" in what) return what.argv;
  return [what.mode, ...(what.options ?? []), "-c", what.script, what.name ?? what.mode, ...(what.args ?? [])];
};

/** Makes a shell. Each `run` has processes, time and limits of its own; files and commands are shared. */
export const createShell = (world: ShellWorld): DagbokShell => {
  const user: UserInfo = { name: "user", uid: 1000, gid: 1000, hostname: "dagbok", ...world.user };
  const limits: Limits = { ...defaultLimits, ...world.limits };
  const files = createMounts([{ prefix: "/", files: world.files }]);
  const run = (what: RunWhat, options: RunOptions): ShellRun => {
    const kernel = new Kernel({ files, commands: world.commands, clock: world.clock, random: world.random, user, limits }, engine);
    const process = new Process(kernel, undefined, new Map(), true);
    process.cwd = options.cwd;
    const out = new Sink(options.stdout);
    const err = new Sink(options.stderr);
    process.install(0, stdinOf(options.stdin));
    process.install(1, out);
    process.install(2, err);
    const done = Promise.all([process.whenEnded(), out.whenClosed(), err.whenClosed()]).then(async (): Promise<RunEnd> => {
      const { failure } = kernel;
      if (failure !== undefined) {
        const said = options.stderr(toBytes(`shell: ${failure.message}\n`));
        if (isPromise(said)) await said;
        return { exitCode: 126, limit: failure.limit };
      }
      return { exitCode: process.status as number, ...(process.endedBy === undefined ? {} : { signal: process.endedBy }) };
    });
    process.start(runArgv(process, argvOf(what), options.env));
    return {
      done,
      signal: (name) => kernel.signalGroup(process.group, name),
      terminate: () => kernel.terminate(),
    };
  };
  return { run };
};
