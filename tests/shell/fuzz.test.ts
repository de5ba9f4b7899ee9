/** Random scripts of a grammar, and recorded scripts with damage: every one ends in a result or a clear error. FUZZ_CASES makes more, FUZZ_SEED others. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CorpusEntry } from "../../src/cli/shell/corpus.ts";
import { start } from "./kit.ts";

const cases = Number(process.env["FUZZ_CASES"] ?? "150");
const damagedCases = Number(process.env["FUZZ_CASES"] ?? "1000");
const firstSeed = Number(process.env["FUZZ_SEED"] ?? "1");

/** mulberry32 */
const dice = (seed: number) => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return { below, pick };
};
type Dice = ReturnType<typeof dice>;

const word = (d: Dice, depth: number): string => {
  const atoms = ["a", "x*", "'q r'", '"$x y"', "$x", "${x:-d}", "${x#?}", "${#x}", "$((n+1))", "{a,b}", "~", "$@", '"$@"', "$1", "${a[@]}", "\\$", "$'\\t'", "[ab]?", "${x//a/b}", "${!x}", "$?"];
  if (depth > 0 && d.below(5) === 0) return `$(${command(d, depth - 1)})`;
  return d.below(4) === 0 ? d.pick(atoms) + d.pick(atoms) : d.pick(atoms);
};
const words = (d: Dice, depth: number): string => Array.from({ length: d.below(4) }, () => word(d, depth)).join(" ");
const simple = (d: Dice, depth: number): string => {
  const name = d.pick(["echo", "printf '%s\\n'", "test", "[", ":", "true", "false", "read v <<<", "set --", "shift", "x=1 eval", "local", "declare -a a; a=( 1 2 );", "unset x", "export", "cat <<<", "f", "nosuch", "let n=2", "cd", "wait", "trap 'echo t' EXIT;", "return", "break", "continue", "jobs"]);
  const redirect = d.below(6) === 0 ? d.pick([" >o", " 2>&1", " </dev/null", " >>o", " 3>&1", " >&3", " <none"]) : "";
  return `${name} ${words(d, depth)}${redirect}`;
};
const list = (d: Dice, depth: number): string => Array.from({ length: 1 + d.below(3) }, () => command(d, depth)).join(d.pick(["; ", "\n", " && ", " || "]));
const command = (d: Dice, depth: number): string => {
  if (depth <= 0) return simple(d, 0);
  const inner = (): string => list(d, depth - 1);
  switch (d.below(14)) {
    case 0:
      return `if ${inner()}; then ${inner()}; else ${inner()}; fi`;
    case 1:
      return `for i in ${words(d, depth)}; do ${inner()}; done`;
    case 2:
      return `n=0; while [ $((n=n+1)) -lt 4 ]; do ${inner()}; done`;
    case 3:
      return `case ${word(d, 0)} in ${d.pick(["a", "*", "x|y", "[a-c]*"])}) ${inner()};; *) ${inner()};; esac`;
    case 4:
      return `( ${inner()} )`;
    case 5:
      return `{ ${inner()}; }`;
    case 6:
      return `${command(d, depth - 1)} | ${command(d, depth - 1)}`;
    case 7:
      return `f() { ${inner()}; }`;
    case 8:
      return `[[ ${d.pick(["$x == a*", "-n $x", "$x =~ ^a(b)?", "1 -lt 2 && -z x"])} ]]`;
    case 9:
      return `((${d.pick(["n++", "x=n*2", "n>1?n:0", "1/n", "a[1]+=2"])}))`;
    case 10:
      return `{ ${inner()}; } & wait`;
    case 11:
      return `! ${command(d, depth - 1)}`;
    case 12:
      return `cat <<E\n${word(d, 0)} $x\nE\n`;
    default:
      return simple(d, depth);
  }
};
const damage = (d: Dice, script: string): string => {
  const at = d.below(script.length + 1);
  const size = 1 + d.below(4);
  switch (d.below(4)) {
    case 0:
      return script.slice(0, at) + script.slice(at + size);
    case 1:
      return script.slice(0, at) + d.pick(["(", ")", "{", "}", "'", '"', "$", "`", ";", "|", "&", "<<E\n", "\n", "done", "fi", "[[", "\\", "#"]) + script.slice(at);
    case 2:
      return script.slice(0, at);
    default:
      return script.slice(0, at) + script.slice(at, at + size) + script.slice(at);
  }
};

const settles = async (script: string): Promise<string | undefined> => {
  const { run, done } = start(script, { limits: { stepsMax: 20_000, timeMsMax: 2_000, processesMax: 200, callDepthMax: 200, bytesMax: 8_000_000 } });
  const stop = setTimeout(() => run.terminate(), 2_500);
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), 4_000).unref());
  const end = await Promise.race([done, late]);
  clearTimeout(stop);
  if (end === "late") return `never ends:\n${script}`;
  if (/internal error/.test(end.stderr)) return `${end.stderr}\n${script}`;
  return Number.isInteger(end.exitCode) && end.exitCode >= 0 && end.exitCode <= 255 ? undefined : `status ${end.exitCode}:\n${script}`;
};

describe("fuzz", () => {
  it("ends every script of the grammar", { timeout: 600_000 }, async () => {
    const faults: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
      const fault = await settles(list(dice(seed), 3));
      if (fault !== undefined) faults.push(`seed ${seed}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });
  it("ends every damaged script in a result or an error", { timeout: 600_000 }, async () => {
    const folder = join(import.meta.dirname, "corpus");
    const entries = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as CorpusEntry[]);
    const quick = entries.filter((entry) => !/sleep|timeout|00000|yes|wait|\{1\.\./.test(entry.script));
    const faults: string[] = [];
    for (let seed = firstSeed; seed < firstSeed + damagedCases; seed++) {
      const d = dice(seed * 7919);
      const fault = await settles(damage(d, d.pick(quick).script));
      if (fault !== undefined) faults.push(`seed ${seed}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });
});
