/** Owns the sed command: options, script sources, output files and editing in place. */
import { FileError } from "../../contract.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { encode, isUtf8Locale } from "../stream/bytes.ts";
import { readOperand } from "../stream/input.ts";
import { baseName, dirName } from "../paths/names.ts";
import { join } from "../files/tree.ts";
import { createMachine, type SedSink } from "./machine.ts";
import { parseSed } from "./parse.ts";
import { createSedSource } from "./source.ts";

/** A sink that adds the end a line lacked only when something follows. */
const createSink = (write: (text: string) => void, delimiter: string): SedSink => {
  let missing = false;
  const settle = (): void => {
    if (missing) write(delimiter);
    missing = false;
  };
  return {
    line: (text, terminated) => {
      settle();
      write(terminated ? text + delimiter : text);
      missing = !terminated;
    },
    raw: (text) => {
      settle();
      write(text);
    },
  };
};

const readScript = async (run: Run): Promise<{ source: string; names: readonly string[] }> => {
  const parts: string[] = [];
  for (const { key, value } of run.args.given) {
    if (key === "e") parts.push(value ?? "");
    if (key === "f") parts.push((await readOperand(run, value ?? "", 1)).replace(/\n$/, ""));
  }
  if (parts.length > 0) return { source: parts.join("\n"), names: run.args.operands };
  const [script, ...names] = run.args.operands;
  if (script === undefined) {
    await run.proc.stderr.write(encode("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n"));
    throw new Stop(1);
  }
  return { source: script, names };
};

const backupName = (name: string, suffix: string): string => {
  if (!suffix.includes("*")) return name + suffix;
  const made = suffix.replaceAll("*", baseName(name));
  return suffix.includes("/") ? made : join(dirName(name), made);
};

/** Files written by w; opened (emptied) before the first line, written at the end. */
const createFiles = (run: Run, delimiter: string) => {
  const files = new Map<string, { readonly sink: SedSink; readonly parts: string[] }>();
  const open = (name: string): SedSink => {
    const known = files.get(name);
    if (known !== undefined) return known.sink;
    const parts: string[] = [];
    const sink = createSink((text) => void parts.push(text), delimiter);
    files.set(name, { sink, parts });
    return sink;
  };
  const create = async (names: readonly string[]): Promise<void> => {
    for (const name of names) {
      if (name.startsWith("/dev/std")) continue;
      try {
        await run.proc.close(await run.proc.open(name, "w"));
      } catch (error) {
        if (error instanceof FileError) throw new Stop(4, `couldn't open file ${name}: ${error.message}`);
        throw error;
      }
      open(name);
    }
  };
  const save = async (): Promise<void> => {
    for (const [name, { parts }] of files) {
      if (parts.length === 0) continue;
      const file = await run.proc.open(name, "a");
      await file.write(encode(parts.join("")));
      await run.proc.close(file);
      parts.length = 0;
    }
  };
  return { open, create, save };
};

export const sed = defineCommand(
  {
    name: "sed",
    en: "Edit a stream line by line.",
    zh: "逐行编辑文本流。",
    synopsis: "[OPTION]... {SCRIPT} [FILE]...",
    options: [
      ["-n, --quiet, --silent", "do not print every line", "不自动输出每行"],
      ["--debug", "ignored", "忽略"],
      ["-e, --expression=SCRIPT", "add to the script", "追加脚本"],
      ["-f, --file=FILE", "add the script in FILE", "追加 FILE 中的脚本"],
      ["--follow-symlinks", "ignored", "忽略"],
      ["-i[SUFFIX], --in-place[=SUFFIX]", "edit files in place, with a backup", "原地修改文件，可备份"],
      ["-l, --line-length=N", "width of l", "l 命令的行宽"],
      ["--posix", "ignored", "忽略"],
      ["-E, -r, --regexp-extended", "extended regular expressions", "扩展正则表达式"],
      ["-s, --separate", "each file for itself", "逐个文件处理"],
      ["--sandbox", "refuse e, r and w", "拒绝 e、r、w"],
      ["-u, --unbuffered", "ignored", "忽略"],
      ["-z, --null-data", "lines end with NUL", "以 NUL 结束一行"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    const { source: text, names } = await readScript(run);
    const script = parseSed(text, { extended: args.has("E"), utf8: isUtf8Locale(proc.env) });
    if (args.has("sandbox") && script.commands.some(({ name }) => "erRwW".includes(name))) throw new Stop(1, "-e expression #1, char 0: e/r/w commands disabled in sandbox mode");
    const delimiter = args.has("z") ? "\0" : "\n";
    const inPlace = args.has("i");
    const stdout = createSink(run.out.text, delimiter);
    const stderr = createSink((piece) => void proc.stderr.write(encode(piece)), delimiter);
    const files = createFiles(run, delimiter);
    await files.create(script.commands.flatMap(({ name, text: file, substitution }) => ("wW".includes(name) ? [file] : substitution?.file !== undefined ? [substitution.file] : [])));
    let out = stdout;
    let edited: { name: string; parts: string[] } | undefined;
    const saveEdited = async (): Promise<void> => {
      if (edited === undefined) return;
      const { name, parts } = edited;
      edited = undefined;
      out = stdout;
      const suffix = args.last("i");
      const path = proc.resolve(name);
      const mode = (await proc.fs.stat(path)).mode;
      await proc.fs.rename(path, suffix === undefined ? join(dirName(path), `sed${proc.pid}.tmp`) : proc.resolve(backupName(name, suffix)));
      await proc.fs.create(path, mode, false);
      await proc.fs.write(path, 0, encode(parts.join("")));
      if (suffix === undefined) await proc.fs.unlink(join(dirName(path), `sed${proc.pid}.tmp`));
    };
    const onFile = async (name: string | undefined): Promise<void> => {
      await saveEdited();
      if (name === undefined || !inPlace) return;
      const parts: string[] = [];
      edited = { name, parts };
      out = createSink((piece) => void parts.push(piece), delimiter);
    };
    const source = createSedSource(run, names.length === 0 ? ["-"] : names, { separate: inPlace || args.has("s"), delimiter, onFile });
    const file = (name: string): SedSink => (name === "/dev/stdout" ? stdout : name === "/dev/stderr" ? stderr : files.open(name));
    const world = { run, source, out: () => out, file, quiet: args.has("n") || script.silent, lineWidth: Number(args.last("l") ?? 70), delimiter };
    const status = await createMachine(script, world)();
    if (edited !== undefined) {
      for (let line = source.take(); line !== undefined || (await source.more()); line = source.take()) if (line !== undefined) out.line(line, source.terminated());
    }
    await source.close();
    await saveEdited();
    await files.save();
    return status !== 0 ? status : source.failed() ? 2 : 0;
  },
);
