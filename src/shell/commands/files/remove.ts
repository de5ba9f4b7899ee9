/** Owns rm. */
import { FileError } from "../../contract.ts";
import { defineCommand, type Run } from "../option/declare.ts";
import { baseName } from "../paths/names.ts";
import { join, lstatOf } from "./tree.ts";

const removeOne = async (run: Run, shownName: string, path: string, recursive: boolean): Promise<boolean> => {
  const { fs } = run.proc;
  try {
    const stat = await fs.lstat(path);
    if (stat.kind !== "directory") await fs.unlink(path);
    else {
      let ok = true;
      if (recursive) {
        for (const child of await fs.readdir(path)) {
          await run.proc.tick(1);
          ok = (await removeOne(run, join(shownName, child), join(path, child), true)) && ok;
        }
      }
      if (!ok) return false;
      await fs.rmdir(path);
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === "ENOENT" && run.args.has("f")) return true;
    await run.warn(`cannot remove '${shownName}': ${error.message}`);
    return false;
  }
  if (run.args.has("v")) run.out.text(`removed ${path.endsWith("/") ? "directory " : ""}'${shownName}'\n`);
  return true;
};

export const rm = defineCommand(
  {
    name: "rm",
    en: "Remove files and directories.",
    zh: "删除文件和目录。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-f, --force", "no error when missing", "不存在时不报错"],
      ["-i", "ignored: nobody to ask", "忽略：无人可问"],
      ["-I", "ignored", "忽略"],
      ["--interactive[=WHEN]", "ignored", "忽略"],
      ["--one-file-system", "ignored", "忽略"],
      ["--no-preserve-root", "ignored", "忽略"],
      ["--preserve-root[=all]", "ignored", "忽略"],
      ["-r, -R, --recursive", "directories and all below", "递归删除目录"],
      ["-d, --dir", "also empty directories", "也删除空目录"],
      ["-v, --verbose", "tell each file", "逐个显示"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    if (args.operands.length === 0) return args.has("f") ? 0 : run.misuse("missing operand");
    let status = 0;
    for (const name of args.operands) {
      const base = baseName(name);
      if (base === "." || base === "..") {
        await run.warn(`refusing to remove '.' or '..' directory: skipping '${name}'`);
        status = 1;
        continue;
      }
      if (proc.resolve(name) === "/" && args.has("r")) {
        await run.warn("it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe");
        status = 1;
        continue;
      }
      const stat = await lstatOf(run, name);
      if (stat === undefined) {
        if (args.has("f")) continue;
        await run.warn(`cannot remove '${name}': No such file or directory`);
        status = 1;
        continue;
      }
      if (stat.kind === "directory" && !args.has("r") && !args.has("d")) {
        await run.warn(`cannot remove '${name}': Is a directory`);
        status = 1;
        continue;
      }
      if (!(await removeOne(run, name, proc.resolve(name), args.has("r")))) status = 1;
    }
    return status;
  },
);
