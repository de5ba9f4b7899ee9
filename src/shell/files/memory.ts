/**
 * Owns a file system in memory: synchronous, byte-string names, symlinks and hard links. Used as `/tmp`, by tests, and wherever nothing
 * needs to outlive the shell. Sizes are bounded by `bytesMax` over all files together (ENOSPC past it).
 */
import type { FileKind, FileSystem, HeldFile, Stat } from "../contract.ts";
import { fileError } from "./errors.ts";
import { nameOf, parentOf } from "./paths.ts";

interface Inode {
  readonly kind: FileKind;
  readonly ino: number;
  mode: number;
  mtimeMs: number;
  data: Uint8Array;
  size: number;
  readonly entries: Map<string, Inode> | undefined;
  readonly target: string;
}
export interface MemoryOptions {
  /** Milliseconds since the epoch; stamps what changes. */
  readonly now: () => number;
  readonly bytesMax?: number;
}
const noData = new Uint8Array(0);
const linksMax = 40;

class Memory implements FileSystem {
  private readonly root: Inode;
  private readonly options: MemoryOptions;
  private inodes = 0;
  private used = 0;

  constructor(options: MemoryOptions) {
    this.options = options;
    this.root = this.inode("directory", 0o755);
  }

  private inode(kind: FileKind, mode: number, target = ""): Inode {
    const entries = kind === "directory" ? new Map<string, Inode>() : undefined;
    return { kind, ino: ++this.inodes, mode, mtimeMs: this.options.now(), data: noData, size: 0, entries, target };
  }

  /** Walks to a path; a last symlink is followed only when `follow`. */
  private find(path: string, follow: boolean, links = 0): Inode | undefined {
    let node: Inode = this.root;
    let walked = "";
    const parts = path.split("/");
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as string;
      if (part === "") continue;
      if (node.entries === undefined) throw fileError("ENOTDIR", path);
      const next = node.entries.get(part);
      if (next === undefined) return this.missing(parts, i, path);
      const last = i === parts.length - 1;
      if (next.kind === "symlink" && (follow || !last)) {
        if (links >= linksMax) throw fileError("ELOOP", path);
        const base = next.target.startsWith("/") ? next.target : `${walked}/${next.target}`;
        return this.find(lexical([base, ...parts.slice(i + 1)].join("/")), follow, links + 1);
      }
      node = next;
      walked += `/${part}`;
    }
    return node;
  }
  private missing(parts: readonly string[], at: number, path: string): undefined {
    if (parts.slice(at + 1).some((part) => part !== "")) throw fileError("ENOENT", path);
    return undefined;
  }
  private need(path: string, follow = true): Inode {
    const node = this.find(path, follow);
    if (node === undefined) throw fileError("ENOENT", path);
    return node;
  }
  private needFile(path: string): Inode {
    const node = this.need(path);
    if (node.kind === "directory") throw fileError("EISDIR", path);
    return node;
  }
  private needParent(path: string): Map<string, Inode> {
    const parent = this.need(parentOf(path));
    if (parent.entries === undefined) throw fileError("ENOTDIR", path);
    parent.mtimeMs = this.options.now();
    return parent.entries;
  }
  private charge(bytes: number, path: string): void {
    this.used += bytes;
    if (bytes > 0 && this.used > (this.options.bytesMax ?? Infinity)) {
      this.used -= bytes;
      throw fileError("ENOSPC", path);
    }
  }

  private statOf(node: Inode): Stat {
    const size = node.kind === "symlink" ? node.target.length : node.kind === "directory" ? 4096 : node.size;
    return { kind: node.kind, size, mode: node.mode, mtimeMs: node.mtimeMs, ino: node.ino };
  }
  readonly stat = (path: string): Stat => this.statOf(this.need(path));
  readonly lstat = (path: string): Stat => this.statOf(this.need(path, false));

  private readNode(node: Inode, offset: number, length: number): Uint8Array {
    return node.data.slice(Math.min(offset, node.size), Math.min(offset + length, node.size));
  }
  private writeNode(node: Inode, at: number | "end", bytes: Uint8Array, path: string): number {
    const offset = at === "end" ? node.size : at;
    const end = offset + bytes.length;
    if (end > node.size) this.charge(end - node.size, path);
    if (end > node.data.length) {
      const grown = new Uint8Array(Math.max(end, node.data.length * 2, 64));
      grown.set(node.data.subarray(0, node.size));
      node.data = grown;
    }
    if (offset > node.size) node.data.fill(0, node.size, offset);
    node.data.set(bytes, offset);
    node.size = Math.max(node.size, end);
    node.mtimeMs = this.options.now();
    return node.size;
  }
  readonly read = (path: string, offset: number, length: number): Uint8Array => this.readNode(this.needFile(path), offset, length);
  readonly write = (path: string, offset: number | "end", bytes: Uint8Array): number =>
    this.writeNode(this.needFile(path), offset, bytes, path);
  readonly hold = (path: string): HeldFile => {
    const node = this.needFile(path);
    return {
      read: (offset, length) => this.readNode(node, offset, length),
      write: (offset, bytes) => this.writeNode(node, offset, bytes, path),
      stat: () => this.statOf(node),
    };
  };

  readonly create = (path: string, mode: number, exclusive: boolean): void => {
    const found = this.find(path, true);
    if (found !== undefined) {
      if (exclusive) throw fileError("EEXIST", path);
      if (found.kind === "directory") throw fileError("EISDIR", path);
      return;
    }
    const link = this.find(path, false);
    if (link?.kind === "symlink") {
      const base = link.target.startsWith("/") ? link.target : `${parentOf(path)}/${link.target}`;
      return this.create(lexical(base), mode, exclusive);
    }
    this.add(path, this.inode("file", mode));
  };
  private add(path: string, node: Inode): void {
    const parent = this.needParent(path);
    if (parent.has(nameOf(path))) throw fileError("EEXIST", path);
    parent.set(nameOf(path), node);
  }
  readonly truncate = (path: string, size: number): void => {
    const node = this.needFile(path);
    if (size < node.size) {
      this.charge(size - node.size, path);
      node.data = size === 0 ? noData : node.data.slice(0, size);
      node.size = size;
    } else if (size > node.size) this.writeNode(node, size - 1, new Uint8Array(1), path);
    node.mtimeMs = this.options.now();
  };
  readonly mkdir = (path: string, mode: number): void => {
    if (path === "/") throw fileError("EEXIST", path);
    this.add(path, this.inode("directory", mode));
  };
  readonly mkfifo = (path: string, mode: number): void => this.add(path, this.inode("fifo", mode));
  readonly symlink = (target: string, path: string): void => this.add(path, this.inode("symlink", 0o777, target));
  readonly link = (existing: string, path: string): void => this.add(path, this.need(existing, false));
  readonly readdir = (path: string): readonly string[] => {
    const node = this.need(path);
    if (node.entries === undefined) throw fileError("ENOTDIR", path);
    return [...node.entries.keys()].sort();
  };
  readonly unlink = (path: string): void => {
    const node = this.need(path, false);
    if (node.kind === "directory") throw fileError("EISDIR", path);
    this.needParent(path).delete(nameOf(path));
    this.used -= node.size;
  };
  readonly rmdir = (path: string): void => {
    const node = this.need(path, false);
    if (node.entries === undefined) throw fileError("ENOTDIR", path);
    if (node.entries.size > 0) throw fileError("ENOTEMPTY", path);
    if (path === "/") throw fileError("EPERM", path);
    this.needParent(path).delete(nameOf(path));
  };
  readonly rename = (from: string, to: string): void => {
    const node = this.need(from, false);
    const target = this.find(to, false);
    if (target === node) return;
    if (node.kind === "directory" && (to + "/").startsWith(from + "/")) throw fileError("EINVAL", to);
    if (target !== undefined) {
      if (target.kind === "directory" && node.kind !== "directory") throw fileError("EISDIR", to);
      if (target.kind !== "directory" && node.kind === "directory") throw fileError("ENOTDIR", to);
      if (target.entries !== undefined && target.entries.size > 0) throw fileError("ENOTEMPTY", to);
      this.used -= target.size;
    }
    const destination = this.needParent(to);
    this.needParent(from).delete(nameOf(from));
    destination.set(nameOf(to), node);
  };
  readonly readlink = (path: string): string => {
    const node = this.need(path, false);
    if (node.kind !== "symlink") throw fileError("EINVAL", path);
    return node.target;
  };
  readonly chmod = (path: string, mode: number): void => {
    this.need(path).mode = mode;
  };
  readonly utimes = (path: string, mtimeMs: number): void => {
    this.need(path).mtimeMs = mtimeMs;
  };
}

/** Resolves "." and ".." of a symlink's target against where it stands. */
const lexical = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return "/" + parts.join("/");
};

export const createMemoryFiles = (options: MemoryOptions): Required<FileSystem> => new Memory(options);
