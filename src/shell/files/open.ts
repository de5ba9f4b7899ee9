/**
 * Owns open file descriptions: what several descriptors may share. Each counts its descriptors and lets go when the last one closes.
 * Refuses to know descriptor numbers and processes.
 */
import { fromBytes, toBytes } from "../bytes.ts";
import { isPromise } from "../contract.ts";
import type { FileKind, HeldFile, Maybe, OpenFile } from "../contract.ts";
import { fileError } from "./errors.ts";
import type { Pipe } from "./pipe.ts";

export const readSize = 65536;
const nothing = new Uint8Array(0);

/** What the shell's descriptor tables hold. */
export abstract class OpenDescription implements OpenFile {
  abstract readonly kind: FileKind | "pipe" | "sink";
  readonly path: string | undefined;
  private refs = 0;

  constructor(path?: string) {
    this.path = path;
  }
  retain(): this {
    this.refs++;
    return this;
  }
  release(): void {
    if (--this.refs === 0) this.closed();
  }
  /** The last descriptor is gone. */
  protected closed(): void {}

  /** True when `read` would answer at once. */
  get readable(): boolean {
    return true;
  }
  /** Resolves when `readable` may have changed; cancels nothing and takes nothing. */
  whenReadable(): Promise<void> {
    return Promise.resolve();
  }
  read(_max?: number): Maybe<Uint8Array | null> {
    throw fileError("EBADF", this.path ?? "");
  }
  unread(_bytes: Uint8Array): void {
    throw fileError("EBADF", this.path ?? "");
  }
  write(_bytes: Uint8Array): Maybe<void> {
    throw fileError("EBADF", this.path ?? "");
  }
  writeText(text: string): Maybe<void> {
    return this.write(toBytes(text));
  }
  readonly seek?: (offset: number, whence: "set" | "current" | "end") => Maybe<number>;
}

export class RegularFile extends OpenDescription {
  readonly kind = "file";
  private readonly file: HeldFile;
  private readonly append: boolean;
  private readonly reads: boolean;
  private readonly writes: boolean;
  private offset = 0;

  constructor(path: string, file: HeldFile, mode: "r" | "w" | "a" | "rw") {
    super(path);
    this.file = file;
    this.append = mode === "a";
    this.reads = mode === "r" || mode === "rw";
    this.writes = mode !== "r";
  }
  override read(max = readSize): Maybe<Uint8Array | null> {
    if (!this.reads) return super.read(max);
    const got = this.file.read(this.offset, max);
    if (isPromise(got)) return got.then((bytes) => this.taken(bytes));
    return this.taken(got);
  }
  private taken(bytes: Uint8Array): Uint8Array | null {
    this.offset += bytes.length;
    return bytes.length === 0 ? null : bytes;
  }
  override unread(bytes: Uint8Array): void {
    this.offset -= bytes.length;
  }
  override write(bytes: Uint8Array): Maybe<void> {
    if (!this.writes) return super.write(bytes);
    const wrote = this.file.write(this.append ? "end" : this.offset, bytes);
    if (isPromise(wrote)) return wrote.then((size) => this.wrote(size, bytes.length));
    this.wrote(wrote, bytes.length);
  }
  private wrote(size: number, length: number): void {
    this.offset = this.append ? size : this.offset + length;
  }
  override readonly seek = (offset: number, whence: "set" | "current" | "end"): Maybe<number> => {
    if (whence !== "end") return (this.offset = whence === "set" ? offset : this.offset + offset);
    const stat = this.file.stat();
    return isPromise(stat) ? stat.then((s) => (this.offset = s.size + offset)) : (this.offset = stat.size + offset);
  };
}

export class PipeEnd extends OpenDescription {
  readonly kind = "pipe";
  readonly pipe: Pipe;
  private readonly reads: boolean;
  private readonly writes: boolean;

  constructor(pipe: Pipe, mode: "r" | "w" | "rw", path?: string) {
    super(path);
    this.pipe = pipe;
    this.reads = mode !== "w";
    this.writes = mode !== "r";
    if (this.reads) pipe.addReader(1);
    if (this.writes) pipe.addWriter(1);
  }
  protected override closed(): void {
    if (this.reads) this.pipe.addReader(-1);
    if (this.writes) this.pipe.addWriter(-1);
  }
  override get readable(): boolean {
    return this.pipe.readable;
  }
  override whenReadable(): Promise<void> {
    return this.pipe.change();
  }
  override read(max = readSize): Maybe<Uint8Array | null> {
    if (!this.reads) return super.read(max);
    if (this.pipe.readable) return this.pipe.take(max);
    return this.readLater(max);
  }
  private async readLater(max: number): Promise<Uint8Array | null> {
    while (!this.pipe.readable) await this.pipe.change();
    return this.pipe.take(max);
  }
  override unread(bytes: Uint8Array): void {
    this.pipe.putBack(bytes);
  }
  override write(bytes: Uint8Array): Maybe<void> {
    if (!this.writes) return super.write(bytes);
    return this.pipe.put(bytes);
  }
}

/** `/dev/null`, and with `full` `/dev/full`. */
export class NullDevice extends OpenDescription {
  readonly kind = "device";
  private readonly full: boolean;
  constructor(path = "/dev/null", full = false) {
    super(path);
    this.full = full;
  }
  override read(): null {
    return null;
  }
  override unread(): void {}
  override write(): void {
    if (this.full) throw fileError("ENOSPC", this.path ?? "");
  }
  override writeText(): void {
    this.write();
  }
}

/** `/dev/zero`, `/dev/urandom`: endless bytes. */
export class EndlessDevice extends OpenDescription {
  readonly kind = "device";
  private readonly byte: () => number;
  private back: Uint8Array = nothing;
  constructor(path: string, byte: () => number) {
    super(path);
    this.byte = byte;
  }
  override read(max = readSize): Uint8Array {
    if (this.back.length > 0) {
      const bytes = this.back.subarray(0, max);
      this.back = this.back.subarray(bytes.length);
      return bytes;
    }
    const bytes = new Uint8Array(Math.min(max, readSize));
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.byte();
    return bytes;
  }
  override unread(bytes: Uint8Array): void {
    this.back = bytes;
  }
  override write(): void {}
}

/** Bytes that are there from the start: here-documents, a given standard input. */
export class BytesSource extends OpenDescription {
  readonly kind = "file";
  private readonly bytes: Uint8Array;
  private offset = 0;
  constructor(bytes: Uint8Array, path?: string) {
    super(path);
    this.bytes = bytes;
  }
  override read(max = readSize): Uint8Array | null {
    if (this.offset >= this.bytes.length) return null;
    const taken = this.bytes.subarray(this.offset, this.offset + max);
    this.offset += taken.length;
    return taken;
  }
  override unread(bytes: Uint8Array): void {
    this.offset -= bytes.length;
  }
  override readonly seek = (offset: number, whence: "set" | "current" | "end"): number => {
    const base = whence === "set" ? 0 : whence === "current" ? this.offset : this.bytes.length;
    return (this.offset = base + offset);
  };
}

/** Collects what is written, for `$(…)`. `done` resolves when the last writer has closed it. */
export class Capture extends OpenDescription {
  readonly kind = "pipe";
  open = true;
  size = 0;
  private text = "";
  private readonly charge: (bytes: number) => void;
  private finish: (() => void) | undefined;

  constructor(charge: (bytes: number) => void) {
    super();
    this.charge = charge;
  }
  protected override closed(): void {
    this.open = false;
    this.finish?.();
  }
  override write(bytes: Uint8Array): void {
    this.writeText(fromBytes(bytes));
  }
  override writeText(text: string): void {
    this.size += text.length;
    this.charge(text.length);
    this.text += text;
  }
  get value(): string {
    return this.text;
  }
  whenClosed(): Promise<void> {
    return new Promise((resolve) => (this.finish = resolve));
  }
}

/** Where the host takes output: every write is handed on as it comes. */
export class Sink extends OpenDescription {
  readonly kind = "sink";
  private readonly take: (bytes: Uint8Array) => Maybe<void>;
  private open = true;
  private finish: (() => void) | undefined;
  constructor(take: (bytes: Uint8Array) => Maybe<void>) {
    super();
    this.take = take;
  }
  protected override closed(): void {
    this.open = false;
    this.finish?.();
  }
  /** Resolves when no descriptor leads here any more. */
  whenClosed(): Promise<void> {
    return this.open ? new Promise((resolve) => (this.finish = resolve)) : Promise.resolve();
  }
  override write(bytes: Uint8Array): Maybe<void> {
    return this.take(bytes);
  }
}

/** An open file that somebody else made (the host's standard input). */
export class Foreign extends OpenDescription {
  readonly kind: OpenFile["kind"];
  private readonly file: OpenFile;
  private pending: Promise<void> | undefined;
  private next: Uint8Array | null | undefined;
  constructor(file: OpenFile) {
    super(file.path);
    this.kind = file.kind;
    this.file = file;
  }
  override get readable(): boolean {
    return this.next !== undefined;
  }
  /** Reads one chunk ahead, so that waiting itself takes nothing away from other readers. */
  override whenReadable(): Promise<void> {
    if (this.next !== undefined) return Promise.resolve();
    if (this.pending !== undefined) return this.pending;
    const got = this.file.read(readSize);
    if (!isPromise(got)) {
      this.next = got;
      return Promise.resolve();
    }
    this.pending = got.then((chunk) => {
      this.next = chunk;
      this.pending = undefined;
    });
    return this.pending;
  }
  override read(max = readSize): Maybe<Uint8Array | null> {
    if (this.next !== undefined) return this.takeNext(max);
    return this.whenReadable().then(() => this.read(max));
  }
  private takeNext(max: number): Uint8Array | null {
    const chunk = this.next ?? null;
    if (chunk === null) return null;
    this.next = chunk.length > max ? chunk.subarray(max) : undefined;
    return chunk.subarray(0, max);
  }
  override unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const rest = this.next ?? nothing;
    const joined = new Uint8Array(bytes.length + rest.length);
    joined.set(bytes);
    joined.set(rest, bytes.length);
    this.next = joined;
  }
  override write(bytes: Uint8Array): Maybe<void> {
    return this.file.write(bytes);
  }
}
