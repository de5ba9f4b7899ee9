/**
 * Owns the tree of names and inodes, in memory, and POSIX's refusals. Every change is told to `record` as one small array, from which
 * `replay` makes the same tree again. Refuses to know bytes: a file has a size and blocks that others fill.
 */
import type { FileStat } from "../../ports/files.ts";

export interface Inode {
  readonly ino: number;
  readonly kind: FileStat["kind"];
  mode: number;
  mtimeMs: number;
  size: number;
  readonly target: string;
  readonly entries: Map<string, Inode>;
  readonly blocks: number[];
}
/** n: inode; l: name in directory; u: no longer; s: size and blocks from an index on; m: mode and time. */
export type Change =
  | readonly ["n", number, FileStat["kind"], number, number, string]
  | readonly ["l", number, string, number]
  | readonly ["u", number, string]
  | readonly ["s", number, number, number, number, readonly number[]]
  | readonly ["m", number, number, number];

/** Symlinks followed on one path. */
const linksMax = 40;
const nameBytesMax = 255;

export const refuse = (code: string, path: string): Error => Object.assign(new Error(`${code}: ${path}`), { code, path });
export const partsOf = (path: string): string[] => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return parts;
};
export interface Found {
  readonly parent: Inode;
  readonly name: string;
  readonly node: Inode | undefined;
}
export interface Tree {
  readonly walk: (path: string, follow: boolean) => Found;
  /** Throws ENOENT. */
  readonly find: (path: string, follow?: boolean) => Inode;
  readonly make: (kind: FileStat["kind"], mode: number, target?: string) => Inode;
  readonly link: (parent: Inode, name: string, node: Inode) => void;
  readonly unlink: (parent: Inode, name: string) => void;
  /** Says that size, time or blocks (from this index on) have changed. */
  readonly sized: (node: Inode, fromBlock: number) => void;
  readonly moded: (node: Inode) => void;
  readonly replay: (change: Change) => void;
  /** The shortest list of changes that makes this tree. */
  readonly changes: () => Generator<Change>;
  readonly files: () => Generator<Inode>;
}

export const createTree = (now: () => number, record: (change: Change) => void): Tree => {
  let lastIno = 1;
  const plain = ([, ino, kind, mode, mtimeMs, target]: Extract<Change, readonly ["n", ...unknown[]]>): Inode => ({
    ino, kind, mode, mtimeMs, size: kind === "symlink" ? new TextEncoder().encode(target).length : 0, target, entries: new Map(), blocks: [],
  });
  const root = plain(["n", 1, "directory", 0o755, now(), ""]);
  const known = new Map<number, Inode>([[1, root]]);

  const walk = (path: string, follow: boolean, links = 0): Found => {
    if (links > linksMax) throw refuse("ELOOP", path);
    const parts = partsOf(path);
    let parent = root;
    let node: Inode | undefined = root;
    for (let at = 0; at < parts.length; at += 1) {
      if (node === undefined) throw refuse("ENOENT", path);
      if (node.kind !== "directory") throw refuse("ENOTDIR", path);
      if (parts[at]!.length > nameBytesMax) throw refuse("ENAMETOOLONG", path);
      parent = node;
      node = parent.entries.get(parts[at]!);
      const isLast = at === parts.length - 1;
      if (node?.kind === "symlink" && (!isLast || follow)) {
        const base = node.target.startsWith("/") ? "" : `/${parts.slice(0, at).join("/")}`;
        return walk([`${base}/${node.target}`, ...parts.slice(at + 1)].join("/"), follow, links + 1);
      }
    }
    return { parent, name: parts.at(-1) ?? "", node };
  };
  const link = (parent: Inode, name: string, node: Inode): void => {
    parent.entries.set(name, node);
    parent.mtimeMs = now();
    record(["l", parent.ino, name, node.ino]);
  };
  const unlink = (parent: Inode, name: string): void => {
    parent.entries.delete(name);
    parent.mtimeMs = now();
    record(["u", parent.ino, name]);
  };
  function* below(node: Inode): Generator<readonly [Inode, string, Inode]> {
    const todo = [node];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      for (const [name, child] of next.entries) {
        yield [next, name, child];
        if (child.kind === "directory") todo.push(child);
      }
    }
  }
  return {
    walk,
    find: (path, follow = true) => {
      const { node } = walk(path, follow);
      if (node === undefined) throw refuse("ENOENT", path);
      return node;
    },
    make: (kind, mode, target = "") => {
      lastIno += 1;
      const change = ["n", lastIno, kind, mode, now(), target] as const;
      record(change);
      return plain(change);
    },
    link,
    unlink,
    sized: (node, from) => record(["s", node.ino, node.size, node.mtimeMs, from, node.blocks.slice(from)]),
    moded: (node) => record(["m", node.ino, node.mode, node.mtimeMs]),
    replay: (change) => {
      if (change[0] === "n") {
        lastIno = Math.max(lastIno, change[1]);
        known.set(change[1], plain(change));
        return;
      }
      const node = known.get(change[1]);
      if (node === undefined) return;
      if (change[0] === "l") {
        const child = known.get(change[3]);
        if (child !== undefined) node.entries.set(change[2], child);
      } else if (change[0] === "u") node.entries.delete(change[2]);
      else if (change[0] === "s") {
        node.size = change[2];
        node.mtimeMs = change[3];
        node.blocks.length = Math.min(node.blocks.length, change[4]);
        node.blocks.push(...change[5]);
      } else {
        node.mode = change[2];
        node.mtimeMs = change[3];
      }
    },
    changes: function* () {
      for (const [parent, name, node] of below(root)) {
        yield ["n", node.ino, node.kind, node.mode, node.mtimeMs, node.target];
        if (node.size > 0 && node.kind === "file") yield ["s", node.ino, node.size, node.mtimeMs, 0, node.blocks];
        yield ["l", parent.ino, name, node.ino];
      }
    },
    files: function* () {
      for (const [, , node] of below(root)) if (node.kind === "file") yield node;
    },
  };
};
