/** Owns xargs: items read from standard input become the arguments of commands. */
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { decode } from "../stream/bytes.ts";
import { openInput, readAll } from "../stream/input.ts";

interface Batch {
  readonly template: readonly string[];
  readonly replace: string | undefined;
  readonly most: number;
  readonly bytesMost: number;
  readonly jobs: number;
}

const splitItems = async (run: Run, text: string): Promise<string[]> => {
  if (run.args.has("0")) return text.split("\0").filter((item, i, all) => i < all.length - 1 || item !== "");
  const delimiter = run.args.last("d");
  if (delimiter !== undefined) {
    const char = delimiter.replace(/^\\n$/, "\n").replace(/^\\t$/, "\t").replace(/^\\0$/, "\0");
    return text.split(char).filter((item, i, all) => i < all.length - 1 || item !== "");
  }
  const eof = run.args.last("E");
  const items: string[] = [];
  const pattern = run.args.has("I") || run.args.has("i") ? /[ \t]*((?:\\[^]|"[^"\n]*"|'[^'\n]*'|[^\n\\"'])*)\n?/y : /[ \t\n]*((?:\\[^]|"[^"\n]*"|'[^'\n]*'|[^ \t\n\\"'])*)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null || match[0] === "") {
      const quote = text.charAt(pattern.lastIndex) === '"' ? "double" : "single";
      throw new Stop(1, `unmatched ${quote} quote; by default quotes are special to xargs unless you use the -0 option`);
    }
    if (match[1] === "") continue;
    const item = (match[1] ?? "").replace(/\\([^])|"([^"\n]*)"|'([^'\n]*)'/g, (_, a?: string, b?: string, c?: string) => a ?? b ?? c ?? "");
    if (eof !== undefined && eof !== "" && item === eof) break;
    items.push(item);
  }
  return items;
};

/** With -L: arguments of so many lines; a line that ends in a blank goes on. */
const lineBatches = (run: Run, text: string, most: number): string[][] => {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const logical: string[] = [];
  let joined = "";
  for (const line of lines) {
    joined += line;
    if (/[ \t]$/.test(line)) continue;
    logical.push(joined);
    joined = "";
  }
  if (joined !== "") logical.push(joined);
  const batches: string[][] = [];
  for (let i = 0; i < logical.length; i += most) batches.push(logical.slice(i, i + most).join(" ").split(/[ \t]+/).filter(Boolean));
  return batches;
};

const itemBatches = (items: readonly string[], batch: Batch): string[][] => {
  if (batch.replace !== undefined) return items.map((item) => [item]);
  const batches: string[][] = [];
  const base = batch.template.reduce((sum, word) => sum + word.length + 1, 0);
  let size = base;
  for (const item of items) {
    const last = batches.at(-1);
    size += item.length + 1;
    if (last === undefined || last.length >= batch.most || size > batch.bytesMost) {
      batches.push([item]);
      size = base + item.length + 1;
    } else last.push(item);
  }
  return batches;
};

const runBatches = async (run: Run, batches: readonly string[][], batch: Batch): Promise<number> => {
  let status = 0;
  const nothing = await run.proc.open("/dev/null", "r");
  const source = run.args.last("a") === undefined ? nothing : run.proc.stdin;
  const running = new Set<Promise<void>>();
  let stopped = false;
  const start = (words: readonly string[]): Promise<void> => {
    const argv = batch.replace === undefined ? [...batch.template, ...words] : batch.template.map((word) => word.replaceAll(batch.replace ?? "", words[0] ?? ""));
    if (run.args.has("t")) void run.proc.stderr.write(Uint8Array.from(`${argv.join(" ")}\n`, (char) => char.charCodeAt(0)));
    return run.proc.spawn(argv, { fds: new Map([[0, source]]) }).wait().then(async (code) => {
      if (code === 255) {
        stopped = true;
        status = 124;
        await run.warn(`${argv[0]}: exited with status 255; aborting`);
      } else if (code === 126 || code === 127) {
        stopped = true;
        status = code;
      } else if (code > 128) {
        stopped = true;
        status = 125;
      } else if (code !== 0 && status === 0) status = 123;
    });
  };
  for (const words of batches) {
    if (stopped) break;
    const job: Promise<void> = start(words).finally(() => running.delete(job));
    running.add(job);
    if (running.size >= batch.jobs) await Promise.race(running);
  }
  await Promise.all(running);
  return status;
};

export const xargs = defineCommand(
  {
    name: "xargs",
    en: "Run a command with arguments read from standard input.",
    zh: "用标准输入中的内容作参数运行命令。",
    synopsis: "[OPTION]... [COMMAND [ARG]...]",
    stopAtOperand: true,
    options: [
      ["-0, --null", "items end with NUL", "项目以 NUL 结束"],
      ["-a, --arg-file=FILE", "read items from FILE", "从 FILE 读取项目"],
      ["-d, --delimiter=C", "items are separated by C", "项目以 C 分隔"],
      ["-E EOF", "stop at this item", "遇到此项则停止"],
      ["-I R", "replace R in the command by each line", "用每行替换命令中的 R"],
      ["-i[R], --replace[=R]", "as -I, with {} when absent", "同 -I，默认 {}"],
      ["-L, --max-lines=N", "at most N lines a command", "每个命令最多 N 行"],
      ["-n, --max-args=N", "at most N items a command", "每个命令最多 N 项"],
      ["-o, --open-tty", "ignored", "忽略"],
      ["-P, --max-procs=N", "run N at a time", "同时运行 N 个"],
      ["-p, --interactive", "ignored", "忽略"],
      ["-r, --no-run-if-empty", "do not run without items", "没有项目则不运行"],
      ["-s, --max-chars=N", "at most N bytes a command line", "命令行最多 N 字节"],
      ["-t, --verbose", "show commands before running", "运行前显示命令"],
      ["-x, --exit", "ignored", "忽略"],
    ],
  },
  async (run) => {
    const { args } = run;
    const count = (key: string, otherwise: number): number => {
      const text = args.last(key);
      if (text === undefined) return otherwise;
      if (!/^\d+$/.test(text)) throw new Stop(1, `invalid number "${text}" for -${key} option`);
      return Number(text);
    };
    try {
      const input = await openInput(run, args.last("a") ?? "-");
      const text = decode(await readAll(run, input.file));
      const replace = args.last("I") ?? (args.has("i") ? (args.last("i") ?? "{}") : undefined);
      const batch: Batch = {
        template: args.operands.length > 0 ? args.operands : ["echo"],
        replace,
        most: count("n", Infinity),
        bytesMost: count("s", 128 * 1024),
        jobs: count("P", 1) || Infinity,
      };
      const byLines = args.has("L") && replace === undefined;
      const batches = byLines ? lineBatches(run, text, count("L", 1)) : itemBatches(await splitItems(run, text), batch);
      if (batches.length === 0 && !args.has("r") && replace === undefined) batches.push([]);
      return await runBatches(run, batches, batch);
    } catch (error) {
      if (error instanceof FileError) throw new Stop(1, `Cannot open input file '${error.path}': ${error.message}`);
      throw error;
    }
  },
);
