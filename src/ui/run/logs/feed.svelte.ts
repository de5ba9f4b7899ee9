/**
 * Owns the lines of one log stream, read on from where the last read ended and followed while the step writes. Refuses to know how a
 * line looks. 1 Chunks are dense in `n`; each is taken once. 2 A carriage return overwrites its line, as a terminal would.
 */
import type { RunId } from "../../../core/base/brand.ts";
import type { LogChunk, LogStream, Store, Tx } from "../../../ports/store.ts";
import { overwritten } from "./merged-lines.ts";

export interface LogPlace {
  readonly run: RunId;
  readonly attempt: number;
  readonly step: string;
  readonly stream: LogStream;
}
const readMax = 64;
const chunksMax = 2048;

export class LogFeed {
  /** Grows with `lines`; a view reads it to know there is news. */
  count = $state(0);
  bytes = $state(0);
  at = $state(0);
  loaded = $state(false);
  error = $state.raw<unknown>(undefined);
  /** Plain arrays: a million lines are not made reactive. */
  lines: string[] = [];
  times: number[] = [];
  #open = "";
  #openAt = 0;
  #next = 0;
  #decoder = new TextDecoder();
  #stop: () => void = () => {};

  follow(store: Store, place: LogPlace): void {
    this.stop();
    this.lines = [];
    this.times = [];
    this.#open = "";
    this.#next = 0;
    this.#decoder = new TextDecoder();
    this.count = 0;
    this.bytes = 0;
    this.loaded = false;
    this.#stop = store.watch(
      (tx) => this.#read(tx, place),
      (chunks, at) => {
        for (const chunk of chunks) this.#take(chunk);
        this.count = this.lines.length + (this.#open === "" ? 0 : 1);
        this.at = at;
        this.loaded = true;
        this.error = undefined;
      },
      (error) => {
        this.error = error;
      },
    );
  }
  stop(): void {
    this.#stop();
  }
  line(index: number): string {
    return this.lines[index] ?? (index === this.lines.length ? this.#open : "");
  }
  time(index: number): number {
    return this.times[index] ?? this.#openAt;
  }
  async #read(tx: Tx, place: LogPlace): Promise<readonly LogChunk[]> {
    const all: LogChunk[] = [];
    let from = this.#next;
    while (all.length < chunksMax) {
      const chunks = await tx.logs(place, from, readMax);
      all.push(...chunks);
      if (chunks.length < readMax) break;
      from += chunks.length;
    }
    return all;
  }
  #take(chunk: LogChunk): void {
    if (chunk.n < this.#next) return;
    this.#next = chunk.n + 1;
    this.bytes += chunk.bytes.length;
    const parts = (this.#open + this.#decoder.decode(chunk.bytes, { stream: true })).split("\n");
    this.#open = parts.pop() ?? "";
    this.#openAt = chunk.at;
    for (const part of parts) {
      this.lines.push(overwritten(part));
      this.times.push(chunk.at);
    }
  }
}
