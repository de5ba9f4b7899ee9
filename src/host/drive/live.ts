/**
 * Owns the advance of one run: facts that arrived together become one turn, one commit, and only then effects. Knows order, not one rule.
 * D1 Nothing is started before the commit that justifies it. D2 A failed commit loses no fact: it is tried again, later each time.
 * D3 A broken rule parks this run and no other. D4 What is owed is compared with what runs per touched node, for all nodes on take-over.
 */
import type { Instant, RunId, Term } from "../../core/base/brand.ts";
import { instant, seq } from "../../core/base/brand.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { RunStart } from "../../core/run/event.ts";
import type { Fact, RequestRefusal } from "../../core/run/fact.ts";
import { owedByNode, owedByRun } from "../../core/run/outstanding.ts";
import type { RunRow } from "../../core/run/rows.ts";
import { calledChildren } from "../../core/run/state/call.ts";
import { members, nodeAt, type ChildState, type RunState } from "../../core/run/state/state.ts";
import { attemptToken } from "../../core/run/token.ts";
import { turn, type Turn } from "../../core/run/turn.ts";
import { runRow, stepRow, type RunIdentity } from "../../core/run/view/rows.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AttemptToken, CancelHow, Executor } from "../../ports/executor.ts";
import type { AppendRefusal, RequestRow, RunAppend, Store } from "../../ports/store.ts";
import type { LogBuffer } from "./logs.ts";
import { attemptOrder, prepareOrder, type Ordered } from "./order.ts";

export interface LiveWorld {
  readonly store: Store;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly logs: LogBuffer;
  readonly term: () => Term;
  readonly host: () => Readonly<Record<string, string>>;
  readonly isOpen: () => boolean;
  /** A child ought to exist (and run its wanted attempt), or ought to end. */
  readonly wantChild: (parent: Live, index: number, child: ChildState) => void;
  readonly endChild: (parent: Live, index: number, child: ChildState) => void;
  readonly onCommitted: (live: Live) => void;
  /** At rest, with nothing left to answer: it may be let go; asked for again it is loaded again. */
  readonly onRest: (live: Live) => void;
  /** Somebody else drives, or the log is not what we hold. */
  readonly onRefused: (live: Live, refusal: AppendRefusal) => void;
  readonly onBroken: (live: Live, error: unknown) => void;
  /** Storage failed; what was to be recorded is kept and tried again. */
  readonly onError: (run: RunId, error: unknown) => void;
  /** Watches turns in tests and simulation. */
  readonly check?: (plan: Plan, before: RunState, turn: Turn) => void;
}
export interface Live {
  readonly id: RunId;
  readonly identity: RunIdentity;
  readonly start: RunStart;
  readonly plan: Plan;
  readonly state: () => RunState;
  readonly post: (fact: Fact) => void;
  /** As `post`; answers when the commit that carries the answer is done. A row is answered in the same transaction. */
  readonly ask: (fact: Extract<Fact, { readonly type: "request" }>, row?: RequestRow) => Promise<AskOutcome>;
  /** Compares everything that is owed with what runs. */
  readonly reconcileAll: () => void;
  /** The executor has spoken its last word on a token. */
  readonly forget: (token: AttemptToken) => void;
  /** Cancels what runs here and does nothing more. */
  readonly abandon: (reason: CancelHow["reason"]) => void;
  readonly isIdle: () => boolean;
}
/** Nothing = carried out; "moved" = not by this object: look the run up again. */
export type AskOutcome = RequestRefusal | "moved" | undefined;
export interface LiveSeed {
  readonly identity: RunIdentity;
  readonly start: RunStart;
  readonly plan: Plan;
  readonly state: RunState;
}
/** Milliseconds in which work that ran out of time may still flush what it wrote. */
const lateMs = 1000;
const retryMsMin = 50;
const retryMsMax = 5000;

interface Question {
  readonly id: string;
  readonly row: RequestRow | undefined;
  readonly answer: (outcome: AskOutcome) => void;
}

export const createLive = (world: LiveWorld, seed: LiveSeed): Live => {
  const { identity, start, plan } = seed;
  let state = seed.state;
  let facts: Fact[] = [];
  let ticked = false;
  let isBusy = false;
  let isGone = false;
  let failures = 0;
  let alarm: { readonly at: number; readonly cancel: () => void } | undefined;
  let preparing: AttemptToken | undefined;
  const dispatched = new Map<number, AttemptToken>();
  /** Dispatched tokens that have reported: silent, whatever becomes of the report. */
  const spoken = new Set<AttemptToken>();
  const questions = new Map<string, Question>();

  const ordered = (): Ordered => ({ plan, start, state, term: world.term(), host: world.host() });

  const advance = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    while (!isGone && world.isOpen() && (facts.length > 0 || ticked)) {
      const taken = facts;
      facts = [];
      ticked = false;
      if (!(await step(taken))) break;
    }
    isBusy = false;
    if (!isGone && state.phase === "settled" && facts.length === 0 && questions.size === 0) {
      isGone = true;
      alarm?.cancel();
      world.onRest(live);
    }
  };

  /** One turn; false = wait for better times. */
  const step = async (taken: readonly Fact[]): Promise<boolean> => {
    const before = state;
    let done: Turn;
    try {
      done = turn(plan, before, taken, world.clock.now());
      world.check?.(plan, before, done);
    } catch (error) {
      return park(error);
    }
    if (done.events.length === 0 && done.answers.length === 0) {
      state = done.state;
      reconcile([]);
      return true;
    }
    try {
      const refusal = await commit(before, done);
      if (refusal !== undefined) {
        abandon("lost-term");
        world.onRefused(live, refusal);
        return false;
      }
    } catch (error) {
      return tryLater(taken, error);
    }
    failures = 0;
    state = done.state;
    for (const { id, refusal } of done.answers) {
      questions.get(id)?.answer(refusal);
      questions.delete(id);
    }
    reconcile(done.touched);
    world.onCommitted(live);
    return true;
  };

  const commit = async (before: RunState, done: Turn): Promise<AppendRefusal | undefined> => {
    const append = appendOf({ plan, identity, before, done, term: world.term(), now: world.clock.now() });
    let logs: { readonly restore: () => void } | undefined;
    try {
      return await world.store.transact(async (tx) => {
        if (append.events.length > 0) {
          const answer = await tx.append(append);
          if (!answer.ok) return answer.error;
        }
        if (world.logs.hasAny(state.run)) logs = await world.logs.write(tx, state.run);
        for (const { id, refusal } of done.answers) {
          const row = questions.get(id)?.row;
          if (row !== undefined) await tx.putRequest({ ...row, answer: JSON.stringify(refusal === undefined ? { ok: true } : { ok: false, ...refusal }) });
        }
        return undefined;
      }, {
        durability: done.state.phase === "settled" && before.phase !== "settled" ? "strict" : "relaxed",
        ...(done.state.status === before.status ? { expects: "turn" as const } : {}),
      });
    } catch (error) {
      logs?.restore();
      throw error;
    }
  };

  const tryLater = (taken: readonly Fact[], error: unknown): boolean => {
    world.onError(seed.state.run, error);
    facts = [...taken, ...facts];
    ticked = true;
    failures += 1;
    const wait = Math.min(retryMsMax, retryMsMin * 2 ** Math.min(failures, 10));
    world.clock.alarm(instant(world.clock.now() + wait), () => void advance());
    return false;
  };
  const park = (error: unknown): boolean => {
    isGone = true;
    abandon("gone");
    world.onBroken(live, error);
    return false;
  };

  // ------------------------------------------------------------------------------------------------------------ effects

  const reconcile = (touched: Iterable<number>): void => {
    for (const index of touched) reconcileNode(index);
    const prepare = owedByRun(state).find((work) => work.type === "prepare")?.token;
    if (preparing !== undefined && preparing !== prepare) {
      if (!spoken.delete(preparing)) void world.executor.cancel(preparing, { signal: "SIGTERM", graceMs: 0, reason: "stop" });
      preparing = undefined;
    }
    if (prepare !== undefined && preparing === undefined) {
      preparing = prepare;
      world.executor.prepare(prepareOrder(ordered()));
    }
    setAlarm(state.dueAt);
  };

  const reconcileNode = (index: number): void => {
    const owed = owedByNode(plan, state, index);
    const attempt = owed.find((work) => work.type === "attempt");
    const running = dispatched.get(index);
    if (running !== undefined && running !== attempt?.token) {
      dispatched.delete(index);
      if (!spoken.delete(running)) cancel(index, running);
    }
    if (attempt?.type === "attempt" && running !== attempt.token && !spoken.has(attempt.token)) {
      dispatched.set(index, attempt.token);
      world.executor.start(attemptOrder(ordered(), index, attempt.token));
    }
    for (const work of owed) if (work.type === "child") world.wantChild(live, index, work.child);
    const node = nodeAt(state, index);
    if (node.phase !== "closing") return;
    const open = calledChildren(node).filter((child) => child.news === undefined);
    for (const child of open) world.endChild(live, index, child);
    if (open.length === 0 && !dispatched.has(index) && !closing.has(index)) post({ type: "closed", token: attemptToken(state, plan.nodes[index]!, node) });
  };

  /** Nodes whose cancelled token has not fallen silent yet. */
  const closing = new Set<number>();
  const cancel = (index: number, token: AttemptToken): void => {
    const { step: of } = plan.nodes[index]!;
    const isStop = state.stoppedAt !== undefined;
    const how: CancelHow = {
      signal: of.signalOnStop ?? "SIGTERM", graceMs: isStop ? plan.dag.maxCleanUpTimeSec * 1000 : lateMs, reason: isStop ? "stop" : "timeout",
    };
    closing.add(index);
    const silent = (): void => {
      closing.delete(index);
      const printed = world.logs.printed(token);
      post({ type: "closed", token, ...(printed === undefined ? {} : { printed }) });
    };
    world.executor.cancel(token, how).then(silent, silent);
  };

  const setAlarm = (at: number): void => {
    if (alarm?.at === at) return;
    alarm?.cancel();
    alarm = undefined;
    if (at === Infinity) return;
    const ring = (): void => {
      alarm = undefined;
      ticked = true;
      void advance();
    };
    alarm = { at, cancel: world.clock.alarm(instant(at), ring) };
  };

  const abandon = (reason: CancelHow["reason"]): void => {
    isGone = true;
    alarm?.cancel();
    for (const token of [...dispatched.values(), ...(preparing === undefined ? [] : [preparing])]) {
      world.executor.cancel(token, { signal: "SIGKILL", graceMs: 0, reason }).catch(() => undefined);
    }
    dispatched.clear();
    for (const { answer } of questions.values()) answer("moved");
    questions.clear();
  };

  const post = (fact: Fact): void => {
    if (isGone) return;
    facts.push(fact);
    queueMicrotask(() => void advance());
  };

  const live: Live = {
    id: seed.state.run,
    identity,
    start,
    plan,
    state: () => state,
    post,
    ask: (fact, row) =>
      new Promise((answer) => {
        if (isGone) return answer("moved");
        questions.set(fact.id, { id: fact.id, row, answer });
        post(fact);
      }),
    reconcileAll: () => reconcile(members(state.active)),
    forget: (token) => void spoken.add(token),
    abandon,
    isIdle: () => !isBusy && facts.length === 0 && questions.size === 0,
  };
  return live;
};

interface Commit {
  readonly plan: Plan;
  readonly identity: RunIdentity;
  readonly before: RunState;
  readonly done: Turn;
  readonly term: Term;
  readonly now: Instant;
}
export const appendOf = ({ plan, identity, before, done, term, now }: Commit): RunAppend => {
  const row: RunRow = { ...runRow(identity, done.state), term };
  return {
    run: done.state.run,
    expected: seq(before.seq),
    term,
    at: now,
    events: done.events,
    row,
    steps: done.touched.map((index) => stepRow(plan, done.state, index)),
    ...(before.seq === 0 ? {} : { before: before.status }),
  };
};
