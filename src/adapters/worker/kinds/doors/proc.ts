/** Owns small bridges between a shell process and our own sinks, texts and files. */
import { decodeText, encodeText, toBytes } from "../../../../shell/bytes.ts";
import type { OpenFile, Proc } from "../../../../shell/contract.ts";
import type { Sink } from "../../kind.ts";

export const envOf = (proc: Proc): ReadonlyMap<string, string> => new Map([...proc.env].map(([name, value]) => [decodeText(name), decodeText(value)]));
export const sinkOf = (file: OpenFile): Sink => ({ write: (bytes) => file.write(bytes) });
export const say = async (file: OpenFile, text: string): Promise<void> => {
  await file.write(toBytes(encodeText(text)));
};
/** Writes a diagnostic and answers the status. */
export const complain = async (proc: Proc, message: string, status: number): Promise<number> => {
  await say(proc.stderr, `${decodeText(proc.argv[0] ?? "")}: ${message}\n`);
  return status;
};

/** Bytes a door reads from its standard input. */
export const inputBytesMax = 64 * 1024 * 1024;
export const readAll = async (file: OpenFile): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let piece = await file.read(); piece !== null; piece = await file.read()) {
    pieces.push(piece);
    size += piece.length;
    if (size > inputBytesMax) throw new Error(`standard input is larger than ${inputBytesMax} bytes`);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
