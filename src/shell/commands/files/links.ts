/** Owns ln, link, readlink, realpath, mktemp, mkfifo: names for files. */
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { baseName, dirName } from "../paths/names.ts";
import { attempt, join, lstatOf, statOf } from "./tree.ts";

const relativePath = (from: string, to: string): string => {
  const a = from.split("/").filter(Boolean);
  const b = to.split("/").filter(Boolean);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/") || ".";
};

const linkOne = async (run: Run, source: string, place: string): Promise<void> => {
  const { args, proc } = run;
  const path = proc.resolve(place);
  if (args.has("f") && (await lstatOf(run, place)) !== undefined) await proc.fs.unlink(path);
  if (args.has("s")) await proc.fs.symlink(args.has("r") ? relativePath(dirName(path), proc.resolve(source)) : source, path);
  else if (proc.fs.link === undefined) throw new FileError("ENOTSUP", place, "Operation not supported");
  else await proc.fs.link(proc.resolve(source), path);
  if (args.has("v")) run.out.text(`'${place}' ${args.has("s") ? "->" : "=>"} '${source}'\n`);
};

export const ln = defineCommand(
  {
    name: "ln",
    en: "Make links between files.",
    zh: "建立文件链接。",
    synopsis: "[OPTION]... TARGET... LINK_NAME|DIRECTORY",
    options: [
      ["-f, --force", "remove existing targets", "删除已有目标"],
      ["-i, --interactive", "ignored", "忽略"],
      ["-n, --no-dereference", "a link to a directory is a file", "指向目录的链接视作文件"],
      ["-r, --relative", "symbolic links relative to their place", "相对符号链接"],
      ["-s, --symbolic", "symbolic links", "符号链接"],
      ["-t, --target-directory=DIR", "links go into DIR", "在 DIR 中建立链接"],
      ["-T, --no-target-directory", "the last operand is a file name", "最后的参数是文件名"],
      ["-v, --verbose", "tell each link", "逐个显示"],
    ],
  },
  async (run) => {
    const { args } = run;
    if (args.operands.length === 0) return run.misuse("missing file operand");
    const folder = args.last("t");
    const single = folder === undefined && args.operands.length === 1;
    const target = folder ?? (single ? "." : args.operands.at(-1)!);
    const sources = folder === undefined && !single ? args.operands.slice(0, -1) : args.operands;
    const stat = await (args.has("n") ? lstatOf(run, target) : statOf(run, target));
    const isFolder = stat?.kind === "directory" && !args.has("T");
    if (sources.length > 1 && !isFolder) throw new Stop(1, `target '${target}': ${stat === undefined ? "No such file or directory" : "Not a directory"}`);
    let status = 0;
    for (const source of sources) {
      const place = isFolder ? join(target, baseName(source)) : target;
      if (!args.has("s")) {
        const from = await lstatOf(run, source);
        const why = from === undefined ? `failed to access '${source}': No such file or directory` : from.kind === "directory" ? `${source}: hard link not allowed for directory` : undefined;
        if (why !== undefined) {
          await run.warn(why);
          status = 1;
          continue;
        }
      }
      const kind = args.has("s") ? "symbolic" : "hard";
      const done = await attempt(run, async () => (await linkOne(run, source, place), true), (text) => `failed to create ${kind} link '${place}'${args.has("s") ? "" : ` => '${source}'`}: ${text}`);
      if (done === undefined) status = 1;
    }
    return status;
  },
);

/** Every link on the way followed. `missing`: how many last parts need not exist ("last" or "all"). Throws `FileError`. */
export const canonical = async (run: Run, path: string, missing: "none" | "last" | "all"): Promise<string> => {
  const refuse = (): never => {
    throw new FileError("ENOENT", path, "No such file or directory");
  };
  if (path === "") return refuse();
  const todo = (path.startsWith("/") ? path : `${run.proc.cwd}/${path}`).split("/").filter((part) => part !== "" && part !== ".");
  let done = "";
  for (let links = 0; todo.length > 0; ) {
    const part = todo.shift()!;
    if (part === "..") {
      done = done.slice(0, Math.max(0, done.lastIndexOf("/")));
      continue;
    }
    const next = `${done}/${part}`;
    const stat = await lstatOf(run, next);
    if (stat === undefined && missing !== "all" && !(missing === "last" && todo.length === 0)) return refuse();
    if (stat?.kind === "symlink") {
      if (++links > 40) throw new FileError("ELOOP", path, "Too many levels of symbolic links");
      const target = await run.proc.fs.readlink(next);
      todo.unshift(...target.split("/").filter((piece) => piece !== "" && piece !== "."));
      if (target.startsWith("/")) done = "";
      continue;
    }
    if (stat !== undefined && stat.kind !== "directory" && todo.length > 0 && missing !== "all") throw new FileError("ENOTDIR", path, "Not a directory");
    done = next;
  }
  return done === "" ? "/" : done;
};

export const readlink = defineCommand(
  {
    name: "readlink",
    en: "Print what links point to.",
    zh: "输出链接指向。",
    synopsis: "[OPTION]... FILE...",
    options: [
      ["-f, --canonicalize", "follow all; the last part may be missing", "解析全部，末项可不存在"],
      ["-e, --canonicalize-existing", "follow all; everything must exist", "解析全部，必须都存在"],
      ["-m, --canonicalize-missing", "follow all; nothing must exist", "解析全部，可以都不存在"],
      ["-n, --no-newline", "no newline at the end", "末尾不换行"],
      ["-q, --quiet, -s, --silent", "no error messages", "不显示错误"],
      ["-v, --verbose", "error messages", "显示错误"],
      ["-z, --zero", "end lines with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const { args } = run;
    if (args.operands.length === 0) return run.misuse("missing operand");
    const mode = args.has("f") ? "last" : args.has("e") ? "none" : args.has("m") ? "all" : undefined;
    let status = 0;
    for (const name of args.operands) {
      try {
        const text = mode === undefined ? await run.proc.fs.readlink(run.proc.resolve(name)) : await canonical(run, name, mode);
        run.out.text(text + (args.has("n") && args.operands.length === 1 ? "" : args.has("z") ? "\0" : "\n"));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        if (args.has("v")) await run.warn(`${name}: ${error.message}`);
        status = 1;
      }
    }
    return status;
  },
);

export const realpath = defineCommand(
  {
    name: "realpath",
    en: "Print absolute paths without links.",
    zh: "输出解析后的绝对路径。",
    synopsis: "[OPTION]... FILE...",
    options: [
      ["-e, --canonicalize-existing", "everything must exist", "必须都存在"],
      ["-m, --canonicalize-missing", "nothing must exist", "可以都不存在"],
      ["-L, --logical", "take .. away before links", "先处理 .."],
      ["-P, --physical", "follow links as they come", "按链接解析"],
      ["-q, --quiet", "no error messages", "不显示错误"],
      ["--relative-to=DIR", "seen from DIR", "相对 DIR"],
      ["--relative-base=DIR", "relative below DIR", "在 DIR 下则相对"],
      ["-s, --strip, --no-symlinks", "do not follow links", "不解析链接"],
      ["-z, --zero", "end lines with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const { args } = run;
    if (args.operands.length === 0) return run.misuse("missing operand");
    const mode = args.has("m") ? "all" : args.has("e") ? "none" : "last";
    const to = args.last("relative-to");
    const base = args.last("relative-base");
    let status = 0;
    for (const name of args.operands) {
      const done = await attempt({ ...run, warn: args.has("q") ? () => undefined : run.warn }, async () => {
        const full = args.has("s") ? run.proc.resolve(name) : await canonical(run, name, mode);
        const root = base === undefined ? undefined : await canonical(run, base, "all");
        const inside = root === undefined || full === root || full.startsWith(`${root}/`);
        const from = to !== undefined ? await canonical(run, to, "all") : root;
        run.out.text((from !== undefined && inside ? relativePath(from, full) : full) + (args.has("z") ? "\0" : "\n"));
        return true;
      }, (text) => `${name === "" ? "''" : name}: ${text}`);
      if (done === undefined) status = 1;
    }
    return status;
  },
);

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export const mktemp = defineCommand(
  {
    name: "mktemp",
    en: "Make a temporary file or directory.",
    zh: "创建临时文件或目录。",
    synopsis: "[OPTION]... [TEMPLATE]",
    options: [
      ["-d, --directory", "make a directory", "创建目录"],
      ["-u, --dry-run", "only print a name", "只输出名字"],
      ["-q, --quiet", "no error messages", "不显示错误"],
      ["--suffix=SUFF", "append SUFF", "加后缀"],
      ["-p DIR", "below DIR", "在 DIR 下"],
      ["--tmpdir[=DIR]", "below DIR, TMPDIR or /tmp", "在 DIR、TMPDIR 或 /tmp 下"],
      ["-t", "the template is a name below TMPDIR", "模板是 TMPDIR 下的名字"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    const given = args.operands[0];
    const template = given ?? "tmp.XXXXXXXXXX";
    const suffix = args.last("suffix") ?? /X([^X/]*)$/.exec(template)?.[1] ?? "";
    const stem = args.has("suffix") ? template : template.slice(0, template.length - suffix.length);
    const marks = /X*$/.exec(stem)?.[0].length ?? 0;
    if (marks < 3) throw new Stop(1, `too few X's in template '${template}'`);
    const tmp = proc.env.get("TMPDIR") || "/tmp";
    const folder = args.has("t") ? (proc.env.get("TMPDIR") ?? args.last("p") ?? "/tmp") : args.has("p") ? args.last("p") || tmp : given === undefined || args.has("tmpdir") ? (args.last("tmpdir") ?? tmp) : undefined;
    for (let round = 0; round < 100; round++) {
      const random = crypto.getRandomValues(new Uint8Array(marks));
      const name = stem.slice(0, stem.length - marks) + [...random].map((byte) => LETTERS.charAt(byte % 62)).join("") + suffix;
      const path = folder === undefined ? name : join(folder, name);
      if ((await lstatOf(run, path)) !== undefined) continue;
      const done = args.has("u") ? true : await attempt({ ...run, warn: args.has("q") ? () => undefined : run.warn }, async () => {
        if (args.has("d")) await proc.fs.mkdir(proc.resolve(path), 0o700);
        else await proc.fs.create(proc.resolve(path), 0o600, true);
        return true;
      }, (text) => `failed to create ${args.has("d") ? "directory" : "file"} via template '${folder === undefined ? template : join(folder, template)}': ${text}`);
      if (done === undefined) return 1;
      run.out.text(`${path}\n`);
      return 0;
    }
    throw new Stop(1, `failed to create file via template '${template}': File exists`);
  },
);

export const link = defineCommand({ name: "link", en: "Make a hard link.", zh: "建立硬链接。", synopsis: "FILE1 FILE2" }, async (run) => {
  const [from, to] = run.args.operands;
  if (from === undefined || to === undefined) return run.misuse("missing operand");
  const done = await attempt(run, async () => {
    if (run.proc.fs.link === undefined) throw new FileError("ENOTSUP", to, "Operation not supported");
    await run.proc.fs.link(run.proc.resolve(from), run.proc.resolve(to));
    return true;
  }, (text) => `cannot create link '${to}' to '${from}': ${text}`);
  return done === true ? 0 : 1;
});
