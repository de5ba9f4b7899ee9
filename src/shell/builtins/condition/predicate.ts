/** Owns the tests that `test`, `[` and `[[` share: files, strings, numbers, variables. */
import { FileError } from "../../contract.ts";
import type { Stat } from "../../contract.ts";
import { resolvePath } from "../../files/paths.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";

function* statOf(sh: Shell, path: string, follow: boolean): Task<Stat | undefined> {
  if (path === "") return undefined;
  const { files } = sh.kernel.world;
  const absolute = resolvePath(sh.process.cwd, path);
  const fd = { "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 }[absolute] ?? /^\/dev\/fd\/(\d+)$/.exec(absolute)?.[1];
  if (fd !== undefined) {
    const open = sh.process.fds.get(Number(fd));
    if (open === undefined) return undefined;
    return { kind: open.kind === "pipe" ? "fifo" : open.kind === "sink" ? "device" : open.kind, size: 0, mode: 0o600, mtimeMs: 0, ino: 0 };
  }
  try {
    const stat = yield* settle(follow ? files.stat(absolute) : files.lstat(absolute));
    return path.endsWith("/") && stat.kind !== "directory" ? undefined : stat;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

export const fileOperators: ReadonlySet<string> = new Set("-a -b -c -d -e -f -g -h -k -p -r -s -u -w -x -G -L -N -O -S".split(" "));
export function* testFile(sh: Shell, operator: string, path: string): Task<boolean> {
  const stat = yield* statOf(sh, path, operator !== "-h" && operator !== "-L");
  if (stat === undefined) return false;
  switch (operator) {
    case "-d":
      return stat.kind === "directory";
    case "-f":
      return stat.kind === "file";
    case "-h":
    case "-L":
      return stat.kind === "symlink";
    case "-p":
      return stat.kind === "fifo";
    case "-c":
      return stat.kind === "device";
    case "-b":
    case "-S":
      return false;
    case "-s":
      return stat.size > 0;
    case "-x":
      return stat.kind === "directory" || (stat.mode & 0o111) !== 0;
    case "-u":
      return (stat.mode & 0o4000) !== 0;
    case "-g":
      return (stat.mode & 0o2000) !== 0;
    case "-k":
      return (stat.mode & 0o1000) !== 0;
    case "-r":
    case "-w":
      return sh.kernel.world.user.uid === 0 || (stat.mode & (operator === "-r" ? 0o444 : 0o222)) !== 0;
    default:
      return true;
  }
}
export function* compareFiles(sh: Shell, operator: string, left: string, right: string): Task<boolean> {
  const a = yield* statOf(sh, left, true);
  const b = yield* statOf(sh, right, true);
  if (operator === "-ef") return a !== undefined && b !== undefined && a.ino === b.ino;
  if (sh.dialect === "sh" && (a === undefined || b === undefined)) return false;
  if (operator === "-nt") return a !== undefined && (b === undefined || a.mtimeMs > b.mtimeMs);
  return b !== undefined && (a === undefined || a.mtimeMs < b.mtimeMs);
}
/** `-v`: a variable, an element, or any element of an array. */
export const isSet = (sh: Shell, name: string): boolean => {
  const open = name.indexOf("[");
  if (open < 0) {
    if (/^\d+$/.test(name)) return Number(name) <= sh.positional.length;
    return sh.vars.get(name) !== undefined;
  }
  const inside = name.slice(open + 1, -1);
  const base = name.slice(0, open);
  if (inside === "@" || inside === "*") return sh.vars.values(base).length > 0;
  return sh.vars.getElement(base, inside) !== undefined;
};
export const isTerminal = (sh: Shell, fd: string): boolean => (sh.process.fds.get(Number(fd)) as { isTerminal?: boolean } | undefined)?.isTerminal === true;
export const compareNumbers = (operator: string, a: number | bigint, b: number | bigint): boolean => {
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
};
export const numberOperators: ReadonlySet<string> = new Set(["-eq", "-ne", "-lt", "-le", "-gt", "-ge"]);
export const fileComparisons: ReadonlySet<string> = new Set(["-ef", "-nt", "-ot"]);
