/** Owns commands about the text of paths: basename, dirname, pathchk. */
import { defineCommand } from "../option/declare.ts";

export const baseName = (path: string): string => {
  const bare = path.replace(/\/+$/, "");
  if (bare === "") return path === "" ? "" : "/";
  return bare.slice(bare.lastIndexOf("/") + 1);
};

export const dirName = (path: string): string => {
  const bare = path.replace(/\/+$/, "");
  if (bare === "") return path === "" ? "." : "/";
  const slash = bare.lastIndexOf("/");
  if (slash < 0) return ".";
  return bare.slice(0, slash).replace(/\/+$/, "") || "/";
};

export const basename = defineCommand(
  {
    name: "basename",
    en: "Print names without their directory and suffix.",
    zh: "输出去掉目录和后缀的名字。",
    synopsis: "NAME [SUFFIX] | OPTION... NAME...",
    stopAtOperand: true,
    options: [
      ["-a, --multiple", "every operand is a name", "每个参数都是名字"],
      ["-s, --suffix=SUFFIX", "remove SUFFIX; implies -a", "去掉后缀；含 -a"],
      ["-z, --zero", "end lines with NUL", "以 NUL 结束一行"],
    ],
  },
  (run) => {
    const { operands, has, last } = run.args;
    if (operands.length === 0) return run.misuse("missing operand");
    const many = has("a") || has("s");
    if (!many && operands.length > 2) return run.misuse(`extra operand '${operands[2]}'`);
    const suffix = last("s") ?? (many ? "" : (operands[1] ?? ""));
    for (const name of many ? operands : operands.slice(0, 1)) {
      const base = baseName(name);
      const bare = suffix !== "" && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
      run.out.text(bare + (has("z") ? "\0" : "\n"));
    }
    return 0;
  },
);

export const dirname = defineCommand(
  { name: "dirname", en: "Print names without their last part.", zh: "输出去掉最后一部分的路径。", synopsis: "[OPTION] NAME...", options: [["-z, --zero", "end lines with NUL", "以 NUL 结束一行"]] },
  (run) => {
    if (run.args.operands.length === 0) return run.misuse("missing operand");
    for (const name of run.args.operands) run.out.text(dirName(name) + (run.args.has("z") ? "\0" : "\n"));
    return 0;
  },
);

export const pathchk = defineCommand(
  { name: "pathchk", en: "Check whether names are valid.", zh: "检查路径名是否有效。", synopsis: "[OPTION]... NAME...", options: [["-p", "check for POSIX systems", "按 POSIX 检查"], ["-P", "check for empty names and leading -", "检查空名和前导 -"], ["--portability", "same as -p -P", "等于 -p -P"]] },
  async (run) => {
    let status = 0;
    for (const name of run.args.operands) {
      const strict = run.args.has("p") || run.args.has("portability");
      const odd = strict ? /[^A-Za-z0-9._/-]/.exec(name)?.[0] : undefined;
      const long = name.split("/").find((part) => part.length > (strict ? 14 : 255));
      const why = odd !== undefined ? `nonportable character '${odd}' in file name '${name}'` : long !== undefined ? `limit ${strict ? 14 : 255} exceeded by length ${long.length} of file name component '${long}'` : name === "" ? "''  : No such file or directory" : undefined;
      if (why === undefined) continue;
      status = 1;
      await run.warn(why);
    }
    return status;
  },
);
