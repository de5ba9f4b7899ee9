/** Owns ls: names in columns or with details. Output is never a terminal, so one name a line unless asked. */
import type { Stat } from "../../contract.ts";
import { FileError } from "../../contract.ts";
import { formatDate } from "../date/format.ts";
import { defineCommand, type Run } from "../option/declare.ts";
import { compareVersion } from "../order/compare.ts";
import { humanSize } from "../stream/number.ts";
import { textWidth } from "../stream/bytes.ts";
import { modeText } from "./mode.ts";
import { join, lstatOf, statOf } from "./tree.ts";

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stat: Stat;
}

const extensionOf = (name: string): string => (name.lastIndexOf(".") > 0 ? name.slice(name.lastIndexOf(".")) : "");

const createOrder = (run: Run): ((entries: Entry[]) => Entry[]) => {
  const { args } = run;
  const byName = (a: Entry, b: Entry): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const chosen = args.given.findLast(({ key }) => ["t", "S", "X", "v", "U", "f", "sort"].includes(key));
  const key = chosen?.key === "sort" ? { time: "t", size: "S", extension: "X", version: "v", none: "U", name: "" }[chosen.value ?? ""] : chosen?.key;
  const orders: Readonly<Record<string, (a: Entry, b: Entry) => number>> = {
    t: (a, b) => b.stat.mtimeMs - a.stat.mtimeMs || byName(a, b),
    S: (a, b) => b.stat.size - a.stat.size || byName(a, b),
    X: (a, b) => (extensionOf(a.name) < extensionOf(b.name) ? -1 : extensionOf(a.name) > extensionOf(b.name) ? 1 : byName(a, b)),
    v: (a, b) => compareVersion(a.name, b.name) || byName(a, b),
  };
  return (entries) => {
    const sorted = key === "U" || key === "f" ? [...entries] : [...entries].sort(orders[key ?? ""] ?? byName);
    if (args.has("r") && key !== "U" && key !== "f") sorted.reverse();
    if (args.has("group-directories-first")) sorted.sort((a, b) => Number(b.stat.kind === "directory") - Number(a.stat.kind === "directory"));
    return sorted;
  };
};

const indicator = (run: Run, stat: Stat): string => {
  if (run.args.has("F")) {
    if (stat.kind === "file") return (stat.mode & 0o111) !== 0 ? "*" : "";
    return { directory: "/", symlink: "@", fifo: "|", device: "" }[stat.kind];
  }
  return run.args.has("p") && stat.kind === "directory" ? "/" : "";
};

const SHELL_SAFE = /^[\w@%+=:,./\xa0-\xff-]+$/;
const shownName = (run: Run, name: string): string => {
  const style = run.args.last("quoting-style");
  if (run.args.has("Q") || style === "c") return `"${name.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
  if (run.args.has("b") || style === "escape") return name.replace(/[\\ ]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t");
  if (style === "shell" || style === "shell-escape") return SHELL_SAFE.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
  return run.args.has("q") ? name.replace(/[\x00-\x1f\x7f]/g, "?") : name;
};

const timeText = (run: Run, ms: number): string => {
  const zone = run.proc.env.get("TZ") ?? "UTC";
  const style = run.args.has("full-time") ? "full-iso" : (run.args.last("time-style") ?? "locale");
  if (style.startsWith("+")) return formatDate(style.slice(1), ms, zone);
  const isRecent = ms > run.proc.now() - 15_778_476_000 && ms <= run.proc.now() + 1000;
  const formats: Readonly<Record<string, string>> = { "full-iso": "%Y-%m-%d %H:%M:%S.%N %z", "long-iso": "%Y-%m-%d %H:%M", iso: isRecent ? "%m-%d %H:%M" : "%Y-%m-%d " };
  return formatDate(formats[style] ?? (isRecent ? "%b %e %H:%M" : "%b %e  %Y"), ms, zone);
};

const longRows = async (run: Run, entries: readonly Entry[]): Promise<string[]> => {
  const { args } = run;
  const size = (bytes: number): string => (args.has("h") ? humanSize(bytes) : args.has("si") ? humanSize(bytes, 1000) : String(bytes));
  const owner = args.has("n") ? String(run.proc.user.uid) : run.proc.user.name;
  const rows: string[][] = [];
  for (const { name, path, stat } of entries) {
    const arrow = stat.kind === "symlink" ? ` -> ${await run.proc.fs.readlink(run.proc.resolve(path))}` : "";
    const mark = stat.kind === "symlink" ? "" : indicator(run, stat);
    const people = [...(args.has("g") ? [] : [owner]), ...(args.has("o") || args.has("G") ? [] : [owner])];
    const lead = [...(args.has("i") ? [String(stat.ino)] : []), ...(args.has("s") ? [size(Math.ceil(stat.size / 4096) * (args.has("h") ? 4096 : 4))] : [])];
    rows.push([...lead, modeText(stat.kind, stat.mode), String(stat.links ?? 1), ...people, size(stat.size), timeText(run, stat.mtimeMs), shownName(run, name) + arrow + mark]);
  }
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => textWidth(row[c]!))));
  const left = (c: number, lead: number): boolean => c === lead || (c > lead + 1 && c < columns - 3);
  const lead = Number(args.has("i")) + Number(args.has("s"));
  return rows.map((row) => row.map((cell, c) => (c === columns - 1 ? cell : left(c, lead) ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join(" "));
};

const shortRows = (run: Run, entries: readonly Entry[]): string[] => {
  const lead = ({ stat }: Entry): string => (run.args.has("i") ? `${stat.ino} ` : "") + (run.args.has("s") ? `${Math.ceil(stat.size / 4096) * 4} ` : "");
  return entries.map((entry) => lead(entry) + shownName(run, entry.name) + indicator(run, entry.stat));
};

/** -C and -x: as many columns as fit into the width. */
const inColumns = (names: readonly string[], width: number, across: boolean): string[] => {
  for (let rows = 1; rows <= names.length; rows++) {
    const columns = Math.ceil(names.length / rows);
    const at = (row: number, column: number): string | undefined => (across ? names[row * columns + column] : names[column * rows + row]);
    const widths = Array.from({ length: columns }, (_, c) => Math.max(...Array.from({ length: rows }, (_, r) => textWidth(at(r, c) ?? "") + 2)));
    if (rows < names.length && widths.reduce((sum, one) => sum + one, 0) - 2 >= width) continue;
    return Array.from({ length: rows }, (_, r) => widths.map((one, c) => (at(r, c + 1) === undefined ? (at(r, c) ?? "") : (at(r, c) ?? "").padEnd(one))).join("").trimEnd());
  }
  return [];
};

const showEntries = async (run: Run, entries: readonly Entry[], isFolder: boolean): Promise<void> => {
  const { args } = run;
  const isLong = ["l", "g", "o", "n", "full-time"].some((key) => args.has(key)) && args.given.findLast(({ key }) => "lgon1Cxm".includes(key))?.key !== "m";
  if (isFolder && (isLong || args.has("s"))) run.out.text(`total ${totalBlocks(run, entries)}\n`);
  const end = args.has("zero") ? "\0" : "\n";
  const rows = isLong ? await longRows(run, entries) : shortRows(run, entries);
  if (args.has("m") && !isLong) run.out.text(rows.length === 0 ? "" : `${rows.join(", ")}\n`);
  else if ((args.has("C") || args.has("x")) && !isLong && !args.has("1")) {
    for (const row of inColumns(rows, Number(args.last("w") ?? run.proc.env.get("COLUMNS") ?? 80) || 80, args.has("x"))) run.out.text(row + end);
  } else for (const row of rows) run.out.text(row + end);
};

const totalBlocks = (run: Run, entries: readonly Entry[]): string => {
  const blocks = entries.reduce((sum, { stat }) => sum + (stat.kind === "directory" ? 4 : stat.kind === "file" ? Math.ceil(stat.size / 4096) * 4 : 0), 0);
  return run.args.has("h") ? humanSize(blocks * 1024) : String(blocks);
};

const readFolder = async (run: Run, path: string): Promise<Entry[]> => {
  const { args } = run;
  const all = args.has("a") || args.has("f");
  const ignored = args.all("I").map((glob) => new RegExp(`^${glob.replace(/[.+^${}()|\\]/g, "\\$&").replace(/\*/g, "[^]*").replace(/\?/g, "[^]")}$`));
  const names = (await run.proc.fs.readdir(run.proc.resolve(path))).filter((name) => (all || args.has("A") || !name.startsWith(".")) && !(args.has("B") && name.endsWith("~")) && !ignored.some((pattern) => pattern.test(name)));
  const entries: Entry[] = [];
  for (const name of [...(all ? [".", ".."] : []), ...names]) {
    await run.proc.tick(1);
    const child = join(path, name);
    const stat = (args.has("L") ? await statOf(run, child) : undefined) ?? (await lstatOf(run, child)) ?? (await statOf(run, path));
    if (stat !== undefined) entries.push({ name, path: child, stat });
  }
  return entries;
};

export const ls = defineCommand(
  {
    name: "ls",
    en: "List files.",
    zh: "列出文件。",
    synopsis: "[OPTION]... [FILE]...",
    usageStatus: 2,
    options: [
      ["-a, --all", "also names that start with a dot", "包括以点开头的"],
      ["-A, --almost-all", "as -a without . and ..", "同 -a，但不含 . 和 .."],
      ["-b, --escape", "C escapes in names", "名字用转义"],
      ["-B, --ignore-backups", "not names that end with ~", "不含以 ~ 结尾的"],
      ["-C", "in columns", "分列"],
      ["-c", "ignored", "忽略"],
      ["--color[=WHEN]", "ignored", "忽略"],
      ["-d, --directory", "directories themselves", "列出目录本身"],
      ["-f", "all, not sorted", "全部，不排序"],
      ["-F, --classify[=WHEN]", "append one of */@|", "附加类型标记"],
      ["--full-time", "details with full time", "完整时间"],
      ["-g", "as -l without owner", "同 -l，不含所有者"],
      ["-G, --no-group", "no group", "不含组"],
      ["--group-directories-first", "directories first", "目录在前"],
      ["-h, --human-readable", "sizes like 1K 2M", "易读的大小"],
      ["--si", "as -h by 1000", "同 -h，按 1000"],
      ["-i, --inode", "file numbers", "文件编号"],
      ["-I, --ignore=PATTERN", "not names that match", "不含匹配的名字"],
      ["-l", "details", "详细信息"],
      ["-L, --dereference", "what links point to", "显示链接目标"],
      ["-m", "separated by commas", "以逗号分隔"],
      ["-n, --numeric-uid-gid", "as -l with numbers", "同 -l，用数字"],
      ["-N, --literal", "names as they are", "原样输出名字"],
      ["-o", "as -l without group", "同 -l，不含组"],
      ["-p", "append / to directories", "目录后加 /"],
      ["-q, --hide-control-chars", "? for control characters", "控制字符显示为 ?"],
      ["-Q, --quote-name", "names in quotes", "名字加引号"],
      ["--quoting-style=WORD", "literal, shell, c, escape", "引号方式"],
      ["-r, --reverse", "reverse the order", "倒序"],
      ["-R, --recursive", "all below too", "递归"],
      ["-s, --size", "size in blocks", "块大小"],
      ["-S", "by size", "按大小"],
      ["--sort=WORD", "none, size, time, version, extension, name", "排序方式"],
      ["-t", "by time, newest first", "按时间，新的在前"],
      ["--time=WORD", "ignored", "忽略"],
      ["--time-style=STYLE", "full-iso, long-iso, iso, +FORMAT", "时间格式"],
      ["-u", "ignored", "忽略"],
      ["-U", "not sorted", "不排序"],
      ["-v", "by version", "按版本"],
      ["-w, --width=COLS", "width of the output", "输出宽度"],
      ["-x", "in columns, by rows", "分列，按行排"],
      ["-X", "by extension", "按扩展名"],
      ["--zero", "end lines with NUL", "以 NUL 结束一行"],
      ["-1", "one name a line", "每行一个名字"],
    ],
  },
  async (run) => {
    const { args } = run;
    const order = createOrder(run);
    const files: Entry[] = [];
    const folders: Entry[] = [];
    let status = 0;
    const isLong = args.has("l") || args.has("F");
    for (const name of args.operands.length === 0 ? ["."] : args.operands) {
      const link = await lstatOf(run, name);
      const target = await statOf(run, name);
      const stat = (isLong || args.has("d")) && !args.has("L") ? link : (target ?? link);
      if (stat === undefined) {
        await run.warn(`cannot access '${name}': No such file or directory`);
        status = 2;
      } else (stat.kind === "directory" && !args.has("d") ? folders : files).push({ name, path: name, stat });
    }
    if (files.length > 0) await showEntries(run, order(files), false);
    let isFirst = files.length === 0;
    const withNames = args.operands.length > 1 || args.has("R");
    const show = async (folder: Entry): Promise<void> => {
      if (withNames) run.out.text(`${isFirst ? "" : "\n"}${shownName(run, folder.path)}:\n`);
      isFirst = false;
      let entries: Entry[];
      try {
        entries = order(await readFolder(run, folder.path));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await run.warn(`cannot open directory '${folder.path}': ${error.message}`);
        status = 2;
        return;
      }
      await showEntries(run, entries, true);
      await run.out.drain();
      if (!args.has("R")) return;
      for (const entry of entries) if (entry.stat.kind === "directory" && entry.name !== "." && entry.name !== "..") await show(entry);
    };
    for (const folder of order(folders)) await show(folder);
    return status;
  },
);
