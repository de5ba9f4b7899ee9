/** Owns a file system in memory: inodes by path, POSIX refusals, every operation at once. */
import type { FileStat, Files } from "../../ports/files.ts";

interface Inode {
  readonly ino: number;
  readonly kind: FileStat["kind"];
  mode: number;
  mtimeMs: number;
  bytes: Uint8Array;
  size: number;
  target: string;
  readonly entries: Map<string, Inode>;
}
/** Symlinks followed on one path. */
const linksMax = 40;

const refuse = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code, path });
const partsOf = (path: string): string[] => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts;
};

export const createMemoryFiles = (now: () => number = () => 0): Files => {
  let lastIno = 0;
  const inode = (kind: FileStat["kind"], mode: number, target = ""): Inode => {
    lastIno += 1;
    return { ino: lastIno, kind, mode, mtimeMs: now(), bytes: new Uint8Array(0), size: 0, target, entries: new Map() };
  };
  const root = inode("directory", 0o755);

  const walk = (path: string, follow: boolean, links = 0): { readonly parent: Inode; readonly name: string; readonly node: Inode | undefined } => {
    if (links > linksMax) throw refuse("ELOOP", path);
    const parts = partsOf(path);
    let parent = root;
    let node: Inode | undefined = root;
    for (let at = 0; at < parts.length; at += 1) {
      if (node === undefined) throw refuse("ENOENT", path);
      if (node.kind !== "directory") throw refuse("ENOTDIR", path);
      parent = node;
      node = parent.entries.get(parts[at]!);
      const last = at === parts.length - 1;
      if (node?.kind === "symlink" && (!last || follow)) {
        const base = node.target.startsWith("/") ? "" : `/${parts.slice(0, at).join("/")}`;
        return walk([`${base}/${node.target}`, ...parts.slice(at + 1)].join("/"), follow, links + 1);
      }
    }
    return { parent, name: parts.at(-1) ?? "", node };
  };
  const find = (path: string, follow = true): Inode => {
    const { node } = walk(path, follow);
    if (node === undefined) throw refuse("ENOENT", path);
    return node;
  };
  const file = (path: string): Inode => {
    const node = find(path);
    if (node.kind === "directory") throw refuse("EISDIR", path);
    return node;
  };
  const add = (path: string, make: () => Inode, exclusive: boolean): Inode => {
    const { parent, name, node } = walk(path, !exclusive);
    if (node !== undefined && exclusive) throw refuse("EEXIST", path);
    if (node !== undefined) return node;
    const made = make();
    parent.entries.set(name, made);
    parent.mtimeMs = now();
    return made;
  };
  const resize = (node: Inode, size: number): void => {
    if (size > node.bytes.length) {
      const grown = new Uint8Array(Math.max(size, node.bytes.length * 2, 64));
      grown.set(node.bytes.subarray(0, node.size));
      node.bytes = grown;
    } else if (size < node.size) node.bytes.fill(0, size, node.size);
    node.size = size;
    node.mtimeMs = now();
  };
  const detach = (path: string, check: (node: Inode) => void): Inode => {
    const { parent, name, node } = walk(path, false);
    if (node === undefined) throw refuse("ENOENT", path);
    check(node);
    parent.entries.delete(name);
    parent.mtimeMs = now();
    return node;
  };
  const isBelow = (node: Inode, other: Inode): boolean =>
    node === other || [...node.entries.values()].some((entry) => entry.kind === "directory" && isBelow(entry, other));

  return {
    stat: (path, follow = true) => {
      const { kind, size, mode, mtimeMs, ino, target } = find(path, follow);
      return { kind, size: kind === "symlink" ? target.length : size, mode, mtimeMs, ino };
    },
    read: (path, offset, length) => {
      const node = file(path);
      return node.bytes.slice(Math.min(offset, node.size), Math.min(offset + length, node.size));
    },
    write: (path, offset, bytes) => {
      const node = file(path);
      const at = offset === "end" ? node.size : offset;
      if (at + bytes.length > node.size) resize(node, at + bytes.length);
      node.bytes.set(bytes, at);
      node.mtimeMs = now();
      return node.size;
    },
    create: (path, mode, exclusive) => {
      const node = add(path, () => inode("file", mode), exclusive);
      if (node.kind === "directory") throw refuse("EISDIR", path);
    },
    truncate: (path, size) => resize(file(path), size),
    mkdir: (path, mode) => void add(path, () => inode("directory", mode), true),
    readdir: (path) => {
      const node = find(path);
      if (node.kind !== "directory") throw refuse("ENOTDIR", path);
      return [...node.entries.keys()].sort();
    },
    unlink: (path) =>
      void detach(path, (node) => {
        if (node.kind === "directory") throw refuse("EISDIR", path);
      }),
    rmdir: (path) =>
      void detach(path, (node) => {
        if (node.kind !== "directory") throw refuse("ENOTDIR", path);
        if (node.entries.size > 0) throw refuse("ENOTEMPTY", path);
      }),
    rename: (from, to) => {
      const source = find(from, false);
      const target = walk(to, false);
      if (target.node === source) return;
      if (source.kind === "directory" && isBelow(source, target.parent)) throw refuse("EINVAL", to);
      if (target.node?.kind === "directory" && source.kind !== "directory") throw refuse("EISDIR", to);
      if (target.node !== undefined && target.node.kind !== "directory" && source.kind === "directory") throw refuse("ENOTDIR", to);
      if (target.node?.kind === "directory" && target.node.entries.size > 0) throw refuse("ENOTEMPTY", to);
      detach(from, () => undefined);
      target.parent.entries.set(target.name, source);
      target.parent.mtimeMs = now();
    },
    symlink: (target, path) => void add(path, () => inode("symlink", 0o777, target), true),
    readlink: (path) => {
      const node = find(path, false);
      if (node.kind !== "symlink") throw refuse("EINVAL", path);
      return node.target;
    },
    chmod: (path, mode) => {
      find(path).mode = mode;
    },
    utimes: (path, mtimeMs) => {
      find(path).mtimeMs = mtimeMs;
    },
    removeTree: (path) => {
      const parts = partsOf(path);
      try {
        const { parent, name, node } = walk(path, false);
        if (node !== undefined && parts.length > 0) parent.entries.delete(name);
      } catch (error) {
        if ((error as { code?: string }).code !== "ENOENT" && (error as { code?: string }).code !== "ENOTDIR") throw error;
      }
    },
  };
};
