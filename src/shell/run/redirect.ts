/** Owns redirections: done left to right on the process's descriptors, and undone after the command. */
import { toBytes } from "../bytes.ts";
import { FileError } from "../contract.ts";
import { BytesSource } from "../files/open.ts";
import type { OpenDescription } from "../files/open.ts";
import { addFields, text } from "../expand/words.ts";
import { ShellError } from "../state/errors.ts";
import { complain } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import type { Redirect } from "../syntax/tree.ts";
import { openPath } from "./process/opening.ts";
import type { OpenHow } from "./process/opening.ts";

/** What a descriptor was before; the file is held on to. */
export interface Saved {
  readonly fd: number;
  readonly file: OpenDescription | undefined;
}

export const undoRedirects = (sh: Shell, saved: readonly Saved[]): void => {
  for (let i = saved.length - 1; i >= 0; i--) {
    const { fd, file } = saved[i] as Saved;
    const now = sh.process.fds.get(fd);
    if (file === undefined) sh.process.fds.delete(fd);
    else sh.process.fds.set(fd, file);
    now?.release();
  }
};
const keep = (sh: Shell, fd: number, saved: Saved[] | undefined): void => {
  saved?.push({ fd, file: sh.process.fds.get(fd)?.retain() });
};
const install = (sh: Shell, fd: number, file: OpenDescription, saved: Saved[] | undefined): void => {
  keep(sh, fd, saved);
  sh.process.install(fd, file);
};

const inputs = new Set(["<", "<>", "<&", "<<", "<<<"]);
const modes: Readonly<Record<string, OpenHow>> = {
  "<": { mode: "r" }, ">": { mode: "w" }, ">|": { mode: "w" }, ">>": { mode: "a" }, "<>": { mode: "rw" }, "&>": { mode: "w" }, "&>>": { mode: "a" },
};

function* targetText(sh: Shell, redirect: Redirect): Task<string> {
  const { target, operator } = redirect;
  if (operator === "<<" || operator === "<<<" || target.literal !== undefined || sh.dialect === "sh") return yield* text(sh, target);
  const found: string[] = [];
  yield* addFields(sh, target, found);
  if (found.length !== 1) throw new ShellError(`${target.text}: ambiguous redirect`, "command", 1);
  return found[0] as string;
}

/** Name and subscript of a variable that holds a descriptor. */
const element = (name: string): readonly [string, string | undefined] => {
  const open = name.indexOf("[");
  return open < 0 ? [name, undefined] : [name.slice(0, open), name.slice(open + 1, -1)];
};
/** The lowest descriptor from 10 that is free, noted in the variable. */
const allocate = (sh: Shell, name: string): number => {
  let fd = 10;
  while (sh.process.fds.has(fd)) fd++;
  const [base, index] = element(name);
  if (index === undefined) sh.vars.set(base, String(fd));
  else sh.vars.setElement(base, index, String(fd));
  return fd;
};

/** The descriptor that is meant, and what is written after the operator. */
interface Place {
  readonly fd: number;
  readonly given: string;
}
function* duplicate(sh: Shell, redirect: Redirect, place: Place, saved: Saved[] | undefined): Task<void> {
  const { fd, given } = place;
  let target = given;
  if (target === "-") {
    keep(sh, fd, saved);
    return sh.process.closeFd(fd);
  }
  const moves = /^\d+-$/.test(target);
  if (moves) target = target.slice(0, -1);
  if (/^\d+$/.test(target)) {
    const file = sh.process.fds.get(Number(target));
    if (file === undefined) throw new ShellError(`${target}: Bad file descriptor`, "command", 1);
    install(sh, fd, file, saved);
    if (moves && Number(target) !== fd) {
      keep(sh, Number(target), saved);
      sh.process.closeFd(Number(target));
    }
    return;
  }
  if (redirect.operator === "<&" || (redirect.fd !== undefined && redirect.fd !== 1)) throw new ShellError(`${given}: ambiguous redirect`, "command", 1);
  const file = yield* openPath(sh.process, given, { mode: "w", keep: sh.options.noclobber });
  install(sh, 1, file, saved);
  install(sh, 2, file, saved);
}

function* one(sh: Shell, redirect: Redirect, saved: Saved[] | undefined): Task<void> {
  const { operator } = redirect;
  const given = yield* targetText(sh, redirect);
  let fd = redirect.fd ?? (inputs.has(operator) ? 0 : 1);
  let undo = saved;
  if (redirect.fdVariable !== undefined) {
    undo = undefined;
    const [base, index] = element(redirect.fdVariable);
    if (given === "-") fd = Number((index === undefined ? sh.vars.get(base) : sh.vars.getElement(base, index)) ?? "-1");
    else fd = allocate(sh, redirect.fdVariable);
  }
  if (operator === "<&" || operator === ">&") return yield* duplicate(sh, redirect, { fd, given }, undo);
  if (operator === "<<" || operator === "<<<") return install(sh, fd, new BytesSource(toBytes(operator === "<<<" ? given + "\n" : given)), undo);
  const how = modes[operator] as OpenHow;
  const file = yield* openPath(sh.process, given, operator === ">" ? { ...how, keep: sh.options.noclobber } : how);
  if (operator === "&>" || operator === "&>>") {
    install(sh, 1, file, undo);
    install(sh, 2, file, undo);
  } else install(sh, fd, file, undo);
}

/** Does all redirections; on failure says why, and answers false (what was done is in `saved`). */
export function* applyRedirects(sh: Shell, redirects: readonly Redirect[], saved: Saved[] | undefined): Task<boolean> {
  for (const redirect of redirects) {
    try {
      yield* one(sh, redirect, saved);
    } catch (error) {
      if (error instanceof FileError) {
        const words = sh.dialect === "sh" && error.code === "ENOENT" && redirect.operator !== "<" ? "Directory nonexistent" : error.message;
        yield* settle(complain(sh, sh.dialect === "sh" ? `cannot ${redirect.operator === "<" ? "open" : "create"} ${error.path}: ${words}` : `${shownPath(redirect, error.path)}: ${words}`));
        return false;
      }
      if (error instanceof ShellError && error.scope === "command") {
        yield* settle(complain(sh, error.message));
        return false;
      }
      throw error;
    }
  }
  return true;
}
const shownPath = (redirect: Redirect, path: string): string => redirect.target.literal ?? path;
