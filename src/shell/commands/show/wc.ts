/** Owns wc: lines, words, characters, bytes and the longest line. */
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { charWidth, decode, isUtf8Locale, toUnicode } from "../stream/bytes.ts";
import { eachChunk, eachInput, readOperand, type Input } from "../stream/input.ts";

interface Counts {
  lines: number;
  words: number;
  chars: number;
  bytes: number;
  longest: number;
}
const none = (): Counts => ({ lines: 0, words: 0, chars: 0, bytes: 0, longest: 0 });

/** 1 for the bytes that separate words. */
const SPACE = new Uint8Array(256);
for (const code of [9, 10, 11, 12, 13, 32]) SPACE[code] = 1;

const createCounter = (utf8: boolean, wantsWidth: boolean) => {
  const counts = none();
  let inWord = 0;
  /** Bytes that the present character still lacks; broken ones do not count. */
  let missing = 0;
  let width = 0;
  const addWidth = (chunk: Uint8Array): void => {
    for (const char of utf8 ? toUnicode(decode(chunk)) : decode(chunk)) {
      const code = char.codePointAt(0) ?? 0;
      if (code === 10 || code === 13 || code === 12) width = 0;
      else if (code === 9) width += 8 - (width % 8);
      else width += code < 128 || utf8 ? charWidth(code) : 0;
      if (width > counts.longest) counts.longest = width;
    }
  };
  const add = (chunk: Uint8Array): void => {
    let { lines, words, chars } = counts;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (byte === 10) lines++;
      if (!utf8 || byte < 0x80) {
        chars++;
        missing = 0;
      } else if ((byte & 0xc0) !== 0x80) missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
      else if (missing > 0 && --missing === 0) chars++;
      if (SPACE[byte] === 1) inWord = 0;
      else if (inWord === 0) {
        inWord = 1;
        words++;
      }
    }
    counts.lines = lines;
    counts.words = words;
    counts.chars = chars;
    counts.bytes += chunk.length;
    if (wantsWidth) addWidth(chunk);
  };
  return { counts, add };
};

const FIELDS: readonly (readonly [string, keyof Counts])[] = [["l", "lines"], ["w", "words"], ["m", "chars"], ["c", "bytes"], ["L", "longest"]];

const wantedFields = (run: Run): (keyof Counts)[] => {
  const wanted = FIELDS.filter(([letter]) => run.args.has(letter)).map(([, field]) => field);
  return wanted.length > 0 ? wanted : ["lines", "words", "bytes"];
};

/** The column width GNU uses: from the sizes of regular files; 7 as soon as something else is among them. */
const columnWidth = async (run: Run, names: readonly string[], fields: number): Promise<number> => {
  if (names.length === 0) return fields === 1 ? 1 : 7;
  if (names.length === 1 && fields === 1) return 1;
  let total = 0;
  let least = 1;
  for (const name of names) {
    try {
      const stat = name === "-" ? { kind: run.proc.stdin.kind, size: 0 } : await run.proc.fs.stat(run.proc.resolve(name));
      if (stat.kind === "file") total += stat.size;
      else least = 7;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  return Math.max(least, String(total).length);
};

const operandsOf = async (run: Run): Promise<readonly string[]> => {
  const list = run.args.last("files0-from");
  if (list === undefined) return run.args.operands;
  if (run.args.operands.length > 0) throw new Stop(1, "extra operand; file operands cannot be combined with --files0-from");
  return (await readOperand(run, list)).split("\0").filter((name) => name !== "");
};

export const wc = defineCommand(
  {
    name: "wc",
    en: "Count lines, words and bytes of each file.",
    zh: "统计每个文件的行数、单词数和字节数。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-c, --bytes", "count bytes", "统计字节"],
      ["-m, --chars", "count characters", "统计字符"],
      ["-l, --lines", "count lines", "统计行"],
      ["--files0-from=F", "names come NUL-separated from F", "从 F 读取以 NUL 分隔的文件名"],
      ["-L, --max-line-length", "width of the longest line", "最长行的宽度"],
      ["-w, --words", "count words", "统计单词"],
    ],
  },
  async (run) => {
    const names = await operandsOf(run);
    const fields = wantedFields(run);
    const width = await columnWidth(run, names, fields.length);
    const utf8 = isUtf8Locale(run.proc.env);
    const total = none();
    const print = (counts: Counts, name: string | undefined): void => {
      const row = fields.map((field) => String(counts[field]).padStart(width)).join(" ");
      run.out.text(name === undefined ? `${row}\n` : `${row} ${name}\n`);
    };
    const count = async (input: Input): Promise<void> => {
      const { counts, add } = createCounter(utf8, fields.includes("longest"));
      let failure: FileError | undefined;
      try {
        await eachChunk(run, input.file, add);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        failure = error;
      }
      for (const key of ["lines", "words", "chars", "bytes"] as const) total[key] += counts[key];
      total.longest = Math.max(total.longest, counts.longest);
      print(counts, names.length === 0 ? undefined : input.name);
      if (failure !== undefined) throw failure;
    };
    const status = await eachInput(run, names, count);
    if (names.length > 1) print(total, "total");
    return status;
  },
);
