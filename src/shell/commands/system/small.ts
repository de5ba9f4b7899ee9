/** Owns small helpers of scripts: envsubst, getopt, flock, logger, du, df, tree, file, strings. */
import type { CommandEntry, Stat } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { indexOptions, parseOptions, type OptionRow } from "../option/parse.ts";
import { decode } from "../stream/bytes.ts";
import { eachInput, readAll } from "../stream/input.ts";
import { humanSize } from "../stream/number.ts";
import { join, lstatOf } from "../files/tree.ts";
import { globToRegExp } from "../paths/glob.ts";

const envsubst = defineCommand({ name: "envsubst", en: "Replace $NAME by environment variables.", zh: "替换 $NAME 为环境变量。", synopsis: "[SHELL-FORMAT]", options: [["-v, --variables", "list the names in SHELL-FORMAT", "列出变量名"]] }, async (run) => {
  const pattern = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g;
  const only = run.args.operands[0];
  const allowed = only === undefined ? undefined : new Set([...only.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? ""));
  if (run.args.has("v")) {
    for (const name of allowed ?? []) run.out.text(`${name}\n`);
    return 0;
  }
  const text = decode(await readAll(run, run.proc.stdin));
  run.out.text(text.replace(pattern, (whole, a?: string, b?: string) => (allowed?.has(a ?? b ?? "") === false ? whole : (run.proc.env.get(a ?? b ?? "") ?? ""))));
  return 0;
});

const quoteWord = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

const getopt = defineCommand(
  { name: "getopt", en: "Put options in order for a script.", zh: "为脚本整理选项。", synopsis: "OPTSTRING PARAMETERS", stopAtOperand: true, options: [["-o, --options=SHORT", "short options", "短选项"], ["-l, --longoptions=LONG", "long options", "长选项"], ["-n, --name=NAME", "name for messages", "消息中的名字"], ["-q, --quiet", "no messages", "不显示错误"], ["-a, --alternative", "ignored", "忽略"], ["-u, --unquoted", "do not quote", "不加引号"]] },
  async (run) => {
    const { args } = run;
    const simple = !args.has("o") && !args.has("l");
    const short = args.last("o") ?? (simple ? (args.operands[0] ?? "") : "");
    const rows: OptionRow[] = [];
    for (const match of short.replace(/^[-+]/, "").matchAll(/(.)(:{0,2})/g)) rows.push([`-${match[1]}${["", " X", "[X]"][match[2]!.length]}`, "", ""]);
    for (const word of args.all("l").flatMap((list) => list.split(/[\s,]+/)).filter(Boolean)) rows.push([`--${word.replace(/:+$/, "")}${word.endsWith("::") ? "[=X]" : word.endsWith(":") ? "=X" : ""}`, "", ""]);
    const words = simple ? args.operands.slice(1) : args.operands;
    const parsed = parseOptions(words, indexOptions(rows), short.startsWith("+"));
    if (!parsed.ok) {
      if (!args.has("q")) await run.proc.stderr.write(new TextEncoder().encode(`${args.last("n") ?? "getopt"}: ${parsed.message}\n`));
      run.out.text(" --\n");
      return 1;
    }
    const shown = simple || args.has("u") ? (word: string): string => word : quoteWord;
    const taking = new Set(rows.filter(([flag]) => /[ =[]/.test(flag)).map(([flag]) => flag.replace(/^-+/, "").replace(/[ =[].*$/, "")));
    const given = parsed.args.given.map(({ key, value }) => ` ${key.length > 1 ? "--" : "-"}${key}${taking.has(key) ? ` ${shown(value ?? "")}` : ""}`);
    run.out.text(`${given.join("")} --${parsed.args.operands.map((word) => ` ${shown(word)}`).join("")}\n`);
    return 0;
  },
);

/** Locks held inside this worker, by path or descriptor. */
const held = new Set<string>();

const flock = defineCommand(
  { name: "flock", en: "Hold a lock while a command runs.", zh: "持锁运行命令。", synopsis: "[OPTION]... FILE|FD [COMMAND [ARG]...]", stopAtOperand: true, options: [["-n, --nonblock", "fail instead of waiting", "不等待"], ["-w, --timeout=SECONDS", "wait no longer", "最长等待"], ["-x, -e, --exclusive", "ignored", "忽略"], ["-s, --shared", "ignored", "忽略"], ["-u, --unlock", "give the lock back", "解锁"], ["-E, --conflict-exit-code=N", "status when it is held", "冲突时的状态"], ["-c, --command=COMMAND", "run with sh -c", "用 sh -c 运行"], ["-o, --close", "ignored", "忽略"]] },
  async (run) => {
    const { args, proc } = run;
    const [name, ...rest] = args.operands;
    if (name === undefined) return run.misuse("not enough arguments");
    const command = args.has("c") ? ["sh", "-c", args.last("c")!] : rest[0] === "-c" ? ["sh", "-c", rest[1] ?? ""] : rest;
    if (command.length === 0) return 0;
    const path = proc.resolve(name);
    await proc.close(await proc.open(name, "a"));
    const limit = args.has("n") ? 0 : args.has("w") ? Number(args.last("w")) * 1000 : Infinity;
    for (let waited = 0; held.has(path); waited += 20) {
      if (waited >= limit) return Number(args.last("E") ?? 1);
      await proc.sleep(20);
    }
    held.add(path);
    try {
      return await proc.spawn(command).wait();
    } finally {
      held.delete(path);
    }
  },
);

const logger = defineCommand({ name: "logger", en: "Write a message to standard error.", zh: "把消息写到标准错误。", synopsis: "[OPTION]... [MESSAGE]...", options: [["-t, --tag=TAG", "tag of the message", "标签"], ["-p, --priority=P", "ignored", "忽略"], ["-s, --stderr", "ignored", "忽略"], ["-i", "ignored", "忽略"]] }, async (run) => {
  const tag = run.args.last("t") ?? run.proc.env.get("USER") ?? "user";
  const text = run.args.operands.length > 0 ? run.args.operands.join(" ") : decode(await readAll(run, run.proc.stdin)).replace(/\n$/, "");
  for (const line of text.split("\n")) await run.proc.stderr.write(new TextEncoder().encode(`${tag}: ${line}\n`));
  return 0;
});

interface Shown {
  readonly path: string;
  readonly bytes: number;
  readonly depth: number;
  readonly isFolder: boolean;
}
const usage = async (run: Run, at: { readonly path: string; readonly stat: Stat; readonly depth: number }, show: (found: Shown) => void): Promise<number> => {
  const { path, stat, depth } = at;
  const sizeOf = (one: Stat): number => (run.args.has("b") || run.args.has("apparent-size") ? (one.kind === "directory" ? 4096 : one.size) : one.kind === "directory" ? 4096 : Math.ceil(one.size / 4096) * 4096);
  let total = sizeOf(stat);
  if (stat.kind === "directory") {
    for (const name of await run.proc.fs.readdir(run.proc.resolve(path))) {
      const child = join(path, name);
      const childStat = await lstatOf(run, child);
      if (childStat !== undefined) total += await usage(run, { path: child, stat: childStat, depth: depth + 1 }, show);
    }
  }
  show({ path, bytes: total, depth, isFolder: stat.kind === "directory" });
  return total;
};

const du = defineCommand(
  { name: "du", en: "Sum up file sizes.", zh: "统计占用空间。", synopsis: "[OPTION]... [FILE]...", options: [["-a, --all", "files too", "包括文件"], ["-b, --bytes", "apparent sizes in bytes", "按字节"], ["--apparent-size", "apparent sizes", "表观大小"], ["-c, --total", "a grand total", "总计"], ["-d, --max-depth=N", "not deeper than N", "最大深度"], ["-h, --human-readable", "sizes like 1K 2M", "易读的大小"], ["-k", "in KiB", "按 KiB"], ["-m", "in MiB", "按 MiB"], ["-s, --summarize", "only totals", "只显示总计"], ["-x, --one-file-system", "ignored", "忽略"]] },
  async (run) => {
    const { args } = run;
    const most = args.has("s") ? 0 : Number(args.last("d") ?? Infinity);
    const size = (bytes: number): string => (args.has("h") ? humanSize(bytes) : String(args.has("b") ? bytes : Math.ceil(bytes / (args.has("m") ? 1_048_576 : 1024))));
    let status = 0;
    let all = 0;
    for (const name of args.operands.length === 0 ? ["."] : args.operands) {
      const stat = await lstatOf(run, name);
      if (stat === undefined) {
        await run.warn(`cannot access '${name}': No such file or directory`);
        status = 1;
        continue;
      }
      all += await usage(run, { path: name, stat, depth: 0 }, ({ path, bytes, depth, isFolder }) => {
        if (depth <= most && (isFolder || depth === 0 || args.has("a"))) run.out.text(`${size(bytes)}\t${path}\n`);
      });
    }
    if (args.has("c")) run.out.text(`${size(all)}\ttotal\n`);
    return status;
  },
);

const tree = defineCommand(
  { name: "tree", en: "Draw directories as a tree.", zh: "以树形显示目录。", synopsis: "[OPTION]... [DIR]...", options: [["-a", "also hidden files", "包括隐藏文件"], ["-d", "only directories", "只显示目录"], ["-L LEVEL", "not deeper than LEVEL", "最大深度"], ["-f", "whole paths", "完整路径"], ["-F", "append / to directories", "目录后加 /"], ["-I PATTERN", "not these", "排除"], ["--noreport", "no counts at the end", "不显示统计"], ["-n", "ignored", "忽略"]] },
  async (run) => {
    const { args } = run;
    const counts = { directory: 0, file: 0 };
    const most = Number(args.last("L") ?? Infinity);
    const ignored = (args.last("I") ?? "").split("|").filter(Boolean).map((glob) => globToRegExp(glob));
    const walk = async (path: string, prefix: string, depth: number): Promise<void> => {
      if (depth > most) return;
      const entries: { name: string; stat: Stat }[] = [];
      for (const name of await run.proc.fs.readdir(run.proc.resolve(path))) {
        if ((name.startsWith(".") && !args.has("a")) || ignored.some((regex) => regex.test(name))) continue;
        const stat = await lstatOf(run, join(path, name));
        if (stat !== undefined && (stat.kind === "directory" || !args.has("d"))) entries.push({ name, stat });
      }
      for (const [i, { name, stat }] of entries.entries()) {
        const isLast = i === entries.length - 1;
        const isFolder = stat.kind === "directory";
        counts[isFolder ? "directory" : "file"]++;
        const arrow = stat.kind === "symlink" ? ` -> ${await run.proc.fs.readlink(run.proc.resolve(join(path, name)))}` : "";
        run.out.text(`${prefix}${isLast ? BRANCH.last : BRANCH.middle}${args.has("f") ? join(path, name) : name}${isFolder && args.has("F") ? "/" : ""}${arrow}\n`);
        if (isFolder) await walk(join(path, name), prefix + (isLast ? "    " : BRANCH.line), depth + 1);
      }
    };
    for (const name of args.operands.length === 0 ? ["."] : args.operands) {
      run.out.text(`${name}\n`);
      counts.directory += 1;
      await walk(name, "", 1);
    }
    const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
    if (!args.has("noreport")) run.out.text(`\n${plural(counts.directory, "directory", "directories")}${args.has("d") ? "" : `, ${plural(counts.file, "file", "files")}`}\n`);
    return 0;
  },
);
/** "├── ", "└── ", "│   " as UTF-8 bytes. */
const BRANCH = { middle: "\xe2\x94\x9c\xe2\x94\x80\xe2\x94\x80 ", last: "\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80 ", line: "\xe2\x94\x82\xc2\xa0\xc2\xa0 " };

const strings = defineCommand({ name: "strings", en: "Print runs of printable characters.", zh: "输出可打印字符串。", synopsis: "[OPTION]... [FILE]...", options: [["-a, --all", "ignored", "忽略"], ["-n, --bytes=MIN", "at least MIN characters", "最少 MIN 个字符"], ["-t, --radix=R", "with offsets in o, d or x", "显示偏移"]] }, (run) => {
  const least = Number(run.args.last("n") ?? 4);
  if (!(least > 0)) throw new Stop(1, `invalid minimum string length ${run.args.last("n")}`);
  const base = { o: 8, d: 10, x: 16 }[run.args.last("t") ?? ""];
  return eachInput(run, run.args.operands, async (input) => {
    for (const match of decode(await readAll(run, input.file)).matchAll(new RegExp(`[\\t -~]{${least},}`, "g"))) run.out.text(`${base === undefined ? "" : `${match.index.toString(base).padStart(7)} `}${match[0]}\n`);
  });
});

export const smallTools: readonly CommandEntry[] = [envsubst, getopt, flock, logger, du, tree, strings];
