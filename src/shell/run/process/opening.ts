/** Owns the opening of paths for a process: regular files, devices, its own descriptors, named pipes. */
import { FileError } from "../../contract.ts";
import { fileError } from "../../files/errors.ts";
import { EndlessDevice, NullDevice, PipeEnd, RegularFile } from "../../files/open.ts";
import type { OpenDescription } from "../../files/open.ts";
import { resolvePath } from "../../files/paths.ts";
import { Pipe } from "../../files/pipe.ts";
import type { Kernel } from "../../state/kernel.ts";
import type { Process } from "../../state/process.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";

export type OpenMode = "r" | "w" | "a" | "rw";
/** `keep` refuses to truncate a regular file that exists (noclobber). */
export interface OpenHow {
  readonly mode: OpenMode;
  readonly keep?: boolean;
}
const fifos = new WeakMap<Kernel, Map<number, Pipe>>();

const device = (process: Process, path: string): OpenDescription | undefined => {
  const fd = { "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 }[path] ?? (/^\/dev\/fd\/(\d+)$/.exec(path)?.[1] as string | undefined);
  if (fd !== undefined) {
    const file = process.fds.get(Number(fd));
    if (file === undefined) throw fileError("ENOENT", path);
    return file;
  }
  const { random } = process.kernel.world;
  if (path === "/dev/null") return new NullDevice();
  if (path === "/dev/full") return new NullDevice(path, true);
  if (path === "/dev/zero") return new EndlessDevice(path, () => 0);
  if (path === "/dev/urandom" || path === "/dev/random") return new EndlessDevice(path, () => Math.floor(random() * 256));
  throw fileError(path === "/dev/tty" ? "EIO" : "ENOENT", path);
};

/** A named pipe opens when its other end does. */
function* openFifo(process: Process, path: string, ino: number, mode: OpenMode): Task<OpenDescription> {
  let table = fifos.get(process.kernel);
  if (table === undefined) fifos.set(process.kernel, (table = new Map()));
  // A writer that comes while an earlier one's bytes are unread lets the reader finish first.
  if (mode === "w" && (table.get(ino)?.size ?? 0) > 0) yield process.kernel.world.clock.yield();
  let pipe = table.get(ino);
  if (pipe === undefined || (pipe.readers === 0 && pipe.writers === 0)) table.set(ino, (pipe = new Pipe()));
  const end = new PipeEnd(pipe, mode === "r" ? "r" : mode === "rw" ? "rw" : "w", path);
  const opens = { readers: pipe.readersSeen, writers: pipe.writersSeen };
  const isMet = (p: Pipe): boolean => {
    if (mode === "rw") return true;
    return mode === "r" ? p.writers > 0 || p.writersSeen > opens.writers : p.readers > 0 || p.readersSeen > opens.readers;
  };
  try {
    while (!isMet(pipe)) yield pipe.change();
  } catch (error) {
    end.retain().release();
    throw error;
  }
  return end;
}

/** Opens a path as seen from the process. The answer is not yet counted as held. Throws `FileError`. */
export function* openPath(process: Process, given: string, how: OpenHow): Task<OpenDescription> {
  const { files } = process.kernel.world;
  const { mode } = how;
  if (given === "") throw fileError("ENOENT", given);
  const path = resolvePath(process.cwd, given);
  if (path.startsWith("/dev/") && !path.startsWith("/dev/shm/")) return device(process, path) as OpenDescription;
  let kind: string | undefined;
  try {
    const stat = yield* settle(files.stat(path));
    kind = stat.kind;
    if (kind === "fifo") return yield* openFifo(process, path, stat.ino, mode);
    if (kind === "directory" && mode !== "r") throw fileError("EISDIR", given);
    if (kind !== "directory" && given.endsWith("/")) throw fileError("ENOTDIR", given);
    if (kind === "file" && mode === "w" && how.keep === true) throw new FileError("EEXIST", given, "cannot overwrite existing file");
  } catch (error) {
    if (!(error instanceof FileError) || error.code !== "ENOENT" || mode === "r") throw error;
  }
  if (kind === "directory") return new DirectoryFile(given);
  if (kind === undefined) yield* settle(files.create(path, 0o666 & ~process.umask, false));
  else if (mode === "w") yield* settle(files.truncate(path, 0));
  const held = yield* settle((files.hold as NonNullable<typeof files.hold>)(path));
  return new RegularFile(path, held, mode);
}

/** A directory opens for reading, but every read fails. */
class DirectoryFile extends NullDevice {
  override read(): never {
    throw fileError("EISDIR", this.path ?? "");
  }
}
