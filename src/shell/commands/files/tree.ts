/** Owns walking and asking about files for commands: stats that may miss, joined paths, whole copies. */
import { FileError, type Stat } from "../../contract.ts";
import type { Run } from "../option/declare.ts";

export const join = (folder: string, name: string): string => (folder.endsWith("/") ? folder + name : `${folder}/${name}`);

/** The stat of what a path leads to, or `undefined` when there is nothing. Other refusals are thrown. */
export const statOf = async (run: Run, path: string): Promise<Stat | undefined> => {
  try {
    return await run.proc.fs.stat(run.proc.resolve(path));
  } catch (error) {
    if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ELOOP")) return undefined;
    throw error;
  }
};

/** As `statOf`, of the path itself when it is a link. A trailing slash follows. */
export const lstatOf = async (run: Run, path: string): Promise<Stat | undefined> => {
  if (path === "") return undefined;
  if (path.endsWith("/")) return statOf(run, path);
  try {
    return await run.proc.fs.lstat(run.proc.resolve(path));
  } catch (error) {
    if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "ELOOP")) return undefined;
    throw error;
  }
};

/** Runs `work`; a refusal is reported by `message` of its text, and answers `undefined`. */
export const attempt = async <T>(run: Run, work: () => Promise<T> | T, message: (text: string) => string): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await run.out.flush();
    await run.warn(message(error.message));
    return undefined;
  }
};

/** Copies bytes of one file into an existing or new one. Paths are absolute. */
export const copyBytes = async (run: Run, from: string, to: string, mode: number): Promise<void> => {
  const { fs } = run.proc;
  await fs.create(to, mode, false);
  await fs.truncate(to, 0);
  for (let offset = 0; ; ) {
    await run.proc.tick(8);
    const bytes = await fs.read(from, offset, 262_144);
    if (bytes.length === 0) return;
    await fs.write(to, offset, bytes);
    offset += bytes.length;
  }
};

/** Removes a path and all below it. Throws the first refusal. */
export const removeTree = async (run: Run, path: string): Promise<void> => {
  const { fs } = run.proc;
  const stat = await fs.lstat(path);
  if (stat.kind !== "directory") return void (await fs.unlink(path));
  for (const name of await fs.readdir(path)) {
    await run.proc.tick(1);
    await removeTree(run, join(path, name));
  }
  await fs.rmdir(path);
};
