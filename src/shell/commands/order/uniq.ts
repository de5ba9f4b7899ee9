/** Owns uniq and comm: neighbouring equal lines, and two sorted files side by side. */
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { encode } from "../stream/bytes.ts";
import { drainFor, openInput, shown } from "../stream/input.ts";
import { createLineReader, eachLine, type LineReader } from "../stream/lines.ts";

const readCount = (run: Run, key: string, what: string): number => {
  const text = run.args.last(key);
  if (text === undefined) return key === "w" ? Infinity : 0;
  if (!/^\d+$/.test(text)) throw new Stop(1, `${text}: invalid number of ${what}`);
  return Number(text);
};

const createKeyOf = (run: Run): ((line: string) => string) => {
  const fields = readCount(run, "f", "fields to skip");
  const chars = readCount(run, "s", "bytes to skip");
  const most = readCount(run, "w", "bytes to compare");
  const ignoreCase = run.args.has("i");
  if (fields === 0 && chars === 0 && most === Infinity && !ignoreCase) return (line) => line;
  const skip = new RegExp(`^(?:[ \\t]*[^ \\t]*){0,${fields}}`);
  return (line) => {
    let at = fields === 0 ? 0 : (skip.exec(line)?.[0].length ?? 0);
    at += chars;
    const key = most === Infinity ? line.slice(at) : line.slice(at, at + most);
    return ignoreCase ? key.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : key;
  };
};

type Printer = (group: readonly string[], count: number) => void;

const createPrinter = (run: Run, write: (text: string) => void, end: string): Printer => {
  const { has } = run.args;
  const allRepeated = run.args.last("all-repeated") ?? (has("D") || has("all-repeated") ? "none" : undefined);
  const grouping = run.args.last("group") ?? (has("group") ? "separate" : undefined);
  let first = true;
  if (allRepeated !== undefined || grouping !== undefined) {
    return (group, count) => {
      if (grouping === undefined && count < 2) return;
      const before = grouping === "prepend" || grouping === "both" || allRepeated === "prepend" || (!first && (grouping === "separate" || allRepeated === "separate"));
      if (before && !(grouping === "both" && !first)) write(end);
      for (const line of group) write(line + end);
      if (grouping === "append" || grouping === "both") write(end);
      first = false;
    };
  }
  return (group, count) => {
    if (has("d") && count < 2) return;
    if (has("u") && count > 1) return;
    write(`${has("c") ? `${String(count).padStart(7)} ` : ""}${group[0] ?? ""}${end}`);
  };
};

export const uniq = defineCommand(
  {
    name: "uniq",
    en: "Leave out lines equal to the line before.",
    zh: "去掉与前一行相同的行。",
    synopsis: "[OPTION]... [INPUT [OUTPUT]]",
    rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-f${word.slice(1)}` : word)),
    options: [
      ["-c, --count", "prefix lines with their count", "行首加上出现次数"],
      ["-d, --repeated", "only lines that come again, once each", "只输出重复的行，每组一行"],
      ["-D", "all lines that come again", "输出所有重复的行"],
      ["--all-repeated[=METHOD]", "as -D, groups parted: none, prepend, separate", "同 -D，组间分隔方式"],
      ["-f, --skip-fields=N", "do not compare the first N fields", "不比较前 N 个字段"],
      ["--group[=METHOD]", "all lines, groups parted: separate, prepend, append, both", "输出所有行并分组"],
      ["-i, --ignore-case", "letters in either case are the same", "不分大小写"],
      ["-s, --skip-chars=N", "do not compare the first N characters", "不比较前 N 个字符"],
      ["-u, --unique", "only lines that come once", "只输出不重复的行"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
      ["-w, --check-chars=N", "compare no more than N characters", "最多比较 N 个字符"],
    ],
  },
  async (run) => {
    const [source = "-", target, extra] = run.args.operands;
    if (extra !== undefined) return run.misuse(`extra operand '${extra}'`);
    const end = run.args.has("z") ? "\0" : "\n";
    const keyOf = createKeyOf(run);
    const input = await openInput(run, source);
    const file = target === undefined || target === "-" ? undefined : await run.proc.open(target, "w");
    let held = "";
    const print = createPrinter(run, file === undefined ? run.out.text : (text) => void (held += text), end);
    const keepsAll = run.args.has("D") || run.args.has("all-repeated") || run.args.has("group");
    let group: string[] = [];
    let count = 0;
    let key = "";
    const visit = (line: string): void => {
      const next = keyOf(line);
      if (count > 0 && next === key) {
        count++;
        if (keepsAll) group.push(line);
        return;
      }
      if (count > 0) print(group, count);
      group = [line];
      key = next;
      count = 1;
    };
    await eachLine(createLineReader(run.proc, input.file, end), visit, drainFor(run, input.file));
    if (count > 0) print(group, count);
    if (file !== undefined) {
      await file.write(encode(held));
      await run.proc.close(file);
    }
    return 0;
  },
);

interface Side {
  readonly reader: LineReader;
  line: string | undefined;
}

const advance = async (side: Side): Promise<void> => {
  for (;;) {
    side.line = side.reader.take();
    if (side.line !== undefined || !(await side.reader.fill())) return;
  }
};

const openSide = async (run: Run, name: string, end: string): Promise<Side> => {
  try {
    const side: Side = { reader: createLineReader(run.proc, (await openInput(run, name)).file, end), line: undefined };
    await advance(side);
    return side;
  } catch (error) {
    if (error instanceof FileError) throw new Stop(1, `${shown(name)}: ${error.message}`);
    throw error;
  }
};

/** Advances one side of comm and reports the first line out of order. */
const advanceSorted = async (run: Run, side: Side, number: number, state: { disorder: Set<number> }): Promise<void> => {
  const before = side.line;
  await advance(side);
  if (before === undefined || side.line === undefined || side.line >= before || state.disorder.has(number)) return;
  if (run.args.has("nocheck-order")) return;
  state.disorder.add(number);
  await run.warn(`file ${number} is not in sorted order`);
  if (run.args.has("check-order")) throw new Stop(1);
};

export const comm = defineCommand(
  {
    name: "comm",
    en: "Compare two sorted files line by line.",
    zh: "逐行比较两个已排序的文件。",
    synopsis: "[OPTION]... FILE1 FILE2",
    options: [
      ["-1", "leave out lines only in FILE1", "不输出只在 FILE1 中的行"],
      ["-2", "leave out lines only in FILE2", "不输出只在 FILE2 中的行"],
      ["-3", "leave out lines in both", "不输出两者都有的行"],
      ["--check-order", "fail when the input is not sorted", "输入无序则失败"],
      ["--nocheck-order", "do not look whether it is sorted", "不检查是否有序"],
      ["--output-delimiter=STR", "separate columns with STR", "用 STR 分隔各列"],
      ["--total", "show the counts at the end", "最后输出总数"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const [first, second, extra] = run.args.operands;
    if (first === undefined) return run.misuse("missing operand");
    if (second === undefined) return run.misuse(`missing operand after '${first}'`);
    if (extra !== undefined) return run.misuse(`extra operand '${extra}'`);
    const end = run.args.has("z") ? "\0" : "\n";
    const gap = run.args.last("output-delimiter") ?? "\t";
    const hidden = ["1", "2", "3"].map((key) => run.args.has(key));
    const prefix = ["", hidden[0] ? "" : gap, (hidden[0] ? "" : gap) + (hidden[1] ? "" : gap)];
    const totals = [0, 0, 0];
    const show = (column: number, line: string): void => {
      totals[column]!++;
      if (!hidden[column]) run.out.text(prefix[column] + line + end);
    };
    const a = await openSide(run, first, end);
    const b = await openSide(run, second, end);
    const state = { disorder: new Set<number>() };
    while (a.line !== undefined || b.line !== undefined) {
      const isFirst = b.line === undefined || (a.line !== undefined && a.line < b.line);
      const isSecond = a.line === undefined || (b.line !== undefined && b.line < a.line);
      show(isFirst ? 0 : isSecond ? 1 : 2, (isSecond ? b.line : a.line) ?? "");
      if (!isSecond) await advanceSorted(run, a, 1, state);
      if (!isFirst) await advanceSorted(run, b, 2, state);
      await run.out.drain();
    }
    if (run.args.has("total")) run.out.text(`${totals.join(gap)}${gap}total${end}`);
    if (state.disorder.size === 0) return 0;
    await run.warn("input is not in sorted order");
    return 1;
  },
);
