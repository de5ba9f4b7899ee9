/**
 * Owns how Dagu starts command steps (6b): which shell, when -e, how a script file is run, what a command list does.
 * Refuses to know the shell's language: it hands argument vectors to the runner.
 */
import { goQuote } from "../../../../core/value/go/text.ts";
import { baseOf, isDirectory, makeDirectories, writeWhole } from "../../files/whole.ts";
import { failed, succeeded, type Exit, type Kind, type KindContext, type ShellExit } from "../../kind.ts";
import { splitWords } from "./words.ts";

const unixShells = new Set(["sh", "bash", "zsh", "ksh", "ash", "dash"]);
const isDirect = (shell: readonly string[]): boolean => shell.length === 0 || shell[0] === "direct" || shell[0] === "none";

/** Shell with its options; -e is added unless the step itself names the shell. */
const shellOf = (context: KindContext): readonly string[] => {
  const own = context.step.shell;
  const argv = own ?? context.order.dag.shell ?? ["sh"];
  const first = argv[0];
  if (own !== undefined || first === undefined || !unixShells.has(baseOf(first)) || argv.includes("-e")) return argv;
  return [first, "-e", ...argv.slice(1)];
};

const run = (context: KindContext, argv: readonly string[]): Promise<ShellExit> =>
  context.world.shell({
    argv, env: context.env, cwd: context.cwd, stdout: context.stdout, stderr: context.stderr, signal: context.signal, hosts: context.order.hosts,
    deadlineMs: context.deadlineMs,
  });

const exitOf = (ended: ShellExit, prefix = ""): Exit => {
  if (ended.limit !== undefined) return { exitCode: ended.exitCode, error: `${prefix}limit reached: ${ended.limit}`, reason: "limit", retire: true };
  if (ended.killed !== undefined) return { exitCode: -1, error: `${prefix}signal: ${ended.killed}` };
  return ended.exitCode === 0 ? succeeded : { exitCode: ended.exitCode, error: `${prefix}exit status ${ended.exitCode}` };
};

const commandVector = (context: KindContext, command: string, file?: string): readonly string[] => {
  const shell = shellOf(context);
  if (!isDirect(shell)) {
    const text = context.expand(command, "command");
    const name = baseOf(shell[0] as string);
    const flag = name === "node" || name === "nodejs" ? "-e" : "-c";
    return [...shell, flag, file === undefined ? text : `${text} ${shellQuoted(file)}`];
  }
  const words = splitWords(command).map((word) => context.expand(word, "exec"));
  return file === undefined ? words : [...words, file];
};
const shellQuoted = (path: string): string => (/^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

const runCommands = async (context: KindContext, file?: string): Promise<Exit> => {
  const { commands } = context.step;
  for (const [at, command] of commands.entries()) {
    const exit = exitOf(await run(context, commandVector(context, command, file)), commands.length > 1 ? `command ${at + 1} failed: ` : "");
    if (exit.error !== undefined) return exit;
  }
  return succeeded;
};

const extensions: Readonly<Record<string, string>> = { python3: ".py", python: ".py", node: ".js", nodejs: ".js" };
/** Interpreter and arguments of a shebang line; `env` is looked through. */
const shebang = (script: string): readonly string[] | undefined => {
  const found = /^#!\s*(\S[^\n]*)/.exec(script);
  if (!found) return undefined;
  const words = (found[1] as string).trim().split(/\s+/);
  if (baseOf(words[0] as string) !== "env") return words;
  const rest = words[1] === "-S" ? words.slice(2) : words.slice(1);
  return rest.length === 0 ? words : rest;
};
const interpreterOf = (context: KindContext, script: string): readonly string[] => {
  const line = context.step.shell === undefined ? shebang(script) : undefined;
  if (line !== undefined) return line;
  const shell = shellOf(context);
  return isDirect(shell) ? ["sh"] : shell;
};

const runScript = async (context: KindContext, source: string): Promise<Exit> => {
  const { world, cwd, step } = context;
  const script = context.expand(source.trim(), "script");
  const interpreter = interpreterOf(context, script);
  const extension = extensions[baseOf(interpreter[0] as string)] ?? ".sh";
  const file = `${cwd === "/" ? "" : cwd}/dagu_script-${world.token(10)}${extension}`;
  if (!(await isDirectory(world.files, cwd)))
    return failed(`failed to setup script: failed to create script file: open ${file}: no such file or directory`, 0);
  await writeWhole(world.files, file, new TextEncoder().encode(script), 0o755);
  try {
    if (step.commands.length > 0) return await runCommands(context, file);
    return exitOf(await run(context, [...interpreter, file]));
  } finally {
    await removed(context, file);
  }
};
const removed = async (context: KindContext, file: string): Promise<void> => {
  try {
    await context.world.files.unlink(file);
  } catch (error) {
    if ((error as { readonly code?: string }).code !== "ENOENT") throw error; // The script may remove itself.
  }
};

const runExec = (context: KindContext, command: string, args: readonly string[]): Promise<ShellExit> =>
  run(context, [command, ...args].map((word) => context.expand(word, "exec")));

export const shell: Kind = async (context) => {
  const { step, world, cwd } = context;
  if (step.script !== undefined) return runScript(context, step.script);
  await makeDirectories(world.files, cwd);
  if (step.exec !== undefined) return exitOf(await runExec(context, step.exec.command, step.exec.args));
  if (step.commands.length === 0) return failed(`step ${goQuote(step.name)} has no work`, 0);
  return runCommands(context);
};
