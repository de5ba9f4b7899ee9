/** Owns find: walking trees and acting on what the expression selects. */
import { FileError } from "../../contract.ts";
import { formatDate } from "../date/format.ts";
import { modeText } from "../files/mode.ts";
import { join, lstatOf, statOf } from "../files/tree.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { baseName, dirName } from "../paths/names.ts";
import { encode } from "../stream/bytes.ts";
import { parseFind, type FindNode } from "./parse.ts";
import { createTest, type FileTest, type Visited } from "./test.ts";

interface Walk {
  readonly run: Run;
  status: number;
  /** Set by -prune for the file at hand. */
  pruned: boolean;
  quit: boolean;
  readonly files: Map<string, string[]>;
}
type Evaluate = (file: Visited) => boolean | Promise<boolean>;

const KIND: Readonly<Record<Visited["stat"]["kind"], string>> = { file: "f", directory: "d", symlink: "l", fifo: "p", device: "c" };
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", "0": "\0", a: "\x07", b: "\b", f: "\f", r: "\r", v: "\v" };

const directive = async (run: Run, file: Visited, letter: string, argument: string): Promise<string> => {
  const { path, stat, root } = file;
  const zone = run.proc.env.get("TZ") ?? "UTC";
  switch (letter) {
    case "p": return path;
    case "f": return baseName(path) || path;
    case "h": return path.includes("/") ? (path.slice(0, path.lastIndexOf("/")) || "/") : ".";
    case "P": return path === root ? "" : path.slice(root.length + (root.endsWith("/") ? 0 : 1));
    case "H": return root;
    case "s": return String(stat.size);
    case "d": return String(file.depth);
    case "m": return stat.mode.toString(8);
    case "M": return modeText(stat.kind, stat.mode);
    case "y": return KIND[stat.kind];
    case "i": return String(stat.ino);
    case "l": return stat.kind === "symlink" ? run.proc.fs.readlink(run.proc.resolve(path)) : "";
    case "k": return String(Math.ceil(stat.size / 1024));
    case "b": return String(Math.ceil(stat.size / 512));
    case "u": case "g": return run.proc.user.name;
    case "U": return String(run.proc.user.uid);
    case "G": return String(run.proc.user.gid);
    case "n": return String(stat.links ?? 1);
    case "t": case "a": case "c": return formatDate("%a %b %e %H:%M:%S.%N0 %Y", stat.mtimeMs, zone);
    case "T": case "A": case "C":
      if (argument === "@") return `${(stat.mtimeMs / 1000).toFixed(3)}0000000`;
      if (argument === "+") return formatDate("%Y-%m-%d+%H:%M:%S.%N0", stat.mtimeMs, zone);
      if (argument === "S" || argument === "T") return formatDate(argument === "S" ? "%S.%N0" : "%H:%M:%S.%N0", stat.mtimeMs, zone);
      return formatDate(`%${argument}`, stat.mtimeMs, zone);
    default: return `%${letter}`;
  }
};

const formatFile = async (run: Run, format: string, file: Visited): Promise<string> => {
  let text = "";
  let at = 0;
  for (const match of format.matchAll(/\\([0-7]{1,3}|[^])|%(-?)(\d*)(?:([TAC])([^])|([^]))/g)) {
    text += format.slice(at, match.index);
    at = match.index + match[0].length;
    if (match[1] !== undefined) {
      if (match[1] === "c") return text;
      text += /^[0-7]{2,3}$/.test(match[1]) ? String.fromCharCode(parseInt(match[1], 8)) : (ESCAPES[match[1]] ?? match[0]);
    } else if (match[6] === "%") text += "%";
    else {
      const value = await directive(run, file, match[4] ?? match[6] ?? "", match[5] ?? "");
      text += match[2] === "-" ? value.padEnd(Number(match[3])) : value.padStart(Number(match[3]));
    }
  }
  return text + format.slice(at);
};

const refuse = async (walk: Walk, path: string, error: unknown, what = ""): Promise<false> => {
  if (!(error instanceof FileError)) throw error;
  await walk.run.warn(`${what}'${path}': ${error.message}`.replace("''", "'"));
  walk.status = 1;
  return false;
};

const act = (walk: Walk, name: string, args: readonly string[]): Evaluate => {
  const { run } = walk;
  const { out } = run;
  const toFile = (target: string, text: string): true => {
    const parts = walk.files.get(target) ?? [];
    walk.files.set(target, parts);
    parts.push(text);
    return true;
  };
  if (name.startsWith("fprint")) walk.files.set(args[0]!, walk.files.get(args[0]!) ?? []);
  switch (name) {
    case "print": return ({ path }) => (out.text(`${path}\n`), true);
    case "print0": return ({ path }) => (out.text(`${path}\0`), true);
    case "printf": return async (file) => (out.text(await formatFile(run, args[0]!, file)), true);
    case "fprint": return ({ path }) => toFile(args[0]!, `${path}\n`);
    case "fprint0": return ({ path }) => toFile(args[0]!, `${path}\0`);
    case "fprintf": return async (file) => toFile(args[0]!, await formatFile(run, args[1]!, file));
    case "ls": return async (file) => (out.text(await formatFile(run, "%9i %6k %M   %n %-8u %-8g %8s %Tb %Td %TH:%TM %p\\n", file)), true);
    case "prune": return () => (walk.pruned = true);
    case "quit": return () => (walk.quit = true);
    case "delete":
      return async ({ path, stat }) => {
        if (path === "." || path === "./") return true;
        try {
          await (stat.kind === "directory" ? run.proc.fs.rmdir(run.proc.resolve(path)) : run.proc.fs.unlink(run.proc.resolve(path)));
          return true;
        } catch (error) {
          return refuse(walk, path, error, "cannot delete ");
        }
      };
    default: throw new Stop(1, `unknown predicate \`-${name}'`);
  }
};

const ARGS_MOST = 4096;
const runBatch = async (walk: Walk, argv: readonly string[], cwd: string | undefined): Promise<number> => {
  await walk.run.out.flush();
  return walk.run.proc.spawn(argv, cwd === undefined ? {} : { cwd: walk.run.proc.resolve(cwd) }).wait();
};

const execute = (walk: Walk, node: FindNode & { type: "exec" }): Evaluate => {
  const inFolder = node.name.endsWith("dir");
  const shown = (path: string): string => (inFolder ? `./${baseName(path)}` : path);
  if (!node.many) {
    return async ({ path }) => (await runBatch(walk, node.argv.map((word) => word.replaceAll("{}", shown(path))), inFolder ? dirName(path) : undefined)) === 0;
  }
  return async ({ path }) => {
    const last = node.batch.at(-1);
    if (last === undefined || last.length >= ARGS_MOST || inFolder) node.batch.push([shown(path)]);
    else last.push(shown(path));
    if (inFolder) {
      const argv = [...node.argv, ...node.batch.pop()!];
      if ((await runBatch(walk, argv, dirName(path))) !== 0) walk.status = 1;
    }
    return true;
  };
};

const compile = async (walk: Walk, node: FindNode, state: { regexType: string }): Promise<Evaluate> => {
  switch (node.type) {
    case "test": {
      if (node.name === "regextype") state.regexType = node.args[0] ?? "";
      const test: FileTest = await createTest(walk.run, node.name, node.args[0] ?? "", state.regexType);
      return test;
    }
    case "action": return act(walk, node.name, node.args);
    case "exec": return execute(walk, node);
    case "not": {
      const inner = await compile(walk, node.node, state);
      return async (file) => !(await inner(file));
    }
    default: {
      const left = await compile(walk, node.left, state);
      const right = await compile(walk, node.right, state);
      if (node.type === "and") return async (file) => (await left(file)) && !walk.quit && (await right(file));
      if (node.type === "or") return async (file) => (await left(file)) || (await right(file));
      return async (file) => (await left(file), right(file));
    }
  }
};

const batchesOf = (node: FindNode): (FindNode & { type: "exec" })[] => {
  if (node.type === "exec") return [node];
  if (node.type === "not") return batchesOf(node.node);
  return "left" in node ? [...batchesOf(node.left), ...batchesOf(node.right)] : [];
};

const splitOperands = (words: readonly string[]): { follow: "none" | "top" | "all"; roots: string[]; expression: readonly string[] } => {
  let at = 0;
  let follow: "none" | "top" | "all" = "none";
  for (; /^-([HLP]|O\d|D)$/.test(words[at] ?? ""); at++) follow = words[at] === "-L" ? "all" : words[at] === "-H" ? "top" : words[at] === "-P" ? "none" : follow;
  const roots: string[] = [];
  while (at < words.length && !/^-./.test(words[at]!) && !["(", "!", ")", ","].includes(words[at]!)) roots.push(words[at++]!);
  return { follow, roots: roots.length > 0 ? roots : ["."], expression: words.slice(at) };
};

export const find = defineCommand(
  {
    name: "find",
    en: "Walk directories and act on files.",
    zh: "遍历目录并处理文件。",
    synopsis: "[-H|-L|-P] [PATH]... [EXPRESSION]",
    raw: true,
    options: [
      ["-name, -iname, -path, -regex", "by name", "按名字"],
      ["-type, -size, -empty, -perm, -newer", "by what it is", "按类型、大小、权限等"],
      ["-mtime, -mmin, -newermt", "by time", "按时间"],
      ["-maxdepth, -mindepth, -depth, -prune", "where to go", "遍历范围"],
      ["-print, -print0, -printf, -ls, -delete, -quit", "what to do", "动作"],
      ["-exec CMD ; | -exec CMD {} +, -execdir", "run a command", "运行命令"],
      ["! -a -o , ( )", "combine", "组合条件"],
    ],
  },
  async (run) => {
    const { follow, roots, expression } = splitOperands(run.args.operands);
    const { node, options } = parseFind(expression);
    const walk: Walk = { run, status: 0, pruned: false, quit: false, files: new Map() };
    const evaluate = await compile(walk, node, { regexType: "" });
    const statFor = (path: string, isTop: boolean) => (follow === "all" || (follow === "top" && isTop) ? statOf(run, path).then((stat) => stat ?? lstatOf(run, path)) : lstatOf(run, path));
    const visit = async (path: string, root: string, depth: number): Promise<void> => {
      await run.proc.tick(2);
      const stat = await statFor(path, depth === 0);
      if (stat === undefined) return void (await refuse(walk, path, new FileError("ENOENT", path, "No such file or directory")));
      const file: Visited = { path, stat, depth, root };
      const wanted = depth >= options.minDepth;
      walk.pruned = false;
      if (wanted && !options.depthFirst) await evaluate(file);
      if (walk.quit) return;
      if (stat.kind === "directory" && depth < options.maxDepth && (!walk.pruned || options.depthFirst)) {
        try {
          for (const name of await run.proc.fs.readdir(run.proc.resolve(path))) {
            await visit(join(path, name), root, depth + 1);
            if (walk.quit) return;
          }
        } catch (error) {
          await refuse(walk, path, error);
        }
      }
      if (wanted && options.depthFirst) await evaluate(file);
      await run.out.drain();
    };
    for (const root of roots) {
      if (!walk.quit) await visit(root, root, 0);
    }
    for (const exec of batchesOf(node)) {
      for (const names of exec.batch) if ((await runBatch(walk, [...exec.argv, ...names], undefined)) !== 0) walk.status = 1;
    }
    for (const [name, parts] of walk.files) {
      const file = await run.proc.open(name, "w");
      await file.write(encode(parts.join("")));
      await run.proc.close(file);
    }
    return walk.status;
  },
);
