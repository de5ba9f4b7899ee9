/**
 * Owns jq's wasm build, driven directly: input and output as bytes, files in memory, environment, exit code; a fresh instance per call.
 * The package's own wrapper moves every byte by copying the whole buffer, trims the output and hides the exit code.
 * W1 Memory is capped at `memoryBytesMax`: growth is refused, jq ends with "Cannot allocate memory".
 */
import type { Assets } from "../../../../ports/assets.ts";
import { tmFields, parseTime, writeTm } from "./time.ts";

export const memoryBytesMax = 512 * 1024 * 1024;
const pageBytes = 65536;
/** Room for arguments on jq's small stack. */
const argumentBytesMax = 24_000;
const noEntry = -44;
const noTerminal = -59;

export interface JqCall {
  readonly args: readonly string[];
  readonly stdin: Uint8Array;
  /** Files by the paths that `args` name. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly env?: ReadonlyMap<string, string>;
}
export interface JqEnd {
  readonly exitCode: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  /** It ran out of memory. */
  readonly isSpent: boolean;
}
class Exit extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}

let compiled: Promise<WebAssembly.Module> | undefined;
const compile = (assets: Assets): Promise<WebAssembly.Module> => {
  compiled ??= assets.load("jq.wasm").then((bytes) => WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>));
  compiled.catch(() => {
    compiled = undefined; // The next call may find the file.
  });
  return compiled;
};

/** Bytes that arrive in pieces. */
class Pieces {
  readonly list: Uint8Array[] = [];
  size = 0;
  add(bytes: Uint8Array): void {
    this.list.push(bytes.slice());
    this.size += bytes.length;
  }
  whole(): Uint8Array {
    const all = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.list) {
      all.set(piece, at);
      at += piece.length;
    }
    return all;
  }
}
interface Open {
  readonly bytes: Uint8Array;
  at: number;
}
type Exports = {
  readonly E: WebAssembly.Memory;
  readonly F: () => void;
  readonly G: (argc: number, argv: number) => number;
  readonly I: (high: number) => void;
  readonly J: (size: number) => number;
};

/** The process that jq believes to live in. */
class Process {
  readonly stdout = new Pieces();
  readonly stderr = new Pieces();
  isSpent = false;
  #exports: Exports | undefined;
  readonly #call: JqCall;
  readonly #open = new Map<number, Open>();
  #lastFd = 2;
  constructor(call: JqCall) {
    this.#call = call;
    this.#open.set(0, { bytes: call.stdin, at: 0 });
  }
  get #memory(): WebAssembly.Memory {
    return (this.#exports as Exports).E;
  }
  get #bytes(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }
  get #view(): DataView {
    return new DataView(this.#memory.buffer);
  }
  #text(at: number): string {
    const bytes = this.#bytes;
    return new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
  }
  #read(fd: number, vectors: number, count: number, answer: number): number {
    const file = this.#open.get(fd);
    if (file === undefined) return 8;
    let total = 0;
    for (let i = 0; i < count; i++) {
      const [to, length] = [this.#view.getUint32(vectors + i * 8, true), this.#view.getUint32(vectors + i * 8 + 4, true)];
      const piece = file.bytes.subarray(file.at, file.at + length);
      this.#bytes.set(piece, to);
      file.at += piece.length;
      total += piece.length;
    }
    this.#view.setUint32(answer, total, true);
    return 0;
  }
  #write(fd: number, vectors: number, count: number, answer: number): number {
    let total = 0;
    for (let i = 0; i < count; i++) {
      const [from, length] = [this.#view.getUint32(vectors + i * 8, true), this.#view.getUint32(vectors + i * 8 + 4, true)];
      (fd === 2 ? this.stderr : this.stdout).add(this.#bytes.subarray(from, from + length));
      total += length;
    }
    this.#view.setUint32(answer, total, true);
    return 0;
  }
  #seek(fd: number, low: number, whence: number, answer: number): number {
    const file = this.#open.get(fd);
    if (file === undefined || fd <= 2) return 70;
    file.at = whence === 0 ? low : whence === 1 ? file.at + low : file.bytes.length + low;
    this.#view.setBigInt64(answer, BigInt(file.at), true);
    return 0;
  }
  #openFile(path: string): number {
    const bytes = path === "/dev/stdin" ? this.#call.stdin : this.#call.files?.get(path);
    if (bytes === undefined) return noEntry;
    this.#lastFd++;
    this.#open.set(this.#lastFd, { bytes, at: 0 });
    return this.#lastFd;
  }
  #stat(size: number | undefined, to: number): number {
    if (size === undefined) return noEntry;
    this.#bytes.fill(0, to, to + 96);
    this.#view.setUint32(to + 4, 0o100644, true);
    this.#view.setBigInt64(to + 24, BigInt(size), true);
    return 0;
  }
  #grow(size: number): number {
    const now = this.#memory.buffer.byteLength;
    const wanted = Math.min(memoryBytesMax, Math.max(size >>> 0, now + Math.min(now, 64 * 1024 * 1024)));
    if (size >>> 0 > memoryBytesMax) {
      this.isSpent = true;
      return 0;
    }
    this.#memory.grow(Math.ceil((wanted - now) / pageBytes));
    return 1;
  }
  #environment(list: number, to: number): number {
    let at = to;
    for (const [i, line] of this.#lines().entries()) {
      this.#view.setUint32(list + i * 4, at, true);
      this.#bytes.set(line, at);
      at += line.length;
    }
    return 0;
  }
  #lines(): Uint8Array[] {
    return [...(this.#call.env ?? new Map<string, string>())].map(([name, value]) => new TextEncoder().encode(`${name}=${value}\0`));
  }
  #environmentSizes(count: number, size: number): number {
    const lines = this.#lines();
    this.#view.setUint32(count, lines.length, true);
    this.#view.setUint32(size, lines.reduce((sum, line) => sum + line.length, 0), true);
    return 0;
  }
  /** Names are the build's own one-letter ones. */
  imports(): Readonly<Record<string, (...args: number[]) => number | void>> {
    const exit = (status = 0): never => {
      throw new Exit(status);
    };
    const time = (low = 0, high = 0, to = 0): void => writeTm(this.#view, to, high * 2 ** 32 + (low >>> 0));
    return {
      a: () => exit(134), b: exit, s: exit, D: () => exit(134), r: () => undefined, t: () => undefined,
      c: (fd = 0) => Number(this.#open.delete(fd)) * 0,
      d: (fd = 0, v = 0, n = 0, to = 0) => this.#write(fd, v, n, to),
      e: () => 0, h: () => noTerminal, p: () => noEntry,
      f: (_dir = 0, path = 0) => this.#openFile(this.#text(path)),
      g: (fd = 0, v = 0, n = 0, to = 0) => this.#read(fd, v, n, to),
      i: (list = 0, to = 0) => this.#environment(list, to),
      j: (count = 0, size = 0) => this.#environmentSizes(count, size),
      k: time, l: time,
      m: (at = 0) => {
        const seconds = tmFields(this.#view, at);
        (this.#exports as Exports).I(Math.floor(seconds / 2 ** 32));
        return seconds | 0;
      },
      n: (...[fd = 0, low = 0, , whence = 0, to = 0]) => this.#seek(fd, low, whence, to),
      o: (size = 0) => this.#grow(size),
      q: (to = 0) => {
        this.#bytes.set([47, 0], to);
        return 2;
      },
      u: (text = 0, format = 0, to = 0) => {
        const used = parseTime(this.#text(text), this.#text(format), this.#view, to);
        return used < 0 ? 0 : text + used;
      },
      v: () => undefined,
      w: (_fd = 0, to = 0) => {
        this.#bytes.fill(0, to, to + 24);
        return 0;
      },
      x: (path = 0, to = 0) => this.#stat(this.#call.files?.get(this.#text(path))?.length, to),
      y: (_dir = 0, path = 0, to = 0) => this.#stat(this.#call.files?.get(this.#text(path))?.length, to),
      z: (path = 0, to = 0) => this.#stat(this.#call.files?.get(this.#text(path))?.length, to),
      A: (fd = 0, to = 0) => this.#stat(this.#open.get(fd)?.bytes.length ?? 0, to),
      B: () => Date.now(),
      C: (to = 0, from = 0, length = 0) => void this.#bytes.copyWithin(to, from, from + length),
    };
  }
  run(exports: Exports): number {
    this.#exports = exports;
    try {
      exports.F();
      const words = ["jq", ...this.#call.args].map((word) => new TextEncoder().encode(`${word}\0`));
      if (words.reduce((sum, word) => sum + word.length, 0) > argumentBytesMax) throw new Error("argument list too long");
      const list = exports.J((words.length + 1) * 4);
      for (const [i, word] of words.entries()) {
        const at = exports.J(word.length);
        this.#bytes.set(word, at);
        this.#view.setUint32(list + i * 4, at, true);
      }
      this.#view.setUint32(list + words.length * 4, 0, true);
      return exports.G(words.length, list);
    } catch (error) {
      if (error instanceof Exit) return error.status;
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        this.isSpent = true;
        this.stderr.add(new TextEncoder().encode(`jq: error: ${error.message}\n`));
        return 5;
      }
      throw error;
    }
  }
}

/** Runs jq once. */
export const callJq = async (assets: Assets, call: JqCall): Promise<JqEnd> => {
  const process = new Process(call);
  const instance = await WebAssembly.instantiate(await compile(assets), { a: process.imports() });
  const exitCode = process.run(instance.exports as unknown as Exports);
  return { exitCode, stdout: process.stdout.whole(), stderr: new TextDecoder().decode(process.stderr.whole()), isSpent: process.isSpent };
};
