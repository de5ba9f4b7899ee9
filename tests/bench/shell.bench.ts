/** Owns the shell's numbers: loops, a sort of 5 MB, a start, the bundle's size; beside the system's bash and just-bash in the same run. */
import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { bundleFirst } from "../../src/cli/shell/browser.ts";
import { platformClock } from "../../src/cli/shell/corpus.ts";
import { commands } from "../../src/shell/commands/table.ts";
import { createMemoryFiles } from "../../src/shell/files/memory.ts";
import { createShell } from "../../src/shell/shell.ts";
import type { Row } from "./main.ts";

const rounds = 3;
const loop = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo $i";
const arithmeticLoop = "for ((i=0; i<200000; i++)); do ((x+=i)); done; echo $x";
const sorting = "seq 1 750000 | sed 's/...$//' | sort | uniq -c | sort -rn | tail -n 1";
const clock = platformClock();

const ours = async (script: string): Promise<void> => {
  const files = createMemoryFiles({ now: clock.now });
  files.mkdir("/tmp", 0o777);
  const shell = createShell({ files, commands, clock, random: Math.random });
  const env = new Map([["PATH", "/usr/bin:/bin"], ["HOME", "/"], ["LANG", "C.UTF-8"]]);
  const end = await shell.run({ script, mode: "bash" }, { env, cwd: "/", stdout: () => undefined, stderr: () => undefined }).done;
  if (end.exitCode !== 0) throw new Error(`${script} ended with ${end.exitCode}`);
};
/** just-bash, where it is installed beside the project (it is no dependency): `npm install --no-save just-bash@3.4.2`. */
interface JustBash {
  readonly Bash: new (options: object) => { readonly exec: (script: string) => Promise<unknown> };
  readonly InMemoryFs: new () => object;
}
const findJustBash = async (): Promise<JustBash | undefined> => {
  const name = "just-bash";
  try {
    return (await import(name)) as JustBash;
  } catch {
    return undefined; // not installed: its rows are left out
  }
};
const theirs = async ({ Bash, InMemoryFs }: JustBash, script: string): Promise<void> => {
  const limit = 1e9;
  await new Bash({ fs: new InMemoryFs(), executionLimits: { maxCommandCount: limit, maxLoopIterations: limit, maxCallDepth: 1000 } }).exec(script);
};
const system = (script: string): Promise<void> => {
  spawnSync("bash", ["-c", script], { env: { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8" } });
  return Promise.resolve();
};
const times = async (act: () => Promise<void>, count = rounds): Promise<number[]> => {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const from = performance.now();
    await act();
    found.push(performance.now() - from);
  }
  return found.sort((a, b) => a - b);
};
const row = (name: string, sorted: readonly number[], more: Partial<Row> = {}): Row => ({
  name, median: sorted[Math.floor(sorted.length / 2)] as number, low: sorted[0] as number, high: sorted[sorted.length - 1] as number, ...more,
});
/** Three rows for one script; ours is held against a multiple of bash's time. */
const compare = async (name: string, script: string, factor: number): Promise<Row[]> => {
  const bash = row(`${name}, bash, ms`, await times(() => system(script)));
  const mine = await times(() => ours(script));
  const ratio = (mine[Math.floor(mine.length / 2)] as number) / bash.median;
  const other = await findJustBash();
  const just = other === undefined ? [] : [row(`${name}, just-bash, ms`, await times(() => theirs(other, script), 1))];
  return [row(`${name}, ours, ms`, mine, { target: `≤ ${factor} × bash; ${ratio.toFixed(2)} ×`, held: ratio <= factor }), bash, ...just];
};

export const run = async (): Promise<readonly Row[]> => {
  await ours(":");
  const starts = await times(() => ours(":"), 50);
  const bytes = gzipSync(await bundleFirst("page.ts"), { level: 9 }).length / 1000;
  return [
    ...(await compare("200,000 rounds of while [ ]", loop, 3)),
    ...(await compare("200,000 rounds of for ((;;))", arithmeticLoop, 3)),
    ...(await compare("5 MB sort | uniq -c | sort -rn", sorting, 5)),
    row("start of a shell, ms", starts, { target: "≤ 5 ms", held: (starts[25] as number) <= 5 }),
    row("bundle that a first command needs, gzip, kB", [bytes], { target: "≤ 200 kB", held: bytes <= 200 }),
  ];
};
