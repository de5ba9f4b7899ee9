/**
 * Owns one Python program in Pyodide: a fresh interpreter, the run's files copied in and changes copied back, output as it comes.
 * Refuses to know shells and steps. Not bundled with the other kinds: a root that wants Python hands `runPython` to its thread.
 *
 * PY1 Nothing of ours is importable: the `js` and `pyodide_js` modules are gone before the program starts. PY2 The interpreter looks at the
 * clock by itself, so an endless loop ends at the deadline. PY3 Memory stops growing at `memoryBytesMax` (MemoryError).
 */
import { loadPyodide, type PyodideAPI } from "pyodide";
import type { Assets } from "../../../../ports/assets.ts";
import type { Files } from "../../../../ports/files.ts";
import { isDirectory, makeDirectories, parentOf, writeWhole } from "../../files/whole.ts";
import type { PythonExit, PythonProgram } from "../../kind.ts";
import { capMemory } from "../memory-cap.ts";
import { fetchTree, mentionedPaths, type Tree } from "../js/tree.ts";
import { prelude } from "./prelude.ts";

export const memoryBytesMax = 768 * 1024 * 1024;

export interface PythonWorld {
  readonly files: Files;
  readonly assets: Assets;
  readonly now: () => number;
}
/** How the runtime's own files are found; the thread's root knows. */
export type PythonLoader = (assets: Assets) => Promise<Parameters<typeof loadPyodide>[0]>;

type FileSystem = PyodideAPI["FS"];

const isFolder = (fs: FileSystem, path: string): boolean => fs.isDir(fs.stat(path).mode) as boolean;
const exists = (fs: FileSystem, path: string): boolean => fs.analyzePath(path).exists as boolean;
/** Files below `root` in the interpreter, directories first. */
const walk = (fs: FileSystem, root: string, found: string[] = []): string[] => {
  found.push(root);
  if (isFolder(fs, root)) for (const name of fs.readdir(root) as string[]) if (name !== "." && name !== "..") walk(fs, `${root === "/" ? "" : root}/${name}`, found);
  return found;
};
const copyIn = (fs: FileSystem, tree: Tree, path: string): void => {
  const found = tree.stat(path);
  if (found.kind === "file") {
    fs.writeFile(path, tree.read(path));
    return;
  }
  fs.mkdirTree(path);
  for (const child of tree.list(path)) copyIn(fs, tree, `${path === "/" ? "" : path}/${child.name}`);
};
const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);
const before = (tree: Tree, path: string): Uint8Array | undefined => {
  try {
    return tree.read(path);
  } catch {
    return undefined; // New, or a directory.
  }
};
/** Writes what changed below the roots; what is gone is removed. */
const copyBack = async (fs: FileSystem, tree: Tree, files: Files, roots: readonly string[]): Promise<void> => {
  for (const root of roots) {
    if (!exists(fs, root)) continue;
    for (const path of walk(fs, root)) {
      if (isFolder(fs, path)) {
        await makeDirectories(files, path);
        continue;
      }
      const bytes = fs.readFile(path) as Uint8Array;
      const old = before(tree, path);
      if (old !== undefined && isSame(old, bytes)) continue;
      await makeDirectories(files, parentOf(path));
      await writeWhole(files, path, bytes);
    }
    for (const path of pathsBelow(tree, root)) if (!exists(fs, path)) await files.unlink(path);
  }
};
const pathsBelow = (tree: Tree, root: string): readonly string[] => {
  try {
    return tree.stat(root).kind === "file" ? [root] : tree.list(root).flatMap((child) => pathsBelow(tree, `${root}/${child.name}`));
  } catch {
    return []; // The root did not exist.
  }
};

/** Refuses memory past the cap while `work` runs. */
const withMemoryCap = async <T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly isSpent: boolean }> => {
  let isSpent = false;
  const uncap = capMemory(memoryBytesMax, () => {
    isSpent = true;
  });
  try {
    return { value: await work(), isSpent };
  } finally {
    uncap();
  }
};

const connect = (python: PyodideAPI, program: PythonProgram): void => {
  let at = 0;
  python.setStdin({
    read: (buffer: Uint8Array) => {
      const piece = program.stdin.subarray(at, at + buffer.length);
      buffer.set(piece);
      at += piece.length;
      return piece.length;
    },
    isatty: false,
  });
  const write = (sink: PythonProgram["stdout"]) => (buffer: Uint8Array): number => {
    void sink.write(buffer.slice());
    return buffer.length;
  };
  python.setStdout({ write: write(program.stdout), isatty: false });
  python.setStderr({ write: write(program.stderr), isatty: false });
};

/** Folders whose wheels are installed: beside the script, where it works, in the DAG's own folder; each also with `wheels` below. */
const wheelPlaces = ({ cwd, file, folder, env }: PythonProgram): readonly string[] =>
  [file.startsWith("/") ? parentOf(file) : cwd, cwd, env.get("DAG_RUN_WORK_DIR"), folder].flatMap((place) => (place === undefined ? [] : [place, `${place}/wheels`]));
/** Wheels in the DAG's own folder, which is not copied as a whole. */
const ownWheels = async (files: Files, folder: string | undefined): Promise<readonly string[]> => {
  if (folder === undefined || !(await isDirectory(files, folder))) return [];
  const names = await files.readdir(folder);
  return names.filter((name) => name.endsWith(".whl") || name === "wheels").map((name) => `${folder}/${name}`);
};

const rootsOf = (program: PythonProgram): readonly string[] => {
  const named = ["DAG_RUN_WORK_DIR", "DAG_RUN_ARTIFACTS_DIR"].flatMap((name) => program.env.get(name) ?? []);
  return [...new Set([program.cwd, ...(program.file.startsWith("/") ? [parentOf(program.file)] : []), ...named, ...mentionedPaths([program.source, ...program.argv, ...program.env.values()])])];
};

interface Ready {
  readonly python: PyodideAPI;
  readonly tree: Tree;
  readonly roots: readonly string[];
}
const perform = async ({ python, tree, roots }: Ready, program: PythonProgram, world: PythonWorld): Promise<number> => {
  const fs = python.FS;
  for (const root of roots) {
    fs.mkdirTree(parentOf(root));
    if (hasPath(tree, root)) copyIn(fs, tree, root);
  }
  fs.chdir(program.cwd);
  connect(python, program);
  for (const name of ["js", "pyodide_js"]) python.unregisterJsModule(name);
  const start = python.runPython(prelude) as (source: string, file: string, argv: readonly string[], env: readonly (readonly [string, string])[], places: readonly string[]) => number;
  const mustStop = (): boolean => program.signal.aborted || world.now() > program.deadlineMs;
  python.setInterruptBuffer(clockBuffer(mustStop, world.now));
  try {
    return start(program.source, program.file, program.argv, [...program.env], wheelPlaces(program));
  } finally {
    python.setInterruptBuffer(undefined as never);
    await copyBack(fs, tree, world.files, roots);
  }
};
const hasPath = (tree: Tree, path: string): boolean => {
  try {
    tree.stat(path);
    return true;
  } catch {
    return false; // Nothing there yet: the program may make it.
  }
};
/** Between two interrupts the program may print its traceback and clean up. */
const interruptMs = 300;
/** Looks like the shared byte that another thread would set: 2 (interrupt) once it must stop, and again until it has. */
const clockBuffer = (mustStop: () => boolean, now: () => number): Int32Array => {
  let last = Number.NEGATIVE_INFINITY;
  const signal = (): number => {
    if (!mustStop() || now() - last < interruptMs) return 0;
    last = now();
    return 2;
  };
  return new Proxy(new Int32Array(1), { get: (target, key) => (key === "0" ? signal() : Reflect.get(target, key)), set: () => true });
};

/** Makes the runner of a thread. */
export const createPython = (world: PythonWorld, loader: PythonLoader) => async (program: PythonProgram): Promise<PythonExit> => {
  const roots = [...new Set([...rootsOf(program), ...(await ownWheels(world.files, program.folder))])];
  const tree = await fetchTree(world.files, roots, world.now);
  const { value, isSpent } = await withMemoryCap(async () => perform({ python: await loadPyodide(await loader(world.assets)), tree, roots }, program, world));
  return { exitCode: value, ...(isSpent && value !== 0 ? { limit: `memory ${memoryBytesMax} bytes` } : {}) };
};
