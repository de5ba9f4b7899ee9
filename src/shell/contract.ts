/**
 * Owns the words that the interpreter, the commands and the world below agree on: bytes, files, processes.
 * Refuses to know: any DAG, any adapter, any command by name.
 *
 * Strings that come from or go to a script (arguments, variables, paths, lines) are **byte strings**: one UTF-16 unit per
 * byte, U+0001 to U+00FF. Text is decoded only for length, slices, patterns and case. Streams carry `Uint8Array`.
 * Everything may answer at once or later (`Maybe`): callers test with `isPromise` and stay synchronous when they can.
 */

export type Maybe<T> = T | Promise<T>;
export const isPromise = <T>(value: Maybe<T>): value is Promise<T> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";

/** Why a file operation was refused; the words of `errno`. */
export type Errno =
  | "ENOENT" | "EEXIST" | "ENOTDIR" | "EISDIR" | "ENOTEMPTY" | "EACCES" | "EPERM" | "EINVAL" | "ELOOP" | "ENOSPC"
  | "EBADF" | "EPIPE" | "EROFS" | "EXDEV" | "ENAMETOOLONG" | "EMFILE" | "EIO" | "ENOTSUP";

/** The one error that files and streams throw. `message` is the GNU text ("No such file or directory"). */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: Errno;
  readonly path: string;
  constructor(code: Errno, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

export type FileKind = "file" | "directory" | "symlink" | "fifo" | "device";
export interface Stat {
  readonly kind: FileKind;
  readonly size: number;
  /** Permission bits, 0o777 at most plus setuid bits; advisory except for the execute and write bits that `test` shows. */
  readonly mode: number;
  /** Milliseconds since the epoch. */
  readonly mtimeMs: number;
  /** Stable per file within one file system; equal for two paths means the same file (`-ef`). */
  readonly ino: number;
  /** Names that lead to this file; 1 when absent. */
  readonly links?: number;
}

/**
 * The file system below the shell: absolute, normalised byte-string paths; no descriptors, no offsets (the shell keeps its own open-file
 * table above it). Reads and writes are positional so that open files can stream. Throws `FileError`.
 */
export interface FileSystem {
  readonly stat: (path: string) => Maybe<Stat>;
  /** As `stat`, but does not follow a last symlink. */
  readonly lstat: (path: string) => Maybe<Stat>;
  /** Up to `length` bytes from `offset`; shorter at the end; empty past it. */
  readonly read: (path: string, offset: number, length: number) => Maybe<Uint8Array>;
  /** Writes at `offset` ("end" appends atomically), growing the file; answers the new size. The file must exist (`create`). */
  readonly write: (path: string, offset: number | "end", bytes: Uint8Array) => Maybe<number>;
  /** Makes an empty file if absent; `exclusive` refuses an existing one with EEXIST. */
  readonly create: (path: string, mode: number, exclusive: boolean) => Maybe<void>;
  readonly truncate: (path: string, size: number) => Maybe<void>;
  readonly mkdir: (path: string, mode: number) => Maybe<void>;
  /** Names in the directory, byte order, without "." and "..". */
  readonly readdir: (path: string) => Maybe<readonly string[]>;
  readonly unlink: (path: string) => Maybe<void>;
  readonly rmdir: (path: string) => Maybe<void>;
  readonly rename: (from: string, to: string) => Maybe<void>;
  readonly symlink: (target: string, path: string) => Maybe<void>;
  readonly readlink: (path: string) => Maybe<string>;
  readonly link?: (existing: string, path: string) => Maybe<void>;
  readonly chmod: (path: string, mode: number) => Maybe<void>;
  readonly utimes: (path: string, mtimeMs: number) => Maybe<void>;
  /** Makes a named pipe. The file system that a command sees always has it. */
  readonly mkfifo?: (path: string, mode: number) => Maybe<void>;
  /** Holds on to the file itself, so that it can be used after it was unlinked or renamed. Without it open files go by path. */
  readonly hold?: (path: string) => Maybe<HeldFile>;
}

/** One regular file, wherever its name has gone. */
export interface HeldFile {
  readonly read: (offset: number, length: number) => Maybe<Uint8Array>;
  readonly write: (offset: number | "end", bytes: Uint8Array) => Maybe<number>;
  readonly stat: () => Maybe<Stat>;
}

/** An open file description: one offset that every copy of the descriptor shares (dup, fork). */
export interface OpenFile {
  readonly kind: FileKind | "pipe" | "sink";
  /** The path it was opened by, when it has one. */
  readonly path?: string;
  /** Next bytes, at most `max`; `null` at the end. Waits while a pipe is empty and has writers. */
  readonly read: (max?: number) => Maybe<Uint8Array | null>;
  /** Gives back bytes that were read and not used (a line reader that read too far). Always possible right after `read`. */
  readonly unread: (bytes: Uint8Array) => void;
  /** Writes all bytes; waits while a pipe is full. Ends the calling process by SIGPIPE when no reader is left (throws `Killed`). */
  readonly write: (bytes: Uint8Array) => Maybe<void>;
  /** Moves the shared offset of a regular file; absent on pipes and sinks. */
  readonly seek?: (offset: number, whence: "set" | "current" | "end") => Maybe<number>;
  readonly isTerminal?: boolean;
}

/** Thrown through a process to unwind it: it was ended by a signal (or by the host's limits). */
export class Killed extends Error {
  override readonly name = "Killed";
  /** Signal name without SIG: "PIPE", "TERM", "KILL", "INT"… */
  readonly signal: string;
  constructor(signal: string) {
    super(`killed by ${signal}`);
    this.signal = signal;
  }
}

export interface SpawnOptions {
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  /** Descriptors of the child; missing ones are inherited from the caller. `null` closes. */
  readonly fds?: ReadonlyMap<number, OpenFile | null>;
}
export interface Child {
  readonly pid: number;
  /** Exit status 0–255 as `$?` shows it (128 + n after a signal). */
  readonly wait: () => Promise<number>;
  /** Name of the ending signal, once ended by one. */
  readonly endedBy: () => string | undefined;
  readonly kill: (signal: string) => void;
}

/** What a command sees of the world: its process and nothing else. */
export interface Proc {
  /** `argv[0]` is the name it was called by. */
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** Absolute directory. */
  readonly cwd: string;
  readonly pid: number;
  /** As whom it runs, and where. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number; readonly hostname: string };
  readonly stdin: OpenFile;
  readonly stdout: OpenFile;
  readonly stderr: OpenFile;
  /** Any inherited descriptor by number; `undefined` when closed. */
  readonly fd: (n: number) => OpenFile | undefined;
  readonly fs: FileSystem;
  /** Absolute, normalised path of an argument, seen from `cwd`. Lexical: symlinks stay. */
  readonly resolve: (path: string) => string;
  /** Opens a path for a command ("r", "w" truncates, "a" appends, "rw"); knows /dev/null, /dev/stdin, /dev/fd/N, fifos. Throws `FileError`. */
  readonly open: (path: string, mode: "r" | "w" | "a" | "rw") => Maybe<OpenFile>;
  readonly close: (file: OpenFile) => Maybe<void>;
  /** Runs another command (by name, no functions or aliases) as a child process; xargs, env, timeout, find -exec, nohup use it. Unknown: 127. */
  readonly spawn: (argv: readonly string[], options?: SpawnOptions) => Child;
  /** A new pipe with the platform's capacity: `[reader, writer]`. */
  readonly pipe: () => readonly [OpenFile, OpenFile];
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
  /** Waits; rejects with `Killed` when the process is ended meanwhile. */
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * Called inside every long loop (per chunk or per thousand rounds). Charges `units` against the budget, gives way to the event
   * loop when the time slice is used up (then it answers a promise), throws `Killed` when a signal is pending.
   */
  readonly tick: (units?: number) => Maybe<void>;
  /** Charges memory a command holds (`sort`, `tac`); throws `LimitExceeded` past the named limit. Negative gives back. */
  readonly hold: (bytes: number) => void;
  readonly umask: number;
}

/** A limit of `Limits` was reached. Ends the whole shell with status 126 and this message on stderr. */
export class LimitExceeded extends Error {
  override readonly name = "LimitExceeded";
  readonly limit: string;
  constructor(limit: string, value: number) {
    super(`limit ${limit} of ${value} exceeded`);
    this.limit = limit;
  }
}

/** A command: runs to its exit status. Throws only `Killed`, `LimitExceeded` or a bug. Writes its own diagnostics to `proc.stderr`. */
export type Command = (proc: Proc) => Maybe<number>;

/** What the help page shows of a command or builtin; generated from the code that runs, both languages. */
export interface CommandInfo {
  readonly name: string;
  /** What follows the name in a usage line. */
  readonly synopsis?: string;
  /** Refuses every option that `options` does not name. */
  readonly strict?: boolean;
  /** Its first operand ends the options. */
  readonly stopsAtOperand?: boolean;
  /** One line: what it does. */
  readonly summary: { readonly en: string; readonly zh: string };
  /** Options it takes, as typed ("-n NUM", "--reverse"), with one line each. */
  readonly options: readonly { readonly flag: string; readonly en: string; readonly zh: string }[];
}
export interface CommandEntry extends CommandInfo {
  readonly run: Command;
}
/** Commands by name. Heavy ones may come lazily: `load` is asked once, when first run. */
export type CommandTable = ReadonlyMap<string, CommandEntry | (CommandInfo & { readonly load: () => Promise<Command> })>;
