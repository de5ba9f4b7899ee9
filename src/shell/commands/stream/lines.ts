/**
 * Owns reading a stream line by line without waiting per line.
 * Rules: 1. `take` never waits; when it has nothing, `fill` reads more. 2. What was read and not taken can be given back to a file.
 */
import type { Maybe, OpenFile, Proc } from "../../contract.ts";
import { isPromise } from "../../contract.ts";
import { decode, encode } from "./bytes.ts";

export interface LineReader {
  /** The next line without its end, or `undefined` when none is at hand. */
  readonly take: () => string | undefined;
  /** Reads more; false when the input has ended. */
  readonly fill: () => Maybe<boolean>;
  /** Whether the line taken last had its end. */
  readonly terminated: () => boolean;
  /** Whether another line can be taken or may come: `undefined` means ask after `fill`. */
  readonly pending: () => boolean;
  /** Puts what was not taken back into a seekable file, so that the next reader sees it. */
  readonly giveBack: () => void;
}

const CHUNK = 65_536;

export const createLineReader = (proc: Proc, file: OpenFile, delimiter = "\n"): LineReader => {
  let lines: string[] = [];
  let at = 0;
  let carry = "";
  let ended = false;
  let lastIsPartial = false;
  let terminated = true;
  const accept = (bytes: Uint8Array | null): boolean => {
    if (bytes === null) {
      ended = true;
      if (carry === "") return false;
      lines = [carry];
      at = 0;
      carry = "";
      lastIsPartial = true;
      return true;
    }
    const text = decode(bytes);
    if (text.indexOf(delimiter) < 0) {
      carry += text;
      return true;
    }
    lines = (carry + text).split(delimiter);
    carry = lines.pop() ?? "";
    at = 0;
    return true;
  };
  const read = (): Maybe<boolean> => {
    const bytes = file.read(CHUNK);
    return isPromise(bytes) ? bytes.then(accept) : accept(bytes);
  };
  return {
    take: () => {
      if (at >= lines.length) return undefined;
      const line = lines[at++];
      terminated = !(lastIsPartial && at === lines.length);
      return line;
    },
    fill: () => {
      if (ended) return false;
      const ticked = proc.tick(8);
      return isPromise(ticked) ? ticked.then(read) : read();
    },
    terminated: () => terminated,
    pending: () => at < lines.length,
    giveBack: () => {
      if (file.kind !== "file") return;
      const rest = lines.slice(at);
      const text = lastIsPartial ? rest.join(delimiter) : rest.map((line) => line + delimiter).join("") + carry;
      if (text !== "") file.unread(encode(text));
      lines = [];
      at = 0;
      carry = "";
    },
  };
};

/** Shows every line to `visit` (with whether its end was there); `visit` answers false to stop. Drains nothing itself. */
export const eachLine = async (
  reader: LineReader,
  visit: (line: string, terminated: boolean) => void | boolean,
  afterBatch: () => Maybe<void>,
): Promise<void> => {
  for (;;) {
    const line = reader.take();
    if (line !== undefined) {
      if (visit(line, reader.terminated()) === false) return;
      continue;
    }
    const drained = afterBatch();
    if (isPromise(drained)) await drained;
    const more = reader.fill();
    if (!(isPromise(more) ? await more : more)) return;
  }
};
