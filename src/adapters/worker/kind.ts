/**
 * Owns the one contract behind which every step kind works: what it sees of its step, where it writes, how it ends.
 * Refuses to know: preconditions, retries, output capture, log files.
 */
import type { Field } from "../../core/value/expand/phases.ts";
import type { JsonObject } from "../../core/value/json.ts";
import type { Step } from "../../core/spec/dag.ts";
import type { Assets } from "../../ports/assets.ts";
import type { AttemptOrder } from "../../ports/executor.ts";
import type { Files } from "../../ports/files.ts";
import type { Network } from "../../ports/network.ts";
import type { OpenPostgres } from "./kinds/postgres/engine.ts";

/** Takes bytes of a stream; a promise asks the writer to wait. */
export interface Sink {
  readonly write: (bytes: Uint8Array) => void | Promise<void>;
}
export interface ShellRequest {
  /** `argv[0]` is a shell ("sh", "bash", with its options) or any command. */
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly stdin?: Uint8Array;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly signal: AbortSignal;
  readonly hosts: readonly string[];
  /** Wall clock ms at which synchronous runtimes behind the shell interrupt themselves; absent = never. */
  readonly deadlineMs?: number;
}
export interface ShellExit {
  /** As `$?` shows it. */
  readonly exitCode: number;
  /** Ended by a signal or a limit. */
  readonly killed?: string;
  /** A named limit was reached: the step's reason. */
  readonly limit?: string;
}
export type ShellRunner = (request: ShellRequest) => Promise<ShellExit>;

export interface PythonProgram {
  readonly source: string;
  /** Absolute path of the script, or "<string>". */
  readonly file: string;
  readonly argv: readonly string[];
  readonly stdin: Uint8Array;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  /** The DAG's own folder: wheels there are installed. */
  readonly folder?: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
}
export interface PythonExit {
  readonly exitCode: number;
  /** A limit ended it; the worker must go. */
  readonly limit?: string;
}
export type PythonRunner = (program: PythonProgram) => Promise<PythonExit>;

/** What a thread offers to its steps. */
export interface KindWorld {
  readonly files: Files;
  readonly network: Network;
  readonly assets: Assets;
  readonly shell: ShellRunner;
  /** Absent where the Python pack is not part of the thread. */
  readonly python?: PythonRunner;
  /** Absent where the PostgreSQL pack is not part of the thread. */
  readonly postgres?: OpenPostgres;
  /**
   * Asks whoever owns this thread to end it after so many ms, and the step with this error: for runtimes that cannot interrupt themselves.
   * Answers a function that calls it off. Absent where nobody can.
   */
  readonly deadline?: (ms: number, error: string) => () => void;
  /** The own folder of the DAG at work, where the thread knows it. */
  readonly folder?: () => string | undefined;
  readonly now: () => number;
  /** Random hexadecimal text of that many digits. */
  readonly token: (digits: number) => string;
}
export interface KindContext {
  readonly world: KindWorld;
  readonly order: AttemptOrder;
  readonly step: Step;
  /** Expands a text as the field says (15.1); no backticks. */
  readonly expand: (text: string, field: Field) => string;
  /** `with`, its strings expanded. */
  readonly settings: JsonObject;
  readonly env: ReadonlyMap<string, string>;
  /** The step's directory, absolute. It may not exist. */
  readonly cwd: string;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly signal: AbortSignal;
  /** Wall clock ms at which synchronous runtimes interrupt themselves; Infinity = none. */
  readonly deadlineMs: number;
}
export interface Exit {
  readonly exitCode: number;
  /** Absent with code 0 = succeeded; code 0 with an error = could not be created (6b). */
  readonly error?: string;
  readonly reason?: "unsupported" | "limit" | "timeout" | "policy" | "not_found";
  /** The runtime is spoilt: the worker must be discarded after this step. */
  readonly retire?: boolean;
}
export type Kind = (context: KindContext) => Promise<Exit>;
/** Kinds by resolved step type; each loads its runtime when first used. */
export type KindTable = Readonly<Record<string, () => Promise<Kind>>>;

export const succeeded: Exit = { exitCode: 0 };
export const failed = (error: string, exitCode = 1): Exit => ({ exitCode, error });
export const writeText = (sink: Sink, text: string): void | Promise<void> => sink.write(new TextEncoder().encode(text));
