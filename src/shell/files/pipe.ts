/**
 * Owns pipes: bounded byte queues that know how many descriptors read and write them. A read waits while the queue is empty and
 * somebody may still write; a write waits while it is full; a write that nobody can read any more is a broken pipe.
 */
import { Killed } from "../contract.ts";
import type { Maybe } from "../contract.ts";

export const pipeCapacity = 65536;

export class Pipe {
  readers = 0;
  writers = 0;
  /** How many ends were ever opened: a named pipe's opener must not miss one that closed again at once. */
  readersSeen = 0;
  writersSeen = 0;
  size = 0;
  private readonly chunks: Uint8Array[] = [];
  private waiting: (() => void)[] = [];

  /** Resolves at the next change of the queue or of who holds its ends. */
  change(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  private wake(): void {
    if (this.waiting.length === 0) return;
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }

  addReader(by: number): void {
    this.readers += by;
    if (by > 0) this.readersSeen += by;
    this.wake();
  }
  addWriter(by: number): void {
    this.writers += by;
    if (by > 0) this.writersSeen += by;
    this.wake();
  }

  get readable(): boolean {
    return this.size > 0 || this.writers === 0;
  }
  /** Up to `max` bytes, or `null` at the end. Only when `readable`. */
  take(max: number): Uint8Array | null {
    const first = this.chunks[0];
    if (first === undefined) return null;
    if (first.length <= max) this.chunks.shift();
    else this.chunks[0] = first.subarray(max);
    const taken = first.length <= max ? first : first.subarray(0, max);
    this.size -= taken.length;
    this.wake();
    return taken;
  }
  putBack(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.unshift(bytes);
    this.size += bytes.length;
    this.wake();
  }

  /** Writes all of `bytes`; throws `Killed` with PIPE when no reader is left. `bytes` must not change afterwards. */
  put(bytes: Uint8Array): Maybe<void> {
    if (this.readers === 0) throw new Killed("PIPE");
    if (bytes.length === 0) return;
    if (this.size + bytes.length <= pipeCapacity) return this.add(bytes);
    return this.putSlowly(bytes);
  }
  private add(bytes: Uint8Array): void {
    const last = this.chunks[this.chunks.length - 1];
    this.size += bytes.length;
    if (last !== undefined && last.length + bytes.length <= 256) {
      const joined = new Uint8Array(last.length + bytes.length);
      joined.set(last);
      joined.set(bytes, last.length);
      this.chunks[this.chunks.length - 1] = joined;
    } else this.chunks.push(bytes);
    this.wake();
  }
  private async putSlowly(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.readers === 0) throw new Killed("PIPE");
      const room = pipeCapacity - this.size;
      if (room <= 0) {
        await this.change();
        continue;
      }
      const piece = rest.subarray(0, room);
      this.add(piece);
      rest = rest.subarray(piece.length);
    }
  }
}
