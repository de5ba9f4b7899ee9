/** Owns which files grep reads: operands, and with -r all below them that the globs let through. */
import type { Run } from "../option/declare.ts";
import { join, lstatOf, statOf } from "../files/tree.ts";
import { globToRegExp } from "../paths/glob.ts";
import { baseName } from "../paths/names.ts";

/** Yields names to search; `undefined` stands for one that was refused and told. */
export async function* collectFiles(run: Run, names: readonly string[], tell: (file: string, message: string) => Promise<void>): AsyncGenerator<string | undefined> {
  const { args } = run;
  const recurse = args.has("r") || args.has("R") || args.last("d") === "recurse";
  const globs = args.given.filter(({ key }) => key === "include" || key === "exclude").map(({ key, value }) => ({ include: key === "include", regex: globToRegExp(value ?? "") }));
  const excludedFolders = args.all("exclude-dir").map((glob) => globToRegExp(glob.replace(/\/+$/, "")));
  const isWanted = (name: string): boolean => {
    const first = globs.find(({ regex }) => regex.test(baseName(name)) || regex.test(name));
    return first === undefined ? !globs.some(({ include }) => include) || globs.at(0)?.include === false : first.include;
  };
  async function* below(name: string): AsyncGenerator<string | undefined> {
    for (const child of await run.proc.fs.readdir(run.proc.resolve(name === "" ? "." : name))) {
      await run.proc.tick(1);
      const path = name === "" ? child : join(name, child);
      const stat = await (args.has("R") ? statOf(run, path) : lstatOf(run, path));
      if (stat?.kind === "directory") {
        if (!excludedFolders.some((regex) => regex.test(child))) yield* below(path);
      } else if (stat?.kind === "file" && isWanted(path)) yield path;
    }
  }
  if (names.length === 0 && recurse) {
    yield* below("");
    return;
  }
  for (const name of names.length === 0 ? ["-"] : names) {
    const stat = name === "-" ? undefined : await statOf(run, name);
    if (stat?.kind === "directory") {
      if (recurse) yield* below(name);
      else if (args.last("d") !== "skip") {
        await tell(name, "Is a directory");
        yield undefined;
      }
      continue;
    }
    if (name === "-" || globs.length === 0 || isWanted(name)) yield name;
  }
}
