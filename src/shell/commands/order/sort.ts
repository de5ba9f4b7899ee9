/**
 * Owns sort: reads everything, orders it in blocks that give way to others, merges, writes.
 * Why blocks: one native sort of a million lines would hold the worker for seconds; blocks of some thousand lines keep it stoppable.
 */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { encode } from "../stream/bytes.ts";
import { eachInputLine, readOperand } from "../stream/input.ts";
import { compareBytes, quickNumber } from "./compare.ts";
import { compareFor, extractKey, readKey, type Key } from "./keys.ts";

const BLOCK = 8192;
const LETTERS = "bdfghiMnRrV";

interface Order {
  readonly keys: readonly Key[];
  readonly globals: ReadonlySet<string>;
  readonly separator: string | undefined;
  readonly unique: boolean;
  readonly stable: boolean;
}

const readOrder = (run: Run): Order => {
  const { args } = run;
  const globals = new Set([...LETTERS].filter((letter) => args.has(letter)));
  const how = args.last("sort");
  const word = { numeric: "n", "general-numeric": "g", "human-numeric": "h", month: "M", random: "R", version: "V" }[how ?? ""];
  if (how !== undefined && word === undefined) throw new Stop(2, `invalid argument '${how}' for '--sort'`);
  if (word !== undefined) globals.add(word);
  const tab = args.last("t");
  if (tab === "") throw new Stop(2, "empty tab");
  const separator = tab === "\\0" ? "\0" : tab;
  if (separator !== undefined && separator.length > 1) throw new Stop(2, `multi-character tab '${tab}'`);
  const kinds = [...globals].filter((letter) => "ghMn".includes(letter) || (letter === "d" && ["n", "g", "h", "M"].some((other) => globals.has(other))));
  if (kinds.length > 1) throw new Stop(2, `options '-${kinds.sort().join("")}' are incompatible`);
  const keys = args.all("k").map((spec) => readKey(spec, globals));
  return { keys, globals, separator, unique: args.has("u"), stable: args.has("s") || args.has("u") };
};

/** A line with its first twelve bytes as two numbers: most comparisons need no more, and comparing cut strings is slow. */
interface Line {
  readonly line: string;
  readonly first: number;
  readonly second: number;
}

const sixBytes = (text: string, from: number): number => {
  let value = 0;
  for (let i = from; i < from + 6; i++) value = value * 257 + (i < text.length ? text.charCodeAt(i) + 1 : 0);
  return value;
};
const toLine = (line: string): Line => ({ line, first: sixBytes(line, 0), second: sixBytes(line, 6) });
const compareLines = (a: Line, b: Line): number => a.first - b.first || a.second - b.second || (a.line.length > 12 || b.line.length > 12 ? compareBytes(a.line, b.line) : 0);

/** A line with its keys taken out once. */
interface Row extends Line {
  readonly number: number;
  readonly texts: readonly string[];
}

interface Plan {
  /** Order of two lines by keys only; 0 means equal for -u. */
  readonly byKeys: (a: Row, b: Row) => number;
  readonly compare: (a: Row, b: Row) => number;
  readonly row: (line: string) => Row;
}

const NO_TEXTS: readonly string[] = [];

const createPlan = (order: Order, seed: number): Plan => {
  const whole = order.globals;
  const keys: readonly Key[] =
    order.keys.length > 0 ? order.keys : [{ from: { field: 1, char: 1, skipBlanks: whole.has("b") }, to: undefined, letters: whole }];
  const orders = keys.map((key) => ({ compare: compareFor(key.letters, seed), sign: key.letters.has("r") ? -1 : 1 }));
  const textsOf = (line: string): readonly string[] =>
    order.keys.length === 0 && !whole.has("b") ? [line] : keys.map((key) => extractKey(line, key, order.separator));
  const lastResort = whole.has("r") ? -1 : 1;
  const firstIsNumber = keys[0]?.letters.has("n") === true;
  /** A row whose number fits keeps no texts; they are taken again when a number with too many digits stands against it. */
  const byTexts = (a: Row, b: Row): number => {
    const left = a.texts === NO_TEXTS ? textsOf(a.line) : a.texts;
    const right = b.texts === NO_TEXTS ? textsOf(b.line) : b.texts;
    for (let i = 0; i < orders.length; i++) {
      const step = orders[i]!;
      const result = step.compare(left[i]!, right[i]!);
      if (result !== 0) return result * step.sign;
    }
    return 0;
  };
  const sign = orders[0]?.sign ?? 1;
  const only = orders.length === 1;
  const byKeys = !firstIsNumber
    ? byTexts
    : (a: Row, b: Row): number => {
        const difference = a.number - b.number;
        if (difference < 0 || difference > 0) return difference * sign;
        return only && difference === 0 ? 0 : byTexts(a, b);
      };
  const compare = order.stable ? byKeys : (a: Row, b: Row): number => byKeys(a, b) || compareLines(a, b) * lastResort;
  const row = (line: string): Row => {
    const texts = textsOf(line);
    const first = order.stable ? 0 : sixBytes(line, 0);
    const second = order.stable ? 0 : sixBytes(line, 6);
    if (!firstIsNumber) return { line, first, second, number: 0, texts };
    const number = quickNumber(texts[0] ?? "") ?? NaN;
    return { line, first, second, number, texts: only && number === number ? NO_TEXTS : texts };
  };
  return { byKeys, compare, row };
};

const mergeTwo = <T>(a: readonly T[], b: readonly T[], compare: (a: T, b: T) => number): T[] => {
  const merged = new Array<T>(a.length + b.length);
  let i = 0;
  let j = 0;
  let n = 0;
  while (i < a.length && j < b.length) merged[n++] = compare(a[i]!, b[j]!) <= 0 ? a[i++]! : b[j++]!;
  while (i < a.length) merged[n++] = a[i++]!;
  while (j < b.length) merged[n++] = b[j++]!;
  return merged;
};

/** A stable merge sort that gives way between blocks. */
const sortRows = async <T>(run: Run, rows: T[], compare: (a: T, b: T) => number): Promise<T[]> => {
  let blocks: T[][] = [];
  for (let i = 0; i < rows.length; i += BLOCK) {
    await run.proc.tick(50);
    blocks.push(rows.slice(i, i + BLOCK).sort(compare));
  }
  while (blocks.length > 1) {
    const next: T[][] = [];
    for (let i = 0; i < blocks.length; i += 2) {
      await run.proc.tick(50);
      const other = blocks[i + 1];
      next.push(other === undefined ? blocks[i]! : mergeTwo(blocks[i]!, other, compare));
    }
    blocks = next;
  }
  return blocks[0] ?? [];
};

/** Whole lines in byte order. Lines that come again are counted, not compared. */
const sortPlain = async (run: Run, lines: string[], order: Order): Promise<string[]> => {
  const counts = new Map<string, number>();
  for (let i = 0; i < lines.length; i++) counts.set(lines[i]!, (counts.get(lines[i]!) ?? 0) + 1);
  await run.proc.tick(50);
  const sorted = (await sortRows(run, Array.from(counts.keys(), toLine), compareLines)).map(({ line }) => line);
  if (order.globals.has("r")) sorted.reverse();
  if (order.unique || counts.size === lines.length) return sorted;
  const result: string[] = [];
  for (const line of sorted) for (let n = counts.get(line) ?? 0; n > 0; n--) result.push(line);
  return result;
};

const sortByKeys = async (run: Run, lines: string[], order: Order): Promise<string[]> => {
  const plan = createPlan(order, (run.proc.now() ^ run.proc.pid) | 0);
  const rows = await sortRows(run, lines.map(plan.row), plan.compare);
  const kept = order.unique ? rows.filter((row, i) => i === 0 || plan.byKeys(rows[i - 1]!, row) !== 0) : rows;
  return kept.map((row) => row.line);
};

const isPlain = (order: Order): boolean => order.keys.length === 0 && [...order.globals].every((letter) => letter === "r");

/** -c and -C: the first line out of order, or none. */
const check = async (run: Run, lines: readonly string[], order: Order): Promise<number> => {
  const plan = createPlan(order, 0);
  for (let i = 1; i < lines.length; i++) {
    const result = plan.compare(plan.row(lines[i - 1] ?? ""), plan.row(lines[i] ?? ""));
    if (result < 0 || (result === 0 && !order.unique)) continue;
    if (run.args.has("c") && run.args.last("c") !== "quiet" && run.args.last("c") !== "silent") {
      await run.warn(`${run.args.operands[0] ?? "-"}:${i + 1}: disorder: ${lines[i] ?? ""}`);
    }
    return 1;
  }
  return 0;
};

const readLines = async (run: Run, delimiter: string): Promise<string[]> => {
  const list = run.args.last("files0-from");
  const names = list === undefined ? run.args.operands : (await readOperand(run, list, 2)).split("\0").filter(Boolean);
  const lines: string[] = [];
  const quiet: Run = { ...run, warn: (message) => run.warn(message.endsWith("Is a directory") ? `read failed: ${message}` : `cannot read: ${message}`) };
  let failed = 0;
  for (const name of names.length === 0 ? ["-"] : names) {
    const before = lines.length;
    failed = await eachInputLine(quiet, [name], (line) => void lines.push(line), delimiter);
    run.proc.hold(64 * (lines.length - before));
    if (failed !== 0) throw new Stop(2);
  }
  return lines;
};

const emit = async (run: Run, lines: readonly string[], delimiter: string): Promise<void> => {
  const target = run.args.last("o");
  if (target === undefined) {
    for (let i = 0; i < lines.length; i++) {
      run.out.text(lines[i] + delimiter);
      if (i % 512 === 0) await run.out.drain();
    }
    return;
  }
  const file = await run.proc.open(target, "w");
  for (let i = 0; i < lines.length; i += 4096) await file.write(encode(lines.slice(i, i + 4096).join(delimiter) + delimiter));
  await run.proc.close(file);
};

export const sort = defineCommand(
  {
    name: "sort",
    en: "Sort lines of all files together.",
    zh: "把所有文件的行一起排序。",
    synopsis: "[OPTION]... [FILE]...",
    usageStatus: 2,
    options: [
      ["-b, --ignore-leading-blanks", "ignore leading blanks", "忽略前导空白"],
      ["-d, --dictionary-order", "look at blanks, letters and digits only", "只看空白、字母和数字"],
      ["-f, --ignore-case", "letters in either case are the same", "不分大小写"],
      ["-g, --general-numeric-sort", "by any number, also 1e3", "按一般数值（含 1e3）"],
      ["-h, --human-numeric-sort", "by sizes like 2K 1G", "按 2K、1G 这类大小"],
      ["-i, --ignore-nonprinting", "look at printable characters only", "只看可打印字符"],
      ["-M, --month-sort", "by month names", "按月份名"],
      ["-n, --numeric-sort", "by number", "按数值"],
      ["-R, --random-sort", "shuffle, equal keys together", "随机排列，相同的键在一起"],
      ["-r, --reverse", "reverse the order", "倒序"],
      ["--sort=WORD", "numeric, general-numeric, human-numeric, month, random, version", "按 WORD 指定的方式"],
      ["-V, --version-sort", "numbers inside texts by value", "按版本号"],
      ["--batch-size=N", "ignored", "忽略"],
      ["-c, --check[=HOW]", "only say whether it is sorted", "只检查是否有序"],
      ["-C", "as -c, silently", "同 -c，但不输出"],
      ["--compress-program=P", "ignored", "忽略"],
      ["--debug", "ignored", "忽略"],
      ["--files0-from=F", "names come NUL-separated from F", "从 F 读取以 NUL 分隔的文件名"],
      ["-k, --key=KEYDEF", "sort by a key: F[.C][OPTS][,F[.C][OPTS]]", "按键排序"],
      ["-m, --merge", "merge files that are sorted", "合并已排序的文件"],
      ["-o, --output=FILE", "write to FILE", "写入 FILE"],
      ["-s, --stable", "keep the order of equal keys", "保持相同键的先后"],
      ["-S, --buffer-size=SIZE", "ignored", "忽略"],
      ["-t, --field-separator=SEP", "fields are separated by SEP", "用 SEP 分隔字段"],
      ["-T, --temporary-directory=DIR", "ignored", "忽略"],
      ["--parallel=N", "ignored", "忽略"],
      ["-u, --unique", "only the first of equal lines", "相同的行只留第一行"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const delimiter = run.args.has("z") ? "\0" : "\n";
    const order = readOrder(run);
    const lines = await readLines(run, delimiter);
    if (run.args.has("c") || run.args.has("C")) return check(run, lines, order);
    const sorted = await (isPlain(order) ? sortPlain : sortByKeys)(run, lines, order);
    await emit(run, sorted, delimiter);
    return 0;
  },
);
