/** Owns `python3`: a script file, `-c`, `-m` of the standard library, standard input; run by the thread's Python, when it has one. */
import type { CommandEntry, Proc } from "../../../../shell/contract.ts";
import { decodeText } from "../../../../shell/bytes.ts";
import { readTextFile, resolvePath } from "../../files/whole.ts";
import type { Door } from "./door.ts";
import { complain, envOf, readAll, say, sinkOf } from "./proc.ts";

interface Wanted {
  readonly source: string;
  readonly file: string;
  readonly argv: readonly string[];
  /** Standard input was not the program. */
  readonly readsInput: boolean;
}
const runModule = "import runpy, sys\nrunpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)";

const wanted = async (proc: Proc, read: (path: string) => Promise<string>): Promise<Wanted | string> => {
  const args = proc.argv.slice(1).map(decodeText);
  while (/^-[uBsSEIOqbdvW]+$/.test(args[0] ?? "")) args.shift();
  const [first, second] = args;
  if (first === "-c") return { source: second ?? "", file: "<string>", argv: args.slice(2), readsInput: true };
  if (first === "-m") return { source: runModule, file: "<module>", argv: args.slice(1), readsInput: true };
  if (first === undefined || first === "-") return { source: new TextDecoder().decode(await readAll(proc.stdin)), file: "<stdin>", argv: args.slice(1), readsInput: false };
  if (first.startsWith("-")) return `unknown option ${first}`;
  const file = resolvePath(decodeText(proc.cwd), first);
  try {
    return { source: await read(file), file, argv: args.slice(1), readsInput: true };
  } catch {
    return `can't open file '${file}': [Errno 2] No such file or directory`; // The one thing that can go wrong here, in Python's words.
  }
};

export const pythonDoor: Door = (world, { signal, deadlineMs, limited }) => {
  const run = async (proc: Proc): Promise<number> => {
    if (proc.argv[1] === "--version" || proc.argv[1] === "-V") return say(proc.stdout, "Python 3.14.2\n").then(() => 0);
    if (world.python === undefined) return complain(proc, "the Python pack is not installed; add it in Settings, then run the step again", 127);
    const found = await wanted(proc, (path) => readTextFile(world.files, path));
    if (typeof found === "string") return complain(proc, found, 2);
    const stdin = found.readsInput && usesInput.test(found.source) ? await readAll(proc.stdin) : new Uint8Array(0);
    const folder = world.folder?.();
    const program = { ...found, stdin, env: envOf(proc), cwd: decodeText(proc.cwd), stdout: sinkOf(proc.stdout), stderr: sinkOf(proc.stderr), signal, deadlineMs, ...(folder === undefined ? {} : { folder }) };
    const exit = await world.python(program);
    if (exit.limit !== undefined) limited(exit.limit);
    return exit.exitCode;
  };
  const entry: CommandEntry = {
    name: "python3",
    summary: { en: "run Python 3.14 (standard library and pure-Python wheels beside the script)", zh: "运行 Python 3.14（标准库，以及脚本旁的纯 Python wheel 包）" },
    options: [
      { flag: "-c CODE", en: "run the code", zh: "运行该代码" },
      { flag: "-m MODULE", en: "run a module of the standard library", zh: "运行标准库中的模块" },
    ],
    run,
  };
  return entry;
};
/** Input is read ahead, so only for programs that look for it. */
const usesInput = /stdin|input\s*\(|fileinput|runpy/;
