/** Owns pathname expansion: a pattern against the directories of a file system, in byte order. */
import { FileError } from "../contract.ts";
import { joinPath, resolvePath } from "../files/paths.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import { compilePattern, hasMagic, unescapePattern } from "./pattern.ts";

/** Splits at slashes that are not quoted or inside parentheses. */
const components = (pattern: string): string[] => {
  const parts: string[] = [];
  let current = "";
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === "\\" && i + 1 < pattern.length) current += char + (pattern[++i] as string);
    else if (char === "/" && depth === 0) {
      parts.push(current);
      current = "";
    } else {
      if (char === "(") depth++;
      else if (char === ")") depth--;
      current += char;
    }
  }
  parts.push(current);
  return parts;
};

function* kindOf(sh: Shell, path: string, follow: boolean): Task<string | undefined> {
  const { files } = sh.kernel.world;
  try {
    const absolute = resolvePath(sh.process.cwd, path === "" ? "." : path);
    return (yield* settle(follow ? files.stat(absolute) : files.lstat(absolute))).kind;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
function* namesIn(sh: Shell, directory: string): Task<readonly string[]> {
  try {
    return yield* settle(sh.kernel.world.files.readdir(resolvePath(sh.process.cwd, directory === "" ? "." : directory)));
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
const extend = (base: string, name: string): string => (base === "" || base.endsWith("/") ? base + name : joinPath(base, name));

/** Directories below `base` (itself included), for `**`. */
function* tree(sh: Shell, base: string, withFiles: boolean): Task<string[]> {
  const found = [base];
  for (const name of yield* namesIn(sh, base)) {
    if (name.startsWith(".") && !sh.options.dotglob) continue;
    const path = extend(base, name);
    const kind = yield* kindOf(sh, path, false);
    if (kind === "directory") found.push(...(yield* tree(sh, path, withFiles)));
    else if (withFiles) found.push(path);
  }
  return found;
}

function* step(sh: Shell, bases: readonly string[], part: string, last: boolean): Task<string[]> {
  const { options } = sh;
  const extended = options.extglob;
  if (options.globstar && part === "**") {
    const found: string[] = [];
    for (const base of bases) {
      const [, ...below] = yield* tree(sh, base, last);
      // The directory itself: nothing at the start, "a/" at the end of a pattern.
      if (base !== "" || !last) found.push(last && !base.endsWith("/") ? `${base}/` : base);
      found.push(...below);
    }
    return found;
  }
  const next: string[] = [];
  const pattern = compilePattern(part, { extended, ignoreCase: options.nocaseglob });
  const dots = part.startsWith(".") || part.startsWith("\\.");
  for (const base of bases) {
    if (!hasMagic(part, extended)) {
      const path = extend(base, unescapePattern(part));
      if (part === "" ? base !== "" && (yield* kindOf(sh, base, true)) === "directory" : (yield* kindOf(sh, path, false)) !== undefined) {
        next.push(part === "" && !path.endsWith("/") ? path + "/" : path);
      }
      continue;
    }
    const names = yield* namesIn(sh, base);
    for (const name of dots ? [".", "..", ...names] : names) {
      if ((name === "." || name === "..") && !unescapePattern(part).startsWith(".")) continue;
      if ((name === "." || name === "..") && hasMagic(part, extended) && sh.dialect === "bash") continue;
      if (name.startsWith(".") && !dots && !options.dotglob) continue;
      if (!pattern.matches(name)) continue;
      const path = extend(base, name);
      if (last || (yield* kindOf(sh, path, true)) === "directory") next.push(path);
    }
  }
  return next;
}

/** The paths that match; empty when none does. */
export function* expandGlob(sh: Shell, pattern: string): Task<string[]> {
  const parts = components(pattern);
  let bases = [""];
  let from = 0;
  if (parts[0] === "" && parts.length > 1) {
    bases = ["/"];
    from = 1;
  }
  for (let i = from; i < parts.length; i++) {
    const part = parts[i] as string;
    if (part === "" && i < parts.length - 1) continue;
    bases = yield* step(sh, bases, part, i === parts.length - 1);
    if (bases.length === 0) return [];
    yield* settle(sh.process.tick(bases.length));
  }
  return [...new Set(bases)].sort();
}
