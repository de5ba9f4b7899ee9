/**
 * Owns the state of one shell process: variables, functions, options, traps, jobs, positional parameters. A subshell is a fork of it.
 * Refuses to know how commands run: that is the engine's, which is handed in.
 */
import type { Dialect, List, Node, Program, Redirect } from "../syntax/tree.ts";
import type { Maybe } from "../contract.ts";
import type { OpenDescription } from "../files/open.ts";
import type { Jobs } from "./jobs.ts";
import type { Kernel } from "./kernel.ts";
import type { Options } from "./options.ts";
import type { Process } from "./process.ts";
import type { Task } from "./thread.ts";
import type { Variables } from "./variables.ts";

export interface FunctionDef {
  readonly name: string;
  readonly body: Node;
  readonly text: string;
  readonly line: number;
  readonly source: string;
}
/** One call on the way here: a function or a sourced file. */
export interface Call {
  readonly name: string;
  /** Line of the caller. */
  readonly line: number;
  readonly source: string;
  readonly isFunction: boolean;
}
/** Why statements are being skipped, until the construct that is meant takes it. */
export type Flow = { readonly type: "break" | "continue"; levels: number } | { readonly type: "return"; readonly before: number };

/** What expansions and builtins ask of the engine. */
export interface Engine {
  readonly runList: (sh: Shell, list: List) => Task<number>;
  readonly runNode: (sh: Shell, node: Node) => Task<number>;
  readonly runProgram: (sh: Shell, program: Program) => Task<number>;
  readonly runText: (sh: Shell, text: string, firstLine?: number) => Task<number>;
  readonly substitute: (sh: Shell, program: Program) => Task<string>;
  readonly processSubstitution: (sh: Shell, program: Program, write: boolean) => string;
  readonly runWords: (sh: Shell, argv: readonly string[], how: RunHow) => Task<number>;
  readonly runTraps: (sh: Shell) => Task<void>;
  readonly runTrap: (sh: Shell, name: string) => Task<void>;
  readonly applyRedirects: (sh: Shell, redirects: readonly Redirect[]) => Task<boolean>;
}
export interface RunHow {
  /** Functions are left out (`command`), or everything but builtins is (`builtin`). */
  readonly skip?: "functions" | "all-but-builtins";
  readonly defaultPath?: boolean;
}

export interface Shell {
  readonly engine: Engine;
  readonly kernel: Kernel;
  readonly process: Process;
  readonly dialect: Dialect;
  readonly vars: Variables;
  readonly options: Options;
  readonly jobs: Jobs;
  functions: Map<string, FunctionDef>;
  functionsShared: boolean;
  /** Functions that children get. */
  exportedFunctions: Set<string>;
  aliases: Map<string, string>;
  /** Handlers by signal name or EXIT, ERR, DEBUG, RETURN; "" ignores. */
  traps: Map<string, string>;
  /** True while the traps are the parent's, only to be listed. */
  trapsInherited: boolean;
  /** Signals that were ignored when the shell started: they stay so. */
  readonly ignoredAtStart: Set<string>;
  /** "ERR3": ERR was set inside the call at depth 3, so it holds there. */
  trapFrames: Set<string>;
  /** True for a handler of the parent that is only listed here and must not run. */
  trapsLost: (name: string) => boolean;
  /** True for a handler that a subshell keeps (ERR with errtrace, DEBUG and RETURN with functrace). */
  keepsTrap: (name: string) => boolean;
  positional: readonly string[];
  /** `$0`. */
  name: string;
  /** `$$`: the pid of the first shell. */
  readonly mainPid: number;
  status: number;
  pipeStatus: readonly number[];
  lastBackground: string;
  calls: Call[];
  flow: Flow | undefined;
  loopDepth: number;
  /** Texts that run inside each other: `eval`, `source`, handlers. */
  textDepth: number;
  /** Substitutions around this shell; `set -x` shows it. */
  substitutionDepth: number;
  line: number;
  command: string;
  /** Over zero where a failure must not end the shell: conditions, left of && and ||, after `!`. */
  conditionDepth: number;
  readonly subshellDepth: number;
  inTrap: string | undefined;
  /** `-c` text (an unbound variable ends it with another status than a file). */
  readonly fromText: boolean;
  readonly ifs: IfsCache;
  random: number;
  secondsBase: number;
  directoryStack: string[];
  lastArgument: string;
  hashed: Map<string, string>;
  /** Place inside a group of options (`-abc`). */
  getoptsAt: number;
  /** Opened by process substitutions of the command that runs; closed after it. */
  opened: number[];
  /** Status of the last substituted command: what an assignment alone answers. */
  substituted: number | undefined;
  /** The process has nothing to do after the next command: run it without another process. */
  execNext: boolean;
}

/** The separators of field splitting, kept ready. */
export interface IfsCache {
  text: string | undefined;
  set: string;
  white: string;
  /** What `"$*"` joins with. */
  joiner: string;
}
export const readIfs = (text: string | undefined): IfsCache => {
  const set = text ?? " \t\n";
  return { text, set, white: [...set].filter((c) => c === " " || c === "\t" || c === "\n").join(""), joiner: set.slice(0, 1) };
};

export const stderrName = (sh: Shell): string => (sh.calls.length > 0 && !sh.fromText ? (sh.calls[sh.calls.length - 1] as Call).source : sh.name);
/** Writes "bash: line 3: MESSAGE" (dash: "sh: 3: MESSAGE") to standard error. A closed stderr loses it, as in bash. */
export const complain = (sh: Shell, message: string): Maybe<void> => {
  const where = sh.dialect === "sh" ? `${sh.name}: ${sh.line}: ` : `${sh.name}: line ${sh.line}: `;
  return writeError(sh, `${where}${message}\n`);
};
export const writeError = (sh: Shell, text: string): Maybe<void> => sh.process.fds.get(2)?.writeText(text);
export const out = (sh: Shell): OpenDescription => sh.process.need(1);
/** The status of a shell that a failed expansion ends: bash's `-c` text without errexit has one of its own. */
export const endStatus = (sh: Shell): number => (sh.dialect === "sh" ? 2 : sh.fromText && sh.subshellDepth === 0 && !sh.options.errexit ? 127 : 1);
