/** Owns a command's buffered way out: text and bytes are gathered and written in large pieces. */
import type { Maybe, OpenFile } from "../../contract.ts";
import { FileError, isPromise } from "../../contract.ts";
import { encode } from "./bytes.ts";

/** A write to standard output was refused; `message` is the system's text. */
export class WriteFailure extends Error {
  override readonly name = "WriteFailure";
}

const FLUSH_AT = 32_768;

export interface Output {
  /** Gathers a byte string. Never waits. */
  readonly text: (text: string) => void;
  /** Gathers bytes; they must not change afterwards. */
  readonly bytes: (bytes: Uint8Array) => void;
  /** Writes what was gathered, if it has grown large; call it in loops. */
  readonly drain: () => Maybe<void>;
  readonly flush: () => Maybe<void>;
}

const refused = (error: unknown): never => {
  if (error instanceof FileError) throw new WriteFailure(error.message);
  throw error;
};

const writeGuarded = (file: OpenFile, bytes: Uint8Array): Maybe<void> => {
  try {
    const written = file.write(bytes);
    return isPromise(written) ? written.catch(refused) : written;
  } catch (error) {
    return refused(error);
  }
};

export const createOutput = (file: OpenFile): Output => {
  let gathered = "";
  let size = 0;
  let parts: Uint8Array[] = [];
  const seal = (): void => {
    if (gathered === "") return;
    parts.push(encode(gathered));
    gathered = "";
  };
  const flush = (): Maybe<void> => {
    if (size === 0) return undefined;
    seal();
    const todo = parts;
    parts = [];
    size = 0;
    const next = (from: number): Maybe<void> => {
      for (let i = from; i < todo.length; i++) {
        const written = writeGuarded(file, todo[i] ?? new Uint8Array());
        if (isPromise(written)) return written.then(() => next(i + 1));
      }
      return undefined;
    };
    return next(0);
  };
  return {
    text: (text) => {
      gathered += text;
      size += text.length;
    },
    bytes: (bytes) => {
      if (bytes.length === 0) return;
      seal();
      parts.push(bytes);
      size += bytes.length;
    },
    drain: () => (size >= FLUSH_AT ? flush() : undefined),
    flush,
  };
};
