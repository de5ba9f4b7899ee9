/** Owns the declarations of gzip and tar; their bodies, and fflate, come when they are first called. */
import type { CommandEntry } from "../../contract.ts";
import { defineCommand } from "../option/declare.ts";
import type { GzipMode } from "./gzip.ts";

const defineGzip = (name: string, mode: GzipMode, en: string, zh: string): CommandEntry =>
  defineCommand(
    {
      name, en, zh,
      synopsis: "[OPTION]... [FILE]...",
      options: [
        ["-c, --stdout, --to-stdout", "to standard output, keep files", "写到标准输出"],
        ["-d, --decompress, --uncompress", "decompress", "解压"],
        ["-f, --force", "overwrite; zcat: pass other files on", "覆盖；zcat 原样输出其他文件"],
        ["-k, --keep", "keep files", "保留原文件"],
        ["-l, --list", "show sizes", "显示大小"],
        ["-n, --no-name", "ignored", "忽略"],
        ["-N, --name", "ignored", "忽略"],
        ["-q, --quiet", "ignored", "忽略"],
        ["-r, --recursive", "ignored", "忽略"],
        ["-S, --suffix=SUF", "suffix instead of .gz", "后缀，默认 .gz"],
        ["-t, --test", "only test", "只测试"],
        ["-v, --verbose", "ignored", "忽略"],
        ["-1, --fast", "faster", "更快"], ...[2, 3, 4, 5, 6, 7, 8].map((level) => [`-${level}`, `level ${level} of 9`, `压缩级别 ${level}（共 9 级）`] as const),
        ["-9, --best", "smaller", "更小"],
      ],
    },
    async (run) => (await import("./gzip.ts")).runGzip(run, mode),
  );

export const gzip = defineGzip("gzip", "pack", "Compress files.", "压缩文件。");
export const gunzip = defineGzip("gunzip", "unpack", "Decompress files.", "解压文件。");
export const zcat = defineGzip("zcat", "cat", "Decompress files to standard output.", "解压到标准输出。");

export const tar = defineCommand(
  {
    name: "tar",
    en: "Pack files into an archive, and unpack it.",
    zh: "打包与解包文件。",
    synopsis: "[OPTION]... [FILE]...",
    usageStatus: 64,
    rewrite: (argv) => {
      const first = argv[0] ?? "";
      if (first === "" || first.startsWith("-")) return argv;
      const rest = argv.slice(1);
      const words = [...first].flatMap((letter) => ("fCTX".includes(letter) ? [`-${letter}`, rest.shift() ?? ""] : [`-${letter}`]));
      return [...words, ...rest];
    },
    options: [
      ["-c, --create", "make an archive", "创建归档"],
      ["-x, --extract, --get", "unpack", "解包"],
      ["-t, --list", "list", "列出内容"],
      ["-r, --append", "add to an archive", "追加"],
      ["-f, --file=ARCHIVE", "the archive; - is standard", "归档文件"],
      ["-z, --gzip", "through gzip", "使用 gzip"],
      ["-a, --auto-compress", "compression by the name", "按名字选择压缩"],
      ["-C, --directory=DIR", "change to DIR", "切换到 DIR"],
      ["-v, --verbose", "tell each file", "逐个显示"],
      ["-p, --preserve-permissions", "keep modes", "保留权限"],
      ["-k, --keep-old-files", "leave existing files", "保留已有文件"],
      ["-m, --touch", "do not set times", "不设置时间"],
      ["-h, --dereference", "follow links", "跟随链接"],
      ["-O, --to-stdout", "unpack to standard output", "解包到标准输出"],
      ["-T, --files-from=FILE", "names come from FILE", "从 FILE 读取名字"],
      ["-P, --absolute-names", "ignored", "忽略"],
      ["--exclude=PATTERN", "not these files", "排除"],
      ["--strip-components=N", "drop N leading parts of names", "去掉前 N 级目录"],
      ["--transform=EXPR", "change names by s/a/b/", "改名"],
      ["--wildcards", "operands are patterns", "参数是通配符"],
      ["--null", "with -T: names end with NUL", "名字以 NUL 结束"],
      ["--owner=NAME", "ignored", "忽略"], ["--group=NAME", "ignored", "忽略"], ["--mtime=DATE", "ignored", "忽略"], ["--sort=ORDER", "ignored", "忽略"], ["--numeric-owner", "ignored", "忽略"], ["--no-same-owner", "ignored", "忽略"], ["--format=FORMAT", "ignored", "忽略"],
    ],
  },
  async (run) => (await import("./tar.ts")).tar(run),
);
