/** Owns the GNU words of file errors. */
import { FileError } from "../contract.ts";
import type { Errno } from "../contract.ts";

const messages: Readonly<Record<Errno, string>> = {
  ENOENT: "No such file or directory",
  EEXIST: "File exists",
  ENOTDIR: "Not a directory",
  EISDIR: "Is a directory",
  ENOTEMPTY: "Directory not empty",
  EACCES: "Permission denied",
  EPERM: "Operation not permitted",
  EINVAL: "Invalid argument",
  ELOOP: "Too many levels of symbolic links",
  ENOSPC: "No space left on device",
  EBADF: "Bad file descriptor",
  EPIPE: "Broken pipe",
  EROFS: "Read-only file system",
  EXDEV: "Invalid cross-device link",
  ENAMETOOLONG: "File name too long",
  EMFILE: "Too many open files",
  EIO: "Input/output error",
  ENOTSUP: "Operation not supported",
};

export const fileError = (code: Errno, path: string): FileError => new FileError(code, path, messages[code]);
