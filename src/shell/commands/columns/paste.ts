/** Owns paste and join: files side by side, by position or by a common field. */
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { eachInputLine, openInput, readOperand, shown, toLines } from "../stream/input.ts";
import { createLineReader, type LineReader } from "../stream/lines.ts";

const readDelimiters = (text: string): string[] => (text.match(/\\[^]|[^]/g) ?? []).map((char) => ({ "\\n": "\n", "\\t": "\t", "\\\\": "\\", "\\0": "" })[char] ?? char.replace(/^\\(?=.)/, ""));

const nextLine = async (reader: LineReader): Promise<string | undefined> => {
  for (;;) {
    const line = reader.take();
    if (line !== undefined || !(await reader.fill())) return line ?? reader.take();
  }
};

const pasteSerial = async (run: Run, names: readonly string[], delimiters: readonly string[], end: string): Promise<number> => {
  let status = 0;
  for (const name of names) {
    const lines: string[] = [];
    status |= await eachInputLine(run, [name], (line) => void lines.push(line), end);
    run.out.text(lines.map((line, i) => (i === 0 ? line : (delimiters[(i - 1) % delimiters.length] ?? "") + line)).join("") + end);
  }
  return status;
};

export const paste = defineCommand(
  {
    name: "paste",
    en: "Join lines of files side by side.",
    zh: "把多个文件的行并排合并。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-d, --delimiters=LIST", "use these instead of tab, in turn", "依次用 LIST 中的字符分隔"],
      ["-s, --serial", "one file after the other, each in a line", "每个文件合成一行"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const end = run.args.has("z") ? "\0" : "\n";
    const names = run.args.operands.length === 0 ? ["-"] : run.args.operands;
    const given = readDelimiters(run.args.last("d") ?? "\t");
    const delimiters = given.length === 0 ? [""] : given;
    if (run.args.has("s")) return pasteSerial(run, names, delimiters, end);
    const byName = new Map<string, LineReader>();
    const readers: LineReader[] = [];
    for (const name of names) {
      try {
        const reader = (name === "-" ? byName.get("-") : undefined) ?? createLineReader(run.proc, (await openInput(run, name)).file, end);
        byName.set(name, reader);
        readers.push(reader);
      } catch (error) {
        if (error instanceof FileError) throw new Stop(1, `${shown(name)}: ${error.message}`);
        throw error;
      }
    }
    for (;;) {
      const cells: (string | undefined)[] = [];
      for (const reader of readers) cells.push(await nextLine(reader));
      if (cells.every((cell) => cell === undefined)) return 0;
      run.out.text(cells.map((cell, i) => (i === 0 ? "" : (delimiters[(i - 1) % delimiters.length] ?? "")) + (cell ?? "")).join("") + end);
      await run.out.drain();
    }
  },
);

interface Side {
  readonly rows: readonly (readonly string[])[];
  readonly field: number;
}

/** "0", "1.2" → what to print. */
const readOutput = (text: string): readonly (readonly [number, number])[] =>
  text.split(/[ ,]+/).map((word) => {
    if (word === "0") return [0, 0] as const;
    const match = /^([12])\.(\d+)$/.exec(word);
    if (match === null) throw new Stop(1, `invalid field specifier: '${word}'`);
    return [Number(match[1]), Number(match[2])] as const;
  });

const createJoiner = (run: Run, left: Side, right: Side, separator: string | undefined) => {
  const { args } = run;
  const gap = separator ?? " ";
  const empty = args.last("e") ?? "";
  const spec = args.last("o");
  const automatic = spec === "auto";
  const output = spec === undefined || automatic ? undefined : readOutput(args.all("o").join(","));
  const rest = (side: Side, row: readonly string[] | undefined): readonly string[] => {
    const count = automatic ? (side.rows[0]?.length ?? 0) : (row?.length ?? 0);
    return Array.from({ length: count }, (_, i) => row?.[i] || empty).filter((_, i) => i !== side.field - 1);
  };
  return (a: readonly string[] | undefined, b: readonly string[] | undefined): string => {
    const key = a?.[left.field - 1] ?? b?.[right.field - 1] ?? "";
    if (output !== undefined) return output.map(([file, field]) => (file === 0 ? key : (file === 1 ? a : b)?.[field - 1]) || empty).join(gap);
    return [key, ...(a === undefined && !automatic ? [] : rest(left, a)), ...(b === undefined && !automatic ? [] : rest(right, b))].join(gap);
  };
};

export const join = defineCommand(
  {
    name: "join",
    en: "Join lines of two sorted files on a common field.",
    zh: "按公共字段连接两个已排序文件的行。",
    synopsis: "[OPTION]... FILE1 FILE2",
    options: [
      ["-a FILENUM", "also lines of this file that do not match", "也输出该文件中不匹配的行"],
      ["-e STRING", "for missing fields", "缺失字段的替代"],
      ["-i, --ignore-case", "letters in either case are the same", "不分大小写"],
      ["-j FIELD", "same as -1 FIELD -2 FIELD", "等于 -1 FIELD -2 FIELD"],
      ["-o FORMAT", "what to print: 0, FILE.FIELD, auto", "输出格式"],
      ["-t CHAR", "fields are separated by CHAR", "字段分隔符"],
      ["-v FILENUM", "only lines of this file that do not match", "只输出该文件中不匹配的行"],
      ["-1 FIELD", "join on this field of file 1", "文件 1 的字段"],
      ["-2 FIELD", "join on this field of file 2", "文件 2 的字段"],
      ["--check-order", "ignored", "忽略"],
      ["--nocheck-order", "ignored", "忽略"],
      ["--header", "the first lines are headings", "首行是标题"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const { args } = run;
    const [first, second] = args.operands;
    if (first === undefined) return run.misuse("missing operand");
    if (second === undefined) return run.misuse(`missing operand after '${first}'`);
    const end = args.has("z") ? "\0" : "\n";
    const tab = args.last("t");
    const separator = tab === "\\t" ? "\t" : tab === "\\0" ? "\0" : tab;
    const cut = (line: string): string[] => (separator === undefined ? line.replace(/^[ \t]+/, "").split(/[ \t]+/) : separator === "" ? [line] : line.split(separator));
    const load = async (name: string, key: string): Promise<Side> => ({ rows: toLines(await readOperand(run, name), end).map(cut), field: Number(args.last(key) ?? args.last("j") ?? 1) });
    const left = await load(first, "1");
    const right = await load(second, "2");
    const shows = (side: "1" | "2"): boolean => args.all("a").includes(side) || args.all("v").includes(side);
    const paired = !args.has("v");
    const format = createJoiner(run, left, right, separator);
    const keyOf = (side: Side, row: readonly string[]): string => (args.has("i") ? (row[side.field - 1] ?? "").toLowerCase() : (row[side.field - 1] ?? ""));
    const print = (a: readonly string[] | undefined, b: readonly string[] | undefined): void => run.out.text(format(a, b) + end);
    let i = 0;
    let j = 0;
    if (args.has("header")) print(left.rows[i++], right.rows[j++]);
    while (i < left.rows.length || j < right.rows.length) {
      const [a, b] = [left.rows[i], right.rows[j]];
      const [x, y] = [a === undefined ? undefined : keyOf(left, a), b === undefined ? undefined : keyOf(right, b)];
      if (y === undefined || (x !== undefined && x < y)) {
        if (shows("1")) print(a, undefined);
        i++;
      } else if (x === undefined || y < x) {
        if (shows("2")) print(undefined, b);
        j++;
      } else {
        let [endA, endB] = [i, j];
        while (endA < left.rows.length && keyOf(left, left.rows[endA]!) === x) endA++;
        while (endB < right.rows.length && keyOf(right, right.rows[endB]!) === x) endB++;
        for (let m = i; paired && m < endA; m++) for (let n = j; n < endB; n++) print(left.rows[m], right.rows[n]);
        [i, j] = [endA, endB];
      }
      await run.out.drain();
    }
    return 0;
  },
);
