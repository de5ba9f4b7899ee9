/** Owns cd, pwd, pushd, popd, dirs. */
import { FileError } from "../contract.ts";
import { resolvePath } from "../files/paths.ts";
import { complain, out } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { flags } from "../state/variables.ts";
import { info } from "./entry.ts";
import type { Builtin } from "./entry.ts";

/** The path with symlinks resolved, for `-P`. */
function* physical(sh: Shell, path: string): Task<string> {
  const { files } = sh.kernel.world;
  let real = "";
  for (const part of path.split("/")) {
    if (part === "") continue;
    const next = `${real}/${part}`;
    const stat = yield* settle(files.lstat(next));
    if (stat.kind !== "symlink") real = next;
    else real = yield* physical(sh, resolvePath(real === "" ? "/" : real, yield* settle(files.readlink(next))));
  }
  return real === "" ? "/" : real;
}
/** Changes directory; answers the words of a refusal. */
function* enter(sh: Shell, target: string, physically: boolean): Task<string | undefined> {
  const current = sh.vars.get("PWD") ?? sh.process.cwd;
  const base = current.startsWith("/") ? current : sh.process.cwd;
  let path = resolvePath(base, target);
  try {
    const stat = yield* settle(sh.kernel.world.files.stat(path));
    if (stat.kind !== "directory") return "Not a directory";
    if (physically) path = yield* physical(sh, path);
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  sh.process.cwd = path;
  sh.vars.set("OLDPWD", current);
  sh.vars.declare("OLDPWD", flags.export, 0);
  sh.vars.set("PWD", path);
  return undefined;
}
function* isDirectory(sh: Shell, path: string): Task<boolean> {
  try {
    return (yield* settle(sh.kernel.world.files.stat(resolvePath(sh.process.cwd, path)))).kind === "directory";
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}
/** CDPATH: where a relative name may be found as well. */
function* searched(sh: Shell, target: string): Task<string> {
  const places = sh.vars.get("CDPATH");
  if (places === undefined || places === "" || /^(?:\/|\.\.?(?:\/|$))/.test(target)) return target;
  for (const place of places.split(":")) {
    const path = place === "" ? target : `${place}/${target}`;
    if (yield* isDirectory(sh, path)) return path;
  }
  return target;
}

function* runCd(sh: Shell, args: readonly string[]): Task<number> {
  let i = 0;
  let physically = sh.options.isOn("physical");
  for (; i < args.length && /^-[LPe@]+$/.test(args[i] as string); i++) physically = (args[i] as string).includes("P");
  if (args[i] === "--") i++;
  const words = args.slice(i);
  if (words.length > 1 && sh.dialect === "bash") {
    yield* settle(complain(sh, "cd: too many arguments"));
    return 1;
  }
  const given = words[0];
  let target = given ?? sh.vars.get("HOME");
  if (given === "-") target = sh.vars.get("OLDPWD");
  if (target === undefined) {
    yield* settle(complain(sh, `cd: ${given === "-" ? "OLDPWD" : "HOME"} not set`));
    return 1;
  }
  if (target === "") return 0;
  const place = yield* searched(sh, target);
  const refused = yield* enter(sh, place, physically);
  if (refused !== undefined) {
    yield* settle(complain(sh, sh.dialect === "sh" ? `cd: can't cd to ${target}` : `cd: ${target}: ${refused}`));
    return sh.dialect === "sh" ? 2 : 1;
  }
  if (given === "-" || (place !== target && place !== `./${target}`)) yield* settle(out(sh).writeText(`${sh.process.cwd}\n`));
  return 0;
}
function* runPwd(sh: Shell, args: readonly string[]): Task<number> {
  const physically = args.includes("-P") || (sh.options.isOn("physical") && !args.includes("-L"));
  const path = physically ? yield* physical(sh, sh.process.cwd) : sh.process.cwd;
  yield* settle(out(sh).writeText(`${path}\n`));
  return 0;
}

const stack = (sh: Shell): readonly string[] => [sh.process.cwd, ...sh.directoryStack];
const tilde = (sh: Shell, path: string): string => {
  const home = sh.vars.get("HOME");
  return home !== undefined && home !== "" && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path;
};
const shown = (sh: Shell): string => `${stack(sh).map((path) => tilde(sh, path)).join(" ")}\n`;
function* complainOf(sh: Shell, message: string): Task<number> {
  yield* settle(complain(sh, message));
  return 1;
}
/** The place in the stack that `+N` or `-N` means. */
const placeOf = (sh: Shell, text: string): number | undefined => {
  const n = Number(text.slice(1));
  const size = stack(sh).length;
  const place = text[0] === "+" ? n : size - 1 - n;
  return place >= 0 && place < size ? place : undefined;
};

function* runPushd(sh: Shell, given: readonly string[]): Task<number> {
  const quiet = given[0] === "-n";
  const args = given.filter((arg) => arg !== "-n" && arg !== "--");
  const [target] = args;
  if (target === undefined || /^[-+]\d+$/.test(target)) {
    const place = target === undefined ? 1 : placeOf(sh, target);
    if (target === undefined && sh.directoryStack.length === 0) return yield* complainOf(sh, "pushd: no other directory");
    if (place === undefined) return yield* complainOf(sh, `pushd: ${target as string}: directory stack index out of range`);
    const all = stack(sh);
    const turned = target === undefined ? [all[1] as string, all[0] as string, ...all.slice(2)] : [...all.slice(place), ...all.slice(0, place)];
    const refused = yield* enter(sh, turned[0] as string, false);
    if (refused !== undefined) return yield* complainOf(sh, `pushd: ${turned[0] as string}: ${refused}`);
    sh.directoryStack = turned.slice(1);
  } else if (quiet) sh.directoryStack = [target, ...sh.directoryStack];
  else {
    const before = sh.process.cwd;
    const refused = yield* enter(sh, target, false);
    if (refused !== undefined) return yield* complainOf(sh, `pushd: ${target}: ${refused}`);
    sh.directoryStack = [before, ...sh.directoryStack];
  }
  yield* settle(out(sh).writeText(shown(sh)));
  return 0;
}
function* runPopd(sh: Shell, given: readonly string[]): Task<number> {
  const [target] = given.filter((arg) => arg !== "-n");
  if (sh.directoryStack.length === 0) return yield* complainOf(sh, "popd: directory stack empty");
  const place = target === undefined ? 0 : placeOf(sh, target);
  if (place === undefined) return yield* complainOf(sh, `popd: ${target as string}: directory stack index out of range`);
  const left = stack(sh).filter((_, i) => i !== place);
  if (place === 0) {
    const refused = yield* enter(sh, left[0] as string, false);
    if (refused !== undefined) return yield* complainOf(sh, `popd: ${left[0] as string}: ${refused}`);
  }
  sh.directoryStack = left.slice(1);
  yield* settle(out(sh).writeText(shown(sh)));
  return 0;
}
function* runDirs(sh: Shell, args: readonly string[]): Task<number> {
  const how = args.filter((arg) => /^-[clpv]+$/.test(arg)).join("");
  if (how.includes("c")) {
    sh.directoryStack = [];
    return 0;
  }
  const all = stack(sh).map((path) => (how.includes("l") ? path : tilde(sh, path)));
  const at = args.find((arg) => /^[-+]\d+$/.test(arg));
  if (at !== undefined) {
    const place = placeOf(sh, at);
    if (place === undefined) return yield* complainOf(sh, `dirs: ${at}: directory stack index out of range`);
    yield* settle(out(sh).writeText(`${all[place] as string}\n`));
  } else if (how.includes("v")) yield* settle(out(sh).writeText(all.map((path, i) => `${String(i).padStart(2)}  ${path}\n`).join("")));
  else yield* settle(out(sh).writeText(`${all.join(how.includes("p") ? "\n" : " ")}\n`));
  return 0;
}

export const directoryBuiltins: readonly Builtin[] = [
  { ...info("cd", ["Change the directory", "切换目录"], [["-L -P", "keep, resolve symbolic links", "保留、解析符号链接"], ["-", "back to the one before", "回到之前的目录"]]), run: runCd },
  { ...info("pwd", ["Print the directory", "输出当前目录"], [["-P", "without symbolic links", "解析符号链接"]]), run: runPwd },
  { ...info("pushd", ["Change the directory and remember this one", "切换目录并记住当前目录"], [["+N -N", "turn the stack", "旋转目录栈"]]), bashOnly: true, run: runPushd },
  { ...info("popd", ["Back to the remembered directory", "回到记住的目录"], [["+N -N", "forget an entry", "删除一项"]]), bashOnly: true, run: runPopd },
  { ...info("dirs", ["Show the remembered directories", "显示目录栈"], [["-v -p -l", "numbered, one a line, in full", "编号、逐行、完整路径"], ["-c", "forget all", "清空"]]), bashOnly: true, run: runDirs },
];
