/** Owns a shell for tests: one call runs a script to its end. */
import { platformClock } from "../../src/cli/shell/corpus.ts";
import { encodeText, fromBytes, toBytes } from "../../src/shell/bytes.ts";
import { commands } from "../../src/shell/commands/table.ts";
import { createMemoryFiles } from "../../src/shell/files/memory.ts";
import { createShell } from "../../src/shell/shell.ts";
import type { Limits, RunEnd, ShellRun } from "../../src/shell/shell.ts";

const clock = platformClock();

export interface Done extends RunEnd {
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the start to each write on stdout. */
  readonly writtenAt: readonly number[];
}
export interface Started {
  readonly run: ShellRun;
  readonly done: Promise<Done>;
  /** What stdout has so far. */
  readonly soFar: () => string;
}
export interface StartOptions {
  readonly mode?: "bash" | "sh";
  readonly limits?: Partial<Limits>;
  readonly stdin?: string;
  readonly args?: readonly string[];
}
export const start = (script: string, options: StartOptions = {}): Started => {
  const files = createMemoryFiles({ now: clock.now });
  files.mkdir("/home", 0o755);
  files.mkdir("/home/dag", 0o755);
  files.mkdir("/tmp", 0o777);
  const shell = createShell({ files, commands, clock, random: Math.random, ...(options.limits === undefined ? {} : { limits: options.limits }) });
  let stdout = "";
  let stderr = "";
  const writtenAt: number[] = [];
  const from = Date.now();
  const run = shell.run(
    { script: encodeText(script), mode: options.mode ?? "bash", args: options.args ?? [] },
    {
      env: new Map([["PATH", "/usr/bin:/bin"], ["HOME", "/home/dag"], ["LANG", "C.UTF-8"], ["TZ", "UTC"]]),
      cwd: "/home/dag",
      stdin: toBytes(encodeText(options.stdin ?? "")),
      stdout: (bytes) => {
        writtenAt.push(Date.now() - from);
        stdout += fromBytes(bytes);
      },
      stderr: (bytes) => void (stderr += fromBytes(bytes)),
    },
  );
  return { run, soFar: () => stdout, done: run.done.then((end) => ({ ...end, stdout, stderr, writtenAt })) };
};
export const sh = (script: string, options: StartOptions = {}): Promise<Done> => start(script, options).done;
