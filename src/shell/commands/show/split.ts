/** Owns split: a stream cut into files. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { concat } from "../stream/bytes.ts";
import { openInput, readAll } from "../stream/input.ts";
import { parseSize } from "../stream/number.ts";

const lineEnds = (bytes: Uint8Array, end: number): number[] => {
  const ends: number[] = [];
  for (let at = bytes.indexOf(end); at >= 0; at = bytes.indexOf(end, at + 1)) ends.push(at + 1);
  if ((ends.at(-1) ?? 0) < bytes.length) ends.push(bytes.length);
  return ends;
};

const byLines = (bytes: Uint8Array, count: number, end: number): Uint8Array[] => {
  const ends = lineEnds(bytes, end);
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < ends.length; i += count) pieces.push(bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[Math.min(i + count, ends.length) - 1]));
  return pieces;
};

const byBytes = (bytes: Uint8Array, count: number): Uint8Array[] => Array.from({ length: Math.ceil(bytes.length / count) }, (_, i) => bytes.subarray(i * count, (i + 1) * count));

const byLineBytes = (bytes: Uint8Array, count: number, end: number): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const limit = Math.min(bytes.length, from + count);
    const last = limit === bytes.length ? limit : bytes.lastIndexOf(end, limit - 1) + 1;
    const to = last > from ? last : limit;
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
};

/** -n N, K/N, l/N, l/K/N, r/N, r/K/N. `only` is the one to print. */
const byCount = (bytes: Uint8Array, text: string, end: number): { pieces: Uint8Array[]; only: number | undefined } => {
  const match = /^(?:([lr])\/)?(?:(\d+)\/)?(\d+)$/.exec(text);
  const count = Number(match?.[3] ?? 0);
  if (match === null || count === 0) throw new Stop(1, `invalid number of chunks: '${text}'`);
  const only = match[2] === undefined ? undefined : Number(match[2]) - 1;
  const size = Math.floor(bytes.length / count);
  if (match[1] === undefined) return { only, pieces: Array.from({ length: count }, (_, i) => bytes.subarray(i * size, i === count - 1 ? bytes.length : (i + 1) * size)) };
  const ends = lineEnds(bytes, end);
  const parts: Uint8Array[][] = Array.from({ length: count }, () => []);
  ends.forEach((to, i) => {
    const from = i === 0 ? 0 : ends[i - 1]!;
    parts[match[1] === "r" ? i % count : Math.min(count - 1, Math.floor(from / Math.max(1, size)))]!.push(bytes.subarray(from, to));
  });
  return { only, pieces: parts.map(concat) };
};

const suffixOf = (run: Run, index: number, length: number): string => {
  const { args } = run;
  const numeric = args.has("d") || args.has("numeric-suffixes");
  const hex = args.has("x") || args.has("hex-suffixes");
  const first = Number(args.last("numeric-suffixes") ?? args.last("hex-suffixes") ?? 0);
  if (numeric || hex) return (index + first).toString(hex ? 16 : 10).padStart(length, "0");
  let text = "";
  for (let rest = index, i = 0; i < length; i++, rest = Math.floor(rest / 26)) text = String.fromCharCode(97 + (rest % 26)) + text;
  return text;
};

/** Without -a the suffix grows: 676 names of two letters are taken as 650 (as GNU widens before "z"). */
const growing = (run: Run, index: number): string => {
  const given = run.args.last("a");
  if (given !== undefined) return suffixOf(run, index, Number(given));
  if (run.args.has("d") || run.args.has("numeric-suffixes")) return index < 90 ? suffixOf(run, index, 2) : `9${suffixOf(run, index - 90, 3)}`;
  return index < 650 ? suffixOf(run, index, 2) : `z${suffixOf(run, index - 650, 3)}`;
};

export const split = defineCommand(
  {
    name: "split",
    en: "Cut a file into pieces.",
    zh: "把文件切成多个。",
    synopsis: "[OPTION]... [FILE [PREFIX]]",
    rewrite: (argv) => argv.map((word) => (/^-\d+$/.test(word) ? `-l${word.slice(1)}` : word)),
    options: [
      ["-a, --suffix-length=N", "length of suffixes", "后缀长度"],
      ["--additional-suffix=SUFFIX", "append to names", "附加后缀"],
      ["-b, --bytes=SIZE", "SIZE bytes each", "每个 SIZE 字节"],
      ["-C, --line-bytes=SIZE", "at most SIZE bytes of whole lines", "整行且最多 SIZE 字节"],
      ["-d", "numeric suffixes", "数字后缀"],
      ["--numeric-suffixes[=FROM]", "numeric suffixes from FROM", "从 FROM 起的数字后缀"],
      ["-x", "hexadecimal suffixes", "十六进制后缀"],
      ["--hex-suffixes[=FROM]", "hexadecimal suffixes from FROM", "从 FROM 起的十六进制后缀"],
      ["-e, --elide-empty-files", "no empty files with -n", "不生成空文件"],
      ["--filter=COMMAND", "give each piece to a command; $FILE is its name", "把每块交给命令"],
      ["-l, --lines=N", "N lines each", "每个 N 行"],
      ["-n, --number=CHUNKS", "so many files", "切成若干份"],
      ["-t, --separator=SEP", "SEP ends a line", "行结束符"],
      ["-u, --unbuffered", "ignored", "忽略"],
      ["--verbose", "tell each file", "逐个显示"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    const prefix = args.operands[1] ?? "x";
    const bytes = await readAll(run, (await openInput(run, args.operands[0] ?? "-")).file);
    const separator = args.last("t");
    const end = separator === undefined ? 10 : separator === "\\0" ? 0 : separator.charCodeAt(0);
    const size = (key: string): number => {
      const value = parseSize(args.last(key) ?? "");
      if (value === undefined || value === 0) throw new Stop(1, `invalid number of ${key === "l" ? "lines" : "bytes"}: '${args.last(key)}'`);
      return value;
    };
    const counted = args.has("n") ? byCount(bytes, args.last("n") ?? "", end) : undefined;
    if (counted?.only !== undefined) {
      run.out.bytes(counted.pieces[counted.only] ?? new Uint8Array());
      return 0;
    }
    const pieces = counted?.pieces ?? (args.has("b") ? byBytes(bytes, size("b")) : args.has("C") ? byLineBytes(bytes, size("C"), end) : byLines(bytes, args.has("l") ? size("l") : 1000, end));
    const kept = args.has("e") ? pieces.filter((piece) => piece.length > 0) : pieces;
    for (const [index, piece] of kept.entries()) {
      const name = prefix + growing(run, index) + (args.last("additional-suffix") ?? "");
      if (args.has("verbose")) run.out.text(`creating file '${name}'\n`);
      const filter = args.last("filter");
      if (filter === undefined) {
        const file = await proc.open(name, "w");
        await file.write(piece);
        await proc.close(file);
        continue;
      }
      await run.out.flush();
      const [reader, writer] = proc.pipe();
      const child = proc.spawn(["sh", "-c", filter], { env: new Map([...proc.env, ["FILE", name]]), fds: new Map([[0, reader]]) });
      await proc.close(reader);
      await writer.write(piece);
      await proc.close(writer);
      await child.wait();
    }
    return 0;
  },
);
