/** Owns what a command sees: `Proc` over a process, with streams that end with the process. */
import { isPromise, Killed } from "../../contract.ts";
import type { Child, Maybe, OpenFile, Proc, SpawnOptions } from "../../contract.ts";
import { fileError } from "../../files/errors.ts";
import { Foreign, OpenDescription, PipeEnd } from "../../files/open.ts";
import { resolvePath } from "../../files/paths.ts";
import { Pipe } from "../../files/pipe.ts";
import type { Process } from "../../state/process.ts";
import { drive } from "../../state/thread.ts";
import { openPath } from "./opening.ts";

/** A description as one process holds it: operations end with the process, a broken pipe is an error where PIPE is ignored. */
class View implements OpenFile {
  readonly file: OpenDescription;
  private readonly process: Process;
  constructor(process: Process, file: OpenDescription) {
    this.process = process;
    this.file = file;
  }
  get kind(): OpenFile["kind"] {
    return this.file.kind;
  }
  get path(): string | undefined {
    return this.file.path;
  }
  get seek(): OpenDescription["seek"] {
    return this.file.seek;
  }
  private alive(): void {
    if (this.process.fatal !== undefined) throw this.process.fatal;
    if (this.process.status !== undefined) throw new Killed("KILL");
  }
  readonly read = (max?: number): Maybe<Uint8Array | null> => {
    this.alive();
    if (!this.file.readable) return this.readLater(max);
    const got = this.file.read(max);
    return isPromise(got) ? this.process.guard(got) : got;
  };
  private async readLater(max: number | undefined): Promise<Uint8Array | null> {
    while (!this.file.readable) await this.process.guard(this.file.whenReadable());
    this.alive();
    return this.file.read(max);
  }
  readonly unread = (bytes: Uint8Array): void => this.file.unread(bytes);
  readonly write = (bytes: Uint8Array): Maybe<void> => {
    this.alive();
    try {
      const wrote = this.file.write(bytes);
      if (isPromise(wrote)) return this.process.guard(wrote).catch((error: unknown) => this.refuse(error));
    } catch (error) {
      this.refuse(error);
    }
  };
  private refuse(error: unknown): never {
    const ignored = error instanceof Killed && error.signal === "PIPE" && this.process.dispositions.get("PIPE") === "ignore";
    throw ignored ? fileError("EPIPE", this.path ?? "") : error;
  }
}
/** A closed descriptor: every use is EBADF. */
class Closed extends OpenDescription {
  readonly kind = "device";
}

export type Spawn = (parent: Process, argv: readonly string[], options: SpawnOptions) => Process;

export class CommandProc implements Proc {
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  private readonly process: Process;
  private readonly start: Spawn;
  private readonly views = new Map<number, View>();
  private readonly opened = new Set<OpenDescription>();

  constructor(process: Process, argv: readonly string[], env: ReadonlyMap<string, string>, start: Spawn) {
    this.process = process;
    this.argv = argv;
    this.env = env;
    this.start = start;
  }
  private view(fd: number): View {
    let view = this.views.get(fd);
    if (view === undefined) {
      view = new View(this.process, this.process.fds.get(fd) ?? new Closed());
      this.views.set(fd, view);
    }
    return view;
  }
  get cwd(): string {
    return this.process.cwd;
  }
  get pid(): number {
    return this.process.pid;
  }
  get user(): Proc["user"] {
    return this.process.kernel.world.user;
  }
  get stdin(): OpenFile {
    return this.view(0);
  }
  get stdout(): OpenFile {
    return this.view(1);
  }
  get stderr(): OpenFile {
    return this.view(2);
  }
  get fs(): Proc["fs"] {
    return this.process.kernel.world.files;
  }
  get umask(): number {
    return this.process.umask;
  }
  readonly fd = (n: number): OpenFile | undefined => (this.process.fds.has(n) ? this.view(n) : undefined);
  readonly resolve = (path: string): string => resolvePath(this.process.cwd, path);
  readonly open = (path: string, mode: "r" | "w" | "a" | "rw"): Maybe<OpenFile> => {
    const keep = (file: OpenDescription): OpenFile => {
      this.opened.add(file.retain());
      return new View(this.process, file);
    };
    const found = drive(openPath(this.process, path, { mode }));
    return isPromise(found) ? this.process.guard(found).then(keep) : keep(found);
  };
  readonly close = (file: OpenFile): void => {
    if (!(file instanceof View)) return;
    if (this.opened.delete(file.file)) file.file.release();
    else for (const [fd, view] of this.views) if (view === file && this.process.hasOwnFds) this.process.closeFd(fd);
  };
  /** Lets go of everything the command opened and did not close. */
  closeAll(): void {
    for (const file of this.opened) file.release();
    this.opened.clear();
  }
  readonly spawn = (argv: readonly string[], options: SpawnOptions = {}): Child => {
    const process = this.start(this.process, argv, { env: this.env, ...options });
    return {
      pid: process.pid,
      wait: () => this.process.guard(process.whenEnded()),
      endedBy: () => process.endedBy,
      kill: (signal) => {
        this.process.kernel.signalGroup(process.pid, signal);
        process.signal(signal);
      },
    };
  };
  readonly pipe = (): readonly [OpenFile, OpenFile] => {
    const pipe = new Pipe();
    const reader = new PipeEnd(pipe, "r").retain();
    const writer = new PipeEnd(pipe, "w").retain();
    this.opened.add(reader).add(writer);
    return [new View(this.process, reader), new View(this.process, writer)];
  };
  readonly now = (): number => this.process.kernel.world.clock.now();
  readonly sleep = async (ms: number): Promise<void> => {
    const stop = new AbortController();
    try {
      await this.process.guard(this.process.kernel.world.clock.sleep(ms, stop.signal));
    } finally {
      stop.abort();
    }
  };
  readonly tick = (units = 1): Maybe<void> => {
    if (this.process.status !== undefined) throw this.process.fatal ?? new Killed("KILL");
    const slice = this.process.tick(units);
    return isPromise(slice) ? this.process.guard(slice) : undefined;
  };
  readonly hold = (bytes: number): void => this.process.kernel.hold(bytes);
}

/** The description behind a file that a command hands to a child. */
export const descriptionOf = (file: OpenFile): OpenDescription => (file instanceof View ? file.file : new Foreign(file));
