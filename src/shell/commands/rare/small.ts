/** Owns the bodies of ts and df. */
import { formatDate } from "../date/format.ts";
import { statOf } from "../files/tree.ts";
import type { Run } from "../option/declare.ts";
import { humanSize } from "../stream/number.ts";
import { drainFor } from "../stream/input.ts";
import { createLineReader, eachLine } from "../stream/lines.ts";

export const ts = async (run: Run): Promise<number> => {
  const { args, proc } = run;
  const since = args.has("i") || args.has("s");
  const format = args.operands[0] ?? (since ? "%H:%M:%S" : "%b %d %H:%M:%S");
  const zone = since ? "UTC" : (proc.env.get("TZ") ?? "UTC");
  let last = proc.now();
  const visit = (line: string): void => {
    const now = proc.now();
    run.out.text(`${formatDate(format, since ? now - last : now, zone)} ${line}\n`);
    if (args.has("i")) last = now;
  };
  await eachLine(createLineReader(proc, proc.stdin), visit, drainFor(run, proc.stdin));
  return 0;
};

/** One file system without a known size: what is there is what the page may store. */
export const df = async (run: Run): Promise<number> => {
  const { args } = run;
  const totalBytes = 1024 ** 3;
  const unit = args.has("m") ? 1_048_576 : 1024;
  const size = (bytes: number): string => (args.has("h") ? humanSize(bytes) : String(bytes / unit));
  let status = 0;
  const rows: string[][] = [["Filesystem", ...(args.has("T") ? ["Type"] : []), args.has("h") ? "Size" : args.has("m") ? "1M-blocks" : "1K-blocks", "Used", args.has("h") ? "Avail" : "Available", "Use%", "Mounted on"]];
  for (const name of args.operands.length === 0 ? ["/"] : args.operands) {
    if ((await statOf(run, name)) === undefined) {
      await run.warn(`${name}: No such file or directory`);
      status = 1;
    } else rows.push(["dagbok", ...(args.has("T") ? ["opfs"] : []), size(totalBytes), size(0), size(totalBytes), "0%", "/"]);
  }
  if (rows.length === 1 && status !== 0) return status;
  const widths = (rows[0] as string[]).map((_, c) => Math.max(...rows.map((row) => (row[c] as string).length)));
  for (const row of rows) run.out.text(`${row.map((cell, c) => (c === row.length - 1 ? cell : c === 0 ? cell.padEnd(widths[c] as number) : cell.padStart(widths[c] as number))).join(" ")}\n`);
  return status;
};
