/** Owns tail: the last lines or bytes, what follows a position, and following a growing file. */
import { FileError, type OpenFile } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { eachChunk, eachInput, shown, type Input } from "../stream/input.ts";
import { parseSize } from "../stream/number.ts";

interface Extent {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** "+NUM": from that line or byte on. */
  readonly fromStart: boolean;
  readonly delimiter: number;
}

const skipThenCopy = async (run: Run, file: OpenFile, extent: Extent): Promise<void> => {
  let left = Math.max(0, extent.count - 1);
  await eachChunk(run, file, (chunk) => {
    let from = 0;
    if (left > 0 && extent.unit === "bytes") {
      from = Math.min(left, chunk.length);
      left -= from;
    }
    while (left > 0 && from < chunk.length) {
      const end = chunk.indexOf(extent.delimiter, from);
      from = end < 0 ? chunk.length : end + 1;
      if (end >= 0) left--;
    }
    run.out.bytes(chunk.subarray(from));
    return run.out.flush();
  });
};

const countByte = (chunk: Uint8Array, byte: number): number => {
  let count = 0;
  for (let at = chunk.indexOf(byte); at >= 0; at = chunk.indexOf(byte, at + 1)) count++;
  return count;
};

/** Keeps the newest chunks that together can hold the last lines or bytes. */
const lastOf = async (run: Run, file: OpenFile, extent: Extent): Promise<Uint8Array[]> => {
  const kept: { chunk: Uint8Array; weight: number }[] = [];
  let weight = 0;
  const enough = extent.unit === "bytes" ? extent.count : extent.count + 1;
  await eachChunk(run, file, (chunk) => {
    const own = extent.unit === "bytes" ? chunk.length : countByte(chunk, extent.delimiter);
    kept.push({ chunk, weight: own });
    weight += own;
    while (kept[0] !== undefined && kept.length > 1 && weight - kept[0].weight >= enough) weight -= kept.shift()!.weight;
  });
  return kept.map(({ chunk }) => chunk);
};

const trimToLast = (chunks: Uint8Array[], extent: Extent): Uint8Array[] => {
  const whole = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let left = extent.count;
  if (left === 0) return [];
  let seen = 0;
  for (let c = chunks.length - 1; c >= 0; c--) {
    const chunk = chunks[c]!;
    if (extent.unit === "bytes") {
      if (chunk.length >= left) return [chunk.subarray(chunk.length - left), ...chunks.slice(c + 1)];
      left -= chunk.length;
      continue;
    }
    let at = chunk.length;
    if (seen === 0 && chunk[at - 1] === extent.delimiter) at--;
    for (;;) {
      const found = at <= 0 ? -1 : chunk.lastIndexOf(extent.delimiter, at - 1);
      if (found < 0) break;
      if (--left === 0) return [chunk.subarray(found + 1), ...chunks.slice(c + 1)];
      at = found;
    }
    seen += chunk.length;
  }
  return whole === 0 ? [] : chunks;
};

const show = async (run: Run, input: Input, extent: Extent): Promise<void> => {
  if (extent.fromStart) return skipThenCopy(run, input.file, extent);
  if (input.file.kind === "file" && input.file.seek !== undefined && extent.unit === "bytes") {
    const size = await input.file.seek(0, "end");
    await input.file.seek(Math.max(0, size - extent.count), "set");
  }
  for (const chunk of trimToLast(await lastOf(run, input.file, extent), extent)) run.out.bytes(chunk);
};

interface Followed {
  readonly name: string;
  offset: number;
  ino: number;
}

const sizeOf = async (run: Run, name: string): Promise<{ size: number; ino: number }> => {
  try {
    return await run.proc.fs.stat(run.proc.resolve(name));
  } catch (error) {
    if (error instanceof FileError) return { size: -1, ino: -1 };
    throw error;
  }
};

/** Polls until the process is ended; a file that shrank or was replaced (`byName`) is read from its start. */
const follow = async (run: Run, files: Followed[], everyMs: number, header: (name: string) => void): Promise<never> => {
  let shownLast = files.at(-1)?.name;
  for (;;) {
    await run.out.flush();
    await run.proc.sleep(everyMs);
    for (const file of files) {
      const { size, ino } = await sizeOf(run, file.name);
      if (size < 0) continue;
      if (size < file.offset || ino !== file.ino) file.offset = 0;
      file.ino = ino;
      if (size === file.offset) continue;
      if (shownLast !== file.name) header(file.name);
      shownLast = file.name;
      while (file.offset < size) {
        const bytes = await run.proc.fs.read(run.proc.resolve(file.name), file.offset, Math.min(65_536, size - file.offset));
        if (bytes.length === 0) break;
        run.out.bytes(bytes);
        file.offset += bytes.length;
        await run.out.flush();
      }
    }
  }
};

const readExtent = (run: Run): Extent => {
  const given = run.args.given.findLast(({ key }) => key === "n" || key === "c");
  const text = given?.value ?? "10";
  const unit = given?.key === "c" ? "bytes" : "lines";
  const count = parseSize(text.replace(/^[-+]/, ""));
  if (count === undefined) throw new Stop(1, `invalid number of ${unit}: '${text}'`);
  return { unit, count, fromStart: text.startsWith("+"), delimiter: run.args.has("z") ? 0 : 10 };
};

const rewriteOldForm = (argv: readonly string[]): readonly string[] => {
  const match = /^([-+])(\d+)([bcl]?)(f?)$/.exec(argv[0] ?? "");
  if (match === null) return argv;
  const unit = match[3] === "c" ? "-c" : "-n";
  const sign = match[1] === "+" ? "+" : "";
  return [unit, `${sign}${match[2]}`, ...(match[4] === "f" ? ["-f"] : []), ...argv.slice(1)];
};

export const tail = defineCommand(
  {
    name: "tail",
    en: "Print the last 10 lines of each file.",
    zh: "输出每个文件的最后 10 行。",
    synopsis: "[OPTION]... [FILE]...",
    rewrite: rewriteOldForm,
    options: [
      ["-c, --bytes=[+]NUM", "last NUM bytes; with + from byte NUM on", "最后 NUM 个字节；带 + 则从第 NUM 个开始"],
      ["-f, --follow[=HOW]", "go on as the file grows", "文件增长时继续输出"],
      ["-F", "same as --follow=name --retry", "等于 --follow=name --retry"],
      ["-n, --lines=[+]NUM", "last NUM lines; with + from line NUM on", "最后 NUM 行；带 + 则从第 NUM 行开始"],
      ["--pid=PID", "ignored", "忽略"],
      ["-q, --quiet, --silent", "never print file names", "不输出文件名"],
      ["--retry", "keep trying to open a missing file", "文件不存在时继续尝试"],
      ["-s, --sleep-interval=N", "look every N seconds with -f", "配合 -f，每 N 秒查看一次"],
      ["-v, --verbose", "always print file names", "总是输出文件名"],
      ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const extent = readExtent(run);
    const names = run.args.operands;
    const withNames = !run.args.has("q") && (names.length > 1 || run.args.has("v"));
    let isFirst = true;
    const header = (name: string): void => {
      if (!withNames) return;
      run.out.text(`${isFirst ? "" : "\n"}==> ${name === "-" ? "standard input" : name} <==\n`);
      isFirst = false;
    };
    const cannotOpen = names.length > 0 ? "cannot open" : "";
    const followed: Followed[] = [];
    let status = 0;
    for (const name of names.length === 0 ? ["-"] : names) {
      const quiet: Run = { ...run, warn: (message) => run.warn(openMessage(cannotOpen, name, message)) };
      status |= await eachInput(quiet, [name], async (input) => {
        header(input.name);
        await show(run, input, extent);
      });
      if (name === "-") continue;
      const { size, ino } = await sizeOf(run, name);
      followed.push({ name, offset: Math.max(0, size), ino });
    }
    if (!run.args.has("f") && !run.args.has("F")) return status;
    if (followed.length === 0) return status;
    const seconds = Number(run.args.last("s") ?? "0.2");
    return follow(run, followed, Math.max(20, (Number.isFinite(seconds) ? seconds : 1) * 1000), header);
  },
);

const openMessage = (cannotOpen: string, name: string, message: string): string => {
  if (cannotOpen === "" || message.endsWith("Is a directory")) return message.replace(/^(.*): Is a directory$/, "error reading '$1': Is a directory");
  return `cannot open '${name}' for reading${message.slice(shown(name).length)}`;
};
