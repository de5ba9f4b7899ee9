/** Owns the commands about a DAG's folder and a run's artifacts. Paths are relative to them and never leave them. */
import { runId } from "../../core/base/brand.ts";
import { artifactsPath, folderPath, type Files } from "../../ports/files.ts";
import type { Store } from "../../ports/store.ts";
import { CommandError, type Commands } from "../commands.ts";
import { existing } from "./dags.ts";

export type FileCommands = Pick<Commands, "putFile" | "getFile" | "deleteFile" | "renameFile" | "files" | "artifacts" | "artifact">;
export interface FileEntry {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}
const chunkBytes = 1 << 20;
/** Entries of one listing. */
const entriesMax = 20_000;
const wordsByErrno: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["not_found", "no such file"],
  ENOTDIR: ["not_found", "a part of the path is a file"],
  EISDIR: ["bad_path", "that is a folder"],
  EEXIST: ["exists", "there is a file of that name already"],
  ENOSPC: ["quota", "the browser's storage is full"],
  ENAMETOOLONG: ["bad_path", "a name in the path is too long"],
};

/** `files` answers the file system of whichever tab drives. */
export const createFileCommands = ({ store, files }: { readonly store: Store; readonly files: () => Files }): FileCommands => {
  const inFolder = async (dag: string, path = ""): Promise<string> => {
    const { id } = await store.transact((tx) => existing(tx, dag), { readonly: true });
    return below(folderPath(id), path);
  };
  const known = async (run: string): Promise<string> => {
    if ((await store.transact((tx) => tx.run(runId(run)), { readonly: true })) === undefined) throw new CommandError("not_found", `run ${run} not found`);
    return run;
  };
  return {
    putFile: async (dag, path, data) => {
      const target = await inFolder(dag, path);
      if (typeof data !== "string" && !(data instanceof Uint8Array)) throw new CommandError("bad_request", "a file is text or a Uint8Array");
      await told(async () => writeWhole(files(), target, typeof data === "string" ? new TextEncoder().encode(data) : data));
    },
    getFile: async (dag, path) => {
      const target = await inFolder(dag, path);
      return told(() => readWhole(files(), target));
    },
    deleteFile: async (dag, path) => {
      const target = await inFolder(dag, path);
      await told(async () => {
        const { kind } = await files().stat(target, false);
        if (kind === "directory") await files().removeTree(target);
        else await files().unlink(target);
      });
    },
    renameFile: async (dag, from, to) => {
      const [source, target] = [await inFolder(dag, from), await inFolder(dag, to)];
      await told(async () => {
        if (await exists(files(), target)) throw Object.assign(new Error(to), { code: "EEXIST" });
        await makeParents(files(), target);
        await files().rename(source, target);
      });
    },
    files: async (dag) => {
      const root = await inFolder(dag);
      return told(() => listTree(files(), root));
    },
    artifacts: async (run) => {
      const root = artifactsPath(await known(run));
      return (await told(() => listTree(files(), root))).map(({ path, size }) => ({ path, size }));
    },
    artifact: async (run, path) => {
      const target = below(artifactsPath(await known(run)), path);
      return told(() => readWhole(files(), target));
    },
  };
};

const below = (root: string, path: string): string => {
  if (typeof path !== "string") throw new CommandError("bad_path", "a path is text");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..") || path.includes("\u0000")) throw new CommandError("bad_path", `${path} leaves the folder`);
  return [root, ...parts].join("/");
};
const told = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const [code, words] = wordsByErrno[(error as { readonly code?: string }).code ?? ""] ?? [];
    if (code === undefined) throw error;
    throw new CommandError(code, `${words}: ${(error as { readonly path?: string }).path ?? ""}`);
  }
};

export const exists = async (files: Files, path: string): Promise<boolean> => {
  try {
    await files.stat(path, false);
    return true;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw error;
  }
};
export const makeParents = async (files: Files, path: string): Promise<void> => {
  const parts = path.split("/").filter((part) => part !== "");
  for (let n = 1; n < parts.length; n += 1) {
    const parent = `/${parts.slice(0, n).join("/")}`;
    if (!(await exists(files, parent))) await files.mkdir(parent, 0o755);
  }
};
export const writeWhole = async (files: Files, path: string, bytes: Uint8Array): Promise<void> => {
  await makeParents(files, path);
  await files.create(path, 0o644, false);
  for (let at = 0; at < bytes.length; at += chunkBytes) await files.write(path, at, bytes.subarray(at, at + chunkBytes));
  await files.truncate(path, bytes.length);
};
export const readWhole = async (files: Files, path: string): Promise<Uint8Array> => {
  const { size, kind } = await files.stat(path);
  if (kind === "directory") throw Object.assign(new Error(path), { code: "EISDIR", path });
  const whole = new Uint8Array(size);
  for (let at = 0; at < size; at += chunkBytes) whole.set(await files.read(path, at, Math.min(chunkBytes, size - at)), at);
  return whole;
};
/** Regular files below `root` by path; absent root = none. Symlinks are not followed. */
export const listTree = async (files: Files, root: string): Promise<FileEntry[]> => {
  if (!(await exists(files, root))) return [];
  const found: FileEntry[] = [];
  const todo = [""];
  for (let folder = todo.shift(); folder !== undefined && found.length < entriesMax; folder = todo.shift()) {
    for (const name of await files.readdir(`${root}/${folder}`)) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const { kind, size, mtimeMs } = await files.stat(`${root}/${path}`, false);
      if (kind === "directory") todo.push(path);
      else if (kind === "file") found.push({ path, size, mtimeMs });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
};
