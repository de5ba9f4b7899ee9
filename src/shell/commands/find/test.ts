/** Owns find's tests: what is asked of one file. */
import type { Stat } from "../../contract.ts";
import { readDate } from "../date/relative.ts";
import { applyMode } from "../files/mode.ts";
import { lstatOf, statOf } from "../files/tree.ts";
import { Stop, type Run } from "../option/declare.ts";
import { globToRegExp } from "../paths/glob.ts";
import { baseName } from "../paths/names.ts";
import { createMatcher } from "../regex/match.ts";
import { PatternError } from "../regex/tree.ts";
import { isUtf8Locale } from "../stream/bytes.ts";

export interface Visited {
  readonly path: string;
  readonly stat: Stat;
  readonly depth: number;
  /** The operand it was found under. */
  readonly root: string;
}
export type FileTest = (file: Visited) => boolean | Promise<boolean>;

const TYPES: Readonly<Record<string, Stat["kind"]>> = { f: "file", d: "directory", l: "symlink", p: "fifo", c: "device", b: "device" };
const UNITS: Readonly<Record<string, number>> = { c: 1, w: 2, b: 512, k: 1024, M: 1_048_576, G: 1_073_741_824, "": 512 };

/** "+5", "-5", "5" → compares a whole number. */
const readComparison = (text: string, name: string): ((value: number) => boolean) => {
  const match = /^([-+]?)(\d+(?:\.\d+)?)$/.exec(text);
  if (match === null) throw new Stop(1, `invalid argument \`${text}' to \`-${name}'`);
  const wanted = Number(match[2]);
  if (match[1] === "+") return (value) => value > wanted;
  if (match[1] === "-") return (value) => value < wanted;
  return (value) => value === wanted;
};

const sizeTest = (text: string): FileTest => {
  const match = /^([-+]?\d+)([cwbkMG]?)$/.exec(text);
  if (match === null) throw new Stop(1, `invalid argument \`${text}' to \`-size'`);
  const unit = UNITS[match[2] ?? ""] ?? 512;
  const compare = readComparison(match[1]!, "size");
  return ({ stat }) => compare(Math.ceil(stat.size / unit));
};

const permTest = (text: string): FileTest => {
  const mode = applyMode(text.replace(/^[-/]/, ""), 0, 0, false);
  if (mode === undefined) throw new Stop(1, `invalid mode '${text}'`);
  if (text.startsWith("-")) return ({ stat }) => (stat.mode & mode) === mode;
  if (text.startsWith("/")) return ({ stat }) => mode === 0 || (stat.mode & mode) !== 0;
  return ({ stat }) => (stat.mode & 0o7777) === mode;
};

const regexTest = (run: Run, pattern: string, ignoreCase: boolean, kind: string): FileTest => {
  try {
    const extended = /extended|egrep|awk/.test(kind);
    const source = extended ? pattern : pattern.replace(/\\?[+?]/g, (mark) => (mark.length === 1 ? `\\${mark}` : mark.slice(1)));
    const matcher = createMatcher(source, { flavor: extended ? "extended" : "basic", escapes: false, utf8: isUtf8Locale(run.proc.env), ignoreCase, around: ["^", "$"] });
    return ({ path }) => matcher.test(path);
  } catch (error) {
    if (error instanceof PatternError) throw new Stop(1, `failed to compile regular expression '${pattern}': ${error.message}`);
    throw error;
  }
};

const isEmpty = async (run: Run, { path, stat }: Visited): Promise<boolean> => {
  if (stat.kind === "file") return stat.size === 0;
  return stat.kind === "directory" && (await run.proc.fs.readdir(run.proc.resolve(path))).length === 0;
};

const timeOf = async (run: Run, name: string): Promise<number> => {
  const stat = await statOf(run, name);
  if (stat === undefined) throw new Stop(1, `'${name}': No such file or directory`);
  return stat.mtimeMs;
};

/** Makes a test of its name and argument. `regexType` is what -regextype said before. */
export const createTest = async (run: Run, name: string, value: string, regexType: string): Promise<FileTest> => {
  const now = run.proc.now();
  const glob = (ignoreCase: boolean): RegExp => globToRegExp(value, ignoreCase);
  switch (name) {
    case "name": case "iname": {
      const regex = glob(name === "iname");
      return ({ path }) => regex.test(baseName(path) || path);
    }
    case "path": case "wholename": case "ipath": case "iwholename": {
      const regex = glob(name.startsWith("i"));
      return ({ path }) => regex.test(path);
    }
    case "lname": case "ilname": {
      const regex = glob(name === "ilname");
      return async ({ path, stat }) => stat.kind === "symlink" && regex.test(await run.proc.fs.readlink(run.proc.resolve(path)));
    }
    case "regex": case "iregex": return regexTest(run, value, name === "iregex", regexType);
    case "type": {
      const kinds = value.split(",").map((letter) => TYPES[letter]);
      if (kinds.includes(undefined)) throw new Stop(1, `Unknown argument to -type: ${value}`);
      return ({ stat }) => kinds.includes(stat.kind);
    }
    case "xtype": return async ({ path }) => ((await statOf(run, path)) ?? (await lstatOf(run, path)))?.kind === TYPES[value];
    case "size": return sizeTest(value);
    case "empty": return (file) => isEmpty(run, file);
    case "mtime": case "atime": case "ctime": {
      const compare = readComparison(value, name);
      return ({ stat }) => compare(Math.floor((now - stat.mtimeMs) / 86_400_000));
    }
    case "mmin": case "amin": case "cmin": {
      const compare = readComparison(value, name);
      return ({ stat }) => compare(Math.ceil((now - stat.mtimeMs) / 60_000));
    }
    case "newer": case "anewer": case "cnewer": {
      const than = await timeOf(run, value);
      return ({ stat }) => stat.mtimeMs > than;
    }
    case "newermt": {
      const than = readDate(run.proc, value);
      if (than === undefined) throw new Stop(1, `I cannot figure out how to interpret '${value}' as a date or time`);
      return ({ stat }) => stat.mtimeMs > than;
    }
    case "samefile": {
      const wanted = await statOf(run, value);
      return ({ stat }) => stat.ino === wanted?.ino;
    }
    case "inum": {
      const compare = readComparison(value, name);
      return ({ stat }) => compare(stat.ino);
    }
    case "perm": return permTest(value);
    case "executable": return ({ stat }) => (stat.mode & 0o111) !== 0;
    case "readable": return ({ stat }) => (stat.mode & 0o444) !== 0;
    case "writable": return ({ stat }) => (stat.mode & 0o222) !== 0;
    case "false": case "nouser": case "nogroup": return () => false;
    default: return () => true;
  }
};
