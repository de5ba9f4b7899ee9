/** Owns the operands of filters: "-" is standard input, none means standard input, a file that cannot be read is reported and passed over. */
import type { Maybe, OpenFile } from "../../contract.ts";
import { FileError, isPromise } from "../../contract.ts";
import type { Run } from "../option/declare.ts";
import { Stop } from "../option/declare.ts";
import { concat, decode } from "./bytes.ts";
import { createLineReader, eachLine } from "./lines.ts";

export interface Input {
  /** As the user wrote it. */
  readonly name: string;
  readonly file: OpenFile;
}

/** Opens one operand for reading. Throws `FileError`. */
export const openInput = async (run: Run, name: string): Promise<Input> => {
  if (name === "-") return { name, file: run.proc.stdin };
  if (name === "") throw new FileError("ENOENT", "", "No such file or directory");
  try {
    return { name, file: await run.proc.open(name, "r") };
  } catch (error) {
    if (error instanceof FileError) throw new FileError(error.code, name, error.message);
    throw error;
  }
};

export const closeInput = async (run: Run, input: Input): Promise<void> => {
  if (input.file !== run.proc.stdin) await run.proc.close(input.file);
};

/** A name as GNU's messages quote it: '' when empty, quoted when it has odd characters. */
export const shown = (name: string): string => (name === "" ? "''" : /[\s'"\\$`*?;&|<>()[\]{}!#~]/.test(name) ? quoted(name) : name);
export const quoted = (name: string): string => (name.includes("'") ? `"${name}"` : `'${name}'`);

/** Runs `visit` for each operand in turn; reports what cannot be read ("name: why"). Answers 0, or 1 when one failed. */
export const eachInput = async (
  run: Run,
  names: readonly string[],
  visit: (input: Input) => Maybe<void>,
): Promise<number> => {
  let status = 0;
  for (const name of names.length === 0 ? ["-"] : names) {
    try {
      const input = await openInput(run, name);
      try {
        await visit(input);
      } finally {
        await closeInput(run, input);
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await run.warn(`${shown(name)}: ${error.message}`);
      status = 1;
    }
  }
  return status;
};

/** After each batch of lines: write large gatherings, and everything before a pipe may block. */
export const drainFor = (run: Run, file: OpenFile) => (): Maybe<void> =>
  file.kind === "file" ? run.out.drain() : run.out.flush();

/** Every line of every operand. Answers 0, or 1 when one could not be read. */
export const eachInputLine = (
  run: Run,
  names: readonly string[],
  visit: (line: string, terminated: boolean) => void | boolean,
  delimiter = "\n",
): Promise<number> =>
  eachInput(run, names, (input) => eachLine(createLineReader(run.proc, input.file, delimiter), visit, drainFor(run, input.file)));

/** Shows every chunk of a stream to `visit`; it answers false to stop. */
export const eachChunk = async (
  run: Run,
  file: OpenFile,
  visit: (chunk: Uint8Array) => Maybe<void | boolean>,
): Promise<void> => {
  for (;;) {
    const ticked = run.proc.tick(8);
    if (isPromise(ticked)) await ticked;
    const read = file.read(65_536);
    const chunk = isPromise(read) ? await read : read;
    if (chunk === null) return;
    const answer = visit(chunk);
    if ((isPromise(answer) ? await answer : answer) === false) return;
  }
};

/** The whole stream; charged as held memory, which the caller gives back by ending. */
export const readAll = async (run: Run, file: OpenFile): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  await eachChunk(run, file, (chunk) => {
    run.proc.hold(chunk.length);
    parts.push(chunk);
  });
  return concat(parts);
};

/** The whole text of an operand; ends the command with `status` when it cannot be read. */
export const readOperand = async (run: Run, name: string, status = 1): Promise<string> => {
  try {
    const input = await openInput(run, name);
    try {
      return decode(await readAll(run, input.file));
    } finally {
      await closeInput(run, input);
    }
  } catch (error) {
    if (error instanceof FileError) throw new Stop(status, `${shown(name)}: ${error.message}`);
    throw error;
  }
};

/** Splits text into lines as text tools see it: a last line without its end counts. */
export const toLines = (text: string, delimiter = "\n"): string[] => {
  const lines = text.split(delimiter);
  if (lines.at(-1) === "") lines.pop();
  return lines;
};
