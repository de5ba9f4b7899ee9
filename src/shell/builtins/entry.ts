/** Owns the shape of a builtin: what it is called with, what it may answer. */
import { isPromise } from "../contract.ts";
import type { CommandInfo, Maybe } from "../contract.ts";
import { complain, out } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import type { Task } from "../state/thread.ts";
import type { Assign } from "../syntax/tree.ts";

/** A status at once, or a task that ends in one. `args` leave out the name. */
export type BuiltinRun = (sh: Shell, args: readonly string[], name: string) => number | Task<number>;
/** Declarations see their assignments unexpanded. */
export type DeclarationRun = (sh: Shell, args: readonly (string | Assign)[], name: string) => Task<number>;

interface Base extends CommandInfo {
  /** POSIX special builtin: found before functions in `sh`, its failure ends `sh`. */
  readonly special?: boolean;
  /** Not there in `sh`. */
  readonly bashOnly?: boolean;
}
export type Builtin = Base & ({ readonly run: BuiltinRun; readonly declares?: undefined } | { readonly declares: DeclarationRun; readonly run?: undefined });

type Text = readonly [en: string, zh: string];
/** One line of documentation: flag, English, Chinese. */
export type OptionText = readonly [flag: string, en: string, zh: string];
export const info = (name: string, [en, zh]: Text, options: readonly OptionText[] = []): CommandInfo => ({
  name,
  summary: { en, zh },
  options: options.map(([flag, inEnglish, inChinese]) => ({ flag, en: inEnglish, zh: inChinese })),
});

function* afterwards(written: Promise<void>, status: number): Task<number> {
  yield written;
  return status;
}
/** The status of a builtin once its output is written. */
export const finish = (written: Maybe<void>, status: number): number | Task<number> => (isPromise(written) ? afterwards(written, status) : status);
export const say = (sh: Shell, text: string, status = 0): number | Task<number> => (text === "" ? status : finish(out(sh).writeText(text), status));
/** Complains as "NAME: MESSAGE" and answers the status. */
export const fail = (sh: Shell, name: string, message: string, status = 1): number | Task<number> => finish(complain(sh, `${name}: ${message}`), status);
export function* asTask(result: number | Task<number>): Task<number> {
  return typeof result === "number" ? result : yield* result;
}
