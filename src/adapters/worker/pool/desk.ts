/**
 * Owns the worker's side of the pool: one job at a time, live output in batches against credit, aborts, runtime files asked for by name.
 * Secrets are resolved here, just before the work, so that no order and no record ever holds a value.
 */
import type { AssetName, Assets } from "../../../ports/assets.ts";
import type { AttemptOrder, AttemptReport, LogPiece, PrepareOrder, StartInput } from "../../../ports/executor.ts";
import type { Files } from "../../../ports/files.ts";
import type { Network } from "../../../ports/network.ts";
import { evaluateStart, prepareRun } from "../attempt/prepare.ts";
import { runAttempt } from "../attempt/run.ts";
import { fillOrder } from "../attempt/secrets.ts";
import type { AttemptWorld } from "../attempt/world.ts";
import type { KindTable } from "../kind.ts";
import type { VaultAnswer } from "../../../ports/vault.ts";
import { createThread, type ThreadOffers } from "../thread.ts";
import { batchBytes, batchMs, creditBytes, type FromWorker, type ToWorker } from "./protocol.ts";

export interface DeskOptions {
  readonly say: (message: FromWorker, transfer?: Transferable[]) => void;
  readonly files: (port: MessagePort) => Files;
  readonly network: (port: MessagePort, whose: () => { readonly run: string; readonly step: string }) => Network;
  readonly kinds: KindTable;
  /** Makes the worker's Python; only the root that carries the pack gives it. */
  readonly python?: ThreadOffers["python"];
  readonly postgres?: ThreadOffers["postgres"];
}
export interface Desk {
  readonly hear: (message: ToWorker) => void;
}

export const createDesk = ({ say, files, network, kinds, python, postgres }: DeskOptions): Desk => {
  const logs = createOutbox(say);
  const assets = createAssets(say);
  let current: { readonly run: string; readonly step: string; readonly control: AbortController; readonly token: string; readonly folder?: string; readonly provided?: ReadonlySet<string> } | undefined;
  let offers: ReturnType<typeof createThread> | undefined;
  let desk: Files | undefined;

  const begin = (fileLine: MessagePort, networkLine: MessagePort): void => {
    desk = withProvided(files(fileLine), () => current?.provided ?? none);
    const net = network(networkLine, () => ({ run: current?.run ?? "", step: current?.step ?? "" }));
    offers = createThread({ files: desk, network: net, assets: assets.assets, folder: () => current?.folder, ...(python === undefined ? {} : { python }), ...(postgres === undefined ? {} : { postgres }) });
    say({ type: "ready" });
  };
  const within = async <T>(whose: { readonly run: string; readonly step: string; readonly token: string; readonly folder?: string; readonly provided?: ReadonlySet<string> }, work: (world: AttemptWorld) => Promise<T>): Promise<T> => {
    const control = new AbortController();
    current = { ...whose, control };
    try {
      return await work({ ...offers!, kinds, onLog: logs.add, signal: control.signal, deadline: deadlineOf(whose.token), vault: vaultOf(whose.token) });
    } finally {
      logs.flush();
      current = undefined;
    }
  };
  const deadlineOf = (token: string) => (ms: number, error: string): (() => void) => {
    logs.flush();
    say({ type: "deadline", token, ms, error });
    return () => say({ type: "deadline", token });
  };
  const answers = new Map<number, (answer: VaultAnswer) => void>();
  const vaultOf = (token: string) => (level: number): Promise<VaultAnswer> =>
    new Promise((resolve) => {
      answers.set(level, resolve);
      say({ type: "secrets", token, level });
    });
  const attempt = async (order: AttemptOrder): Promise<void> => {
    const { work, stdoutLog, stderrLog } = order.places;
    const whose = { run: order.run, step: order.step.name, token: order.token, folder: order.places.folder, provided: new Set([work, stdoutLog, stderrLog]) };
    const { report, retire } = await within(whose, async (world) => {
      const filled = await fillOrder(order, world);
      return filled.ok ? runAttempt(filled.order, world) : { report: withoutSecrets(order, filled.message), retire: false };
    });
    say({ type: "attempt", report, retire });
  };
  const prepare = async (order: PrepareOrder): Promise<void> => {
    const { prepared } = await within({ run: order.run, step: "", token: order.token }, (world) => prepareRun(order, world));
    say({ type: "prepared", prepared, retire: false });
  };
  const evaluate = async (id: string, input: StartInput): Promise<void> => {
    const values = await within({ run: "", step: "", token: id }, (world) => evaluateStart(input, world)).catch((error: unknown) => ({
      ok: false as const, message: error instanceof Error ? error.message : String(error),
    }));
    say({ type: "evaluated", id, values });
  };
  return {
    hear: (message) => {
      switch (message.type) {
        case "begin":
          return begin(message.files, message.network);
        case "attempt":
          return rethrow(attempt(message.order));
        case "prepare":
          return rethrow(prepare(message.order));
        case "evaluate":
          return rethrow(evaluate(message.id, message.input));
        case "abort":
          if (current?.token !== message.token) return;
          say({ type: "aborting", token: message.token });
          return current.control.abort(message.how.signal);
        case "secrets":
          answers.get(message.level)?.(message.answer);
          return void answers.delete(message.level);
        case "asset":
          return assets.take(message.name, message);
        case "credit":
          return logs.credit(message.bytes);
      }
    },
  };
};
const none: ReadonlySet<string> = new Set();
/** The run's work directory was made when the run was prepared, and log files are there as soon as they are asked for: nothing to do. */
const withProvided = (files: Files, provided: () => ReadonlySet<string>): Files => ({
  ...files,
  provide: (directories, empty) => {
    const [rest, restFiles] = [directories, empty].map((paths) => paths.filter((path) => !provided().has(path))) as [string[], string[]];
    return rest.length + restFiles.length === 0 ? undefined : files.provide?.(rest, restFiles);
  },
});
/** An error nobody expected ends the worker: the pool hears it and reports the job as lost. */
const rethrow = (work: Promise<void>): void => {
  work.catch((error: unknown) => setTimeout(() => {
    throw error;
  }));
};

const withoutSecrets = ({ token }: AttemptOrder, error: string): AttemptReport => {
  const end = { type: "exited" as const, exitCode: 0, error, reason: "secret", outputMatched: false, ran: false };
  return { token, end, conditions: [], stdoutBytes: 0, stderrBytes: 0 };
};

interface Outbox {
  readonly add: (piece: LogPiece) => void | Promise<void>;
  readonly flush: () => void;
  readonly credit: (bytes: number) => void;
}
/** Live output leaves in batches; a writer waits while more than `creditBytes` have not been taken. */
const createOutbox = (say: DeskOptions["say"]): Outbox => {
  let held: LogPiece[] = [];
  let heldBytes = 0;
  let underWay = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiters: (() => void)[] = [];
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held.length === 0) return;
    const pieces = held;
    underWay += heldBytes;
    held = [];
    heldBytes = 0;
    say({ type: "log", pieces });
  };
  return {
    add: (piece) => {
      held.push(piece);
      heldBytes += piece.bytes.length;
      if (heldBytes >= batchBytes) flush();
      else timer ??= setTimeout(flush, batchMs);
      if (underWay + heldBytes > creditBytes) return new Promise<void>((resolve) => waiters.push(resolve));
    },
    flush,
    credit: (bytes) => {
      underWay -= bytes;
      if (underWay + heldBytes > creditBytes) return;
      const free = waiters;
      waiters = [];
      for (const go of free) go();
    },
  };
};

interface AssetDesk {
  readonly assets: Assets;
  readonly take: (name: AssetName, said: { readonly bytes?: Uint8Array; readonly error?: string }) => void;
}
const createAssets = (say: DeskOptions["say"]): AssetDesk => {
  const waiting = new Map<AssetName, { readonly promise: Promise<Uint8Array>; readonly resolve: (bytes: Uint8Array) => void; readonly reject: (error: Error) => void }>();
  return {
    assets: {
      load: (name) => {
        const known = waiting.get(name);
        if (known !== undefined) return known.promise;
        let resolve: (bytes: Uint8Array) => void = () => undefined;
        let reject: (error: Error) => void = () => undefined;
        const promise = new Promise<Uint8Array>((yes, no) => {
          resolve = yes;
          reject = no;
        });
        waiting.set(name, { promise, resolve, reject });
        say({ type: "asset", name });
        return promise;
      },
    },
    take: (name, { bytes, error }) => {
      const asked = waiting.get(name);
      if (bytes !== undefined) asked?.resolve(bytes);
      else {
        waiting.delete(name);
        asked?.reject(new Error(error ?? `runtime file ${name} is not there`));
      }
    },
  };
};
