/**
 * Owns the files that a synchronous runtime sees: fetched before it starts, changed in memory, written back in order.
 * Refuses to know which runtime it serves. T1 A path that was not fetched does not exist for the script. T2 Changes reach the real files at
 * every `flush`, in the order they were made. T3 At most `filesMax` files and `bytesMax` bytes are fetched; larger ones answer EFBIG.
 */
import type { Files } from "../../../../ports/files.ts";
import { parentOf, readWhole, resolvePath, statOf, writeWhole } from "../../files/whole.ts";

export const filesMax = 5000;
export const bytesMax = 128 * 1024 * 1024;
const literalsMax = 200;

interface Leaf {
  readonly kind: "file";
  bytes: Uint8Array | undefined;
  mtimeMs: number;
  size: number;
}
interface Branch {
  readonly kind: "directory";
  mtimeMs: number;
}
type Node = Leaf | Branch;
type Change =
  | { readonly type: "write"; readonly path: string }
  | { readonly type: "mkdir" | "unlink" | "rmdir"; readonly path: string }
  | { readonly type: "rename"; readonly path: string; readonly to: string };

/** Thrown with the errno as message. */
export class TreeError extends Error {}
const refuse = (code: string): never => {
  throw new TreeError(code);
};

export interface Tree {
  readonly stat: (path: string) => { readonly kind: "file" | "directory"; readonly size: number; readonly mtimeMs: number };
  readonly read: (path: string) => Uint8Array;
  readonly write: (path: string, bytes: Uint8Array, how: "w" | "a" | "x") => void;
  readonly list: (path: string) => readonly { readonly name: string; readonly kind: "file" | "directory" }[];
  readonly mkdir: (path: string) => void;
  readonly unlink: (path: string) => void;
  readonly rmdir: (path: string) => void;
  readonly rename: (from: string, to: string) => void;
  /** Writes the changes so far to the real files. */
  readonly flush: () => Promise<void>;
}

/** Absolute paths that a text mentions. */
export const mentionedPaths = (texts: readonly string[]): readonly string[] => {
  const found = new Set<string>();
  for (const text of texts) for (const [path] of text.matchAll(/\/(?:runs|folders|tmp)\/[^\s"'`;,|&<>(){}]*/g)) if (found.size < literalsMax) found.add(resolvePath("/", path));
  return [...found];
};

const fetchInto = async (files: Files, root: string, nodes: Map<string, Node>, left: { files: number; bytes: number }): Promise<void> => {
  if (nodes.has(root) || left.files <= 0) return;
  const found = await statOf(files, root);
  if (found === undefined || found.kind === "symlink") return;
  left.files--;
  if (found.kind === "file") {
    const fits = found.size <= left.bytes;
    left.bytes -= fits ? found.size : 0;
    nodes.set(root, { kind: "file", bytes: fits ? await readWhole(files, root) : undefined, mtimeMs: found.mtimeMs, size: found.size });
    return;
  }
  nodes.set(root, { kind: "directory", mtimeMs: found.mtimeMs });
  for (const name of await files.readdir(root)) await fetchInto(files, resolvePath(root, name), nodes, left);
};

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
};

const createTree = (files: Files, nodes: Map<string, Node>, now: () => number): Tree => {
  let changes: Change[] = [];
  const nodeAt = (path: string): Node => nodes.get(path) ?? refuse("ENOENT");
  const leafAt = (path: string): Leaf => {
    const node = nodeAt(path);
    return node.kind === "file" ? node : refuse("EISDIR");
  };
  const inParent = (path: string): void => {
    const parent = nodes.get(parentOf(path));
    if (parent === undefined) refuse("ENOENT");
    else if (parent.kind === "file") refuse("ENOTDIR");
  };
  const children = (path: string): string[] => {
    const prefix = path === "/" ? "/" : `${path}/`;
    return [...nodes.keys()].filter((each) => each.startsWith(prefix) && each !== path && !each.slice(prefix.length).includes("/"));
  };
  const read = (path: string): Uint8Array => leafAt(path).bytes ?? refuse("EFBIG");
  const write = (path: string, bytes: Uint8Array, how: "w" | "a" | "x"): void => {
    const old = nodes.get(path);
    if (old?.kind === "directory") refuse("EISDIR");
    if (old !== undefined && how === "x") refuse("EEXIST");
    if (old === undefined) inParent(path);
    const content = how === "a" && old !== undefined ? joined(read(path), bytes) : bytes;
    nodes.set(path, { kind: "file", bytes: content, mtimeMs: now(), size: content.length });
    changes.push({ type: "write", path });
  };
  const rename = (from: string, to: string): void => {
    const node = nodeAt(from);
    inParent(to);
    for (const path of [...nodes.keys()]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      const moved = nodes.get(path) as Node;
      nodes.delete(path);
      nodes.set(to + path.slice(from.length), moved);
    }
    nodes.set(to, node);
    changes.push({ type: "rename", path: from, to });
  };
  const flush = async (): Promise<void> => {
    const todo = changes;
    changes = [];
    const last = new Map(todo.map((change, at) => [`${change.type}:${change.path}`, at]));
    for (const [at, change] of todo.entries()) {
      if (change.type === "write") {
        const node = nodes.get(change.path);
        const isNewest = last.get(`write:${change.path}`) === at || todo.slice(at).some((each) => each.type === "rename");
        if (isNewest && node?.kind === "file" && node.bytes !== undefined) await writeWhole(files, change.path, node.bytes);
        else if (isNewest) await writeWhole(files, change.path, new Uint8Array(0));
      } else if (change.type === "mkdir") await files.mkdir(change.path, 0o755);
      else if (change.type === "rename") {
        await files.rename(change.path, change.to);
        const node = nodes.get(change.to);
        if (node?.kind === "file" && node.bytes !== undefined) await writeWhole(files, change.to, node.bytes);
      } else await files[change.type](change.path);
    }
  };
  return {
    stat: (path) => {
      const node = nodeAt(path);
      return { kind: node.kind, size: node.kind === "file" ? node.size : 0, mtimeMs: node.mtimeMs };
    },
    read, write, rename, flush,
    list: (path) => {
      if (nodeAt(path).kind === "file") refuse("ENOTDIR");
      return children(path).map((each) => ({ name: each.slice(each.lastIndexOf("/") + 1), kind: (nodes.get(each) as Node).kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    mkdir: (path) => {
      if (nodes.has(path)) refuse("EEXIST");
      inParent(path);
      nodes.set(path, { kind: "directory", mtimeMs: now() });
      changes.push({ type: "mkdir", path });
    },
    unlink: (path) => {
      leafAt(path);
      nodes.delete(path);
      changes.push({ type: "unlink", path });
    },
    rmdir: (path) => {
      if (nodeAt(path).kind === "file") refuse("ENOTDIR");
      if (children(path).length > 0) refuse("ENOTEMPTY");
      nodes.delete(path);
      changes.push({ type: "rmdir", path });
    },
  };
};

/** Fetches `roots` (files, or directories with all below) and their parents by name. */
export const fetchTree = async (files: Files, roots: readonly string[], now: () => number): Promise<Tree> => {
  const nodes = new Map<string, Node>();
  const left = { files: filesMax, bytes: bytesMax };
  for (const root of roots) {
    await fetchInto(files, root, nodes, left);
    for (let at = parentOf(root); !nodes.has(at); at = parentOf(at)) nodes.set(at, { kind: "directory", mtimeMs: 0 });
  }
  return createTree(files, nodes, now);
};
