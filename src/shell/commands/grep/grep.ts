/** Owns grep, egrep and fgrep: the options, the files, and what is printed of a line. */
import type { CommandEntry } from "../../contract.ts";
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import type { OptionRow } from "../option/parse.ts";
import { closeInput, drainFor, openInput, readOperand, toLines } from "../stream/input.ts";
import { createLineReader, eachLine } from "../stream/lines.ts";
import { isUtf8, isUtf8Locale } from "../stream/bytes.ts";
import { createSelector, type Selector } from "./pattern.ts";
import { collectFiles } from "./walk.ts";

interface Style {
  readonly invert: boolean;
  readonly most: number;
  readonly before: number;
  readonly after: number;
  readonly count: boolean;
  readonly list: "matching" | "missing" | undefined;
  readonly quiet: boolean;
  readonly only: boolean;
  readonly numbers: boolean;
  readonly offsets: boolean;
  readonly names: boolean;
  readonly end: string;
  readonly nameEnd: string;
  readonly groupSeparator: string | undefined;
  readonly binary: "report" | "text" | "skip";
  readonly utf8: boolean;
  readonly initialTab: boolean;
}

const readContext = (run: Run, key: string): number | undefined => {
  const text = run.args.last(key);
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Stop(2, `${text}: invalid context length argument`);
  return Number(text);
};

const readStyle = (run: Run, fileCount: number): Style => {
  const { has, last, given } = run.args;
  const around = readContext(run, "C") ?? 0;
  const most = last("m");
  if (most !== undefined && !/^-?\d+$/.test(most)) throw new Stop(2, "invalid max count");
  const names = given.findLast(({ key }) => key === "H" || key === "h");
  const list = given.findLast(({ key }) => key === "l" || key === "L")?.key;
  const binary = has("a") ? "text" : has("I") ? "without-match" : last("binary-files");
  return {
    invert: has("v"),
    most: most === undefined || Number(most) < 0 ? Infinity : Number(most),
    before: readContext(run, "B") ?? around,
    after: readContext(run, "A") ?? around,
    count: has("c"),
    list: list === "l" ? "matching" : list === "L" ? "missing" : undefined,
    quiet: has("q"),
    only: has("o"),
    numbers: has("n"),
    offsets: has("b"),
    names: names === undefined ? fileCount > 1 || has("r") || has("R") : names.key === "H",
    end: has("z") ? "\0" : "\n",
    nameEnd: has("Z") ? "\0" : "",
    groupSeparator: has("no-group-separator") ? undefined : (last("group-separator") ?? "--"),
    binary: binary === "text" ? "text" : binary === "without-match" ? "skip" : "report",
    utf8: isUtf8Locale(run.proc.env),
    initialTab: has("T"),
  };
};

const SKIP = Symbol("skip");

/** Searches one stream; answers how many lines were selected. */
const searchFile = async (run: Run, name: string, style: Style, selector: Selector): Promise<number> => {
  const input = await openInput(run, name);
  const shownName = name === "-" ? (run.args.last("label") ?? "(standard input)") : name;
  const reader = createLineReader(run.proc, input.file, style.end);
  const silent = style.count || style.list !== undefined || style.quiet;
  let selected = 0;
  let number = 0;
  let offset = 0;
  let trailing = 0;
  let lastShown = 0;
  let isBinary = false;
  let isReported = false;
  const before: { line: string; number: number; offset: number }[] = [];
  const print = (line: string, lineNumber: number, lineOffset: number, mark: string): void => {
    let head = "";
    if (style.names) head += shownName + (style.nameEnd || mark);
    if (style.numbers) head += (style.initialTab ? String(lineNumber).padStart(4) : lineNumber) + mark;
    if (style.offsets) head += lineOffset + mark;
    run.out.text(`${head}${style.initialTab && head !== "" ? "\t" : ""}${line}${style.end}`);
  };
  const show = (line: string): void => {
    if ((style.before > 0 || style.after > 0) && !style.only) {
      const firstLine = before[0]?.number ?? number;
      if (lastShown > 0 && firstLine > lastShown + 1 && style.groupSeparator !== undefined) run.out.text(`${style.groupSeparator}\n`);
      for (const held of before) print(held.line, held.number, held.offset, "-");
      before.length = 0;
    }
    if (!style.only) print(line, number, offset, ":");
    else if (!style.invert) for (const [start, end] of selector.parts(line)) print(line.slice(start, end), number, offset + start, ":");
    lastShown = number;
  };
  const visit = (line: string): boolean => {
    number++;
    if (style.binary !== "text" && !isBinary && style.end === "\n" && line.includes("\0")) isBinary = true;
    if (isBinary && style.binary === "skip") throw SKIP;
    const hit = selector.test(line) !== style.invert;
    if (hit) {
      if (selected >= style.most) return false;
      selected++;
      if (style.quiet || style.list !== undefined) return false;
      if (!silent) {
        if (style.binary === "report" && (isBinary || (style.utf8 && !isUtf8(line)))) {
          isReported = true;
          return false;
        }
        show(line);
      }
      trailing = style.after;
    } else if (!silent && !style.only) {
      if (trailing > 0) {
        trailing--;
        print(line, number, offset, "-");
        lastShown = number;
      } else if (style.before > 0) {
        before.push({ line, number, offset });
        if (before.length > style.before) before.shift();
      }
    }
    offset += line.length + 1;
    return selected < style.most || trailing > 0;
  };
  try {
    if (style.most > 0) await eachLine(reader, visit, drainFor(run, input.file));
  } catch (error) {
    if (error !== SKIP) throw error;
    selected = 0;
  } finally {
    reader.giveBack();
    await closeInput(run, input);
  }
  if (isReported) {
    await run.out.flush();
    await run.warn(`${shownName}: binary file matches`);
  }
  if (style.count && !style.quiet && style.list === undefined) run.out.text(`${style.names ? shownName + (style.nameEnd || ":") : ""}${selected}\n`);
  if (style.list !== undefined && !style.quiet && (selected > 0) === (style.list === "matching")) run.out.text(shownName + (style.nameEnd || "\n"));
  return selected;
};

const readPatterns = async (run: Run): Promise<{ patterns: string[]; names: readonly string[] }> => {
  const { args } = run;
  const patterns: string[] = [];
  for (const { key, value } of args.given) {
    if (key === "e") patterns.push(...(value ?? "").split("\n"));
    if (key === "f") patterns.push(...toLines(await readOperand(run, value ?? "", 2)));
  }
  if (args.has("e") || args.has("f")) return { patterns, names: args.operands };
  const [first, ...rest] = args.operands;
  if (first === undefined) throw new Stop(2, "");
  return { patterns: first.split("\n"), names: rest };
};

const OPTIONS: readonly OptionRow[] = [
  ["-E, --extended-regexp", "extended regular expressions", "扩展正则表达式"],
  ["-F, --fixed-strings", "plain texts", "纯文本"],
  ["-G, --basic-regexp", "basic regular expressions", "基本正则表达式"],
  ["-P, --perl-regexp", "Perl regular expressions", "Perl 正则表达式"],
  ["-e, --regexp=PATTERNS", "the patterns", "指定模式"],
  ["-f, --file=FILE", "patterns from FILE, one a line", "从 FILE 读取模式"],
  ["-i, -y, --ignore-case", "letters in either case are the same", "不分大小写"],
  ["--no-ignore-case", "ignored", "忽略"],
  ["-w, --word-regexp", "only whole words", "只匹配整词"],
  ["-x, --line-regexp", "only whole lines", "只匹配整行"],
  ["-z, --null-data", "lines end with NUL", "以 NUL 结束一行"],
  ["-s, --no-messages", "no error messages about files", "不显示文件错误"],
  ["-v, --invert-match", "lines that do not match", "不匹配的行"],
  ["-m, --max-count=NUM", "stop after NUM lines", "NUM 行后停止"],
  ["-b, --byte-offset", "with byte offsets", "显示字节偏移"],
  ["-n, --line-number", "with line numbers", "显示行号"],
  ["--line-buffered", "ignored", "忽略"],
  ["-H, --with-filename", "with file names", "显示文件名"],
  ["-h, --no-filename", "without file names", "不显示文件名"],
  ["--label=LABEL", "the name of standard input", "标准输入的名字"],
  ["-o, --only-matching", "only the matching parts", "只输出匹配部分"],
  ["-q, --quiet, --silent", "print nothing", "不输出"],
  ["--binary-files=TYPE", "binary, text, without-match", "二进制文件的处理方式"],
  ["-a, --text", "binary files are text", "把二进制当作文本"],
  ["-I", "leave out binary files", "跳过二进制文件"],
  ["-d, --directories=ACTION", "read, recurse, skip", "目录的处理方式"],
  ["-D, --devices=ACTION", "ignored", "忽略"],
  ["-r, --recursive", "all files below", "递归"],
  ["-R, --dereference-recursive", "as -r, links followed", "同 -r，跟随链接"],
  ["--include=GLOB", "only these files", "只查这些文件"],
  ["--exclude=GLOB", "not these files", "不查这些文件"],
  ["--exclude-from=FILE", "ignored", "忽略"],
  ["--exclude-dir=GLOB", "not these directories", "不查这些目录"],
  ["-L, --files-without-match", "only names of files without a match", "只输出没有匹配的文件名"],
  ["-l, --files-with-matches", "only names of files with a match", "只输出有匹配的文件名"],
  ["-c, --count", "only counts", "只输出行数"],
  ["-T, --initial-tab", "a tab before the line", "行前加制表符"],
  ["-Z, --null", "NUL after file names", "文件名后用 NUL"],
  ["-A, --after-context=NUM", "NUM lines after", "显示后 NUM 行"],
  ["-B, --before-context=NUM", "NUM lines before", "显示前 NUM 行"],
  ["-C, --context=NUM", "NUM lines around", "显示前后 NUM 行"],
  ["--group-separator=SEP", "between groups of lines", "组间分隔"],
  ["--no-group-separator", "nothing between groups", "组间不分隔"],
  ["--color[=WHEN], --colour[=WHEN]", "ignored", "忽略"],
  ["-U, --binary", "ignored", "忽略"],
];

const defineGrep = (name: string, mode: "G" | "E" | "F", en: string, zh: string): CommandEntry =>
  defineCommand(
    { name, en, zh, synopsis: "[OPTION]... PATTERNS [FILE]...", usageStatus: 2, options: OPTIONS, rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-C${word.slice(1)}` : word)) },
    async (run) => {
      if (run.args.operands.length === 0 && !run.args.has("e") && !run.args.has("f")) {
        await run.proc.stderr.write(new TextEncoder().encode(`Usage: ${name} [OPTION]... PATTERNS [FILE]...\nTry '${name} --help' for more information.\n`));
        return 2;
      }
      const { patterns, names } = await readPatterns(run);
      const style = readStyle(run, names.length);
      const selector = createSelector(run, patterns, mode, style.utf8);
      const tell = async (file: string, message: string): Promise<void> => {
        if (!run.args.has("s")) await run.warn(`${file}: ${message}`);
      };
      let found = false;
      let failed = false;
      for await (const file of collectFiles(run, names, tell)) {
        if (file === undefined) {
          failed = true;
          continue;
        }
        try {
          const selected = await searchFile(run, file, style, selector);
          if (style.list === "missing" ? selected === 0 : selected > 0) found = true;
          if (found && style.quiet) return 0;
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          if (!(error.code === "EISDIR" && run.args.last("d") === "skip")) await tell(file, error.message);
          failed = true;
        }
      }
      return failed ? 2 : found ? 0 : 1;
    },
  );

export const grep = defineGrep("grep", "G", "Print lines that match a pattern.", "输出匹配模式的行。");
export const egrep = defineGrep("egrep", "E", "grep with extended regular expressions.", "使用扩展正则的 grep。");
export const fgrep = defineGrep("fgrep", "F", "grep with plain texts.", "查找纯文本的 grep。");
