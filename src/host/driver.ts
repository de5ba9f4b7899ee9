/**
 * Owns driving: the one host that holds the lock takes a term, picks up every run that is not at rest, answers requests and routes reports.
 * Knows order and not one rule. Whoever has a newer term fences it off; it then falls silent.
 */
import { runId, seq, term as asTerm, type RunId, type Term } from "../core/base/brand.ts";
import { InvariantError } from "../core/base/invariant.ts";
import type { AttemptReport, AttemptToken } from "../core/run/fact.ts";
import type { Clock } from "../ports/clock.ts";
import type { Executor, Report } from "../ports/executor.ts";
import type { Ids } from "../ports/ids.ts";
import type { Notify } from "../ports/notify.ts";
import type { Store } from "../ports/store.ts";
import type { Ask, AskAnswer } from "./drive/asks.ts";
import { createChildren } from "./drive/children.ts";
import { createDesk } from "./drive/desk.ts";
import { createInsist } from "./drive/insist.ts";
import { createLive, type Live, type LiveSeed, type LiveWorld } from "./drive/live.ts";
import { loadRun, UnplannableError } from "./drive/start/load.ts";
import { createFlusher, createLogBuffer, type LogBuffer } from "./drive/logs.ts";
import { createRecovery } from "./drive/recover.ts";
import { parseText } from "./drive/start/parse.ts";
import { createPlans, type Parse } from "./drive/start/plans.ts";

export interface DriverOptions {
  readonly store: Store;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notify: Notify;
  /** The host environment of steps, as it stands. */
  readonly host?: () => Readonly<Record<string, string>>;
  /** Executions one run may have under way. */
  readonly slots?: number;
  readonly parse?: Parse;
  /** A newer term has been taken: this driver has stopped. */
  readonly onFenced?: () => void;
  /** An error that parked a run, or that storage gave while nothing could be parked. */
  readonly onError?: (run: RunId | undefined, error: unknown) => void;
  /** Watches every turn: rules in tests and simulation. */
  readonly check?: LiveWorld["check"];
}
export interface Driver {
  /** Takes a term, recovers what was under way, answers open requests. Settles when everything found has been picked up. */
  readonly start: () => Promise<void>;
  /** Carries out what was asked, here and now. */
  readonly ask: (ask: Ask) => Promise<AskAnswer>;
  /** Looks for open requests; nudges are best effort. */
  readonly poll: () => Promise<void>;
  readonly term: () => Term;
  /** Nothing is under way in here: every fact has been committed. */
  readonly isIdle: () => boolean;
  readonly close: () => Promise<void>;
}
const defaultSlots = 64;
/** A worker that was lost or killed cannot say what it had written. */
const counted = (logs: LogBuffer, report: AttemptReport): AttemptReport =>
  report.stdoutBytes + report.stderrBytes > 0 ? report : { ...report, ...logs.printed(report.token) };

export const createDriver = (options: DriverOptions): Driver => {
  const { store, executor, clock, notify } = options;
  const lives = new Map<RunId, Live>();
  const loading = new Map<RunId, Promise<Live | undefined>>();
  const fresh = new Set<RunId>();
  let current = asTerm(0);
  let isOpen = false;
  let tasks = 0;

  const onError = (run: RunId | undefined, error: unknown): void => {
    if (isOpen) options.onError?.(run, error);
  };
  const background = async (run: RunId | undefined, work: () => Promise<unknown>): Promise<void> => {
    tasks += 1;
    try {
      await work();
    } catch (error) {
      onError(run, error);
    } finally {
      tasks -= 1;
    }
  };

  const insist = createInsist({
    clock, onError,
    isOpen: () => isOpen,
    onTask: (change) => {
      tasks += change;
    },
  });

  const plans = createPlans({ store, parse: options.parse ?? parseText, slots: options.slots ?? defaultSlots });
  const logs = createLogBuffer({
    clock,
    flush: () => flusher.ask(),
    isInherited: ({ run, attempt }) => !fresh.has(run) && (lives.get(run)?.state().attempt ?? attempt) === attempt,
  });
  const flusher = createFlusher(store, () => logs, insist);

  const host = options.host ?? ((): Readonly<Record<string, string>> => ({}));
  const launchWorld = { store, executor, clock, plans, term: () => current, host };

  const adopt = (seed: LiveSeed): Live => {
    const live = createLive(liveWorld, seed);
    lives.set(live.id, live);
    return live;
  };
  const load = (run: RunId): Promise<Live | undefined> => {
    const known = lives.get(run);
    if (known !== undefined) return Promise.resolve(known);
    const under = loading.get(run);
    if (under !== undefined) return under;
    const work = loadRun(store, plans, run)
      .then((seed) => lives.get(run) ?? (seed === undefined ? undefined : adopt(seed)))
      .catch((error: unknown) => {
        if (error instanceof UnplannableError || error instanceof InvariantError) return park(run, error);
        throw error;
      })
      .finally(() => loading.delete(run));
    loading.set(run, work);
    return work;
  };
  /** A run that cannot go on says so in its row, and nothing else stops. */
  const park = async (run: RunId, error: unknown): Promise<undefined> => {
    lives.delete(run);
    onError(run, error);
    const text = error instanceof Error ? error.message : String(error);
    await store.transact(async (tx) => {
      const row = await tx.run(run);
      if (row === undefined) return;
      const expected = seq((await tx.events(run)).length);
      await tx.append({ run, expected, term: current, at: clock.now(), events: [], row: { ...row, broken: text, term: current }, before: row.status, steps: [] });
    });
    return undefined;
  };

  const children = createChildren({ ...launchWorld, adopt: (seed) => (fresh.add(seed.state.run), adopt(seed)), load, peek: (run) => lives.get(run), insist });
  const begin = (seed: LiveSeed): void => {
    fresh.add(seed.state.run);
    adopt(seed).reconcileAll();
  };
  const liveWorld: LiveWorld = {
    store, executor, clock, logs, host, onError,
    term: () => current,
    isOpen: () => isOpen,
    wantChild: children.want,
    endChild: children.end,
    onCommitted: (live) => {
      if (live.state().phase !== "settled") return;
      children.tell(live);
    },
    onRest: (live) => {
      logs.forget(live.id);
      fresh.delete(live.id);
      if (lives.get(live.id) === live) lives.delete(live.id);
    },
    onRefused: (live, refusal) => {
      lives.delete(live.id);
      if (refusal.type === "fenced") fence();
      else void insist(live.id, async () => (await load(live.id))?.reconcileAll());
    },
    onBroken: (live, error) => void insist(live.id, () => park(live.id, error)),
    ...(options.check === undefined ? {} : { check: options.check }),
  };

  const fence = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const live of lives.values()) live.abandon("lost-term");
    lives.clear();
    options.onFenced?.();
  };

  // ------------------------------------------------------------------------------------------------------------ routing

  const runOf = (token: AttemptToken): RunId => runId(token.slice(0, token.indexOf("/")));
  const onReport = (report: Report): void => {
    if (!isOpen) return;
    const token = report.type === "attempt" ? report.report.token : report.prepared.token;
    const live = lives.get(runOf(token));
    if (live === undefined) return;
    live.forget(token);
    live.post(report.type === "attempt" ? { type: "report", report: counted(logs, report.report) } : { type: "prepared", prepared: report.prepared });
  };

  const desk = createDesk({ ...launchWorld, ids: options.ids, load, insist, fence, isOpen: () => isOpen, begin });
  const recovery = createRecovery({ store, executor, load, children, term: () => current });

  let stopListening: () => void = () => undefined;
  return {
    start: async () => {
      current = await store.transact((tx) => tx.nextTerm(), { durability: "strict" });
      isOpen = true;
      executor.onReport(onReport);
      executor.onLog(logs.take);
      stopListening = notify.listen((nudge) => {
        if (nudge.type === "command") void insist(undefined, desk.poll);
      });
      await insist(undefined, async () => {
        const rows = await store.transact((tx) => tx.activeRuns(), { readonly: true });
        for (const row of rows) void insist(row.id, () => recovery.adopt(row.id));
      });
      await insist(undefined, recovery.wakeCallers);
      void insist(undefined, desk.poll);
    },
    ask: (what) => {
      tasks += 1;
      return desk.ask(what).finally(() => {
        tasks -= 1;
      });
    },
    poll: desk.poll,
    term: () => current,
    isIdle: () => tasks === 0 && loading.size === 0 && [...lives.values()].every((live) => live.isIdle()),
    close: async () => {
      if (!isOpen) return;
      await background(undefined, flusher.flush);
      isOpen = false;
      stopListening();
      for (const live of lives.values()) live.abandon("gone");
      lives.clear();
    },
  };
};
