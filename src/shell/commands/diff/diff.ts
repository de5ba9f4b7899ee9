/** Owns diff and cmp: two files, or two directories, compared. */
import { FileError } from "../../contract.ts";
import { formatDate } from "../date/format.ts";
import { join, statOf } from "../files/tree.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { baseName } from "../paths/names.ts";
import { globToRegExp } from "../paths/glob.ts";
import { decode } from "../stream/bytes.ts";
import { closeInput, openInput, readAll, toLines } from "../stream/input.ts";
import { parseSize } from "../stream/number.ts";
import { findChanges } from "./changes.ts";
import { writeContext, writeEd, writeNormal, writeSides, writeUnified, type Text } from "./write.ts";

const read = async (run: Run, name: string): Promise<Uint8Array> => {
  const input = await openInput(run, name);
  const bytes = await readAll(run, input.file);
  await closeInput(run, input);
  return bytes;
};

const createKeyOf = (run: Run): ((line: string) => string) => {
  const { has } = run.args;
  return (line) => {
    let key = line;
    if (has("w")) key = key.replace(/\s+/g, "");
    else if (has("b")) key = key.replace(/\s+/g, " ").replace(/ $/, "");
    else if (has("Z")) key = key.replace(/\s+$/, "");
    if (has("strip-trailing-cr")) key = key.replace(/\r$/, "");
    return has("i") ? key.toLowerCase() : key;
  };
};

const labelOf = async (run: Run, name: string, index: number): Promise<string> => {
  const given = run.args.all("label")[index];
  if (given !== undefined) return given;
  const ms = name === "-" ? run.proc.now() : ((await statOf(run, name))?.mtimeMs ?? 0);
  return `${name}\t${formatDate("%Y-%m-%d %H:%M:%S.%N %z", ms, run.proc.env.get("TZ") ?? "UTC")}`;
};

const contextOf = (run: Run, letter: string): number | undefined => {
  const given = run.args.given.findLast(({ key }) => key === letter || key === letter.toUpperCase());
  if (given === undefined) return undefined;
  if (given.value === undefined) return 3;
  if (!/^\d+$/.test(given.value)) throw new Stop(2, `invalid context length '${given.value}'`);
  return Number(given.value);
};

const sameLines = (a: string, b: string, keyOf: (line: string) => string): boolean => {
  const [x, y] = [toLines(a), toLines(b)];
  return x.length === y.length && x.every((line, i) => keyOf(line) === keyOf(y[i]!));
};

/** Compares two texts and writes what differs; answers whether anything does. */
const compareFiles = async (run: Run, names: readonly [string, string], heading: string): Promise<boolean> => {
  const { args, out } = run;
  const [a, b] = [decode(await read(run, names[0])), decode(await read(run, names[1]))];
  const same = (): false => {
    if (args.has("s")) out.text(`Files ${names[0]} and ${names[1]} are identical\n`);
    return false;
  };
  if (a === b) return same();
  const keyOf = createKeyOf(run);
  const loose = ["w", "b", "Z", "i", "B", "strip-trailing-cr"].some((key) => args.has(key));
  const isBinary = !args.has("a") && (a.includes("\0") || b.includes("\0"));
  if (isBinary || args.has("q")) {
    if (!isBinary && loose && sameLines(a, b, keyOf)) return same();
    out.text(isBinary && !args.has("q") ? `Binary files ${names[0]} and ${names[1]} differ\n` : `Files ${names[0]} and ${names[1]} differ\n`);
    return true;
  }
  const textOf = async (text: string, index: 0 | 1): Promise<Text> => ({ label: await labelOf(run, names[index], index), lines: toLines(text), terminated: loose || text === "" || text.endsWith("\n") });
  const [left, right] = [await textOf(a, 0), await textOf(b, 1)];
  const ends = (text: Text) => (line: string, i: number): string => (i === text.lines.length - 1 && !text.terminated ? `${line}\0` : line);
  let hunks = findChanges(left.lines.map(ends(left)), right.lines.map(ends(right)), keyOf);
  if (args.has("B")) hunks = hunks.filter(({ aFrom, aTo, bFrom, bTo }) => [...left.lines.slice(aFrom, aTo), ...right.lines.slice(bFrom, bTo)].some((line) => line !== ""));
  if (hunks.length === 0) return same();
  out.text(heading);
  const pair = { left, right, hunks };
  const [unified, context] = [contextOf(run, "u"), contextOf(run, "c")];
  if (unified !== undefined) out.text(writeUnified(pair, unified));
  else if (context !== undefined) out.text(writeContext(pair, context));
  else if (args.has("e")) out.text(writeEd(pair));
  else if (args.has("y")) out.text(writeSides(pair, Number(args.last("W") ?? 130), args.has("suppress-common-lines")));
  else out.text(writeNormal(pair));
  return true;
};

const compareFolders = async (run: Run, a: string, b: string): Promise<boolean> => {
  const { args, out } = run;
  const skipped = args.all("x").map((glob) => globToRegExp(glob));
  const list = async (path: string): Promise<Set<string>> => new Set((await run.proc.fs.readdir(run.proc.resolve(path))).filter((name) => !skipped.some((regex) => regex.test(name))));
  const [left, right] = [await list(a), await list(b)];
  let differs = false;
  for (const name of [...new Set([...left, ...right])].sort()) {
    await run.proc.tick(1);
    const [x, y] = [join(a, name), join(b, name)];
    if (!left.has(name) || !right.has(name)) {
      if (!args.has("N")) out.text(`Only in ${left.has(name) ? a : b}: ${name}\n`);
      differs = true;
      continue;
    }
    const [kindX, kindY] = [(await statOf(run, x))?.kind, (await statOf(run, y))?.kind];
    if (kindX === "directory" && kindY === "directory") {
      if (args.has("r")) differs = (await compareFolders(run, x, y)) || differs;
      else out.text(`Common subdirectories: ${x} and ${y}\n`);
    } else if (kindX === "directory" || kindY === "directory") {
      const word = (kind: string | undefined): string => (kind === "directory" ? "directory" : "regular file");
      out.text(`File ${x} is a ${word(kindX)} while file ${y} is a ${word(kindY)}\n`);
      differs = true;
    } else {
      const options = run.proc.argv.slice(1).filter((word) => word.startsWith("-") && word !== "-").join(" ");
      const heading = args.has("q") ? "" : `diff ${options}${options === "" ? "" : " "}${x} ${y}\n`;
      differs = (await compareFiles(run, [x, y], heading)) || differs;
    }
  }
  return differs;
};

export const diff = defineCommand(
  {
    name: "diff",
    en: "Compare files line by line.",
    zh: "逐行比较文件。",
    synopsis: "[OPTION]... FILES",
    usageStatus: 2,
    rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-U${word.slice(1)}` : word)),
    options: [
      ["--normal", "normal form", "普通格式"],
      ["-q, --brief", "only whether files differ", "只说明是否不同"],
      ["-s, --report-identical-files", "also say when they are equal", "相同时也说明"],
      ["-c", "3 lines of context", "3 行上下文"],
      ["-C, --context[=NUM]", "NUM lines of context", "NUM 行上下文"],
      ["-u", "3 lines of unified context", "3 行统一格式"],
      ["-U, --unified[=NUM]", "NUM lines of unified context", "NUM 行统一格式"],
      ["-e, --ed", "an ed script", "ed 脚本"],
      ["-y, --side-by-side", "in two columns", "两列"],
      ["-W, --width=NUM", "width of two columns", "两列的总宽"],
      ["--suppress-common-lines", "leave out common lines with -y", "不显示相同行"],
      ["--label=LABEL", "instead of a file name", "代替文件名"],
      ["-r, --recursive", "directories below too", "递归比较目录"],
      ["-N, --new-file", "missing files are empty", "缺失文件视作空"],
      ["-x, --exclude=PATTERN", "not these files", "不比较这些文件"],
      ["-i, --ignore-case", "letters in either case are the same", "不分大小写"],
      ["-Z, --ignore-trailing-space", "ignore space at line ends", "忽略行尾空白"],
      ["-b, --ignore-space-change", "ignore the amount of space", "忽略空白数量"],
      ["-w, --ignore-all-space", "ignore all space", "忽略所有空白"],
      ["-B, --ignore-blank-lines", "ignore empty lines", "忽略空行"],
      ["--strip-trailing-cr", "ignore carriage returns at line ends", "忽略行尾回车"],
      ["-a, --text", "treat all files as text", "都当作文本"],
      ["-d, --minimal", "ignored", "忽略"],
      ["-p, --show-c-function", "ignored", "忽略"],
      ["-t, --expand-tabs", "ignored", "忽略"],
      ["--color[=WHEN]", "ignored", "忽略"],
    ],
  },
  async (run) => {
    let [a, b] = run.args.operands;
    if (a === undefined) return run.misuse("missing operand after 'diff'");
    if (b === undefined) return run.misuse(`missing operand after '${a}'`);
    if (run.args.operands.length > 2) return run.misuse(`extra operand '${run.args.operands[2]}'`);
    try {
      const kind = async (name: string): Promise<string | undefined> => (name === "-" ? "pipe" : (await statOf(run, name))?.kind);
      const [kindA, kindB] = [await kind(a), await kind(b)];
      if (kindA === "directory" && kindB === "directory") return (await compareFolders(run, a, b)) ? 1 : 0;
      if (kindA === "directory" && kindB !== undefined) a = join(a, baseName(b));
      else if (kindB === "directory" && kindA !== undefined) b = join(b, baseName(a));
      let missing = false;
      for (const name of [a, b]) {
        if (name === "-" || (await kind(name)) !== undefined) continue;
        if (run.args.has("N")) continue;
        await run.warn(`${name}: No such file or directory`);
        missing = true;
      }
      if (missing) return 2;
      const present = async (name: string): Promise<string> => ((await kind(name)) === undefined ? "/dev/null" : name);
      return (await compareFiles(run, [await present(a), await present(b)], "")) ? 1 : 0;
    } catch (error) {
      if (error instanceof FileError) throw new Stop(2, `${error.path}: ${error.message}`);
      throw error;
    }
  },
);

export const cmp = defineCommand(
  {
    name: "cmp",
    en: "Compare two files byte by byte.",
    zh: "逐字节比较两个文件。",
    synopsis: "[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]",
    usageStatus: 2,
    options: [["-b, --print-bytes", "show bytes that differ", "显示不同的字节"], ["-i, --ignore-initial=SKIP", "skip the first bytes", "跳过开头的字节"], ["-l, --verbose", "all bytes that differ", "列出所有不同的字节"], ["-n, --bytes=LIMIT", "no more than LIMIT bytes", "最多比较 LIMIT 字节"], ["-s, --quiet, --silent", "print nothing", "不输出"]],
  },
  async (run) => {
    const { args } = run;
    const [first, second = "-"] = args.operands;
    if (first === undefined) return run.misuse("missing operand after 'cmp'");
    const skips = (args.last("i") ?? "0").split(":").map((text) => parseSize(text) ?? 0);
    const limit = parseSize(args.last("n") ?? "") ?? Infinity;
    const load = async (name: string, skip: number): Promise<Uint8Array> => {
      try {
        const bytes = await read(run, name);
        return bytes.subarray(skip, limit === Infinity ? undefined : skip + limit);
      } catch (error) {
        if (error instanceof FileError) throw new Stop(2, args.has("s") ? "" : `${name}: ${error.message}`);
        throw error;
      }
    };
    const a = await load(first, parseSize(args.operands[2] ?? "") ?? skips[0] ?? 0);
    const b = await load(second, parseSize(args.operands[3] ?? "") ?? skips[1] ?? skips[0] ?? 0);
    const shared = Math.min(a.length, b.length);
    let lines = 1;
    let differs = false;
    for (let i = 0; i < shared; i++) {
      const [x, y] = [a[i]!, b[i]!];
      if (x !== y) {
        if (args.has("s")) return 1;
        const octal = (byte: number): string => byte.toString(8).padStart(3);
        const shown = (byte: number): string => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte < 32 ? `^${String.fromCharCode(byte + 64)}` : byte === 127 ? "^?" : `M-${String.fromCharCode(byte & 127)}`);
        if (!args.has("l")) {
          run.out.text(`${first} ${second} differ: ${args.has("b") ? "byte" : "byte"} ${i + 1}, line ${lines}${args.has("b") ? ` is ${octal(x)} ${shown(x)} ${octal(y)} ${shown(y)}` : ""}\n`);
          return 1;
        }
        differs = true;
        run.out.text(`${String(i + 1).padStart(String(Math.max(a.length, b.length)).length)} ${octal(x)}${args.has("b") ? ` ${shown(x).padEnd(4)}` : ""} ${octal(y)}${args.has("b") ? ` ${shown(y)}` : ""}\n`);
      }
      if (x === 10) lines++;
    }
    if (a.length === b.length) return differs ? 1 : 0;
    const shorter = a.length < b.length ? first : second;
    await run.out.flush();
    const atLineEnd = shared > 0 && (a.length < b.length ? a : b)[shared - 1] === 10;
    const where = shared === 0 ? "which is empty" : args.has("l") ? `after byte ${shared}` : `after byte ${shared}, ${atLineEnd ? `line ${lines - 1}` : `in line ${lines}`}`;
    if (!args.has("s")) await run.warn(`EOF on ${shorter} ${where}`);
    return 1;
  },
);
