/** Owns the declarations of commands that few scripts need; their bodies come when they are first called, so that the shell stays small. */
import type { CommandEntry } from "../../contract.ts";
import { defineCommand } from "../option/declare.ts";

const csplit = defineCommand(
  {
    name: "csplit", en: "Split a file where patterns match.", zh: "按模式拆分文件。", synopsis: "[OPTION]... FILE PATTERN...",
    isOperand: (word) => /^-\d/.test(word),
    options: [
      ["-f, --prefix=PREFIX", "start of the names instead of xx", "文件名前缀，默认 xx"], ["-n, --digits=N", "digits in the names instead of 2", "文件名位数，默认 2"],
      ["-k, --keep-files", "keep the files after an error", "出错时保留文件"], ["-z, --elide-empty-files", "write no empty files", "不写空文件"],
      ["-s, -q, --quiet, --silent", "print no sizes", "不输出大小"], ["--suppress-matched", "leave out the lines that match", "去掉匹配的行"],
    ],
  },
  async (run) => (await import("./csplit.ts")).csplit(run),
);
const patch = defineCommand(
  {
    name: "patch", en: "Apply a diff to files.", zh: "将 diff 应用到文件。", synopsis: "[OPTION]... [FILE [PATCH]]", usageStatus: 2,
    options: [
      ["-p, --strip=N", "leave out N leading folders of names", "去掉文件名前 N 级目录"], ["-i, --input=PATCH", "read the diff from a file", "从文件读取 diff"],
      ["-o, --output=FILE", "write there instead", "写到该文件"], ["-R, --reverse", "undo the diff", "反向应用"],
      ["--dry-run", "only say what would happen", "只显示将执行的操作"], ["-s, --quiet, --silent", "say only what fails", "只显示失败"],
      ["-b, --backup", "keep the old file as FILE.orig", "将原文件保留为 FILE.orig"], ["-N, --forward", "skip what is applied already", "跳过已应用的补丁"],
      ["-f, --force", "ignored: nothing is asked", "忽略：不会询问"], ["-t, --batch", "ignored: nothing is asked", "忽略：不会询问"], ["-u, --unified", "ignored: the form is seen", "忽略：自动识别格式"],
      ["-E, --remove-empty-files", "remove files that become empty", "删除变空的文件"],
    ],
  },
  async (run) => (await import("./patch.ts")).patch(run),
);
const zip = defineCommand(
  {
    name: "zip", en: "Pack files into a ZIP archive.", zh: "打包为 ZIP 归档。", synopsis: "[OPTION]... ARCHIVE FILE...",
    options: [
      ["-r", "directories with all they hold", "递归目录"], ["-q", "say nothing", "不输出"], ["-j", "names without folders", "不保留目录"], ["-0", "store only", "仅存储"],
      ["-1", "faster", "更快"], ["-9", "smaller", "更小"], ["-x PATTERN", "leave these out", "排除"], ["-m", "remove the files afterwards", "之后删除文件"], ["-u", "add and renew", "添加和更新"], ["-d", "remove from the archive", "从归档中删除"],
      ["-X", "ignored", "忽略"], ["-y", "ignored", "忽略"],
    ],
  },
  async (run) => (await import("./zip.ts")).zip(run),
);
const unzip = defineCommand(
  {
    name: "unzip", en: "List and unpack a ZIP archive.", zh: "列出和解包 ZIP 归档。", synopsis: "[OPTION]... ARCHIVE [NAME]... [-d DIR]",
    options: [
      ["-l", "list", "列出"], ["-p", "to standard output", "写到标准输出"], ["-q", "say nothing", "不输出"], ["-o", "overwrite", "覆盖"], ["-n", "never overwrite", "不覆盖"], ["-j", "names without folders", "不保留目录"],
      ["-d DIR", "unpack there", "解包到该目录"], ["-t", "only test", "仅测试"], ["-x NAME", "leave these out", "排除"], ["-Z, -1", "names only", "仅列名称"],
    ],
  },
  async (run) => (await import("./zip.ts")).unzip(run),
);
const file = defineCommand(
  { name: "file", en: "Say what files hold.", zh: "识别文件内容的类型。", synopsis: "[OPTION]... FILE...", options: [["-b, --brief", "without names", "不输出文件名"], ["-i, --mime", "as a MIME type", "输出 MIME 类型"], ["--mime-type", "as a MIME type without the character set", "输出不带字符集的 MIME 类型"], ["-L, --dereference", "follow links", "跟随链接"]] },
  async (run) => (await import("./file.ts")).file(run),
);
const ts = defineCommand(
  { name: "ts", en: "Put the time before each line.", zh: "在每行前加上时间。", synopsis: "[-i | -s] [FORMAT]", options: [["-i", "time since the line before", "距上一行的时间"], ["-s", "time since the start", "距开始的时间"], ["-m", "ignored", "忽略"]] },
  async (run) => (await import("./small.ts")).ts(run),
);
const df = defineCommand(
  { name: "df", en: "Show the space of file systems.", zh: "显示文件系统空间。", synopsis: "[OPTION]... [FILE]...", options: [["-h, --human-readable", "sizes like 1K 2M", "易读的大小"], ["-k", "in KiB", "按 KiB"], ["-m", "in MiB", "按 MiB"], ["-P, --portability", "ignored", "忽略"], ["-T, --print-type", "with types", "显示类型"], ["-a, --all", "ignored", "忽略"]] },
  async (run) => (await import("./small.ts")).df(run),
);
export const rareCommands: readonly CommandEntry[] = [csplit, patch, zip, unzip, file, ts, df];
