/** Owns reading from a descriptor without taking more than is used: the rest goes back for the next reader. */
import { fromBytes } from "../../bytes.ts";
import type { OpenDescription } from "../../files/open.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";

/** The next chunk; `null` at the end. Waits without holding anything. */
export function* readChunk(file: OpenDescription, max?: number): Task<Uint8Array | null> {
  while (!file.readable) yield file.whenReadable();
  return yield* settle(file.read(max));
}
/** One line without its newline; `undefined` at the end. A last line without newline counts. */
export function* readLine(sh: Shell, fd: number): Task<string | undefined> {
  const file = sh.process.need(fd);
  let line = "";
  for (;;) {
    const chunk = yield* readChunk(file);
    if (chunk === null) return line === "" ? undefined : line;
    const at = chunk.indexOf(10);
    if (at >= 0) {
      if (at + 1 < chunk.length) file.unread(chunk.subarray(at + 1));
      return line + fromBytes(chunk.subarray(0, at));
    }
    line += fromBytes(chunk);
  }
}
