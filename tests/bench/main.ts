/**
 * The root of `npm run bench`: runs the named benches (all without names) and prints their tables. A bench is a module that exports
 * `run(): Promise<readonly Row[]>`; numbers are medians with their spread, and ratios to a probe measured in the same run.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export interface Row {
  /** What was measured, with its unit last: "chain of 1,000, s". */
  readonly name: string;
  readonly median: number;
  /** Smallest and largest of the rounds. */
  readonly low: number;
  readonly high: number;
  /** Largest allowed (or smallest, if negative is said in words) value in words, as the reference states it. */
  readonly target?: string;
  /** Whether the target holds; absent without a target. */
  readonly held?: boolean;
}
const benches = ["engine", "shell", "browser", "sync"];
const asked = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = asked.filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No bench is called ${unknown.join(", ")}; there are: ${benches.join(", ")}\n`);
  process.exit(2);
}

const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
const line = (row: Row): string => {
  const verdict = row.held === undefined ? "" : row.held ? "  held" : "  MISSED";
  const target = row.target === undefined ? "" : `  (${row.target})`;
  return `${row.name.padEnd(58)} ${digits(row.median).padStart(9)}   ${digits(row.low)} … ${digits(row.high)}${target}${verdict}`;
};

const results: Record<string, readonly Row[]> = {};
for (const name of asked.length > 0 ? asked : benches) {
  const file = [join(import.meta.dirname, `${name}.bench.ts`), join(import.meta.dirname, name, "main.ts")].find((path) => existsSync(path));
  if (file === undefined) continue;
  process.stdout.write(`\n== ${name}\n`);
  const { run } = (await import(pathToFileURL(file).href)) as { readonly run: () => Promise<readonly Row[]> };
  const rows = await run();
  results[name] = rows;
  for (const row of rows) process.stdout.write(`${line(row)}\n`);
}
const out = process.argv.find((word) => word.startsWith("--json="))?.slice("--json=".length);
if (out !== undefined) writeFileSync(out, JSON.stringify(results, null, 2));
