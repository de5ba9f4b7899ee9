/**
 * Owns the lines of all steps of a run as one log: in the order of the time they were stored at, each with its step. Refuses to know where
 * chunks come from. 1 A line is taken once it has ended; what is still open is shown once its step has nothing more to write. 2 Lines that
 * arrive later are put after those that are there: a reader's place never moves.
 */
import type { LogChunk, LogStream } from "../../../ports/store.ts";

export interface Source {
  readonly step: string;
  readonly attempt: number;
  readonly stream: LogStream;
  /** The step may still write. */
  readonly isOpen: boolean;
}
export interface MergedLine {
  readonly text: string;
  readonly at: number;
  readonly step: string;
  readonly stream: LogStream;
}
interface Lane {
  next: number;
  bytes: number;
  open: string;
  at: number;
  readonly decoder: TextDecoder;
}
/** Lines kept; beyond, the rest is only in the steps' own logs. */
export const mergedLinesMax = 200_000;

export class MergedLines {
  readonly lines: MergedLine[] = [];
  #lanes = new Map<string, Lane>();

  static key({ step, attempt, stream }: Pick<Source, "step" | "attempt" | "stream">): string {
    return `${step}\n${attempt}\n${stream}`;
  }
  /** Number of the first chunk of a source that was not taken yet. */
  next(source: Pick<Source, "step" | "attempt" | "stream">): number {
    return this.#lanes.get(MergedLines.key(source))?.next ?? 0;
  }
  /** Bytes taken of a source. */
  bytes(source: Pick<Source, "step" | "attempt" | "stream">): number {
    return this.#lanes.get(MergedLines.key(source))?.bytes ?? 0;
  }
  /** Takes what was read at one moment; sources that are not open give up what they hold. */
  take(sources: readonly Source[], chunks: readonly LogChunk[]): void {
    const fresh: MergedLine[] = [];
    const order = new Map(sources.map((source, index) => [source.step, index]));
    for (const chunk of chunks) this.#cut(chunk, fresh);
    for (const source of sources) {
      const lane = source.isOpen ? undefined : this.#lanes.get(MergedLines.key(source));
      if (lane === undefined || lane.open === "") continue;
      fresh.push({ text: overwritten(lane.open), at: lane.at, step: source.step, stream: source.stream });
      lane.open = "";
    }
    // Sorting keeps the order within one step: its lines have rising times.
    fresh.sort((a, b) => a.at - b.at || (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0));
    for (const line of fresh.slice(0, Math.max(0, mergedLinesMax - this.lines.length))) this.lines.push(line);
  }
  #cut(chunk: LogChunk, fresh: MergedLine[]): void {
    const key = MergedLines.key(chunk);
    const lane = this.#lanes.get(key) ?? { next: 0, bytes: 0, open: "", at: 0, decoder: new TextDecoder() };
    this.#lanes.set(key, lane);
    if (chunk.n < lane.next) return;
    lane.next = chunk.n + 1;
    lane.bytes += chunk.bytes.length;
    lane.at = chunk.at;
    const parts = (lane.open + lane.decoder.decode(chunk.bytes, { stream: true })).split("\n");
    lane.open = parts.pop() ?? "";
    for (const part of parts) fresh.push({ text: overwritten(part), at: chunk.at, step: chunk.step, stream: chunk.stream });
  }
}
/** A carriage return overwrites its line, as a terminal would. */
export const overwritten = (line: string): string => {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  const at = text.lastIndexOf("\r");
  return at < 0 ? text : text.slice(at + 1);
};
