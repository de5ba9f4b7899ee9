/** Owns the blocks of one device: which are free, and how the bytes of a file lie on them. `hole` stands for a block of zeros never written. */
import type { Device } from "./device.ts";

export const blockBytes = 8192;
export const hole = -1;

export interface Blocks {
  /** At restart: this block is in use. */
  readonly claim: (block: number) => void;
  /** At restart, after all claims: everything below the highest claimed block that nobody claimed is free. */
  readonly settle: () => void;
  readonly release: (blocks: readonly number[]) => void;
  readonly read: (blocks: readonly number[], at: number, into: Uint8Array) => void;
  /** Writes at `at`, giving `blocks` what it lacks. Bytes between the old end and `at` must be asked for with `pad` before. */
  readonly write: (blocks: number[], at: number, bytes: Uint8Array) => void;
  /** Bytes in use. */
  readonly used: () => number;
}

export const createBlocks = (device: Device): Blocks => {
  const free: number[] = [];
  const claimed = new Set<number>();
  let top = 0;
  let count = 0;
  const take = (): number => {
    count += 1;
    const found = free.pop();
    if (found !== undefined) return found;
    top += 1;
    return top - 1;
  };
  /** Neighbouring blocks are one read or write. */
  const eachSpan = (blocks: readonly number[], at: number, length: number, act: (where: number, offset: number, count: number) => void): void => {
    for (let done = 0; done < length; ) {
      const first = Math.floor((at + done) / blockBytes);
      const from = (at + done) % blockBytes;
      const start = blocks[first] ?? hole;
      let span = blockBytes - from;
      for (let next = first + 1; start !== hole && span < length - done && blocks[next] === start + (next - first); next += 1) span += blockBytes;
      const size = Math.min(span, length - done);
      act(start === hole ? hole : start * blockBytes + from, done, size);
      done += size;
    }
  };
  return {
    claim: (block) => {
      if (block === hole) return;
      claimed.add(block);
      top = Math.max(top, block + 1);
    },
    settle: () => {
      for (let block = top - 1; block >= 0; block -= 1) if (!claimed.has(block)) free.push(block);
      count = claimed.size;
      claimed.clear();
    },
    release: (blocks) => {
      for (const block of blocks) {
        if (block === hole) continue;
        free.push(block);
        count -= 1;
      }
      if (count > 0) return;
      free.length = 0;
      top = 0;
      device.truncate(0);
    },
    read: (blocks, at, into) =>
      eachSpan(blocks, at, into.length, (where, offset, size) => {
        if (where === hole) into.fill(0, offset, offset + size);
        else device.read(where, into.subarray(offset, offset + size));
      }),
    write: (blocks, at, bytes) => {
      const end = at + bytes.length;
      const first = Math.floor(at / blockBytes);
      const last = Math.ceil(end / blockBytes);
      while (blocks.length < first) blocks.push(hole);
      for (let n = first; n < last; n += 1) {
        if ((blocks[n] ?? hole) !== hole) continue;
        blocks[n] = take();
        const isWhole = n * blockBytes >= at && (n + 1) * blockBytes <= end;
        if (!isWhole) device.write(blocks[n]! * blockBytes, zeros);
      }
      eachSpan(blocks, at, bytes.length, (where, offset, size) => device.write(where, bytes.subarray(offset, offset + size)));
    },
    used: () => count * blockBytes,
  };
};
const zeros = new Uint8Array(blockBytes);
