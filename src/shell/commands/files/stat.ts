/** Owns stat and mkfifo. */
import type { Stat } from "../../contract.ts";
import { FileError } from "../../contract.ts";
import { formatDate } from "../date/format.ts";
import { defineCommand, type Run } from "../option/declare.ts";
import { applyMode, modeText } from "./mode.ts";
import { attempt, lstatOf, statOf } from "./tree.ts";

const kindText = (stat: Stat): string => {
  if (stat.kind === "file") return stat.size === 0 ? "regular empty file" : "regular file";
  return { directory: "directory", symlink: "symbolic link", fifo: "fifo", device: "character special file" }[stat.kind];
};

const fieldOf = async (run: Run, name: string, stat: Stat, letter: string): Promise<string | undefined> => {
  const zone = run.proc.env.get("TZ") ?? "UTC";
  const user = run.proc.user.name;
  const time = formatDate("%Y-%m-%d %H:%M:%S.%N %z", stat.mtimeMs, zone);
  switch (letter) {
    case "n": return name;
    case "N": return `'${name}'${stat.kind === "symlink" ? ` -> '${await run.proc.fs.readlink(run.proc.resolve(name))}'` : ""}`;
    case "s": return String(stat.size);
    case "a": return stat.mode.toString(8);
    case "A": return modeText(stat.kind, stat.mode);
    case "F": return kindText(stat);
    case "f": return (stat.mode | { file: 0x8000, directory: 0x4000, symlink: 0xa000, fifo: 0x1000, device: 0x2000 }[stat.kind]).toString(16);
    case "h": return String(stat.links ?? 1);
    case "i": return String(stat.ino);
    case "u": return String(run.proc.user.uid);
    case "g": return String(run.proc.user.gid);
    case "U": case "G": return user;
    case "b": return String(Math.ceil(stat.size / 4096) * 8);
    case "B": return "512";
    case "o": return "4096";
    case "d": case "D": return "1";
    case "m": return "/";
    case "t": case "T": return "0";
    case "x": case "y": case "z": return time;
    case "w": return "-";
    case "X": case "Y": case "Z": return String(Math.floor(stat.mtimeMs / 1000));
    case "W": return "0";
    case "%": return "%";
    default: return undefined;
  }
};

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", a: "\x07", b: "\b", r: "\r", '"': '"', 0: "\0" };

const formatStat = async (run: Run, format: string, name: string, stat: Stat): Promise<string> => {
  let text = "";
  let at = 0;
  for (const match of format.matchAll(/%([-0+ #']*)(\d*)(?:\.(\d+))?([HL]?)([a-zA-Z%])/g)) {
    const [whole, flags = "", width = "", precision, , letter = ""] = match;
    let value = (await fieldOf(run, name, stat, letter)) ?? "?";
    if (precision !== undefined && "XYZ".includes(letter)) value = (stat.mtimeMs / 1000).toFixed(Number(precision));
    text += format.slice(at, match.index) + (flags.includes("-") ? value.padEnd(Number(width)) : value.padStart(Number(width), flags.includes("0") ? "0" : " "));
    at = match.index + whole.length;
  }
  return text + format.slice(at);
};

const LONG = "  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: 0,1\tInode: %-11i Links: %h\nAccess: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n";

export const stat = defineCommand(
  {
    name: "stat",
    en: "Show what is known of files.",
    zh: "显示文件信息。",
    synopsis: "[OPTION]... FILE...",
    options: [
      ["-L, --dereference", "follow links", "跟随链接"],
      ["-f, --file-system", "ignored", "忽略"],
      ["-c, --format=FORMAT", "in this format, with newline", "按格式输出并换行"],
      ["--printf=FORMAT", "as --format, escapes known, no newline", "按格式输出，支持转义，不换行"],
      ["-t, --terse", "ignored", "忽略"],
    ],
  },
  async (run) => {
    const { args } = run;
    if (args.operands.length === 0) return run.misuse("missing operand");
    let status = 0;
    for (const name of args.operands) {
      const found = await (args.has("L") ? statOf(run, name) : lstatOf(run, name));
      if (found === undefined) {
        await run.warn(`cannot statx '${name}': No such file or directory`);
        status = 1;
        continue;
      }
      const printf = args.last("printf");
      if (printf !== undefined) run.out.text(await formatStat(run, printf.replace(/\\([^])/g, (whole, letter: string) => ESCAPES[letter] ?? whole), name, found));
      else run.out.text(await formatStat(run, args.has("c") ? `${args.last("c")}\n` : LONG, name, found));
    }
    return status;
  },
);

export const mkfifo = defineCommand(
  { name: "mkfifo", en: "Make named pipes.", zh: "创建命名管道。", synopsis: "[OPTION]... NAME...", options: [["-m, --mode=MODE", "set the mode", "设置权限"]] },
  async (run) => {
    if (run.args.operands.length === 0) return run.misuse("missing operand");
    const mode = applyMode(run.args.last("m") ?? "666", 0o666, run.proc.umask, false) ?? 0o666;
    let status = 0;
    for (const name of run.args.operands) {
      const done = await attempt(run, async () => {
        if (run.proc.fs.mkfifo === undefined) throw new FileError("ENOTSUP", name, "Operation not supported");
        await run.proc.fs.mkfifo(run.proc.resolve(name), run.args.has("m") ? mode : mode & ~run.proc.umask);
        return true;
      }, (text) => `cannot create fifo '${name}': ${text}`);
      if (done === undefined) status = 1;
    }
    return status;
  },
);
