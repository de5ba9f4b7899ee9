/**
 * Owns one worker and the one job it has. A job ends once: by its last word, by the worker's death, or by being given up; whatever the
 * worker says afterwards is not heard, because it is gone or has another job.
 */
import type { AssetName } from "../../../ports/assets.ts";
import type { LogPiece } from "../../../ports/executor.ts";
import type { VaultAnswer } from "../../../ports/vault.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** The part of `Worker` that is needed: Node's threads can stand in. */
export interface Thread {
  readonly postMessage: (message: ToWorker, transfer?: Transferable[]) => void;
  readonly terminate: () => void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}
/** Makes a thread with its ports connected. */
export type SpawnThread = () => { readonly thread: Thread; readonly files: MessagePort; readonly network: MessagePort };

export interface Job {
  readonly key: string;
  readonly message: ToWorker;
  /** The worker's last word on this job. */
  readonly onEnd: (said: FromWorker) => void;
  /** The worker is gone without one. */
  readonly onLost: () => void;
  readonly onLog: (piece: LogPiece) => void;
  readonly onAborting?: () => void;
  /** Values of the secrets that this job may have. */
  readonly secrets?: (level: number) => Promise<VaultAnswer>;
  /** To be ended after so long; `undefined` = called off. */
  readonly onDeadline?: (ms: number | undefined, error: string) => void;
}
export interface Seat {
  readonly job: () => Job | undefined;
  readonly isReady: () => boolean;
  readonly give: (job: Job) => void;
  readonly say: (message: ToWorker) => void;
  /** Ends the worker at once; its job hears nothing more. */
  readonly kill: () => void;
}
export interface SeatNews {
  /** It can take a job (again). */
  readonly onFree: (seat: Seat) => void;
  /** Its worker is gone or spoilt: it must be replaced. */
  readonly onGone: (seat: Seat) => void;
  readonly onAsset: (seat: Seat, name: AssetName) => void;
}

export const createSeat = (spawn: SpawnThread, news: SeatNews): Seat => {
  const { thread, files, network } = spawn();
  let job: Job | undefined;
  let isReady = false;
  let isGone = false;

  const end = (): void => {
    if (isGone) return;
    isGone = true;
    thread.onmessage = null;
    thread.onerror = null;
    thread.terminate();
    news.onGone(seat);
  };
  const answerSecrets = async (asking: Job, level: number): Promise<void> => {
    const answer = (await asking.secrets?.(level)) ?? { ok: true as const, values: {} };
    if (job === asking) seat.say({ type: "secrets", level, answer });
  };
  const finish = (said: FromWorker, isSpoilt: boolean): void => {
    const done = job;
    job = undefined;
    if (isSpoilt) end();
    else news.onFree(seat);
    done?.onEnd(said);
  };
  thread.onmessage = ({ data }) => {
    switch (data.type) {
      case "ready":
        isReady = true;
        if (job === undefined) news.onFree(seat);
        return;
      case "log": {
        let bytes = 0;
        for (const piece of data.pieces) {
          bytes += piece.bytes.length;
          if (piece.token === job?.key) job.onLog(piece);
        }
        thread.postMessage({ type: "credit", bytes });
        return;
      }
      case "attempt":
        if (data.report.token === job?.key) finish(data, data.retire);
        return;
      case "prepared":
        if (data.prepared.token === job?.key) finish(data, data.retire);
        return;
      case "evaluated":
        if (data.id === job?.key) finish(data, false);
        return;
      case "aborting":
        if (data.token === job?.key) job.onAborting?.();
        return;
      case "secrets":
        if (data.token === job?.key) void answerSecrets(job, data.level);
        return;
      case "deadline":
        if (data.token === job?.key) job.onDeadline?.(data.ms, data.error ?? "");
        return;
      case "asset":
        news.onAsset(seat, data.name);
    }
  };
  thread.onerror = (event) => {
    event.preventDefault?.();
    const lost = job;
    job = undefined;
    end();
    lost?.onLost();
  };
  thread.postMessage({ type: "begin", files, network }, [files, network]);

  const seat: Seat = {
    job: () => job,
    isReady: () => isReady,
    give: (next) => {
      job = next;
      thread.postMessage(next.message);
    },
    say: (message) => {
      if (!isGone) thread.postMessage(message);
    },
    kill: () => {
      job = undefined;
      end();
    },
  };
  return seat;
};
