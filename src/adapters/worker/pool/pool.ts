/**
 * Owns the Executor over a warm pool of workers: who waits, who works, who is being stopped. X1–X4 of the port.
 * A worker that does not acknowledge an abort within `ackMsMax` is ended and replaced at once; one that does has its grace.
 */
import type { AssetName } from "../../../ports/assets.ts";
import type { Lent } from "../../../core/run/event.ts";
import type { AttemptEnd, AttemptOrder, AttemptToken, CancelHow, Executor, LogPiece, PrepareOrder, Report, StartValues } from "../../../ports/executor.ts";
import type { VaultAnswer } from "../../../ports/vault.ts";
import type { ToWorker } from "./protocol.ts";
import { createSeat, type Job, type Seat, type SpawnThread } from "./seat.ts";

export interface PoolOptions {
  readonly spawn: SpawnThread;
  readonly assets: (name: AssetName) => Promise<Uint8Array>;
  /** Workers kept warm. */
  readonly size: number;
  /** Workers at most, when jobs wait. */
  readonly sizeMax: number;
  readonly newId: () => string;
  /** Values that the keeper of secrets has for a DAG's folder; absent = there is no keeper. */
  readonly secrets?: (folder: string, names: readonly string[]) => Promise<VaultAnswer>;
}
const ackMsMax = 200;
/** When jobs wait and none has ended for this long, a further worker is added: what runs is waiting for something, not computing. */
const patienceMs = 25;
/** While jobs wait (so that no worker idles meanwhile) reports are handed on in bundles: what arrives together becomes one commit. */
const bundleMs = 4;
const bundleMax = 4;
const evaluateMsMax = 30_000;
/** Workers that die before they are ready are not replaced for ever. */
const stillbornMax = 5;

/** Who declares secrets: a DAG, and the callers that lent it theirs. */
type Declaring = Pick<Lent, "secrets" | "folder" | "lent">;

export const createPool = (options: PoolOptions): Executor => {
  const seats = new Set<Seat>();
  const queue: { readonly job: Job; readonly at: number }[] = [];
  const cancelling = new Map<AttemptToken, Promise<void>>();
  const seatByKey = new Map<string, Seat>();
  let onReport: (report: Report) => void = () => undefined;
  let onLog: (piece: LogPiece) => void = () => undefined;
  let isClosed = false;
  let stillborn = 0;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let movedAt = 0;

  const add = (): void => {
    const seat = createSeat(options.spawn, {
      onFree: (freed) => {
        stillborn = 0;
        if (queue.length === 0 && seats.size > options.size) return void setTimeout(() => shrink(freed), 2000);
        next();
      },
      onGone: (gone) => {
        seats.delete(gone);
        stillborn += gone.isReady() ? 0 : 1;
        if (!isClosed && stillborn < stillbornMax && (seats.size < options.size || queue.length > 0)) add();
        if (stillborn >= stillbornMax && seats.size === 0) for (const { job } of queue.splice(0)) job.onLost();
      },
      onAsset: (asking, name) => void answerAsset(asking, name),
    });
    seats.add(seat);
  };
  const shrink = (seat: Seat): void => {
    if (seat.job() === undefined && seats.size > options.size && !isClosed) seat.kill();
  };
  const answerAsset = async (seat: Seat, name: AssetName): Promise<void> => {
    try {
      seat.say({ type: "asset", name, bytes: await options.assets(name) });
    } catch (error) {
      seat.say({ type: "asset", name, error: error instanceof Error ? error.message : String(error) });
    }
  };

  // --------------------------------------------------------------------------------------------------------- handing out

  const next = (): void => {
    while (queue.length > 0) {
      const free = [...seats].find((seat) => seat.job() === undefined && seat.isReady());
      if (free === undefined) return hurry();
      const { job } = queue.shift()!;
      seatByKey.set(job.key, free);
      free.give(job);
    }
  };
  const hurry = (): void => {
    if (patience !== undefined || seats.size >= options.sizeMax || isClosed) return;
    const since = Math.max(movedAt, queue[0]!.at);
    patience = setTimeout(() => {
      patience = undefined;
      if (queue.length === 0) return;
      const isWarming = [...seats].some((seat) => !seat.isReady());
      if (!isWarming && performance.now() - Math.max(movedAt, queue[0]!.at) >= patienceMs) add();
      hurry();
    }, Math.max(1, since + patienceMs + 1 - performance.now()));
  };
  const enqueue = (message: ToWorker, job: Omit<Job, "message">): void => {
    const settled = (): void => {
      movedAt = performance.now();
      seatByKey.delete(job.key);
    };
    queue.push({
      at: performance.now(),
      job: {
        ...job,
        message,
        onEnd: (said) => {
          settled();
          job.onEnd(said);
        },
        onLost: () => {
          settled();
          job.onLost();
        },
      },
    });
    next();
  };
  const isKnown = (token: AttemptToken): boolean => seatByKey.has(token) || queue.some(({ job }) => job.key === token);
  const log = (piece: LogPiece): void => onLog(piece);
  let bundle: { readonly token: AttemptToken; readonly said: Report }[] = [];
  let bundled: ReturnType<typeof setTimeout> | undefined;
  const unbundle = (): void => {
    clearTimeout(bundled);
    bundled = undefined;
    const taken = bundle;
    bundle = [];
    for (const { said } of taken) onReport(said);
  };
  const report = (token: AttemptToken, said: Report): void => {
    if (cancelling.has(token)) return;
    bundle.push({ token, said });
    if (queue.length === 0 || bundle.length >= bundleMax) unbundle();
    else bundled ??= setTimeout(unbundle, bundleMs);
  };

  // ------------------------------------------------------------------------------------------------------------ stopping

  /** Ends the worker that has this job; false when it has ended already or is being stopped. */
  const giveUp = (token: AttemptToken): boolean => {
    const seat = seatByKey.get(token);
    if (seat?.job()?.key !== token || cancelling.has(token)) return false;
    seatByKey.delete(token);
    seat.kill();
    return true;
  };

  const stop = (token: AttemptToken, how: CancelHow): Promise<void> => {
    bundle = bundle.filter((held) => held.token !== token);
    const waiting = queue.findIndex(({ job }) => job.key === token);
    if (waiting >= 0) {
      queue.splice(waiting, 1);
      return Promise.resolve();
    }
    const seat = seatByKey.get(token);
    const job = seat?.job();
    if (seat === undefined || job === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const give = (): void => {
        seatByKey.delete(token);
        if (seat.job()?.key === token) seat.kill();
        resolve();
      };
      let timer = setTimeout(give, ackMsMax);
      const over = (end: () => void) => (): void => {
        clearTimeout(timer);
        end();
        resolve();
      };
      Object.assign(job, {
        onEnd: over(() => void seatByKey.delete(token)),
        onLost: over(() => void seatByKey.delete(token)),
        onAborting: () => {
          clearTimeout(timer);
          timer = setTimeout(give, Math.max(ackMsMax, how.graceMs));
        },
      });
      seat.say({ type: "abort", token, how });
    });
  };

  /** A worker is given what its order declares, nothing it could name by itself. */
  const secretsOf = (order: AttemptOrder | PrepareOrder) => async (level: number): Promise<VaultAnswer> => {
    let whose: Declaring | undefined = { secrets: order.dag.secrets, folder: order.places.folder, ...(order.lent === undefined ? {} : { lent: order.lent }) };
    for (let n = 0; n < level; n += 1) whose = whose?.lent;
    const names = (whose?.secrets ?? []).flatMap(({ provider, key }) => (provider === "env" ? [key] : []));
    if (whose === undefined || names.length === 0 || options.secrets === undefined) return { ok: true, values: {} };
    return options.secrets(whose.folder, names);
  };

  for (let n = 0; n < options.size; n += 1) add();
  return {
    start: (order) => {
      const { token } = order;
      if (isKnown(token)) return;
      let late: ReturnType<typeof setTimeout> | undefined;
      const ended = (end: AttemptEnd): void => {
        clearTimeout(late);
        report(token, { type: "attempt", report: { token, end, conditions: [], stdoutBytes: 0, stderrBytes: 0 } });
      };
      enqueue({ type: "attempt", order }, {
        key: token,
        secrets: secretsOf(order),
        onLog: log,
        onLost: () => ended({ type: "lost" }),
        onEnd: (said) => {
          clearTimeout(late);
          if (said.type === "attempt") report(token, { type: "attempt", report: said.report });
        },
        onDeadline: (ms, error) => {
          clearTimeout(late);
          if (ms === undefined) return;
          late = setTimeout(() => {
            if (!giveUp(token)) return;
            ended({ type: "exited", exitCode: 1, error, reason: "timeout", outputMatched: false, ran: true });
          }, ms);
        },
      });
    },
    prepare: (order) => {
      const { token } = order;
      if (isKnown(token)) return;
      enqueue({ type: "prepare", order }, {
        key: token,
        secrets: secretsOf(order),
        onLog: log,
        onLost: () => setTimeout(() => !isClosed && report(token, { type: "prepared", prepared: { token, dotenv: [], conditions: [], secretError: "the worker that prepared the run was lost" } })),
        onEnd: (said) => said.type === "prepared" && report(token, { type: "prepared", prepared: said.prepared }),
      });
    },
    cancel: (token, how) => {
      const known = cancelling.get(token);
      if (known !== undefined) return known;
      const done = stop(token, how).finally(() => cancelling.delete(token));
      cancelling.set(token, done);
      return done;
    },
    running: () => [...new Set([...seatByKey.keys(), ...queue.map(({ job }) => job.key), ...bundle.map(({ token }) => token), ...cancelling.keys()])].filter((key) => key.includes("/")),
    evaluateStart: (input) =>
      new Promise<StartValues>((resolve) => {
        const id = options.newId();
        const late = setTimeout(() => {
          seatByKey.get(id)?.kill();
          seatByKey.delete(id);
          resolve({ ok: false, message: `the start was not evaluated within ${evaluateMsMax} ms` });
        }, evaluateMsMax);
        const settle = (values: StartValues): void => {
          clearTimeout(late);
          resolve(values);
        };
        enqueue({ type: "evaluate", id, input }, {
          key: id,
          onLog: () => undefined,
          onLost: () => settle({ ok: false, message: "the worker that evaluated the start was lost" }),
          onEnd: (said) => said.type === "evaluated" && settle(said.values),
        });
      }),
    onReport: (listener) => {
      onReport = listener;
    },
    onLog: (listener) => {
      onLog = listener;
    },
    close: async () => {
      isClosed = true;
      clearTimeout(patience);
      queue.length = 0;
      for (const seat of [...seats]) seat.kill();
    },
  };
};
