/**
 * Owns when to sync: offers first, then pushes and pulls, each on its own: a push that is stuck never stops a pull. Again after a local
 * change, a hint, or the poll. Trouble waits longer each time, never longer than a minute (P15), and says what it is. Every state shown is
 * derived from evidence with its time. A server that went back in time is answered by a person, not here.
 */
import { instant, type Instant } from "../../core/base/brand.ts";
import type { Answer, Request } from "../../core/replica/protocol.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Remote, RemoteRefusal } from "../../ports/sync/remote.ts";
import type { SyncCause } from "../../ports/sync/sessions.ts";
import { noExchanges, type Exchanges } from "./watch/exchange.ts";
import { pauseForChoice } from "./watch/history.ts";
import { apply, cut, Fenced, isFirst, shrink, type SyncDep } from "./session.ts";
import type { SyncNews } from "./settings.ts";

export type { SyncNews };
export interface SyncLoopDep extends SyncDep {
  readonly remote: Remote;
  readonly clock: Clock;
  readonly onNews: (news: SyncNews) => void;
  readonly exchanges?: Exchanges;
  /** Something was written that the driver or a screen should look at. */
  readonly onPage?: () => Promise<void>;
  /** Uploads what rows speak of; answers whether there are new rows to push. */
  readonly ship?: () => Promise<boolean>;
  /** A newer driver has taken over: this loop is done. */
  readonly onFenced?: () => void;
  readonly onError?: (error: unknown) => void;
}
export interface SyncLoop {
  /** Something changed here or there: sync soon. Many calls are one. */
  readonly nudge: (cause?: SyncCause) => void;
  readonly now: (cause?: SyncCause) => Promise<void>;
  /** Ends the exchange under way; the next nudge starts another. */
  readonly cancel: () => void;
  readonly stop: () => Promise<void>;
}
const pollMs = 60_000;
const settleMs = 150;
/** A hint is somebody waiting to see a change: no settling. */
const hintMs = 5;
const backoffMs = { min: 1_000, max: 60_000 } as const;
const roundsMax = 100_000;
/** A push under way holds the pull up for so long at most. */
const headStartMs = 2_000;
/** A run that goes on is told of this often: each time its whole row travels, with every step. */
const liveMs = 2_000;
const liveMsPerStep = 5;
const liveRunsMax = 1_000;
/** A clock that differs less is not worth a word. */
const skewMsMin = 60_000;

/** How one direction fares. */
interface Lane {
  failures: number;
  trouble?: RemoteRefusal;
  retryAt: number;
}
type LaneName = "push" | "pull";

export const startSyncLoop = (dep: SyncLoopDep): SyncLoop => {
  const { clock } = dep;
  const exchanges = dep.exchanges ?? noExchanges;
  const lanes: Record<LaneName, Lane> = { push: { failures: 0, retryAt: 0 }, pull: { failures: 0, retryAt: 0 } };
  let completeAt: Instant | undefined;
  let head = 0;
  let seen = -1;
  let attempts = 0;
  let running: Promise<void> | undefined;
  let isOpen = true;
  let isCancelled = false;
  let again: SyncCause | undefined;
  let isWished = false;
  let followed: Promise<void> | undefined;
  let cancelAlarm: () => void = () => undefined;

  const troubled = (): Lane | undefined => (lanes.pull.trouble === undefined ? (lanes.push.trouble === undefined ? undefined : lanes.push) : lanes.pull);
  const tell = (isBusy: boolean): void => {
    const lane = troubled();
    const skewMs = dep.remote.skewMs();
    dep.onNews({
      state: isBusy ? "syncing" : lane === undefined ? "idle" : "waiting", attempts, head,
      ...(completeAt === undefined ? {} : { completeAt }),
      ...(lane?.trouble === undefined ? {} : { trouble: lane.trouble, retryAt: instant(lane.retryAt) }),
      ...(skewMs === undefined || Math.abs(skewMs) < skewMsMin ? {} : { skewMs }),
    });
  };
  const wakeAt = (ms: number, cause: SyncCause): void => {
    cancelAlarm();
    if (isOpen) cancelAlarm = clock.alarm(instant(clock.now() + ms), () => void now(cause));
  };
  const isGoing = (): boolean => isOpen && !isCancelled;

  const fail = (name: LaneName, trouble: RemoteRefusal): void => {
    const lane = lanes[name];
    lane.failures += 1;
    lane.trouble = trouble;
    attempts += 1;
    const isHopeless = trouble.type === "signed-out" || trouble.type === "not-allowed";
    const wait = isHopeless ? pollMs : trouble.type === "busy" ? trouble.retryAfterMs : Math.min(backoffMs.max, backoffMs.min * 2 ** Math.min(lane.failures - 1, 10)) * (0.75 + dep.ids.random() / 2);
    lane.retryAt = clock.now() + wait;
    exchanges.trouble(trouble, instant(lane.retryAt));
  };
  const succeed = (name: LaneName): void => {
    lanes[name] = { failures: 0, retryAt: 0 };
    attempts = 0;
  };
  /** Sends one request and applies its answer. Nothing: the lane has ended. "again": the batch was cut anew. */
  const exchange = async (name: LaneName, request: Request): Promise<Answer | "again" | undefined> => {
    const answered = await dep.remote.send(request, exchanges.mark());
    if (!isGoing()) return undefined;
    if (!answered.ok) {
      if (answered.error.type === "unreadable" && request.type === "push") {
        const apart = await shrink(dep, "too large");
        if (apart !== undefined) exchanges.setApart(apart);
        return "again";
      }
      fail(name, answered.error);
      return undefined;
    }
    const answer = answered.value;
    if (answer.type === "restored" && (await pauseForChoice(dep, answer, clock.now()))) return undefined;
    await apply(dep, answer);
    if ("head" in answer) head = Math.max(head, answer.head);
    exchanges.moved(request, answer);
    succeed(name);
    return answer;
  };
  const pushLane = async (): Promise<boolean> => {
    let sent = 0;
    for (const kind of ["offer", "push"] as const)
      for (let n = 0; n < roundsMax && isGoing(); n++) {
        const request = await cut({ ...dep, mayWait }, kind);
        if (request === undefined) break;
        exchanges.need();
        if ((await exchange("push", request)) === undefined) return sent > 0;
        sent += 1;
      }
    if (lanes.push.trouble !== undefined && sent === 0) succeed("push");
    if (isGoing() && (await dep.ship?.()) === true) return (await pushLane()) || sent > 0;
    return sent > 0;
  };
  const pullLane = async (): Promise<void> => {
    for (let n = 0; n < roundsMax && isGoing(); n++) {
      const request = await cut(dep, "pull");
      if (request === undefined) return;
      const answer = await exchange("pull", request);
      if (answer === undefined) return;
      if (answer === "again" || answer.type !== "page" || !answer.last) continue;
      seen = answer.cursor;
      completeAt = clock.now();
      await dep.onPage?.();
      return;
    }
  };
  const isDue = (name: LaneName, cause: SyncCause): boolean => cause === "manual" || clock.now() >= lanes[name].retryAt;
  const both = async (cause: SyncCause): Promise<void> => {
    if (await isFirst(dep)) {
      if (isDue("pull", cause)) await pullLane();
      if (completeAt === undefined) return;
    }
    let isPushing = isDue("push", cause);
    const pushing = isPushing ? pushLane().finally(() => { isPushing = false; }) : Promise.resolve(false);
    await Promise.race([pushing, pause(headStartMs)]);
    const wasPushing = isPushing;
    // A change that needed no push needs no pull either: what others change comes by a hint or the poll.
    const isIdle = cause === "change" && !wasPushing && !(await pushing);
    if (!isIdle && isDue("pull", cause)) await pullLane();
    if ((await pushing) && wasPushing) await pullLane();
  };
  const sentAt = new Map<string, number>();
  const mayWait = (run: string, steps: number): boolean => {
    const now = clock.now();
    if (now - (sentAt.get(run) ?? -Infinity) < liveMs + steps * liveMsPerStep) return true;
    if (sentAt.size > liveRunsMax) sentAt.clear();
    sentAt.set(run, now);
    return false;
  };
  const pause = (ms: number): Promise<void> => new Promise((done) => { clock.alarm(instant(clock.now() + ms), done); });

  const round = async (cause: SyncCause): Promise<void> => {
    isCancelled = false;
    await exchanges.begin(cause);
    tell(true);
    try {
      await both(cause);
    } catch (error) {
      if (!(error instanceof Fenced)) {
        fail("pull", { type: "server-error", status: 0, message: error instanceof Error ? error.message : String(error) });
        dep.onError?.(error);
      } else {
        isOpen = false;
        dep.onFenced?.();
      }
    }
    await exchanges.end(isCancelled ? "user" : troubled()?.trouble);
    tell(false);
    const retries = Object.values(lanes).flatMap((lane) => (lane.trouble === undefined ? [] : [lane.retryAt - clock.now()]));
    // A hint of what this round has pulled already is none.
    if (again === "hint" && seen >= head) again = undefined;
    if (again !== undefined) wakeAt(again === "hint" ? hintMs : settleMs, again);
    else wakeAt(Math.max(settleMs, Math.min(pollMs, ...retries)), retries.length === 0 ? "poll" : cause === "manual" ? "change" : cause);
    again = undefined;
  };
  const now = (cause: SyncCause = "manual"): Promise<void> => {
    if (!isOpen) return Promise.resolve();
    // A wish joins a round that another wish began; after any other round it gets one of its own, which sends what is there by now.
    if (running !== undefined && cause === "manual" && !isWished) return (followed ??= running.then(() => {
      followed = undefined;
      return now("manual");
    }));
    isWished = cause === "manual" || (running !== undefined && isWished);
    running ??= round(cause).finally(() => { running = undefined; });
    return running;
  };
  const nudge = (cause: SyncCause = "change"): void => {
    if (running !== undefined) again = cause;
    else if (lanes[cause === "hint" ? "pull" : "push"].trouble === undefined) wakeAt(cause === "hint" ? hintMs : settleMs, cause);
  };
  const stopHints = dep.remote.hints((at) => {
    head = Math.max(head, at);
    if (at > seen) nudge("hint");
  });
  wakeAt(0, "boot");
  return {
    nudge, now,
    cancel: () => {
      isCancelled = running !== undefined;
    },
    stop: async () => {
      isOpen = false;
      stopHints();
      cancelAlarm();
      await running;
      await exchanges.end("shutdown");
    },
  };
};