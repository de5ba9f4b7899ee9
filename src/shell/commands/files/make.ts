/** Owns mkdir, rmdir, touch, mkfifo, link, unlink, truncate, sync: making and ending single entries. */
import { FileError } from "../../contract.ts";
import { readDate } from "../date/relative.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { parseSize } from "../stream/number.ts";
import { applyMode } from "./mode.ts";
import { attempt, lstatOf, statOf } from "./tree.ts";
import { dirName } from "../paths/names.ts";

const makeParents = async (run: Run, path: string, mode: number): Promise<void> => {
  const stat = await statOf(run, path);
  if (stat?.kind === "directory") return;
  if (stat !== undefined) throw new FileError("EEXIST", path, "File exists");
  const parent = dirName(path);
  if (parent !== path) await makeParents(run, parent, 0o777 & ~run.proc.umask);
  await run.proc.fs.mkdir(run.proc.resolve(path), mode);
  if (run.args.has("v")) run.out.text(`mkdir: created directory '${path}'\n`);
};

export const mkdir = defineCommand(
  {
    name: "mkdir",
    en: "Create directories.",
    zh: "创建目录。",
    synopsis: "[OPTION]... DIRECTORY...",
    options: [
      ["-m, --mode=MODE", "set the mode", "设置权限"],
      ["-p, --parents", "make parents; no error when it exists", "同时创建上级目录，已存在不报错"],
      ["-v, --verbose", "tell each directory", "逐个显示"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    if (args.operands.length === 0) return run.misuse("missing operand");
    const given = args.last("m");
    const mode = given === undefined ? 0o777 & ~proc.umask : applyMode(given, 0o777, proc.umask, true);
    if (mode === undefined) throw new Stop(1, `invalid mode '${given}'`);
    let status = 0;
    for (const name of args.operands) {
      const make = async (): Promise<true> => {
        if (args.has("p")) await makeParents(run, name, mode);
        else {
          if (name === "") throw new FileError("ENOENT", "", "No such file or directory");
          await proc.fs.mkdir(proc.resolve(name), mode);
          if (args.has("v")) run.out.text(`mkdir: created directory '${name}'\n`);
        }
        return true;
      };
      if ((await attempt(run, make, (text) => `cannot create directory '${name}': ${text}`)) === undefined) status = 1;
    }
    return status;
  },
);

export const rmdir = defineCommand(
  {
    name: "rmdir",
    en: "Remove empty directories.",
    zh: "删除空目录。",
    synopsis: "[OPTION]... DIRECTORY...",
    options: [["-p, --parents", "remove parents too", "同时删除上级目录"], ["--ignore-fail-on-non-empty", "no error when not empty", "非空时不报错"], ["-v, --verbose", "tell each directory", "逐个显示"]],
  },
  async (run) => {
    if (run.args.operands.length === 0) return run.misuse("missing operand");
    let status = 0;
    for (const operand of run.args.operands) {
      for (let name = operand; ; name = dirName(name)) {
        if (run.args.has("v")) run.out.text(`rmdir: removing directory, '${name}'\n`);
        try {
          await run.proc.fs.rmdir(run.proc.resolve(name));
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          if (!(error.code === "ENOTEMPTY" && run.args.has("ignore-fail-on-non-empty"))) {
            await run.warn(`failed to remove '${name}': ${error.message}`);
            status = 1;
          }
          break;
        }
        if (!run.args.has("p") || dirName(name) === "." || dirName(name) === "/") break;
      }
    }
    return status;
  },
);

/** "[[CC]YY]MMDDhhmm[.ss]" → ms, in UTC or the zone of TZ as `readDate` sees it. */
const readStamp = (run: Run, stamp: string): number | undefined => {
  const match = /^(\d{2})?(\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(stamp);
  if (match === null) return undefined;
  const digits = stamp.replace(/\..*/, "");
  const year = digits.length === 12 ? digits.slice(0, 4) : digits.length === 10 ? `${Number(digits.slice(0, 2)) < 69 ? "20" : "19"}${digits.slice(0, 2)}` : String(new Date(run.proc.now()).getUTCFullYear());
  const rest = digits.slice(-8);
  return readDate(run.proc, `${year}-${rest.slice(0, 2)}-${rest.slice(2, 4)} ${rest.slice(4, 6)}:${rest.slice(6, 8)}:${match[7] ?? "00"}`);
};

const touchTime = async (run: Run): Promise<number> => {
  const { args } = run;
  const reference = args.last("r");
  if (reference !== undefined) {
    const stat = await statOf(run, reference);
    if (stat === undefined) throw new Stop(1, `failed to get attributes of '${reference}': No such file or directory`);
    return stat.mtimeMs;
  }
  const date = args.last("d");
  const stamp = args.last("t");
  const ms = date !== undefined ? readDate(run.proc, date) : stamp !== undefined ? readStamp(run, stamp) : run.proc.now();
  if (ms === undefined) throw new Stop(1, `invalid date format '${date ?? stamp}'`);
  return ms;
};

export const touch = defineCommand(
  {
    name: "touch",
    en: "Set file times to now; create missing files.",
    zh: "更新文件时间，文件不存在则创建。",
    synopsis: "[OPTION]... FILE...",
    options: [
      ["-a", "ignored", "忽略"],
      ["-c, --no-create", "do not create files", "不创建文件"],
      ["-d, --date=STRING", "this time instead of now", "使用给定时间"],
      ["-f", "ignored", "忽略"],
      ["-h, --no-dereference", "ignored", "忽略"],
      ["-m", "ignored", "忽略"],
      ["-r, --reference=FILE", "the time of FILE", "使用 FILE 的时间"],
      ["-t STAMP", "[[CC]YY]MMDDhhmm[.ss] instead of now", "使用给定时间戳"],
      ["--time=WORD", "ignored", "忽略"],
    ],
  },
  async (run) => {
    if (run.args.operands.length === 0) return run.misuse("missing file operand");
    const ms = await touchTime(run);
    let status = 0;
    for (const name of run.args.operands) {
      const work = async (): Promise<true> => {
        const path = run.proc.resolve(name);
        const stat = name === "" ? undefined : await statOf(run, name);
        if (stat === undefined) {
          if (run.args.has("c")) return true;
          if (name === "") throw new FileError("ENOENT", "", "No such file or directory");
          if (name.endsWith("/")) throw new FileError("ENOENT", name, "No such file or directory");
          await run.proc.fs.create(path, 0o666 & ~run.proc.umask, false);
        }
        await run.proc.fs.utimes(path, ms);
        return true;
      };
      if ((await attempt(run, work, (text) => `cannot touch '${name}': ${text}`)) === undefined) status = 1;
    }
    return status;
  },
);

export const unlink = defineCommand(
  { name: "unlink", en: "Remove one file.", zh: "删除一个文件。", synopsis: "FILE" },
  async (run) => {
    const name = run.args.operands[0];
    if (name === undefined) return run.misuse("missing operand");
    const done = await attempt(run, async () => (await run.proc.fs.unlink(run.proc.resolve(name)), true), (text) => `cannot unlink '${name}': ${text}`);
    return done === true ? 0 : 1;
  },
);

export const truncate = defineCommand(
  {
    name: "truncate",
    en: "Shrink or grow files to a size.",
    zh: "把文件缩短或延长到指定大小。",
    synopsis: "OPTION... FILE...",
    options: [["-c, --no-create", "do not create files", "不创建文件"], ["-r, --reference=FILE", "the size of FILE", "使用 FILE 的大小"], ["-s, --size=SIZE", "the size; +N, -N, <N, >N, /N, %N change it", "大小；可用 +N -N <N >N /N %N"]],
  },
  async (run) => {
    const reference = run.args.last("r");
    const text = run.args.last("s") ?? "";
    const sign = /^[-+<>/%]/.exec(text)?.[0] ?? "";
    const amount = reference === undefined ? parseSize(text.slice(sign.length)) : (await statOf(run, reference))?.size;
    if (amount === undefined) return text === "" ? run.misuse("you must specify either '--size' or '--reference'") : run.warn(`Invalid number: '${text}'`), 1;
    if (run.args.operands.length === 0) return run.misuse("missing file operand");
    for (const name of run.args.operands) {
      const path = run.proc.resolve(name);
      const stat = await statOf(run, name);
      if (stat === undefined && run.args.has("c")) continue;
      if (stat === undefined) await run.proc.fs.create(path, 0o666 & ~run.proc.umask, false);
      const size = stat?.size ?? 0;
      const sizes: Readonly<Record<string, number>> = { "": amount, "+": size + amount, "-": Math.max(0, size - amount), "<": Math.min(size, amount), ">": Math.max(size, amount), "/": Math.floor(size / amount) * amount, "%": Math.ceil(size / amount) * amount };
      await run.proc.fs.truncate(path, sizes[sign] ?? amount);
    }
    return 0;
  },
);

export const sync = defineCommand({ name: "sync", en: "Does nothing: writes are durable.", zh: "无操作：写入即持久。", synopsis: "[FILE]..." }, () => 0);

export const chmod = defineCommand(
  {
    name: "chmod",
    en: "Change file modes.",
    zh: "修改文件权限。",
    synopsis: "[OPTION]... MODE[,MODE]... FILE...",
    isOperand: (word) => /^-[rwxXst]+$/.test(word),
    options: [["-c, --changes", "tell changes", "显示改变"], ["-f, --silent, --quiet", "no error messages", "不显示错误"], ["-R, --recursive", "all below too", "递归处理"], ["-v, --verbose", "tell each file", "逐个显示"], ["--reference=FILE", "the mode of FILE", "使用 FILE 的权限"]],
  },
  async (run) => {
    const reference = run.args.last("reference");
    const [mode, ...rest] = run.args.operands;
    const names = reference === undefined ? rest : run.args.operands;
    if (mode === undefined) return run.misuse("missing operand");
    if (names.length === 0) return run.misuse(`missing operand after '${mode}'`);
    const fixed = reference === undefined ? undefined : (await statOf(run, reference))?.mode;
    let status = 0;
    const change = async (name: string): Promise<void> => {
      const stat = await statOf(run, name);
      if (stat === undefined) throw new Stop(-1);
      const next = fixed ?? applyMode(mode, stat.mode, run.proc.umask, stat.kind === "directory");
      if (next === undefined) throw new Stop(1, `invalid mode: '${mode}'\nTry 'chmod --help' for more information.`);
      await run.proc.fs.chmod(run.proc.resolve(name), next);
      if (!run.args.has("R") || stat.kind !== "directory") return;
      for (const child of await run.proc.fs.readdir(run.proc.resolve(name))) {
        const path = `${name}/${child}`;
        if ((await lstatOf(run, path))?.kind !== "symlink") await change(path);
      }
    };
    for (const name of names) {
      try {
        await change(name);
      } catch (error) {
        if (!(error instanceof Stop) || error.status !== -1) throw error;
        if (!run.args.has("f")) await run.warn(`cannot access '${name}': No such file or directory`);
        status = 1;
      }
    }
    return status;
  },
);

const ownership = (name: string, en: string, zh: string) =>
  defineCommand(
    { name, en, zh, synopsis: "[OPTION]... OWNER FILE...", options: [["-R, --recursive", "ignored", "忽略"], ["-h, --no-dereference", "ignored", "忽略"], ["-f, --silent, --quiet", "no error messages", "不显示错误"], ["-v, --verbose", "ignored", "忽略"]] },
    async (run) => {
      if (run.args.operands.length < 2) return run.misuse("missing operand");
      let status = 0;
      for (const file of run.args.operands.slice(1)) {
        if ((await lstatOf(run, file)) !== undefined) continue;
        status = 1;
        if (!run.args.has("f")) await run.warn(`cannot access '${file}': No such file or directory`);
      }
      return status;
    },
  );
export const chown = ownership("chown", "Accepted; files here have one owner.", "接受但不起作用：这里的文件只有一个所有者。");
export const chgrp = ownership("chgrp", "Accepted; files here have one group.", "接受但不起作用：这里的文件只有一个组。");
