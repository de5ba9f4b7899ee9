/**
 * Owns the frame around every command: its table of options, `--help`, usage errors, and the end of its output.
 * Refuses to know: what any command does.
 */
import type { CommandEntry, Maybe, Proc } from "../../contract.ts";
import { FileError, isPromise } from "../../contract.ts";
import { encode, isUtf8Locale } from "../stream/bytes.ts";
import { createOutput, WriteFailure, type Output } from "../stream/output.ts";
import { indexOptions, parseOptions, type Args, type OptionRow } from "./parse.ts";

export interface Declaration {
  readonly name: string;
  readonly en: string;
  readonly zh: string;
  /** What follows the name in the usage line. */
  readonly synopsis: string;
  readonly options?: readonly OptionRow[];
  /** The first operand ends the options (commands that run commands). */
  readonly stopAtOperand?: boolean;
  /** Words that look like options and are not ("-5"). */
  readonly isOperand?: (word: string) => boolean;
  /** Exit status of a usage error; 1 when absent. */
  readonly usageStatus?: number;
  /** Rewrites old forms ("head -5") before parsing. */
  readonly rewrite?: (argv: readonly string[]) => readonly string[];
  /** Takes its words as they are: no options, no `--help`. */
  readonly raw?: boolean;
}

/** What a command's body is handed. */
export interface Run {
  readonly proc: Proc;
  readonly name: string;
  readonly args: Args;
  readonly out: Output;
  /** Writes "name: message" to standard error. */
  readonly warn: (message: string) => Maybe<void>;
  /** As `warn`, with the hint to `--help`; answers the status of a usage error. */
  readonly misuse: (message: string) => Maybe<number>;
}

/** Ends a command from deep inside: `message` goes to standard error after the command's name. */
export class Stop extends Error {
  override readonly name = "Stop";
  readonly status: number;
  constructor(status: number, message = "") {
    super(message);
    this.status = status;
  }
}

const helpText = (declaration: Declaration): string => {
  const rows = declaration.options ?? [];
  const width = Math.min(28, Math.max(0, ...rows.map(([flag]) => flag.length)));
  const lines = rows.map(([flag, en]) =>
    flag.length > width ? `  ${flag}\n${" ".repeat(width + 4)}${en}` : `  ${flag.padEnd(width)}  ${en}`,
  );
  const usage = `Usage: ${declaration.name} ${declaration.synopsis}`.trimEnd();
  return `${[usage, declaration.en, ...(lines.length > 0 ? ["", ...lines] : [])].join("\n")}\n`;
};

const finish = async (run: Run, body: () => Maybe<number>): Promise<number> => {
  try {
    const status = await body();
    await run.out.flush();
    return status;
  } catch (error) {
    if (error instanceof Stop) {
      await run.out.flush();
      if (error.message !== "") await run.warn(error.message);
      return error.status;
    }
    if (error instanceof WriteFailure) {
      await run.warn(`write error: ${error.message}`);
      return 1;
    }
    if (error instanceof FileError) {
      await run.out.flush();
      await run.warn(`${error.path === "" ? "" : `${error.path}: `}${error.message}`);
      return 1;
    }
    throw error;
  }
};

const PLAIN_QUOTES = new Set(["grep", "egrep", "fgrep", "sed", "awk", "mawk", "nawk", "diff", "cmp", "tar", "gzip", "gunzip", "zcat", "bc"]);
const CURLY = /^(?:invalid (?!option)|missing (?:operand|destination|argument)|extra operand|too few|cannot create directory|cannot create fifo|failed to create|syntax error|unknown|paths must|only one|file operands|non)|: invalid /;

/** In a UTF-8 locale GNU's own messages quote with ‘ ’; file names that the shell could read keep plain quotes. */
const quoteMarks = (name: string, message: string, env: Proc["env"]): string => {
  if (PLAIN_QUOTES.has(name) || !isUtf8Locale(env) || !(CURLY.test(message) || name === "find")) return message;
  const [first = "", ...rest] = message.split("\n");
  return [first.replace(/(?<![A-Za-z])'([^'\n]*)'(?![A-Za-z])/g, "\xe2\x80\x98$1\xe2\x80\x99"), ...rest].join("\n");
};

const createRun = (declaration: Declaration, proc: Proc, args: Args): Run => {
  const name = declaration.name;
  const warn = (message: string): Maybe<void> => proc.stderr.write(encode(`${name}: ${quoteMarks(name, message, proc.env)}\n`));
  const misuse = async (message: string): Promise<number> => {
    const hint = `Try '${name} --help' for more information.`;
    await proc.stderr.write(encode(`${message === "" ? "" : `${name}: ${quoteMarks(name, message, proc.env)}\n`}${hint}\n`));
    return declaration.usageStatus ?? 1;
  };
  return { proc, name, args, out: createOutput(proc.stdout), warn, misuse };
};

/** Makes a command of its declaration and its body; the body answers the exit status. */
export const defineCommand = (declaration: Declaration, body: (run: Run) => Maybe<number>): CommandEntry => {
  const rows = declaration.options ?? [];
  const index = indexOptions([...rows, ["--help", "", ""], ["--version", "", ""]]);
  const none: Args = { given: [], operands: [], has: () => false, last: () => undefined, all: () => [] };
  const run = (proc: Proc): Maybe<number> => {
    const words = proc.argv.slice(1);
    if (declaration.raw === true) {
      const call = createRun(declaration, proc, { ...none, operands: words });
      return finish(call, () => body(call));
    }
    const rewritten = declaration.rewrite?.(words) ?? words;
    const parsed = parseOptions(rewritten, index, declaration.stopAtOperand ?? false, declaration.isOperand);
    if (!parsed.ok) return createRun(declaration, proc, none).misuse(parsed.message);
    const call = createRun(declaration, proc, parsed.args);
    if (parsed.args.has("help")) return finish(call, () => (call.out.text(helpText(declaration)), 0));
    if (parsed.args.has("version")) return finish(call, () => (call.out.text(`${declaration.name} (Dagbok)\n`), 0));
    return finish(call, () => body(call));
  };
  const options = rows.map(([flag, en, zh]) => ({ flag, en, zh }));
  return {
    name: declaration.name,
    synopsis: declaration.synopsis,
    ...(declaration.raw === true ? {} : { strict: true }),
    ...(declaration.stopAtOperand === true ? { stopsAtOperand: true } : {}),
    summary: { en: declaration.en, zh: declaration.zh },
    options,
    run,
  };
};

/** Awaits only what really waits. */
export const settle = async <T>(value: Maybe<T>): Promise<T> => (isPromise(value) ? await value : value);
