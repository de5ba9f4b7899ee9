/** Owns how a recorded script is run against our shell and compared: a fresh shell and file system each, bytes and exit code. Knows no host. */
import { encodeText, fromBytes, toBytes } from "../../shell/bytes.ts";
import type { CommandTable } from "../../shell/contract.ts";
import { createMemoryFiles } from "../../shell/files/memory.ts";
import { createShell } from "../../shell/shell.ts";
import type { ShellClock } from "../../shell/shell.ts";

export interface Outcome {
  readonly stdout: string;
  readonly exitCode: number;
}
export interface CorpusEntry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly bash: Outcome | null;
  readonly sh: Outcome | null;
  /** Every `stdout` is base64. */
  readonly bytes?: boolean;
}
export interface Ran {
  /** Byte string. */
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  readonly timedOut: boolean;
}
export const limitMs = 10_000;
const home = "/home/dag";

/** A clock of the platform, good in Node and in a worker. */
export const platformClock = (): ShellClock => {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  // Node: an idle channel must not keep the process alive.
  (channel.port1 as unknown as { unref?: () => void }).unref?.();
  const immediate = (globalThis as { setImmediate?: (act: () => void) => unknown }).setImmediate;
  return {
    now: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
      }),
    yield: () =>
      new Promise((resolve) => {
        if (immediate !== undefined) return void immediate(resolve);
        waiting.push(resolve);
        channel.port2.postMessage(0);
      }),
  };
};

export const runScript = async (entry: CorpusEntry, mode: "bash" | "sh", commands: CommandTable, clock: ShellClock): Promise<Ran> => {
  const files = createMemoryFiles({ now: clock.now });
  files.mkdir("/home", 0o755);
  files.mkdir(home, 0o755);
  files.mkdir("/tmp", 0o777);
  for (const [name, text] of Object.entries(entry.files ?? {})) {
    const path = `${home}/${encodeText(name)}`;
    files.create(path, 0o644, false);
    files.write(path, 0, toBytes(encodeText(text)));
  }
  const shell = createShell({ files, commands, clock, random: Math.random, user: { name: "root", uid: 0, gid: 0 } });
  let stdout = "";
  let stderr = "";
  const run = shell.run(
    { script: encodeText(entry.script), mode },
    {
      env: new Map([["PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"], ["LANG", "C.UTF-8"], ["TZ", "UTC"], ["HOME", home]]),
      cwd: home,
      stdin: toBytes(encodeText(entry.stdin ?? "")),
      stdout: (bytes) => void (stdout += fromBytes(bytes)),
      stderr: (bytes) => void (stderr += fromBytes(bytes)),
    },
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), limitMs)));
  const end = await Promise.race([run.done, late]);
  clearTimeout(timer);
  if (end === "late") {
    run.terminate();
    return { stdout, stderr, exitCode: -1, timedOut: true };
  }
  return { stdout, stderr, exitCode: end.exitCode, timedOut: false };
};

const expectedBytes = (entry: CorpusEntry, outcome: Outcome): string => (entry.bytes === true ? atob(outcome.stdout) : encodeText(outcome.stdout));

/** Why an entry fails, one text per shell; empty when it passes. */
export const checkEntry = async (entry: CorpusEntry, commands: CommandTable, clock: ShellClock): Promise<string[]> => {
  const reasons: string[] = [];
  for (const mode of ["bash", "sh"] as const) {
    const wanted = entry[mode];
    if (wanted === null) continue;
    const ran = await runScript(entry, mode, commands, clock);
    const stdout = expectedBytes(entry, wanted);
    if (ran.timedOut) reasons.push(`${mode}: no end within ${limitMs} ms`);
    else if (ran.exitCode !== wanted.exitCode) reasons.push(`${mode}: exit code ${ran.exitCode}, wanted ${wanted.exitCode}; ${JSON.stringify(ran.stderr.slice(0, 200))}`);
    else if (ran.stdout !== stdout) {
      reasons.push(`${mode}: stdout ${JSON.stringify(ran.stdout.slice(0, 300))}, wanted ${JSON.stringify(stdout.slice(0, 300))}; ${JSON.stringify(ran.stderr.slice(0, 200))}`);
    }
  }
  return reasons;
};
