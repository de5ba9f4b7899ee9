/**
 * Owns where a step's bytes go: masked into the log file, the `stdout:`/`stderr:` files and the live pieces, and raw into the captures.
 * L1 Nothing unmasked leaves. L2 A stream's log stops at `logBytesMax` with a mark; captures and `stdout:` files have their own limits.
 * L3 Writers wait while a flush is under way.
 */
import { createMasker, maskable, type Masker } from "../../../core/value/mask.ts";
import { logBytesMax, type LogPiece } from "../../../ports/executor.ts";
import type { Files } from "../../../ports/files.ts";
import { encodeText, fromBytes, toBytes } from "../../../shell/bytes.ts";
import { provide } from "../files/whole.ts";
import { secretsOf, type Filled } from "./secrets.ts";
import type { Sink } from "../kind.ts";
import { createCollector } from "./world.ts";

/** Bytes one execution may add to one log stream. */
const pieceBytesMax = 64 * 1024;
const flushMs = 100;

/** One file that takes pieces in order, gathered. */
interface Tail {
  readonly add: (bytes: Uint8Array) => void | Promise<void>;
  readonly flush: () => Promise<void>;
}

const createTail = (write: (bytes: Uint8Array) => Promise<void>): Tail => {
  let waiting: Uint8Array[] = [];
  let size = 0;
  let work: Promise<void> = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fault: unknown;
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (size > 0) {
      const whole = new Uint8Array(size);
      let at = 0;
      for (const piece of waiting) {
        whole.set(piece, at);
        at += piece.length;
      }
      [waiting, size] = [[], 0];
      work = work.then(() => write(whole)).catch((error: unknown) => {
        fault ??= error;
      });
    }
    return work.then(() => {
      if (fault !== undefined) throw fault;
    });
  };
  const add = (bytes: Uint8Array): void | Promise<void> => {
    waiting.push(bytes.slice());
    size += bytes.length;
    if (size >= pieceBytesMax) return flush();
    timer ??= setTimeout(() => void flush().catch(() => undefined), flushMs); // The fault is kept and thrown by the next flush.
  };
  return { add, flush };
};

interface Lane extends Sink {
  readonly flush: () => Promise<void>;
  readonly size: () => number;
}
export interface Logs {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Raw bytes of this execution, up to the capture limit plus one. */
  readonly captured: (stream: "stdout" | "stderr") => Uint8Array;
  readonly close: () => Promise<{ readonly stdoutBytes: number; readonly stderrBytes: number; readonly capped?: string }>;
}

const cutMark = new TextEncoder().encode(`\n--- log cut: more than ${logBytesMax} bytes ---\n`);

/** `masker` absent: no secrets, bytes pass as they are. */
const createLane = (tails: readonly Tail[], log: Tail, onCut: () => void, masker?: Masker): Lane => {
  let total = 0;
  let cut = false;
  const pass = (bytes: Uint8Array): void | Promise<void> => {
    const waits: Promise<void>[] = [];
    for (const tail of tails) {
      const wait = tail.add(bytes);
      if (wait) waits.push(wait);
    }
    const room = logBytesMax - total;
    total += bytes.length;
    if (room > 0) {
      const wait = log.add(bytes.length > room ? bytes.subarray(0, room) : bytes);
      if (wait) waits.push(wait);
    }
    if (bytes.length > room && !cut) {
      cut = true;
      onCut();
      const wait = log.add(cutMark);
      if (wait) waits.push(wait);
    }
    if (waits.length > 0) return Promise.all(waits).then(() => undefined);
  };
  return {
    write: (bytes) => {
      if (masker === undefined) return pass(bytes);
      const shown = masker.push(fromBytes(bytes));
      if (shown !== "") return pass(toBytes(shown));
    },
    flush: async () => {
      const rest = masker?.flush() ?? "";
      if (rest !== "") await pass(toBytes(rest));
    },
    size: () => total,
  };
};

const appendTo = (files: Files, path: string): Tail =>
  createTail(async (bytes) => {
    await files.write(path, "end", bytes);
  });

export interface LogPlan {
  readonly order: Filled;
  /** Name of the node, as the log is stored. */
  readonly node: string;
  readonly files: Files;
  readonly onLog: (piece: LogPiece) => void | Promise<void>;
  readonly isMerged: boolean;
  readonly stdoutCopy?: string;
  readonly stderrCopy?: string;
  /** Raw bytes kept per stream; 0 = none. */
  readonly captureBytes: { readonly stdout: number; readonly stderr: number };
}

const createLogTail = (plan: LogPlan, path: string, stream: "stdout" | "stderr"): Tail => {
  const { order, files, onLog } = plan;
  return createTail(async (bytes) => {
    await files.write(path, "end", bytes);
    for (let at = 0; at < bytes.length; at += pieceBytesMax) {
      await onLog({ token: order.token, run: order.run, attempt: order.attempt, step: plan.node, stream, bytes: bytes.slice(at, at + pieceBytesMax) });
    }
  });
};

/** Opens the node's log files (appending) and the redirected files; parents are made. */
export const openLogs = async (plan: LogPlan): Promise<Logs> => {
  const { order, files } = plan;
  const secrets = maskable(secretsOf(order).map((each) => encodeText(each.value)));
  const { stdoutLog: out, stderrLog: err } = order.places;
  const copied = [plan.stdoutCopy, plan.stderrCopy].filter((path) => path !== undefined);
  await provide(files, [], [out, ...(plan.isMerged ? [] : [err]), ...copied]);
  const stdoutLog = createLogTail(plan, out, "stdout");
  const stderrLog = plan.isMerged ? stdoutLog : createLogTail(plan, err, "stderr");
  const copies = {
    stdout: plan.stdoutCopy === undefined ? [] : [appendTo(files, plan.stdoutCopy)],
    stderr: plan.stderrCopy === undefined ? [] : [appendTo(files, plan.stderrCopy)],
  };
  let capped: string | undefined;
  const onCut = (): void => {
    capped = "log";
  };
  const lane = (tails: readonly Tail[], log: Tail): Lane =>
    createLane(tails, log, onCut, secrets.length === 0 ? undefined : createMasker(secrets));
  const lanes = { stdout: lane(copies.stdout, stdoutLog), stderr: lane(copies.stderr, stderrLog) };
  const captures = { stdout: createCollector(plan.captureBytes.stdout), stderr: createCollector(plan.captureBytes.stderr) };
  const sink = (stream: "stdout" | "stderr"): Sink => ({
    write: (bytes) => {
      if (bytes.length === 0) return;
      void captures[stream].write(bytes);
      return lanes[stream].write(bytes);
    },
  });
  const close = async (): Promise<{ stdoutBytes: number; stderrBytes: number; capped?: string }> => {
    await lanes.stdout.flush();
    await lanes.stderr.flush();
    for (const tail of [stdoutLog, stderrLog, ...copies.stdout, ...copies.stderr]) await tail.flush();
    return { stdoutBytes: lanes.stdout.size(), stderrBytes: lanes.stderr.size(), ...(capped === undefined ? {} : { capped }) };
  };
  return { stdout: sink("stdout"), stderr: sink("stderr"), captured: (stream) => captures[stream].bytes(), close };
};
