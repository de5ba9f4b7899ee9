/** Owns what one execution stands on: the thread's offers, the kinds, where live output goes, the abort. */
import type { LogPiece } from "../../../ports/executor.ts";
import type { KindTable, KindWorld, ShellRunner, Sink } from "../kind.ts";
import type { SecretsWorld } from "./secrets.ts";
import { ExpansionError, type CommandResult } from "../../../core/value/expand/expand.ts";

export interface AttemptWorld extends KindWorld {
  readonly kinds: KindTable;
  /** A promise asks the writer to wait. */
  readonly onLog: (piece: LogPiece) => void | Promise<void>;
  readonly signal: AbortSignal;
  /** The keeper of secrets, as `SecretsWorld` says. */
  readonly vault?: SecretsWorld["vault"];
}
/** Time a command between backticks may take, ms (15). */
export const backtickMsMax = 2000;
const backtickBytesMax = 4 * 1024 * 1024;

/** Collects what is written, up to a limit. */
export const createCollector = (bytesMax: number): Sink & { readonly bytes: () => Uint8Array } => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  return {
    write: (bytes) => {
      const room = bytesMax - size;
      if (room <= 0) return;
      const piece = bytes.slice(0, room);
      pieces.push(piece);
      size += piece.length;
    },
    bytes: () => {
      const whole = new Uint8Array(size);
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.length;
      }
      return whole;
    },
  };
};
export const nowhere: Sink = { write: () => undefined };

export interface CommandPlace {
  readonly shell: ShellRunner;
  /** Shell and its options, without `-c`. */
  readonly argv: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly hosts: readonly string[];
}
/** Aborts when `signal` does or after `ms`. `done` must be called. */
export const withLimit = (signal: AbortSignal, ms: number): { readonly signal: AbortSignal; readonly isLate: () => boolean; readonly done: () => void } => {
  const control = new AbortController();
  let late = false;
  const stop = (): void => control.abort(signal.reason);
  const timer = setTimeout(() => {
    late = true;
    control.abort("timeout");
  }, ms);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const done = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  };
  return { signal: control.signal, isLate: () => late, done };
};

/** Runs one command between backticks. */
export const runBacktick = async (command: string, place: CommandPlace): Promise<CommandResult> => {
  const stdout = createCollector(backtickBytesMax);
  const stderr = createCollector(8192);
  const limit = withLimit(place.signal, backtickMsMax);
  try {
    const exit = await place.shell({
      argv: [...place.argv, "-c", command], env: place.env, cwd: place.cwd, stdout, stderr, signal: limit.signal, hosts: place.hosts,
    });
    if (limit.isLate()) return { ok: false, message: "signal: killed\nstderr=" };
    if (exit.exitCode === 0) return { ok: true, stdout: new TextDecoder().decode(stdout.bytes()) };
    return { ok: false, message: `exit status ${exit.exitCode}\nstderr=${new TextDecoder().decode(stderr.bytes())}` };
  } finally {
    limit.done();
  }
};
/** Drives an expansion, running the commands it asks for. Throws `ExpansionError`. */
export const drive = async <T>(work: Generator<string, T, CommandResult>, place: CommandPlace): Promise<T> => {
  let turn = work.next();
  while (!turn.done) turn = work.next(await runBacktick(turn.value, place));
  return turn.value;
};
export { ExpansionError };
