/** Owns cp, mv and install: files and trees to another place. */
import { FileError, type Stat } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { baseName, dirName } from "../paths/names.ts";
import { applyMode } from "./mode.ts";
import { copyBytes, join, lstatOf, removeTree, statOf } from "./tree.ts";

const bare = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, "") || "/" : path);

interface Move {
  readonly from: string;
  readonly to: string;
}

/** Pairs of source and target; refuses as GNU does when the target must be a directory and is none. */
const readMoves = async (run: Run): Promise<Move[] | number> => {
  const { args } = run;
  const folder = args.last("t");
  const operands = args.operands;
  if (operands.length === 0) return run.misuse("missing file operand");
  if (folder === undefined && operands.length === 1) return run.misuse(`missing destination file operand after '${operands[0]}'`);
  const target = folder ?? operands.at(-1)!;
  const sources = folder === undefined ? operands.slice(0, -1) : operands;
  if (args.has("T")) {
    if (sources.length > 1) return run.misuse(`extra operand '${operands[2]}'`);
    return [{ from: sources[0]!, to: target }];
  }
  const stat = await statOf(run, target);
  const isFolder = stat?.kind === "directory";
  if (!isFolder && (folder !== undefined || sources.length > 1)) {
    throw new Stop(1, folder === undefined ? `target '${target}': ${stat === undefined ? "No such file or directory" : "Not a directory"}` : `target directory '${target}': ${stat === undefined ? "No such file or directory" : "Not a directory"}`);
  }
  const place = (from: string): string => (args.has("parents") ? join(target, bare(from)) : join(target, baseName(from)));
  return sources.map((from) => ({ from, to: isFolder ? place(from) : target }));
};

/** Whether an existing target is to be left (-n, -u). */
const keeps = (run: Run, from: Stat, to: Stat | undefined): boolean =>
  to !== undefined && (run.args.has("n") || (run.args.has("u") && to.mtimeMs >= from.mtimeMs));

const backUp = async (run: Run, to: string): Promise<void> => {
  if (!run.args.has("b") && !run.args.has("backup")) return;
  const path = run.proc.resolve(to);
  await run.proc.fs.rename(path, path + (run.args.last("S") ?? "~"));
};

type CopyStyle = { readonly recursive: boolean; readonly follow: boolean; readonly preserve: boolean; readonly verbose: boolean };

const copyFile = async (run: Run, { from, to }: Move, stat: Stat, style: CopyStyle): Promise<boolean> => {
  const { proc } = run;
  const target = await statOf(run, to);
  if (keeps(run, stat, target)) return true;
  if (target !== undefined && target.ino === stat.ino && target.kind === stat.kind) {
    await run.warn(`'${from}' and '${to}' are the same file`);
    return false;
  }
  if (target?.kind === "directory") {
    await run.warn(`cannot overwrite directory '${to}' with non-directory`);
    return false;
  }
  if (target !== undefined) await backUp(run, to);
  if (run.args.has("l") && proc.fs.link !== undefined) await proc.fs.link(proc.resolve(from), proc.resolve(to));
  else if (run.args.has("s")) await proc.fs.symlink(from, proc.resolve(to));
  else if (stat.kind === "symlink") {
    if ((await lstatOf(run, to)) !== undefined) await proc.fs.unlink(proc.resolve(to));
    await proc.fs.symlink(await proc.fs.readlink(proc.resolve(from)), proc.resolve(to));
  } else {
    await copyBytes(run, proc.resolve(from), proc.resolve(to), stat.mode & ~(style.preserve ? 0 : proc.umask));
    if (style.preserve) {
      await proc.fs.chmod(proc.resolve(to), stat.mode);
      await proc.fs.utimes(proc.resolve(to), stat.mtimeMs);
    }
  }
  if (style.verbose) run.out.text(`'${from}' -> '${to}'\n`);
  return true;
};

const copyTree = async (run: Run, move: Move, style: CopyStyle, isTop: boolean): Promise<boolean> => {
  const { proc } = run;
  const { from, to } = move;
  const follows = style.follow || (isTop && (run.args.has("H") || !style.recursive));
  const stat = await (follows ? statOf(run, from) : lstatOf(run, from));
  if (stat === undefined) {
    await run.warn(`cannot stat '${from}': No such file or directory`);
    return false;
  }
  if (stat.kind !== "directory") return copyFile(run, move, stat, style);
  if (!style.recursive) {
    await run.warn(`-r not specified; omitting directory '${from}'`);
    return false;
  }
  if (`${proc.resolve(to)}/`.startsWith(`${proc.resolve(from)}/`) && isTop) {
    await run.warn(`cannot copy a directory, '${from}', into itself, '${to}'`);
    return false;
  }
  const target = await statOf(run, to);
  if (target !== undefined && target.kind !== "directory") {
    await run.warn(`cannot overwrite non-directory '${to}' with directory '${from}'`);
    return false;
  }
  if (target === undefined) {
    await proc.fs.mkdir(proc.resolve(to), style.preserve ? stat.mode : stat.mode & ~proc.umask);
    if (style.verbose) run.out.text(`'${from}' -> '${to}'\n`);
  }
  let ok = true;
  for (const name of await proc.fs.readdir(proc.resolve(from))) {
    ok = (await guarded(run, "copy", { from: join(from, name), to: join(to, name) }, (child) => copyTree(run, child, style, false))) && ok;
  }
  if (style.preserve) await proc.fs.utimes(proc.resolve(to), stat.mtimeMs);
  return ok;
};

const guarded = async (run: Run, what: "copy" | "move", move: Move, work: (move: Move) => Promise<boolean>): Promise<boolean> => {
  await run.proc.tick(1);
  try {
    return await work(move);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await run.warn(what === "copy" ? `cannot create regular file '${move.to}': ${error.message}` : `cannot move '${move.from}' to '${move.to}': ${error.message}`);
    return false;
  }
};

const makeParents = async (run: Run, folder: string): Promise<void> => {
  if ((await statOf(run, folder)) !== undefined) return;
  await makeParents(run, dirName(folder));
  await run.proc.fs.mkdir(run.proc.resolve(folder), 0o777 & ~run.proc.umask);
};

export const cp = defineCommand(
  {
    name: "cp",
    en: "Copy files and directories.",
    zh: "复制文件和目录。",
    synopsis: "[OPTION]... SOURCE... DEST",
    options: [
      ["-a, --archive", "same as -dR --preserve=all", "等于 -dR --preserve=all"],
      ["-b", "keep a backup of each target", "备份已有的目标"],
      ["--backup[=CONTROL]", "keep a backup of each target", "备份已有的目标"],
      ["-d", "keep symbolic links", "保留符号链接"],
      ["-f, --force", "ignored", "忽略"],
      ["-H", "follow links of the command line", "跟随命令行中的链接"],
      ["-i, --interactive", "ignored", "忽略"],
      ["-l, --link", "hard links instead of copies", "建立硬链接"],
      ["-L, --dereference", "follow all links", "跟随所有链接"],
      ["-n, --no-clobber", "leave existing files", "不覆盖已有文件"],
      ["-p", "keep mode and time", "保留权限和时间"],
      ["-P, --no-dereference", "keep symbolic links", "保留符号链接"],
      ["--preserve[=LIST]", "keep mode and time", "保留权限和时间"],
      ["--no-preserve=LIST", "ignored", "忽略"],
      ["--parents", "make the source's directories below the target", "在目标下保留来源目录"],
      ["-R, -r, --recursive", "directories and all below", "递归复制目录"],
      ["--reflink[=WHEN]", "ignored", "忽略"],
      ["--sparse=WHEN", "ignored", "忽略"],
      ["-s, --symbolic-link", "symbolic links instead of copies", "建立符号链接"],
      ["-S, --suffix=SUFFIX", "suffix of backups", "备份后缀"],
      ["-t, --target-directory=DIR", "copy into DIR", "复制到 DIR"],
      ["-T, --no-target-directory", "the target is a file name", "目标是文件名"],
      ["-u, --update", "only when newer or missing", "仅在较新或缺失时复制"],
      ["-v, --verbose", "tell each file", "逐个显示"],
      ["-x, --one-file-system", "ignored", "忽略"],
    ],
  },
  async (run) => {
    const moves = await readMoves(run);
    if (typeof moves === "number") return moves;
    const { has } = run.args;
    const recursive = has("R") || has("a");
    const style: CopyStyle = { recursive, follow: has("L"), preserve: has("p") || has("a") || has("preserve"), verbose: has("v") };
    let status = 0;
    for (const move of moves) {
      if (has("parents")) await makeParents(run, dirName(move.to));
      const keepsLink = has("d") || has("P");
      const top = !keepsLink;
      if (!(await guarded(run, "copy", move, (one) => copyTree(run, one, style, top || recursive)))) status = 1;
    }
    return status;
  },
);

const moveOne = async (run: Run, { from, to }: Move): Promise<boolean> => {
  const { proc } = run;
  const stat = await lstatOf(run, from);
  if (stat === undefined) {
    await run.warn(`cannot stat '${from}': No such file or directory`);
    return false;
  }
  const target = await lstatOf(run, to);
  if (keeps(run, stat, target)) return true;
  if (target !== undefined && target.ino === stat.ino && target.kind === stat.kind) {
    await run.warn(`'${from}' and '${to}' are the same file`);
    return false;
  }
  if (target?.kind === "directory" && stat.kind !== "directory") {
    await run.warn(`cannot overwrite directory '${to}' with non-directory`);
    return false;
  }
  if (target !== undefined && target.kind !== "directory" && stat.kind === "directory") {
    await run.warn(`cannot overwrite non-directory '${to}' with directory '${from}'`);
    return false;
  }
  if (stat.kind === "directory" && `${proc.resolve(to)}/`.startsWith(`${proc.resolve(from)}/`)) {
    await run.warn(`cannot move '${from}' to a subdirectory of itself, '${to}'`);
    return false;
  }
  if (target !== undefined) await backUp(run, to);
  try {
    await proc.fs.rename(proc.resolve(from), proc.resolve(to));
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== "EXDEV") throw error;
    const style: CopyStyle = { recursive: true, follow: false, preserve: true, verbose: false };
    if (!(await copyTree(run, { from, to }, style, false))) return false;
    await removeTree(run, proc.resolve(from));
  }
  if (run.args.has("v")) run.out.text(`renamed '${from}' -> '${to}'\n`);
  return true;
};

export const mv = defineCommand(
  {
    name: "mv",
    en: "Move or rename files.",
    zh: "移动或重命名文件。",
    synopsis: "[OPTION]... SOURCE... DEST",
    options: [
      ["-b", "keep a backup of each target", "备份已有的目标"],
      ["--backup[=CONTROL]", "keep a backup of each target", "备份已有的目标"],
      ["-f, --force", "ignored", "忽略"],
      ["-i, --interactive", "ignored", "忽略"],
      ["-n, --no-clobber", "leave existing files", "不覆盖已有文件"],
      ["-S, --suffix=SUFFIX", "suffix of backups", "备份后缀"],
      ["-t, --target-directory=DIR", "move into DIR", "移动到 DIR"],
      ["-T, --no-target-directory", "the target is a file name", "目标是文件名"],
      ["-u, --update", "only when newer or missing", "仅在较新或缺失时移动"],
      ["-v, --verbose", "tell each file", "逐个显示"],
    ],
  },
  async (run) => {
    const moves = await readMoves(run);
    if (typeof moves === "number") return moves;
    let status = 0;
    for (const move of moves) {
      if (!(await guarded(run, "move", move, (one) => moveOne(run, one)))) status = 1;
    }
    return status;
  },
);

export const install = defineCommand(
  {
    name: "install",
    en: "Copy files and set their mode.",
    zh: "复制文件并设置权限。",
    synopsis: "[OPTION]... SOURCE... DEST",
    options: [
      ["-d, --directory", "create directories", "创建目录"],
      ["-D", "create the parents of the target", "创建目标的上级目录"],
      ["-m, --mode=MODE", "mode instead of 755", "权限，默认 755"],
      ["-t, --target-directory=DIR", "copy into DIR", "复制到 DIR"],
      ["-T, --no-target-directory", "the target is a file name", "目标是文件名"],
      ["-p, --preserve-timestamps", "keep times", "保留时间"],
      ["-v, --verbose", "tell each file", "逐个显示"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    const mode = applyMode(args.last("m") ?? "755", 0, 0, false);
    if (mode === undefined) throw new Stop(1, `invalid mode '${args.last("m")}'`);
    if (args.has("d")) {
      for (const name of args.operands) await makeParents(run, name);
      return 0;
    }
    if (args.has("D")) await makeParents(run, args.last("t") ?? dirName(args.operands.at(-1) ?? "."));
    const moves = await readMoves(run);
    if (typeof moves === "number") return moves;
    const style: CopyStyle = { recursive: false, follow: true, preserve: args.has("p"), verbose: args.has("v") };
    let status = 0;
    for (const move of moves) {
      if (await guarded(run, "copy", move, (one) => copyTree(run, one, style, true))) await proc.fs.chmod(proc.resolve(move.to), mode);
      else status = 1;
    }
    return status;
  },
);
