/** Owns cut: chosen bytes or fields of each line. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { eachInputLine } from "../stream/input.ts";

/** Closed ranges of positions from 1, in order, joined. */
type Ranges = readonly (readonly [number, number])[];

const invalid = (kind: "byte" | "field", text: string): Stop => new Stop(1, `invalid ${kind === "field" ? "field" : "byte/character position"} value '${text}'`);

const readRange = (part: string, kind: "byte" | "field"): [number, number] => {
  const match = /^(\d*)(-?)(\d*)$/.exec(part);
  if (match === null) throw invalid(kind, part);
  const [, from = "", dash = "", to = ""] = match;
  const tail = "\nTry 'cut --help' for more information.";
  if (from === "" && to === "") throw new Stop(1, dash === "" ? `fields are numbered from 1${tail}` : `invalid range with no endpoint: -${tail}`);
  const first = from === "" ? 1 : Number(from);
  const last = dash === "" ? first : to === "" ? Infinity : Number(to);
  if (first === 0 || last === 0) {
    throw new Stop(1, `${kind === "field" ? "fields" : "byte/character positions"} are numbered from 1${tail}`);
  }
  if (last < first) throw new Stop(1, `invalid decreasing range${tail}`);
  return [first, last];
};

export const readRanges = (list: string, kind: "byte" | "field"): Ranges => {
  const ranges = list.split(/[, \t]/).map((part) => readRange(part, kind)).sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
};

const complement = (ranges: Ranges): Ranges => {
  const rest: [number, number][] = [];
  let next = 1;
  for (const [from, to] of ranges) {
    if (from > next) rest.push([next, from - 1]);
    next = to + 1;
  }
  if (next !== Infinity) rest.push([next, Infinity]);
  return rest;
};

const cutBytes = (ranges: Ranges, joiner: string) => (line: string): string => {
  const parts: string[] = [];
  for (const [from, to] of ranges) {
    if (from > line.length) break;
    parts.push(line.slice(from - 1, to));
  }
  return parts.join(joiner);
};

const cutFields = (ranges: Ranges, delimiter: string, joiner: string) => {
  const [only] = ranges;
  const single = ranges.length === 1 && only !== undefined && only[0] === only[1] ? only[0] : 0;
  if (single === 1) return (line: string): string => line.slice(0, line.indexOf(delimiter));
  return (line: string): string => {
    const fields = line.split(delimiter);
    const parts: string[] = [];
    for (const [from, to] of ranges) {
      for (let i = from; i <= to && i <= fields.length; i++) parts.push(fields[i - 1] ?? "");
    }
    return parts.join(joiner);
  };
};

const createCutter = (run: Run): ((line: string) => string | undefined) => {
  const { args } = run;
  const list = ["b", "c", "f"].filter((key) => args.has(key));
  const tail = "\nTry 'cut --help' for more information.";
  if (list.length === 0) throw new Stop(1, `you must specify a list of bytes, characters, or fields${tail}`);
  if (list.length > 1) throw new Stop(1, `only one type of list may be specified${tail}`);
  const isField = list[0] === "f";
  const delimiter = args.last("d");
  if (delimiter !== undefined && delimiter.length > 1) throw new Stop(1, `the delimiter must be a single character${tail}`);
  if (!isField && delimiter !== undefined) throw new Stop(1, `an input delimiter may be specified only when operating on fields${tail}`);
  if (!isField && args.has("s")) throw new Stop(1, `suppressing non-delimited lines makes sense\n\tonly when operating on fields${tail}`);
  const given = readRanges(args.last(list[0] ?? "") ?? "", isField ? "field" : "byte");
  const ranges = args.has("complement") ? complement(given) : given;
  if (!isField) return cutBytes(ranges, args.last("output-delimiter") ?? "");
  const separator = delimiter === undefined ? "\t" : delimiter === "" ? "\0" : delimiter;
  const cutLine = cutFields(ranges, separator, args.last("output-delimiter") ?? separator);
  const onlyDelimited = args.has("s");
  return (line) => (line.includes(separator) ? cutLine(line) : onlyDelimited ? undefined : line);
};

export const cut = defineCommand(
  {
    name: "cut",
    en: "Print chosen parts of each line.",
    zh: "输出每行中选定的部分。",
    synopsis: "OPTION... [FILE]...",
    options: [
      ["-b, --bytes=LIST", "only these bytes", "只取这些字节"],
      ["-c, --characters=LIST", "only these characters (bytes)", "只取这些字符（按字节）"],
      ["-d, --delimiter=DELIM", "fields are separated by DELIM instead of tab", "用 DELIM 代替制表符分隔字段"],
      ["-f, --fields=LIST", "only these fields; lines without delimiter as they are", "只取这些字段；没有分隔符的行原样输出"],
      ["-n", "ignored", "忽略"],
      ["--complement", "take the complement of the chosen parts", "取选定部分之外的内容"],
      ["-s, --only-delimited", "leave out lines without delimiter", "不输出没有分隔符的行"],
      ["--output-delimiter=STRING", "put STRING between the parts", "用 STRING 连接各部分"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  (run) => {
    const end = run.args.has("z") ? "\0" : "\n";
    const cutLine = createCutter(run);
    const visit = (line: string): void => {
      const kept = cutLine(line);
      if (kept !== undefined) run.out.text(kept + end);
    };
    return eachInputLine(run, run.args.operands, visit, end);
  },
);
