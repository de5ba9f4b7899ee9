/**
 * Owns one process: its ids, directory, descriptors, signals and end. What it runs is a thread or a command's promise; both can be
 * ended from outside by a signal.
 */
import { Killed, LimitExceeded } from "../contract.ts";
import type { Maybe } from "../contract.ts";
import { fileError } from "../files/errors.ts";
import type { OpenDescription } from "../files/open.ts";
import type { Kernel } from "./kernel.ts";
import { harmless, statusOf } from "./signals.ts";
import type { Outcome, Task } from "./thread.ts";
import { Thread } from "./thread.ts";

export type Disposition = "default" | "ignore" | "trap";
const nestingMax = 12;

export class Process {
  readonly pid: number;
  readonly ppid: number;
  readonly kernel: Kernel;
  /** Processes that `timeout` and the host end together. */
  group: number;
  cwd: string;
  umask: number;
  fds: Map<number, OpenDescription>;
  /** How signals are met; absent means default. */
  readonly dispositions: Map<string, Disposition>;
  /** Trapped signals that wait for the shell to look. */
  readonly pending: string[] = [];
  /** Set once: the signal that ends this process at its next look. */
  fatal: Killed | undefined;
  status: number | undefined;
  endedBy: string | undefined;
  private thread: Thread<number> | undefined;
  private endListeners: (() => void)[] = [];
  private signalListeners: (() => void)[] = [];
  private readonly aborts = new Set<(error: Killed) => void>();
  private ownsFds: boolean;
  /** A background process: its parent goes on first. */
  startsLater = false;

  constructor(kernel: Kernel, parent: Process | undefined, fds: Map<number, OpenDescription>, ownsFds: boolean) {
    this.kernel = kernel;
    this.pid = kernel.nextPid();
    this.ppid = parent?.pid ?? 1;
    this.group = parent?.group ?? this.pid;
    this.cwd = parent?.cwd ?? "/";
    this.umask = parent?.umask ?? 0o022;
    this.fds = fds;
    this.ownsFds = ownsFds;
    this.dispositions = new Map();
    if (parent !== undefined) for (const [name, how] of parent.dispositions) if (how === "ignore") this.dispositions.set(name, how);
    kernel.admit(this);
  }

  /** A table with the same descriptions, each counted once more. */
  static copyFds(kernel: Kernel, fds: ReadonlyMap<number, OpenDescription>): Map<number, OpenDescription> {
    kernel.expectRoom();
    const copy = new Map(fds);
    for (const file of copy.values()) file.retain();
    return copy;
  }

  // ── descriptors ──

  need(fd: number): OpenDescription {
    const file = this.fds.get(fd);
    if (file === undefined) throw fileError("EBADF", String(fd));
    return file;
  }
  install(fd: number, file: OpenDescription): void {
    if (this.fds.size >= this.kernel.world.limits.openFilesMax) throw new LimitExceeded("openFilesMax", this.kernel.world.limits.openFilesMax);
    const before = this.fds.get(fd);
    this.fds.set(fd, file.retain());
    before?.release();
  }
  get hasOwnFds(): boolean {
    return this.ownsFds;
  }
  /** Takes its own copy of a table that was only lent, before it outlives the lender's command. */
  ownFds(): void {
    if (this.ownsFds) return;
    this.fds = Process.copyFds(this.kernel, this.fds);
    this.ownsFds = true;
  }
  closeFd(fd: number): void {
    const file = this.fds.get(fd);
    this.fds.delete(fd);
    file?.release();
  }

  // ── signals ──

  /** Charges work, gives way when it must, throws what ends this process. */
  tick(units = 1): Maybe<void> {
    if (this.fatal !== undefined) throw this.fatal;
    return this.kernel.spend(units);
  }
  signal(name: string): void {
    if (this.status !== undefined) return;
    const how = name === "KILL" ? "default" : (this.dispositions.get(name) ?? "default");
    if (how === "ignore") return;
    if (how === "trap") {
      this.pending.push(name);
      const listeners = this.signalListeners;
      this.signalListeners = [];
      for (const listener of listeners) listener();
      return;
    }
    if (name !== "KILL" && harmless.has(name)) return;
    this.fatal = new Killed(name);
    if (this.thread === undefined) return this.end(statusOf(name), name);
    if (this.thread.isBlocked) this.unblock();
  }
  private unblock(): void {
    const fatal = this.fatal as Killed;
    if (this.thread !== undefined) this.thread.interrupt(fatal);
    this.abortAll(fatal);
  }
  /** Rejects what a command of this process waits for. */
  private abortAll(error: Killed): void {
    const aborts = [...this.aborts];
    this.aborts.clear();
    for (const abort of aborts) abort(error);
  }
  whenSignalled(): Promise<void> {
    return new Promise((resolve) => this.signalListeners.push(resolve));
  }

  // ── running ──

  /** Starts the thread of this process; it may have ended when this returns. */
  start(task: Task<number>): void {
    if (this.status !== undefined) return;
    this.thread = new Thread(task, (outcome) => this.finish(outcome));
    if (this.startsLater || this.kernel.nesting >= nestingMax) {
      void Promise.resolve().then(() => this.startNow());
      return;
    }
    this.startNow();
  }
  private startNow(): void {
    const { thread } = this;
    if (thread === undefined || this.status !== undefined) return;
    if (this.fatal !== undefined) return this.finish({ ok: false, error: this.fatal });
    this.kernel.nesting++;
    try {
      thread.start();
    } finally {
      this.kernel.nesting--;
    }
  }
  private finish(outcome: Outcome<number>): void {
    if (outcome.ok) this.end(outcome.value);
    else if (outcome.error instanceof Killed) this.end(statusOf(outcome.error.signal), outcome.error.signal);
    else {
      if (!(outcome.error instanceof LimitExceeded)) this.say(outcome.error);
      this.end(126);
    }
  }
  /** A fault of ours: said, never swallowed. */
  private say(error: unknown): void {
    const words = error instanceof Error ? `${error.message} ${error.stack?.split("\n")[1]?.trim() ?? ""}` : JSON.stringify(error);
    void this.fds.get(2)?.writeText(`shell: internal error: ${words}\n`);
  }
  /** Records the end, closes the descriptors, tells who waits. */
  end(status: number, signal?: string): void {
    if (this.status !== undefined) return;
    this.status = status & 255;
    this.endedBy = signal;
    this.kernel.processes.delete(this.pid);
    if (this.ownsFds) {
      for (const file of this.fds.values()) file.release();
      this.fds = new Map();
    }
    const listeners = this.endListeners;
    this.endListeners = [];
    for (const listener of listeners) listener();
    if (this.aborts.size > 0) this.abortAll(this.fatal ?? new Killed("KILL"));
  }
  onEnd(listener: () => void): void {
    if (this.status !== undefined) listener();
    else this.endListeners.push(listener);
  }
  whenEnded(): Promise<number> {
    return new Promise((resolve) => this.onEnd(() => resolve(this.status as number)));
  }

  /** Waits for `work`, or rejects when a signal ends this process first. */
  guard<T>(work: Promise<T>): Promise<T> {
    if (this.fatal !== undefined) return Promise.reject(this.fatal);
    return new Promise<T>((resolve, reject) => {
      this.aborts.add(reject);
      work.then(
        (value) => {
          this.aborts.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.aborts.delete(reject);
          reject(error);
        },
      );
    });
  }
}
