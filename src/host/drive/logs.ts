/**
 * Owns the way of live output into the store: pieces gather until 64 KiB or 250 ms and are written as numbered chunks; what is still held when
 * an execution ends goes with the commit that records the end. Refuses to know what the bytes say.
 */
import { instant } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AttemptReport, AttemptToken, LogPiece } from "../../ports/executor.ts";
import type { LogChunk, LogKey, Store, Tx } from "../../ports/store.ts";
import type { Insist } from "./insist.ts";

export const chunkBytesMax = 64 * 1024;
const holdMsMax = 250;
const nothing: Printed = { stdoutBytes: 0, stderrBytes: 0 };

type Held = Pick<LogPiece, "run" | "attempt" | "step" | "stream">;
interface Stream {
  readonly of: Held;
  pieces: Uint8Array[];
  held: number;
  n: number;
  offset: number;
  /** False until the store was asked what an earlier driver wrote. */
  known: boolean;
}
export type Printed = Pick<AttemptReport, "stdoutBytes" | "stderrBytes">;
export interface LogBuffer {
  readonly take: (piece: LogPiece) => void;
  /** Writes what is held (of one run, if given) inside a transaction; `settle` afterwards, or `restore` when it failed. */
  readonly write: (tx: Tx, run?: string) => Promise<{ readonly restore: () => void }>;
  readonly hasAny: (run: string) => boolean;
  /** What an execution has written so far through here; nothing if it wrote nothing. */
  readonly printed: (token: AttemptToken) => Printed | undefined;
  /** Forgets the counters of a run that has come to rest. */
  readonly forget: (run: string) => void;
}
export interface LogBufferOptions {
  readonly clock: Clock;
  /** Asks for a transaction around `write`. */
  readonly flush: () => void;
  /** May an earlier driver have written into this stream? */
  readonly isInherited: (of: Held) => boolean;
}

export const createLogBuffer = (options: LogBufferOptions): LogBuffer => {
  const { clock, flush, isInherited } = options;
  const streams = new Map<string, Stream>();
  const dirty = new Set<Stream>();
  const written = new Map<AttemptToken, Printed>();
  const count = ({ token, stream, bytes }: LogPiece): void => {
    const { stdoutBytes, stderrBytes } = written.get(token) ?? nothing;
    const more = bytes.length;
    written.set(token, stream === "stdout" ? { stdoutBytes: stdoutBytes + more, stderrBytes } : { stdoutBytes, stderrBytes: stderrBytes + more });
  };
  let isRinging = false;
  const ring = (): void => {
    isRinging = false;
    flush();
  };
  const streamOf = (piece: LogPiece): Stream => {
    const key = `${piece.run}\u0000${piece.attempt}\u0000${piece.step}\u0000${piece.stream}`;
    const found = streams.get(key);
    if (found !== undefined) return found;
    const { run, attempt, step, stream } = piece;
    const of = { run, attempt, step, stream };
    const made: Stream = { of, pieces: [], held: 0, n: 0, offset: 0, known: !isInherited(of) };
    streams.set(key, made);
    return made;
  };
  return {
    take: (piece) => {
      const stream = streamOf(piece);
      count(piece);
      stream.pieces.push(piece.bytes);
      dirty.add(stream);
      stream.held += piece.bytes.length;
      if (stream.held >= chunkBytesMax) flush();
      else if (!isRinging) {
        isRinging = true;
        clock.alarm(instant(clock.now() + holdMsMax), ring);
      }
    },
    write: async (tx, run) => {
      const taken: { readonly stream: Stream; readonly pieces: Uint8Array[]; readonly n: number; readonly offset: number }[] = [];
      for (const stream of dirty) {
        if ((run !== undefined && stream.of.run !== run)) continue;
        if (!stream.known) await learn(tx, stream);
        taken.push({ stream, pieces: stream.pieces, n: stream.n, offset: stream.offset });
        const chunks = chunksOf(stream, clock);
        dirty.delete(stream);
        stream.pieces = [];
        stream.held = 0;
        await tx.putLog(chunks);
      }
      return {
        restore: () => {
          for (const { stream, pieces, n, offset } of taken) {
            stream.pieces = [...pieces, ...stream.pieces];
            stream.held = stream.pieces.reduce((sum, piece) => sum + piece.length, 0);
            Object.assign(stream, { n, offset });
            dirty.add(stream);
          }
        },
      };
    },
    hasAny: (run) => [...dirty].some((stream) => stream.of.run === run),
    printed: (token) => written.get(token),
    forget: (run) => {
      for (const token of written.keys()) if (token.startsWith(`${run}/`)) written.delete(token);
      for (const [key, stream] of streams) if (stream.of.run === run && !dirty.has(stream)) streams.delete(key);
    },
  };
};

/** Bytes of a stored stream: chunks are numbered without gaps, so the last one is found by halving. */
export const storedBytes = async (tx: Tx, of: LogKey): Promise<number> => {
  const at = async (n: number): Promise<LogChunk | undefined> => (await tx.logs(of, n, 1))[0];
  let found = await at(0);
  let step = 1;
  for (; found !== undefined; step *= 2) {
    const next = await at(found.n + step);
    if (next === undefined) break;
    found = next;
  }
  for (; found !== undefined && step >= 1; step = Math.floor(step / 2)) found = (await at(found.n + step)) ?? found;
  return found === undefined ? 0 : found.offset + found.bytes.length;
};

export interface Flusher {
  /** Writes what is held soon; what comes while a transaction is under way goes together into the next. */
  readonly ask: () => void;
  /** Writes what is held, now. Rejects when storage fails; nothing is lost then. */
  readonly flush: () => Promise<void>;
}
export const createFlusher = (store: Store, logs: () => LogBuffer, insist: Insist): Flusher => {
  let isAsked = false;
  let isBusy = false;
  const flush = async (): Promise<void> => {
    let written: { readonly restore: () => void } | undefined;
    isAsked = false;
    try {
      await store.transact(async (tx) => {
        written = await logs().write(tx);
      }, { expects: "turn" });
    } catch (error) {
      isAsked = true;
      written?.restore();
      throw error;
    }
  };
  const flushAll = async (): Promise<void> => {
    while (isAsked) await flush();
  };
  return {
    ask: () => {
      isAsked = true;
      if (isBusy) return;
      isBusy = true;
      void insist(undefined, flushAll).finally(() => {
        isBusy = false;
      });
    },
    flush,
  };
};

const learn = async (tx: Tx, stream: Stream): Promise<void> => {
  const { run, attempt, step, stream: name } = stream.of;
  const last = (await tx.logs({ run, attempt, step, stream: name })).at(-1);
  stream.known = true;
  if (last === undefined) return;
  stream.n = last.n + 1;
  stream.offset = last.offset + last.bytes.length;
};

const chunksOf = (stream: Stream, clock: Clock): LogChunk[] => {
  const whole = joined(stream.pieces, stream.held);
  const chunks: LogChunk[] = [];
  for (let from = 0; from < whole.length; from += chunkBytesMax) {
    const bytes = whole.slice(from, from + chunkBytesMax);
    chunks.push({ ...stream.of, n: stream.n, offset: stream.offset, bytes, at: clock.now() });
    stream.n += 1;
    stream.offset += bytes.length;
  }
  return chunks;
};
const joined = (pieces: readonly Uint8Array[], size: number): Uint8Array => {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
