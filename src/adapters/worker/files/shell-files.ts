/** Owns the bridge from the `Files` port (paths in text) to the shell's `FileSystem` (paths as byte strings). */
import { decodeText, encodeText } from "../../../shell/bytes.ts";
import { FileError, isPromise, type Errno, type FileSystem, type Maybe, type Stat } from "../../../shell/contract.ts";
import type { FileStat, Files } from "../../../ports/files.ts";

const messages: Readonly<Record<Errno, string>> = {
  ENOENT: "No such file or directory", EEXIST: "File exists", ENOTDIR: "Not a directory", EISDIR: "Is a directory",
  ENOTEMPTY: "Directory not empty", EACCES: "Permission denied", EPERM: "Operation not permitted", EINVAL: "Invalid argument",
  ELOOP: "Too many levels of symbolic links", ENOSPC: "No space left on device", EBADF: "Bad file descriptor", EPIPE: "Broken pipe",
  EROFS: "Read-only file system", EXDEV: "Invalid cross-device link", ENAMETOOLONG: "File name too long",
  EMFILE: "Too many open files", EIO: "Input/output error", ENOTSUP: "Operation not supported",
};
const asFileError = (error: unknown, path: string): Error => {
  const code = (error as { readonly code?: string } | null)?.code;
  if (code !== undefined && code in messages) return new FileError(code as Errno, path, messages[code as Errno]);
  return error instanceof Error ? error : new Error(String(error));
};
/** Runs an operation; whatever it refuses with becomes a `FileError` of the shell's path. */
const guarded = <T, R>(path: string, work: () => Maybe<T>, map: (value: T) => R): Maybe<R> => {
  try {
    const answer = work();
    if (!isPromise(answer)) return map(answer);
    return answer.then(map, (error: unknown) => {
      throw asFileError(error, path);
    });
  } catch (error) {
    throw asFileError(error, path);
  }
};
const same = <T>(value: T): T => value;
const toStat = (stat: FileStat): Stat => stat;

export const createShellFiles = (files: Files): FileSystem => ({
  stat: (path) => guarded(path, () => files.stat(decodeText(path), true), toStat),
  lstat: (path) => guarded(path, () => files.stat(decodeText(path), false), toStat),
  read: (path, offset, length) => guarded(path, () => files.read(decodeText(path), offset, length), same),
  write: (path, offset, bytes) => guarded(path, () => files.write(decodeText(path), offset, bytes), same),
  create: (path, mode, exclusive) => guarded(path, () => files.create(decodeText(path), mode, exclusive), same),
  truncate: (path, size) => guarded(path, () => files.truncate(decodeText(path), size), same),
  mkdir: (path, mode) => guarded(path, () => files.mkdir(decodeText(path), mode), same),
  readdir: (path) => guarded(path, () => files.readdir(decodeText(path)), (names) => names.map(encodeText).sort()),
  unlink: (path) => guarded(path, () => files.unlink(decodeText(path)), same),
  rmdir: (path) => guarded(path, () => files.rmdir(decodeText(path)), same),
  rename: (from, to) => guarded(from, () => files.rename(decodeText(from), decodeText(to)), same),
  symlink: (target, path) => guarded(path, () => files.symlink(decodeText(target), decodeText(path)), same),
  readlink: (path) => guarded(path, () => files.readlink(decodeText(path)), encodeText),
  chmod: (path, mode) => guarded(path, () => files.chmod(decodeText(path), mode), same),
  utimes: (path, mtimeMs) => guarded(path, () => files.utimes(decodeText(path), mtimeMs), same),
});
