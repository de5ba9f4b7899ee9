/** Owns the lines that sed reads: all files as one stream, or one by one (-s, -i); whether a line is the last. */
import { FileError } from "../../contract.ts";
import type { Run } from "../option/declare.ts";
import { closeInput, openInput, type Input } from "../stream/input.ts";
import { createLineReader, type LineReader } from "../stream/lines.ts";

export interface SedSource {
  /** The next line at hand; `undefined` means ask `more`. */
  readonly take: () => string | undefined;
  /** Brings the next line to hand, opening files as needed; false when all have ended. */
  readonly more: () => Promise<boolean>;
  readonly isLast: () => Promise<boolean>;
  readonly terminated: () => boolean;
  readonly fileName: () => string;
  /** How many files have been begun. */
  readonly fileCount: () => number;
  readonly failed: () => boolean;
  readonly close: () => Promise<void>;
}

export interface SedReading {
  readonly separate: boolean;
  readonly delimiter: string;
  readonly onFile: (name: string | undefined) => Promise<void>;
}
/** `onFile` is told when a file begins (its name) and, with `separate`, when it has ended (`undefined`). */
export const createSedSource = (run: Run, names: readonly string[], { separate, delimiter, onFile }: SedReading): SedSource => {
  let index = 0;
  let input: Input | undefined;
  let reader: LineReader | undefined;
  let failed = false;
  const openNext = async (): Promise<boolean> => {
    while (index < names.length) {
      const name = names[index++]!;
      try {
        const stat = name === "-" ? undefined : await run.proc.fs.stat(run.proc.resolve(name));
        if (stat?.kind === "directory") {
          await run.warn(run.args.has("i") ? `couldn't edit ${name}: not a regular file` : `read error on ${name}: Is a directory`);
          failed = true;
          continue;
        }
        input = await openInput(run, name);
        reader = createLineReader(run.proc, input.file, delimiter);
        await onFile(name);
        return true;
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        await run.warn(`can't read ${name}: ${error.message}`);
        failed = true;
      }
    }
    return false;
  };
  const closeCurrent = async (): Promise<void> => {
    if (input === undefined) return;
    const done = input;
    input = undefined;
    reader = undefined;
    await closeInput(run, done);
  };
  const fillCurrent = async (): Promise<boolean> => {
    while (reader !== undefined) {
      if (reader.pending()) return true;
      if (!(await reader.fill())) return false;
    }
    return false;
  };
  const more = async (): Promise<boolean> => {
    for (;;) {
      if (await fillCurrent()) return true;
      if (reader !== undefined) {
        await closeCurrent();
        if (separate) await onFile(undefined);
      }
      if (!(await openNext())) return false;
    }
  };
  return {
    take: () => reader?.take(),
    more,
    isLast: async () => {
      if (reader?.pending() === true) return false;
      if (await fillCurrent()) return false;
      return separate ? true : !(await more());
    },
    terminated: () => reader?.terminated() ?? true,
    fileCount: () => index,
    fileName: () => input?.name ?? "-",
    failed: () => failed,
    close: async () => {
      reader?.giveBack();
      await closeCurrent();
    },
  };
};
