/** Owns head: the first lines or bytes, or all but the last. */
import type { Maybe } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { decode, encode } from "../stream/bytes.ts";
import { drainFor, eachChunk, eachInput, type Input } from "../stream/input.ts";
import { createLineReader, eachLine } from "../stream/lines.ts";
import { parseSize } from "../stream/number.ts";

/** What to show: the first `count`, or all but the last `count` (`fromEnd`). */
interface Extent {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  readonly fromEnd: boolean;
}

const headLines = async (run: Run, input: Input, count: number, delimiter: string): Promise<void> => {
  if (count === 0) return;
  const reader = createLineReader(run.proc, input.file, delimiter);
  let left = count;
  const visit = (line: string, terminated: boolean): boolean => {
    run.out.text(terminated ? line + delimiter : line);
    return --left > 0;
  };
  await eachLine(reader, visit, drainFor(run, input.file));
  reader.giveBack();
};

const headBytes = async (run: Run, input: Input, count: number): Promise<void> => {
  let left = count;
  while (left > 0) {
    const chunk = await input.file.read(Math.min(left, 65_536));
    if (chunk === null) return;
    run.out.bytes(chunk);
    left -= chunk.length;
    await run.out.drain();
  }
};

/** Holds back the last `count` lines: a line goes out once `count` newer ones have come. */
const allButLines = async (run: Run, input: Input, count: number, delimiter: string): Promise<void> => {
  const held: string[] = [];
  let first = 0;
  const visit = (line: string, terminated: boolean): void => {
    held.push(terminated ? line + delimiter : line);
    if (held.length - first <= count) return;
    run.out.text(held[first] ?? "");
    held[first++] = "";
    if (first > 10_000) {
      held.splice(0, first);
      first = 0;
    }
  };
  await eachLine(createLineReader(run.proc, input.file, delimiter), visit, drainFor(run, input.file));
};

const allButBytes = async (run: Run, input: Input, count: number): Promise<void> => {
  let held = "";
  await eachChunk(run, input.file, (chunk): Maybe<void> => {
    held += decode(chunk);
    if (held.length <= count) return undefined;
    run.out.bytes(encode(held.slice(0, held.length - count)));
    held = held.slice(held.length - count);
    return run.out.flush();
  });
};

const readExtent = (run: Run): Extent => {
  const given = run.args.given.findLast(({ key }) => key === "n" || key === "c");
  const text = given?.value ?? "10";
  const fromEnd = text.startsWith("-");
  const count = parseSize(text.replace(/^[-+]/, ""));
  const unit = given?.key === "c" ? "bytes" : "lines";
  if (count === undefined) throw new Stop(1, `invalid number of ${unit}: '${text}'`);
  return { unit, count, fromEnd };
};

/** "head -5", "head -5q" → "-n 5". */
const rewriteOldForm = (argv: readonly string[]): readonly string[] => {
  const match = /^-(\d+[bkm]?)([clqvz]*)$/.exec(argv[0] ?? "");
  if (match === null) return argv;
  const letters = match[2] ?? "";
  const rest = letters.replace(/[cl]/g, "");
  return [letters.includes("c") ? "-c" : "-n", match[1] ?? "", ...(rest === "" ? [] : [`-${rest}`]), ...argv.slice(1)];
};

export const head = defineCommand(
  {
    name: "head",
    en: "Print the first 10 lines of each file.",
    zh: "输出每个文件的前 10 行。",
    synopsis: "[OPTION]... [FILE]...",
    rewrite: rewriteOldForm,
    options: [
      ["-c, --bytes=[-]NUM", "first NUM bytes; with - all but the last NUM", "前 NUM 个字节；带 - 则去掉最后 NUM 个"],
      ["-n, --lines=[-]NUM", "first NUM lines; with - all but the last NUM", "前 NUM 行；带 - 则去掉最后 NUM 行"],
      ["-q, --quiet, --silent", "never print file names", "不输出文件名"],
      ["-v, --verbose", "always print file names", "总是输出文件名"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const extent = readExtent(run);
    const delimiter = run.args.has("z") ? "\0" : "\n";
    const names = run.args.operands;
    const withNames = !run.args.has("q") && (names.length > 1 || run.args.has("v"));
    let isFirst = true;
    const status = await eachInput(run, names, async (input) => {
      if (withNames) {
        run.out.text(`${isFirst ? "" : "\n"}==> ${input.name === "-" ? "standard input" : input.name} <==\n`);
        isFirst = false;
      }
      if (extent.unit === "lines") {
        await (extent.fromEnd ? allButLines : headLines)(run, input, extent.count, delimiter);
      } else await (extent.fromEnd ? allButBytes : headBytes)(run, input, extent.count);
    });
    return status;
  },
);
