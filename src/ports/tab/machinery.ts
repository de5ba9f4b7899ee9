/** The contract with everything a driving host needs beside its store: it is started when the lock is held and let go of before the lock is. */
import type { Executor } from "../executor.ts";
import type { Files } from "../files.ts";

/** May this run reach this host? Settles when it is known, however long a person takes; "no" after an abort. */
export type MayReach = (asked: { readonly run: string; readonly step: string; readonly host: string }, signal: AbortSignal) => Promise<boolean>;

export interface Machinery {
  readonly executor: Executor;
  readonly files: Files;
  /** "opfs", "indexeddb", "memory": where the files lie. */
  readonly filesKind: string;
  /** Executions that the executor can hold at once. */
  readonly slots: number;
  readonly close: () => Promise<void>;
}
export type StartMachinery = (mayReach: MayReach) => Promise<Machinery>;
