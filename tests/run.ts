/** Owns `npm test`: every part in turn, its output as it comes, and one line of sums at the end. Exits 1 when anything failed. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBrowser } from "./kit/browser.ts";

interface Part {
  readonly name: string;
  readonly argv: readonly string[];
  /** Where its counts are: in vitest's JSON report, in its own closing line, or nowhere: then it counts as one. */
  readonly counts: "report" | "line" | "one";
}
const parts: readonly Part[] = [
  { name: "types", argv: ["tsc", "-p", "tsconfig.json", "--noEmit"], counts: "one" },
  { name: "components", argv: ["svelte-check", "--tsconfig", "./tsconfig.json", "--threshold", "error", "--output", "human"], counts: "one" },
  { name: "lint", argv: ["eslint", "."], counts: "one" },
  { name: "build", argv: ["npm", "run", "-s", "build"], counts: "one" },
  { name: "node", argv: ["vitest", "run", "--project", "node"], counts: "report" },
  { name: "browser", argv: ["vitest", "run", "--project", "browser"], counts: "report" },
  { name: "end to end", argv: ["vitest", "run", "--project", "e2e"], counts: "report" },
  { name: "other browsers", argv: ["npm", "run", "-s", "test:browsers"], counts: "line" },
];
const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "dagbok-test-"));
const sum = { passed: 0, failed: 0 };

interface Ended {
  readonly code: number;
  /** The last "N passed, N failed" that it printed. */
  readonly closing?: { readonly passed: number; readonly failed: number };
}
const run = (argv: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const [program = "", ...args] = argv;
    const file = program === "npm" ? program : join("node_modules", ".bin", program);
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1" } });
    let tail = "";
    child.stdout.on("data", (chunk: Buffer) => {
      // A part's own closing line is shown with its name, so that the last such line of all is the sum.
      process.stdout.write(chunk.toString().replaceAll(/^(\d+ passed, \d+ failed.*)$/gm, "part: $1."));
      tail = (tail + chunk.toString()).slice(-4_000);
    });
    child.on("close", (code) => {
      const found = [...tail.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
      resolve({ code: code ?? 1, ...(found === undefined ? {} : { closing: { passed: Number(found[1]), failed: Number(found[2]) } }) });
    });
    child.on("error", () => resolve({ code: 1 }));
  });
const readReport = (report: string, code: number): { readonly passed: number; readonly failed: number } | undefined => {
  if (!existsSync(report)) return undefined;
  const { numPassedTests = 0, numFailedTests = 0, numFailedTestSuites = 0 } = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
  return { passed: numPassedTests, failed: numFailedTests > 0 ? numFailedTests : code === 0 ? 0 : Math.max(1, numFailedTestSuites) };
};
const runPart = async ({ name, argv, counts }: Part): Promise<void> => {
  process.stdout.write(`\n== ${name}\n`);
  const started = Date.now();
  const report = join(folder, `${name.replaceAll(" ", "-")}.json`);
  const { code, closing } = await run(counts === "report" ? [...argv, "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`] : argv);
  const counted = counts === "report" ? readReport(report, code) : counts === "line" ? closing : undefined;
  const own = counted ?? (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  sum.passed += own.passed;
  sum.failed += code !== 0 && own.failed === 0 ? 1 : own.failed;
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`${name}: ${counted === undefined ? (code === 0 ? "ok" : "failed") : `${own.passed} passed and ${own.failed} failed`}, in ${seconds} s\n`);
};

process.env["CHROME_PATH"] = await findBrowser((line) => process.stdout.write(`${line}\n`));
for (const part of parts) if (only.length === 0 || only.includes(part.name)) await runPart(part);
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed\n`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
