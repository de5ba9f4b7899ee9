/** Owns `npm test`: every part in turn, its output as it comes, and one line of sums at the end. Exits 1 when anything failed. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBrowser } from "./kit/browser.ts";

interface Part {
  readonly name: string;
  readonly argv: readonly string[];
  /** Counts its tests itself, in vitest's JSON report; else it counts as one. */
  readonly counts: boolean;
}
const parts: readonly Part[] = [
  { name: "types", argv: ["npx", "tsc", "-p", "tsconfig.json", "--noEmit"], counts: false },
  { name: "components", argv: ["npx", "svelte-check", "--tsconfig", "./tsconfig.json", "--threshold", "error", "--output", "human"], counts: false },
  { name: "lint", argv: ["npx", "eslint", "."], counts: false },
  { name: "build", argv: ["npm", "run", "-s", "build"], counts: false },
  { name: "node", argv: ["npx", "vitest", "run", "--project", "node"], counts: true },
  { name: "browser", argv: ["npx", "vitest", "run", "--project", "browser"], counts: true },
  { name: "end to end", argv: ["npx", "vitest", "run", "--project", "e2e"], counts: true },
];
const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "dagbok-test-"));
const sum = { passed: 0, failed: 0 };

const run = (argv: readonly string[]): Promise<number> =>
  new Promise((resolve) => {
    const [file = "", ...args] = argv;
    const child = spawn(file, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, FORCE_COLOR: "0" } });
    child.on("close", (code) => resolve(code ?? 1));
    child.on("error", () => resolve(1));
  });
const runPart = async ({ name, argv, counts }: Part): Promise<void> => {
  process.stdout.write(`\n== ${name}\n`);
  const started = Date.now();
  const report = join(folder, `${name.replaceAll(" ", "-")}.json`);
  const code = await run(counts ? [...argv, "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`] : argv);
  const seconds = Math.round((Date.now() - started) / 1000);
  if (counts && existsSync(report)) {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    const failed = (numFailedTests ?? 0) > 0 ? (numFailedTests ?? 0) : code === 0 ? 0 : Math.max(1, numFailedTestSuites ?? 1);
    sum.passed += numPassedTests ?? 0;
    sum.failed += failed;
    process.stdout.write(`${name}: ${numPassedTests ?? 0} passed, ${failed} failed, in ${seconds} s\n`);
  } else {
    if (code === 0 && !counts) sum.passed++;
    else sum.failed++;
    process.stdout.write(`${name}: ${code === 0 ? "ok" : "failed"}, in ${seconds} s\n`);
  }
};

process.env["CHROME_PATH"] = await findBrowser((line) => process.stdout.write(`${line}\n`));
for (const part of parts) if (only.length === 0 || only.includes(part.name)) await runPart(part);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
