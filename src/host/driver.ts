/**
 * Owns driving: the one host that holds the lock takes a term, picks up every run that is not at rest, answers requests and routes reports.
 * Knows order and not one rule. Whoever has a newer term fences it off; it then falls silent.
 */
import { dagId, instant, runId, seq, term as asTerm, type RunId, type Term } from "../core/base/brand.ts";
import { InvariantError } from "../core/base/invariant.ts";
import type { AttemptToken } from "../core/run/fact.ts";
import { nodeAt, members } from "../core/run/state/state.ts";
import { calledChildren } from "../core/run/state/call.ts";
import { attemptToken } from "../core/run/token.ts";
import type { Clock } from "../ports/clock.ts";
import type { Executor, Report } from "../ports/executor.ts";
import type { Ids } from "../ports/ids.ts";
import type { Notify } from "../ports/notify.ts";
import type { RequestRow, Store } from "../ports/store.ts";
import { decodeAsk, requestTypes, type Ask, type AskAnswer, type StartAsk } from "./drive/asks.ts";
import { createChildren } from "./drive/children.ts";
import { launch } from "./drive/launch.ts";
import { createLive, type Live, type LiveSeed, type LiveWorld } from "./drive/live.ts";
import { loadRun, UnplannableError } from "./drive/load.ts";
import { createLogBuffer } from "./drive/logs.ts";
import { parseText } from "./drive/parse.ts";
import { createPlans, type Parse } from "./drive/plans.ts";

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
const notDriving: AskAnswer = { ok: false, code: "not_driving", message: "this tab does not drive" };
const defaultSlots = 64;
const waitingPage = 200;
const againMsMin = 50;
const againMsMax = 5000;

export const createDriver = (options: DriverOptions): Driver => {
  const { store, executor, clock, notify } = options;
  const lives = new Map<RunId, Live>();
  const loading = new Map<RunId, Promise<Live | undefined>>();
  const fresh = new Set<RunId>();
  const answering = new Set<string>();
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

  /** Storage that fails once may work again: tries until it does, later each time, while this host drives. */
  const insist = async (run: RunId | undefined, work: () => Promise<void>): Promise<void> => {
    tasks += 1;
    for (let failures = 0; isOpen; failures += 1) {
      try {
        await work();
        break;
      } catch (error) {
        onError(run, error);
        const wait = Math.min(againMsMax, againMsMin * 2 ** Math.min(failures, 10));
        await new Promise<void>((resolve) => void clock.alarm(instant(clock.now() + wait), resolve));
      }
    }
    tasks -= 1;
  };

  const plans = createPlans({ store, parse: options.parse ?? parseText, slots: options.slots ?? defaultSlots });
  const logs = createLogBuffer({
    clock,
    flush: () => void background(undefined, flushLogs),
    isInherited: ({ run, attempt }) => !fresh.has(run) && (lives.get(run)?.state().attempt ?? attempt) === attempt,
  });
  const flushLogs = async (): Promise<void> => {
    let written: { readonly restore: () => void } | undefined;
    try {
      await store.transact(async (tx) => {
        written = await logs.write(tx);
      });
    } catch (error) {
      written?.restore();
      throw error;
    }
  };

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
  const liveWorld: LiveWorld = {
    store, executor, clock, logs, host,
    term: () => current,
    isOpen: () => isOpen,
    wantChild: children.want,
    endChild: children.end,
    onCommitted: (live, done) => {
      notify.send({ type: "committed", csn: done.state.seq });
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
    live.post(report.type === "attempt" ? { type: "report", report: report.report } : { type: "prepared", prepared: report.prepared });
  };

  // ----------------------------------------------------------------------------------------------------------- requests

  const ask = async (what: Ask, row?: RequestRow): Promise<AskAnswer> => {
    if (!isOpen) return notDriving;
    if (what.type === "start") return startRun(what, row);
    const id = row?.id ?? options.ids.next();
    while (isOpen) {
      const live = await load(what.run);
      if (live === undefined) return { ok: false, code: "not_found", message: `run ${what.run} not found` };
      const outcome = await live.ask({ type: "request", id, request: what.request }, row);
      if (outcome !== "moved") return outcome === undefined ? { ok: true } : { ok: false, ...outcome };
    }
    return notDriving;
  };
  const startRun = async (what: StartAsk, row?: RequestRow): Promise<AskAnswer> => {
    const target = await store.transact((tx) => tx.dag(dagId(what.dag)), { readonly: true });
    if (target === undefined || target.deletedAt !== undefined) return { ok: false, code: "not_found", message: `DAG ${what.dag} not found` };
    const made = await launch(launchWorld, {
      run: what.run, args: what.args, paramsText: what.paramsText, trigger: what.trigger,
      target: { revision: what.revision ?? target.head, dag: what.dag, isDraft: what.isDraft ?? false },
      ...(what.baseWorkingDir === undefined ? {} : { baseWorkingDir: what.baseWorkingDir }),
      ...(row === undefined ? {} : { request: row }),
    });
    if (!made.ok) {
      if (made.error.code === "exists") return { ok: true, run: what.run };
      if (made.error.code === "fenced") fence();
      return { ok: false, ...made.error };
    }
    fresh.add(what.run);
    adopt(made.value).reconcileAll();
    notify.send({ type: "committed", csn: 0 });
    return { ok: true, run: what.run };
  };

  const poll = async (): Promise<void> => {
    if (!isOpen) return;
    const open = await store.transact((tx) => tx.requests(true), { readonly: true });
    await Promise.all(open.filter((row) => requestTypes.includes(row.type) && !answering.has(row.id)).map(answer));
  };
  const answer = async (row: RequestRow): Promise<void> => {
    answering.add(row.id);
    await insist(undefined, async () => {
      const open = await store.transact((tx) => tx.request(row.id), { readonly: true });
      if (open === undefined || open.answer !== undefined) return;
      const what = decodeAsk(row.body);
      const said: AskAnswer = what === undefined ? { ok: false, code: "bad_request", message: "the request cannot be read" } : await ask(what, row);
      if (!isOpen) return;
      await store.transact(async (tx) => {
        const now = await tx.request(row.id);
        if (now !== undefined && now.answer === undefined) await tx.putRequest({ ...now, answer: JSON.stringify(said) });
      });
    });
    answering.delete(row.id);
  };

  // ----------------------------------------------------------------------------------------------------------- recovery

  /** What ran elsewhere is lost; what must run is asked for again. */
  const recover = async (run: RunId): Promise<void> => {
    const live = await load(run);
    if (live === undefined) return;
    live.post({ type: "adopted", term: current });
    const here = new Set(executor.running());
    const state = live.state();
    for (const index of members(state.active)) {
      const token = attemptToken(state, live.plan.nodes[index]!, nodeAt(state, index));
      const { phase } = nodeAt(state, index);
      if ((phase !== "executing" && phase !== "finishing") || here.has(token)) continue;
      live.forget(token);
      live.post({ type: "report", report: { token, end: { type: "lost" }, conditions: [], stdoutBytes: 0, stderrBytes: 0 } });
    }
    live.reconcileAll();
  };
  /** Callers that wait for a child which has gone on meanwhile. */
  const recoverWaiting = async (): Promise<void> => {
    let cursor: string | undefined;
    do {
      const page = await store.transact((tx) => tx.runs({ statuses: ["waiting"], withChildren: true }, waitingPage, cursor), { readonly: true });
      for (const row of page.rows) {
        const kids = await store.transact((tx) => tx.childRuns(row.id), { readonly: true });
        if (!kids.some((kid) => kid.status !== "waiting")) continue;
        const live = await load(row.id);
        if (live === undefined) continue;
        const called = live.plan.nodes.flatMap((node) => calledChildren(nodeAt(live.state(), node.index)));
        for (const child of called) {
          const loaded = kids.some((kid) => kid.id === child.run && kid.attempt > child.attempt) ? await load(child.run) : undefined;
          if (loaded?.state().phase === "settled") children.tell(loaded);
        }
      }
      cursor = page.next;
    } while (cursor !== undefined);
  };

  let stopListening: () => void = () => undefined;
  return {
    start: async () => {
      current = await store.transact((tx) => tx.nextTerm(), { durability: "strict" });
      isOpen = true;
      executor.onReport(onReport);
      executor.onLog(logs.take);
      stopListening = notify.listen((nudge) => {
        if (nudge.type === "command") void background(undefined, poll);
      });
      const rows = await store.transact((tx) => tx.activeRuns(), { readonly: true });
      for (const row of rows) void insist(row.id, () => recover(row.id));
      await insist(undefined, recoverWaiting);
      await poll();
    },
    ask: (what) => {
      tasks += 1;
      return ask(what).finally(() => {
        tasks -= 1;
      });
    },
    poll,
    term: () => current,
    isIdle: () => tasks === 0 && loading.size === 0 && [...lives.values()].every((live) => live.isIdle()),
    close: async () => {
      if (!isOpen) return;
      await background(undefined, flushLogs);
      isOpen = false;
      stopListening();
      for (const live of lives.values()) live.abandon("gone");
      lives.clear();
    },
  };
};
