/**
 * Owns the `Files` port over two devices: a log of changes to the tree, and blocks of bytes. Every operation answers at once and is in the
 * log before it answers, so a killed tab finds what it was told. The log is written anew when it is mostly history.
 */
import type { FileStat, Files } from "../../ports/files.ts";
import { blockBytes, createBlocks, type Blocks } from "./blocks.ts";
import type { Device, Devices } from "./device.ts";
import { createTree, partsOf, refuse, type Change, type Inode, type Tree } from "./tree.ts";

export interface DiskFiles extends Files {
  /** Bytes on the device, and entries of the log. */
  readonly usage: () => { readonly bytes: number; readonly logBytes: number };
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}
/** The log is rewritten at start when it is larger than this and `historyRatio` times what the tree needs. */
const logBytesMin = 1 << 20;
const historyRatio = 4;
const encoder = new TextEncoder();

export const openDiskFiles = async (devices: Devices, now: () => number): Promise<DiskFiles> => {
  const logs = await openLog(devices);
  const data = await devices.open("blocks");
  const blocks = createBlocks(data);
  let isReplaying = true;
  const tree = createTree(now, (change) => void (isReplaying || logs.append(change)));
  logs.replay(tree.replay);
  isReplaying = false;
  for (const node of tree.files()) node.blocks.forEach(blocks.claim);
  blocks.settle();
  if (logs.size() > logBytesMin) await logs.compact(tree);
  return {
    ...logged(filesOf(tree, blocks, now), logs.write),
    usage: () => ({ bytes: blocks.used(), logBytes: logs.size() }),
    flush: async () => {
      await data.flush();
      await logs.flush();
    },
    close: async () => {
      await data.close();
      await logs.close();
    },
  };
};

/** What an operation changed goes to the log in one write before it answers, also when it was refused half way. */
const logged = (files: Files, write: () => void): Files => {
  const wrap = (work: (...values: readonly unknown[]) => unknown) => (...values: readonly unknown[]): unknown => {
    try {
      return work(...values);
    } finally {
      write();
    }
  };
  return Object.fromEntries(Object.entries(files).map(([name, work]) => [name, wrap(work as (...values: readonly unknown[]) => unknown)])) as unknown as Files;
};

interface Log {
  readonly append: (change: Change) => void;
  /** Writes what was appended. */
  readonly write: () => void;
  readonly replay: (take: (change: Change) => void) => void;
  readonly compact: (tree: Tree) => Promise<void>;
  readonly size: () => number;
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}
/** Two devices take turns: the one whose first line is complete and names the higher generation holds. */
const openLog = async (devices: Devices): Promise<Log> => {
  const both = [await devices.open("tree-0"), await devices.open("tree-1")] as const;
  const generations = both.map(generationOf);
  let current = generations[1]! > generations[0]! ? 1 : 0;
  let generation = Math.max(...generations, 0);
  const start = (device: Device): void => {
    if (device.size() === 0) device.write(0, encoder.encode(`{"generation":${generation}}\n`));
  };
  start(both[current]!);
  let end = cutTail(both[current]!);
  let waiting = "";
  return {
    append: (change) => {
      waiting += `${JSON.stringify(change)}\n`;
    },
    write: () => {
      if (waiting === "") return;
      const lines = encoder.encode(waiting);
      both[current]!.write(end, lines);
      waiting = "";
      end += lines.length;
    },
    replay: (take) => {
      const bytes = new Uint8Array(end);
      both[current]!.read(0, bytes);
      const lines = new TextDecoder().decode(bytes).split("\n");
      for (const line of lines.slice(1)) if (line !== "") take(JSON.parse(line) as Change);
    },
    compact: async (tree) => {
      const parts: string[] = [];
      for (const change of tree.changes()) parts.push(JSON.stringify(change));
      const body = encoder.encode(`${parts.join("\n")}${parts.length > 0 ? "\n" : ""}`);
      if (body.length * historyRatio > end) return;
      const other = both[1 - current]!;
      const first = encoder.encode(`{"generation":${generation + 1}}\n`);
      other.truncate(0);
      other.write(first.length, body);
      await other.flush();
      other.write(0, first);
      await other.flush();
      both[current]!.truncate(0);
      current = 1 - current;
      generation += 1;
      end = first.length + body.length;
    },
    size: () => end,
    flush: () => both[current]!.flush(),
    close: async () => {
      for (const device of both) await device.close();
    },
  };
};
const generationOf = (device: Device): number => {
  const first = new Uint8Array(Math.min(64, device.size()));
  device.read(0, first);
  const found = /^\{"generation":(\d+)\}\n/.exec(new TextDecoder().decode(first));
  return found === null ? -1 : Number(found[1]);
};
/** A line that a crash cut off is as if it had never been written. Answers where the log ends. */
const cutTail = (device: Device): number => {
  const size = device.size();
  const window = new Uint8Array(Math.min(size, 1 << 20));
  device.read(size - window.length, window);
  const end = size - window.length + window.lastIndexOf(10) + 1;
  if (end < size) device.truncate(end);
  return end;
};

const filesOf = (tree: Tree, blocks: Blocks, now: () => number): Files => {
  /** A log file is there as soon as somebody asks for it: no step has to make one that it never writes to. */
  const find = (path: string, follow = true): Inode => {
    if (isLog(path) && isAbsent(tree, path)) provide([], [path]);
    return tree.find(path, follow);
  };
  const file = (path: string): Inode => {
    const node = find(path);
    if (node.kind === "directory") throw refuse("EISDIR", path);
    return node;
  };
  const add = (path: string, exclusive: boolean, make: () => Inode): Inode => {
    const { parent, name, node } = tree.walk(path, !exclusive);
    if (node !== undefined && exclusive) throw refuse("EEXIST", path);
    if (node !== undefined) return node;
    const made = make();
    tree.link(parent, name, made);
    return made;
  };
  const directory = (path: string): void => {
    const parts = partsOf(path);
    for (let n = 1; n <= parts.length; n += 1) {
      const { parent, name, node } = tree.walk(`/${parts.slice(0, n).join("/")}`, true);
      if (node === undefined) tree.link(parent, name, tree.make("directory", 0o755));
    }
  };
  const provide = (directories: readonly string[], files: readonly string[]): void => {
    for (const path of directories) directory(path);
    for (const path of files) {
      directory(path.slice(0, path.lastIndexOf("/")));
      add(path, false, () => tree.make("file", 0o644));
    }
  };
  const free = (node: Inode): void => {
    if (node.kind === "file") blocks.release(node.blocks);
    for (const entry of node.entries.values()) free(entry);
  };
  const detach = (path: string, check: (node: Inode) => void): void => {
    const { parent, name, node } = tree.walk(path, false);
    if (node === undefined) throw refuse("ENOENT", path);
    check(node);
    tree.unlink(parent, name);
    free(node);
  };
  return {
    stat: (path, follow = true) => statOf(find(path, follow)),
    read: (path, offset, length) => {
      const node = file(path);
      const from = Math.min(offset, node.size);
      const into = new Uint8Array(Math.min(length, node.size - from));
      blocks.read(node.blocks, from, into);
      return into;
    },
    write: (path, offset, bytes) => {
      const node = file(path);
      const at = offset === "end" ? node.size : offset;
      const from = Math.floor(Math.min(at, node.blocks.length * blockBytes) / blockBytes);
      if (bytes.length > 0) spaceFor(path, () => writeAt(blocks, node, at, bytes));
      node.mtimeMs = now();
      tree.sized(node, from);
      return node.size;
    },
    create: (path, mode, exclusive) => {
      if (add(path, exclusive, () => tree.make("file", mode)).kind === "directory") throw refuse("EISDIR", path);
    },
    truncate: (path, size) => {
      const node = file(path);
      if (size < node.size) {
        const kept = Math.ceil(size / blockBytes);
        blocks.release(node.blocks.splice(kept));
        if (size % blockBytes !== 0 && node.blocks.length === kept) spaceFor(path, () => blocks.write(node.blocks, size, new Uint8Array(kept * blockBytes - size)));
      }
      node.size = size;
      node.mtimeMs = now();
      tree.sized(node, Math.min(node.blocks.length, Math.floor(size / blockBytes)));
    },
    mkdir: (path, mode) => void add(path, true, () => tree.make("directory", mode)),
    readdir: (path) => {
      const node = tree.find(path);
      if (node.kind !== "directory") throw refuse("ENOTDIR", path);
      return [...node.entries.keys()].sort();
    },
    unlink: (path) =>
      detach(path, (node) => {
        if (node.kind === "directory") throw refuse("EISDIR", path);
      }),
    rmdir: (path) =>
      detach(path, (node) => {
        if (node.kind !== "directory") throw refuse("ENOTDIR", path);
        if (node.entries.size > 0) throw refuse("ENOTEMPTY", path);
      }),
    rename: (from, to) => rename(tree, { from, to }, free),
    symlink: (target, path) => void add(path, true, () => tree.make("symlink", 0o777, target)),
    readlink: (path) => {
      const node = tree.find(path, false);
      if (node.kind !== "symlink") throw refuse("EINVAL", path);
      return node.target;
    },
    chmod: (path, mode) => {
      const node = tree.find(path);
      node.mode = mode;
      tree.moded(node);
    },
    utimes: (path, mtimeMs) => {
      const node = tree.find(path);
      node.mtimeMs = mtimeMs;
      tree.moded(node);
    },
    provide,
    removeTree: (path) => {
      if (partsOf(path).length === 0) return;
      try {
        detach(path, () => undefined);
      } catch (error) {
        const { code } = error as { readonly code?: string };
        if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
      }
    },
  };
};

const isLog = (path: string): boolean => /^\/runs\/[^/]+\/logs\/\d+\/[^/]+\.(out|err)$/.test(path);
const isAbsent = (tree: Tree, path: string): boolean => {
  try {
    return tree.walk(path, true).node === undefined;
  } catch (error) {
    if ((error as { readonly code?: string }).code === "ENOENT") return true;
    throw error;
  }
};
const statOf = ({ kind, size, mode, mtimeMs, ino }: Inode): FileStat => ({ kind, size, mode, mtimeMs, ino });
/** A gap between the old end and `at` reads as zeros: the tail of the last block is zero already, whole blocks become holes. */
const writeAt = (blocks: Blocks, node: Inode, at: number, bytes: Uint8Array): void => {
  blocks.write(node.blocks, at, bytes);
  node.size = Math.max(node.size, at + bytes.length);
};
const spaceFor = (path: string, work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (error instanceof DOMException && error.name === "QuotaExceededError") throw refuse("ENOSPC", path);
    throw error;
  }
};
const isWithin = (node: Inode, other: Inode): boolean =>
  node === other || [...node.entries.values()].some((entry) => entry.kind === "directory" && isWithin(entry, other));
const rename = (tree: Tree, { from, to }: { readonly from: string; readonly to: string }, free: (node: Inode) => void): void => {
  const source = tree.walk(from, false);
  const target = tree.walk(to, false);
  if (source.node === undefined) throw refuse("ENOENT", from);
  if (target.node === source.node) return;
  const { node } = source;
  if (node.kind === "directory" && isWithin(node, target.parent)) throw refuse("EINVAL", to);
  if (target.node?.kind === "directory" && node.kind !== "directory") throw refuse("EISDIR", to);
  if (target.node !== undefined && target.node.kind !== "directory" && node.kind === "directory") throw refuse("ENOTDIR", to);
  if (target.node?.kind === "directory" && target.node.entries.size > 0) throw refuse("ENOTEMPTY", to);
  tree.link(target.parent, target.name, node);
  tree.unlink(source.parent, source.name);
  if (target.node !== undefined) free(target.node);
};
