/** Runs scripts in a fresh in-memory world, for tests of commands. All text is UTF-8 on both sides. */
import { commands } from "../../../src/shell/commands/table.ts";
import { createMemoryFiles } from "../../../src/shell/files/memory.ts";
import { createShell } from "../../../src/shell/shell.ts";

const bytesText = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs `script` in bash mode in an empty /work with the given files. */
export const runScript = async (script: string, files: Readonly<Record<string, string>> = {}): Promise<Outcome> => {
  const clock = {
    now: () => Date.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    yield: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  const world = createMemoryFiles({ now: clock.now });
  world.mkdir("/work", 0o755);
  world.mkdir("/tmp", 0o777);
  for (const [name, content] of Object.entries(files)) {
    world.create(`/work/${name}`, 0o644, false);
    world.write(`/work/${name}`, 0, Buffer.from(content, "utf8"));
  }
  const shell = createShell({ files: world, commands, clock, random: Math.random });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const env = new Map([["PATH", "/usr/bin:/bin"], ["LANG", "C.UTF-8"], ["TZ", "UTC"], ["HOME", "/work"]]);
  const run = shell.run({ script: bytesText(script), mode: "bash" }, { env, cwd: "/work", stdout: (bytes) => void out.push(Buffer.from(bytes)), stderr: (bytes) => void err.push(Buffer.from(bytes)) });
  const { exitCode } = await run.done;
  return { stdout: Buffer.concat(out).toString("latin1"), stderr: Buffer.concat(err).toString("latin1"), exitCode };
};
