/** Owns `node`: a script file, `-e`, `-p` or standard input, run in the sandbox. */
import type { CommandEntry, Proc } from "../../../../shell/contract.ts";
import { decodeText } from "../../../../shell/bytes.ts";
import { readTextFile, resolvePath } from "../../files/whole.ts";
import type { Door } from "./door.ts";
import { complain, envOf, readAll, sinkOf } from "./proc.ts";

interface Wanted {
  readonly source: string;
  readonly file: string;
  readonly argv: readonly string[];
}
const wanted = async (proc: Proc, read: (path: string) => Promise<string>): Promise<Wanted | string> => {
  const args = proc.argv.slice(1).map(decodeText);
  const cwd = decodeText(proc.cwd);
  while (args[0]?.startsWith("--") === true && args[0] !== "--eval" && args[0] !== "--print") args.shift();
  const [first, second] = args;
  if (first === "-v" || first === "--version") return { source: "console.log(process.version)", file: `${cwd}/[eval]`, argv: [] };
  if (first === "-e" || first === "--eval") return { source: second ?? "", file: `${cwd}/[eval]`, argv: args.slice(2) };
  if (first === "-p" || first === "--print") return { source: `console.log(${second ?? ""})`, file: `${cwd}/[eval]`, argv: args.slice(2) };
  if (first === undefined || first === "-") return { source: new TextDecoder().decode(await readAll(proc.stdin)), file: `${cwd}/[stdin]`, argv: args.slice(1) };
  const file = resolvePath(cwd, first);
  try {
    return { source: await read(file), file, argv: args.slice(1) };
  } catch {
    return `Cannot find module '${file}'`; // The one thing that can go wrong here, in node's words.
  }
};

export const nodeDoor: Door = (world, { signal, hosts, deadlineMs, limited }) => {
  const run = async (proc: Proc): Promise<number> => {
    const found = await wanted(proc, (path) => readTextFile(world.files, path));
    if (typeof found === "string") return complain(proc, `Error: ${found}`, 1);
    const { runProgram } = await import("../js/run.ts");
    const exit = await runProgram(
      { ...found, env: envOf(proc), cwd: decodeText(proc.cwd), hosts, stdout: sinkOf(proc.stdout), stderr: sinkOf(proc.stderr), signal, deadlineMs },
      world,
    );
    if (exit.limit !== undefined) limited(exit.limit);
    return exit.exitCode;
  };
  const entry: CommandEntry = {
    name: "node",
    summary: { en: "run JavaScript in a sandbox (QuickJS) with the run's files, timers and fetch", zh: "在沙箱（QuickJS）中运行 JavaScript，可使用运行的文件、定时器和 fetch" },
    options: [
      { flag: "-e CODE", en: "run the code", zh: "运行该代码" },
      { flag: "-p CODE", en: "run the code and print its value", zh: "运行该代码并打印其值" },
    ],
    run,
  };
  return entry;
};
