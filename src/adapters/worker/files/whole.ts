/** Owns whole-file work over the positional `Files` port: read, write, make directories, paths. */
import type { FileStat, Files } from "../../../ports/files.ts";

const chunkBytes = 1024 * 1024;
const codeOf = (error: unknown): string => (error as { readonly code?: string } | null)?.code ?? "";

/** Absolute path of `path` seen from `base`; "." and ".." are resolved by text. */
export const resolvePath = (base: string, path: string): string => {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${base}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
};
export const parentOf = (path: string): string => resolvePath(path, "..");
export const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

export const statOf = async (files: Files, path: string): Promise<FileStat | undefined> => {
  try {
    return await files.stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
};
export const isDirectory = async (files: Files, path: string): Promise<boolean> => (await statOf(files, path))?.kind === "directory";

/** Makes a directory and its parents; one that exists is fine. */
export const makeDirectories = async (files: Files, path: string): Promise<void> => {
  if (path === "/" || (await isDirectory(files, path))) return;
  await makeDirectories(files, parentOf(path));
  try {
    await files.mkdir(path, 0o755);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
};

/** All bytes of a file, at most `bytesMax` of them. */
export const readWhole = async (files: Files, path: string, bytesMax = Number.POSITIVE_INFINITY): Promise<Uint8Array> => {
  const { size } = await files.stat(path);
  const wanted = Math.min(size, bytesMax);
  const whole = new Uint8Array(wanted);
  let at = 0;
  while (at < wanted) {
    const piece = await files.read(path, at, Math.min(chunkBytes, wanted - at));
    if (piece.length === 0) break;
    whole.set(piece, at);
    at += piece.length;
  }
  return whole.subarray(0, at);
};
export const readTextFile = async (files: Files, path: string): Promise<string> => new TextDecoder().decode(await readWhole(files, path));

/** Makes the file if it is absent. */
export const ensureFile = async (files: Files, path: string, mode = 0o644): Promise<void> => {
  await files.create(path, mode, false);
};
/** Directories and empty files with all their parents, where absent: in one call where the file system has one. */
export const provide = async (files: Files, directories: readonly string[], empty: readonly string[] = []): Promise<void> => {
  if (files.provide !== undefined) return files.provide(directories, empty);
  for (const path of directories) await makeDirectories(files, path);
  for (const path of empty) {
    await makeDirectories(files, parentOf(path));
    await ensureFile(files, path);
  }
};
/** Replaces the content; parents must exist. */
export const writeWhole = async (files: Files, path: string, bytes: Uint8Array, mode = 0o644): Promise<void> => {
  await ensureFile(files, path, mode);
  await files.truncate(path, 0);
  for (let at = 0; at < bytes.length; at += chunkBytes) await files.write(path, "end", bytes.subarray(at, at + chunkBytes));
};
/** `path` below the first of these directories that has it as a file. */
export const findFile = async (files: Files, path: string, bases: readonly string[]): Promise<string | undefined> => {
  for (const base of bases) {
    const full = resolvePath(base, path);
    if ((await statOf(files, full))?.kind === "file") return full;
  }
  return undefined;
};
