/**
 * The contract with the files of runs and DAG folders. Absolute byte-string-free paths in UTF-8 text, "/" separated, normalised, no "..".
 * F1 Owned by one worker of the driving tab: what one step wrote another sees at once. F2 Reads and writes are positional.
 * F3 Refusals are `FileRefusal` errors with an errno. Layout: `/folders/<dag id>/…`, `/runs/<run>/work/…`, `/runs/<run>/artifacts/…`,
 * `/runs/<run>/logs/<attempt>/<step>.out|.err`, `/tmp/<run>/…`.
 */
export interface FileStat {
  readonly kind: "file" | "directory" | "symlink";
  readonly size: number;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly ino: number;
}
/** Every operation may answer at once (memory) or later (worker). Thrown: an Error with `code` (ENOENT …) and `path`. */
export interface Files {
  readonly stat: (path: string, follow?: boolean) => FileStat | Promise<FileStat>;
  readonly read: (path: string, offset: number, length: number) => Uint8Array | Promise<Uint8Array>;
  /** The file must exist; grows it; answers its new size. */
  readonly write: (path: string, offset: number | "end", bytes: Uint8Array) => number | Promise<number>;
  readonly create: (path: string, mode: number, exclusive: boolean) => void | Promise<void>;
  readonly truncate: (path: string, size: number) => void | Promise<void>;
  readonly mkdir: (path: string, mode: number) => void | Promise<void>;
  readonly readdir: (path: string) => readonly string[] | Promise<readonly string[]>;
  readonly unlink: (path: string) => void | Promise<void>;
  readonly rmdir: (path: string) => void | Promise<void>;
  readonly rename: (from: string, to: string) => void | Promise<void>;
  readonly symlink: (target: string, path: string) => void | Promise<void>;
  readonly readlink: (path: string) => string | Promise<string>;
  readonly chmod: (path: string, mode: number) => void | Promise<void>;
  readonly utimes: (path: string, mtimeMs: number) => void | Promise<void>;
  /** Makes directories (0755) and empty files (0644) with all their parents, where absent: one call for what every step begins with. */
  readonly provide?: (directories: readonly string[], files: readonly string[]) => void | Promise<void>;
  /** Removes a whole tree; absent is fine. */
  readonly removeTree: (path: string) => void | Promise<void>;
}
export const folderPath = (dag: string): string => `/folders/${dag}`;
export const workPath = (run: string): string => `/runs/${run}/work`;
export const artifactsPath = (run: string): string => `/runs/${run}/artifacts`;
/** Where `${id.stdout}` points; step names are percent-encoded where they hold "/". */
export const logPath = (run: string, attempt: number, step: string, stream: "stdout" | "stderr"): string =>
  `/runs/${run}/logs/${attempt}/${step.replaceAll("%", "%25").replaceAll("/", "%2F")}.${stream === "stdout" ? "out" : "err"}`;
