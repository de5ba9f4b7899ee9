/**
 * Owns what the shell lays over the file systems it is given: a table of prefixes, `/dev`, and named pipes where the system below
 * has none. Paths are absolute and normalised.
 */
import { isPromise } from "../contract.ts";
import type { FileSystem, HeldFile, Maybe, Stat } from "../contract.ts";
import { fileError } from "./errors.ts";
import { nameOf, parentOf } from "./paths.ts";

/** Devices that exist as paths; opening them is the process's business. */
export const devices = ["null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr", "tty", "fd"] as const;

export interface Mount {
  /** Absolute directory without a final slash; "/" is the root. */
  readonly prefix: string;
  readonly files: FileSystem;
}
interface Place {
  readonly files: FileSystem;
  readonly path: string;
}
const epoch = 0;
const then = <T, U>(value: Maybe<T>, next: (value: T) => U): Maybe<U> => (isPromise(value) ? value.then(next) : next(value));

class Mounts implements FileSystem {
  private readonly mounts: readonly Mount[];
  private readonly fifos = new Map<string, Stat>();
  private inodes = 0x40000000;

  constructor(mounts: readonly Mount[]) {
    this.mounts = [...mounts].sort((a, b) => b.prefix.length - a.prefix.length);
  }

  private place(path: string): Place {
    for (const { prefix, files } of this.mounts) {
      if (prefix === "/") return { files, path };
      if (path === prefix) return { files, path: "/" };
      if (path.startsWith(prefix + "/")) return { files, path: path.slice(prefix.length) };
    }
    throw fileError("ENOENT", path);
  }
  private device(path: string): Stat | undefined {
    if (path === "/dev") return { kind: "directory", size: 4096, mode: 0o755, mtimeMs: epoch, ino: 0x7ffffff0 };
    if (!path.startsWith("/dev/")) return undefined;
    const name = path.slice(5);
    if (name === "fd" || name === "shm") return { kind: "directory", size: 0, mode: 0o777, mtimeMs: epoch, ino: 0x7ffffff1 };
    const index = (devices as readonly string[]).indexOf(name);
    if (index < 0 && !/^fd\/\d+$/.test(name)) throw fileError("ENOENT", path);
    return { kind: "device", size: 0, mode: 0o666, mtimeMs: epoch, ino: 0x7fffff00 + index };
  }

  readonly stat = (path: string): Maybe<Stat> => this.device(path) ?? this.fifos.get(path) ?? this.on(path, (f, p) => f.stat(p));
  readonly lstat = (path: string): Maybe<Stat> => this.device(path) ?? this.fifos.get(path) ?? this.on(path, (f, p) => f.lstat(p));
  private on<T>(path: string, act: (files: FileSystem, path: string) => T): T {
    const { files, path: inner } = this.place(path);
    return act(files, inner);
  }
  private refuseDevice(path: string): void {
    if (path === "/dev" || path.startsWith("/dev/")) throw fileError("EACCES", path);
  }

  readonly read = (path: string, offset: number, length: number): Maybe<Uint8Array> => {
    if (path === "/dev/null") return new Uint8Array(0);
    return this.on(path, (f, p) => f.read(p, offset, length));
  };
  readonly write = (path: string, offset: number | "end", bytes: Uint8Array): Maybe<number> => {
    if (path === "/dev/null") return bytes.length;
    return this.on(path, (f, p) => f.write(p, offset, bytes));
  };
  readonly create = (path: string, mode: number, exclusive: boolean): Maybe<void> => {
    if (this.device(path) !== undefined || this.fifos.has(path)) {
      if (exclusive) throw fileError("EEXIST", path);
      return;
    }
    return this.on(path, (f, p) => f.create(p, mode, exclusive));
  };
  readonly truncate = (path: string, size: number): Maybe<void> => {
    if (this.device(path) !== undefined) return;
    return this.on(path, (f, p) => f.truncate(p, size));
  };
  readonly mkdir = (path: string, mode: number): Maybe<void> => {
    if (path === "/dev" || this.fifos.has(path) || this.mounts.some((m) => m.prefix === path)) throw fileError("EEXIST", path);
    return this.on(path, (f, p) => f.mkdir(p, mode));
  };
  readonly readdir = (path: string): Maybe<readonly string[]> => {
    if (path === "/dev") return [...devices].sort();
    if (path === "/dev/fd") return ["0", "1", "2"];
    return then(this.on(path, (f, p) => f.readdir(p)), (names) => {
      const here = new Set(names);
      const size = here.size;
      if (path === "/") here.add("dev");
      for (const { prefix } of this.mounts) if (prefix !== "/" && parentOf(prefix) === path) here.add(nameOf(prefix));
      for (const fifo of this.fifos.keys()) if (parentOf(fifo) === path) here.add(nameOf(fifo));
      return here.size === size ? names : [...here].sort();
    });
  };
  readonly unlink = (path: string): Maybe<void> => {
    this.refuseDevice(path);
    if (this.fifos.delete(path)) return;
    return this.on(path, (f, p) => f.unlink(p));
  };
  readonly rmdir = (path: string): Maybe<void> => {
    this.refuseDevice(path);
    for (const fifo of this.fifos.keys()) if (parentOf(fifo) === path) throw fileError("ENOTEMPTY", path);
    return this.on(path, (f, p) => f.rmdir(p));
  };
  readonly rename = (from: string, to: string): Maybe<void> => {
    this.refuseDevice(from);
    this.refuseDevice(to);
    const fifo = this.fifos.get(from);
    if (fifo !== undefined) {
      this.fifos.delete(from);
      this.fifos.set(to, fifo);
      return;
    }
    const source = this.place(from);
    const target = this.place(to);
    if (source.files !== target.files) throw fileError("EXDEV", to);
    return source.files.rename(source.path, target.path);
  };
  readonly symlink = (target: string, path: string): Maybe<void> => this.on(path, (f, p) => f.symlink(target, p));
  readonly readlink = (path: string): Maybe<string> => {
    if (this.device(path) !== undefined || this.fifos.has(path)) throw fileError("EINVAL", path);
    return this.on(path, (f, p) => f.readlink(p));
  };
  readonly link = (existing: string, path: string): Maybe<void> => {
    const source = this.place(existing);
    const target = this.place(path);
    if (source.files !== target.files) throw fileError("EXDEV", path);
    if (source.files.link === undefined) throw fileError("ENOTSUP", path);
    return source.files.link(source.path, target.path);
  };
  readonly chmod = (path: string, mode: number): Maybe<void> => {
    const fifo = this.fifos.get(path);
    if (fifo !== undefined) return void this.fifos.set(path, { ...fifo, mode });
    if (this.device(path) !== undefined) return;
    return this.on(path, (f, p) => f.chmod(p, mode));
  };
  readonly utimes = (path: string, mtimeMs: number): Maybe<void> => {
    if (this.device(path) !== undefined || this.fifos.has(path)) return;
    return this.on(path, (f, p) => f.utimes(p, mtimeMs));
  };
  readonly mkfifo = (path: string, mode: number): Maybe<void> => {
    this.refuseDevice(path);
    const { files, path: inner } = this.place(path);
    if (files.mkfifo !== undefined) return files.mkfifo(inner, mode);
    const add = (): void => {
      this.fifos.set(path, { kind: "fifo", size: 0, mode, mtimeMs: epoch, ino: ++this.inodes });
    };
    return then(exists(files, inner), (found) => {
      if (found || this.fifos.has(path)) throw fileError("EEXIST", path);
      add();
    });
  };
  readonly hold = (path: string): Maybe<HeldFile> => {
    const { files, path: inner } = this.place(path);
    if (files.hold !== undefined) return files.hold(inner);
    return {
      read: (offset, length) => files.read(inner, offset, length),
      write: (offset, bytes) => files.write(inner, offset, bytes),
      stat: () => files.stat(inner),
    };
  };
}

/** True when something stands at the path; an unreadable path counts as nothing. */
const exists = (files: FileSystem, path: string): Maybe<boolean> => {
  try {
    const found = files.lstat(path);
    return isPromise(found) ? found.then(() => true, () => false) : true;
  } catch {
    return false;
  }
};

export const createMounts = (mounts: readonly Mount[]): Required<FileSystem> => new Mounts(mounts);
