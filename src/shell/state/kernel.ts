/**
 * Owns what all processes of one shell share: the process table, the time slice, the limits and named pipes.
 *
 * Work is charged in units (about one command or loop round). When a slice is used up the process that asked gives way to the event
 * loop, so that timers, signals and output get their turn in any loop.
 */
import { Killed, LimitExceeded } from "../contract.ts";
import type { CommandTable, FileSystem, Maybe } from "../contract.ts";
import type { Limits } from "./limits.ts";
import type { Process } from "./process.ts";
import type { Engine } from "./shell.ts";

export interface ShellClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after `ms`; may be given up by the signal (then it need not settle). */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Lets the event loop turn once. */
  readonly yield: () => Promise<void>;
}
export interface UserInfo {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly hostname: string;
}
export interface World {
  readonly files: FileSystem;
  readonly commands: CommandTable;
  readonly clock: ShellClock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly user: UserInfo;
  readonly limits: Limits;
}

const sliceMs = 8;
const unitsPerLook = 64;
const unitsPerSlice = 100_000;

export class Kernel {
  readonly world: World;
  readonly engine: Engine;
  readonly processes = new Map<number, Process>();
  readonly startedMs: number;
  /** Depth of processes started inside each other on JavaScript's stack. */
  nesting = 0;
  private pids = 1000;
  private sliceStartMs: number;
  private untilLook = unitsPerLook;
  private unitsInSlice = 0;
  private steps = 0;
  private held = 0;
  stopped: Error | undefined;

  constructor(world: World, engine: Engine) {
    this.world = world;
    this.engine = engine;
    this.startedMs = world.clock.now();
    this.sliceStartMs = this.startedMs;
  }

  nextPid(): number {
    return ++this.pids;
  }
  /** Throws when no more process may be made; asked before anything is held for it. */
  expectRoom(): void {
    if (this.processes.size >= this.world.limits.processesMax) throw new LimitExceeded("processesMax", this.world.limits.processesMax);
  }
  admit(process: Process): void {
    this.processes.set(process.pid, process);
  }

  /** Charges work; answers a promise when the slice is used up. */
  spend(units: number): Maybe<void> {
    this.untilLook -= units;
    if (this.untilLook > 0) return;
    return this.look();
  }
  private look(): Maybe<void> {
    const used = unitsPerLook - this.untilLook;
    this.untilLook = unitsPerLook;
    this.steps += used;
    this.unitsInSlice += used;
    const { limits, clock } = this.world;
    if (this.steps > limits.stepsMax) throw new LimitExceeded("stepsMax", limits.stepsMax);
    const now = clock.now();
    if (now - this.startedMs > limits.timeMsMax) throw new LimitExceeded("timeMsMax", limits.timeMsMax);
    if (now - this.sliceStartMs < sliceMs && this.unitsInSlice < unitsPerSlice) return;
    return clock.yield().then(() => {
      this.sliceStartMs = clock.now();
      this.unitsInSlice = 0;
      if (this.stopped !== undefined) throw this.stopped;
    });
  }
  hold(bytes: number): void {
    this.held += bytes;
    if (this.held > this.world.limits.bytesMax) throw new LimitExceeded("bytesMax", this.world.limits.bytesMax);
  }

  /** What made the whole shell stop, when a limit did. */
  failure: LimitExceeded | undefined;
  fail(error: LimitExceeded): void {
    this.failure ??= error;
    this.terminate();
  }
  signalGroup(group: number, signal: string): void {
    for (const process of [...this.processes.values()]) if (process.group === group) process.signal(signal);
  }
  /** Ends every process at once. */
  terminate(): void {
    this.stopped = new Killed("KILL");
    for (const process of [...this.processes.values()]) process.signal("KILL");
  }
}
