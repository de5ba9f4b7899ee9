/**
 * Owns when to sync: offers first, then pushes, then pulls until complete; again after a local change, a hint, or the poll. Trouble waits
 * longer each time, never longer than a minute (P15), and says what it is. Every state shown is derived from evidence with its time.
 */
import type { Request } from "../../core/replica/protocol.ts";
import { instant, type Instant } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Remote, RemoteRefusal } from "../../ports/sync/remote.ts";
import { apply, cut, isFirst, type SyncDep } from "./session.ts";

export interface SyncNews {
  readonly state: "idle" | "syncing" | "waiting";
  /** When the copy was last complete to the server's head. */
  readonly completeAt?: Instant;
  /** The last trouble, until something works again. */
  readonly trouble?: RemoteRefusal;
  readonly retryAt?: Instant;
}
export interface SyncLoopDep extends SyncDep {
  readonly remote: Remote;
  readonly clock: Clock;
  readonly onNews: (news: SyncNews) => void;
}
export interface SyncLoop {
  /** Something changed here or there: sync soon. Many calls are one. */
  readonly nudge: () => void;
  readonly now: () => Promise<void>;
  readonly stop: () => Promise<void>;
}
const pollMs = 60_000;
const settleMs = 150;
const backoffMs = { min: 1_000, max: 60_000 } as const;
const roundsMax = 10_000;

export const startSyncLoop = (dep: SyncLoopDep): SyncLoop => {
  let news: SyncNews = { state: "idle" };
  let running: Promise<void> | undefined;
  let isOpen = true;
  let again = false;
  let failures = 0;
  let cancelAlarm: () => void = () => undefined;
  const tell = (change: SyncNews): void => {
    news = change;
    dep.onNews(news);
  };
  const wakeAt = (ms: number): void => {
    cancelAlarm();
    if (isOpen) cancelAlarm = dep.clock.alarm(instant(dep.clock.now() + ms), () => void now());
  };
  const round = async (): Promise<void> => {
    tell({ ...news, state: "syncing" });
    const trouble = await syncOnce(dep, () => isOpen);
    if (trouble === undefined) {
      failures = 0;
      tell({ state: "idle", completeAt: dep.clock.now() });
      wakeAt(again ? settleMs : pollMs);
      again = false;
      return;
    }
    failures++;
    const wait = trouble.type === "busy" ? trouble.retryAfterMs : Math.min(backoffMs.max, backoffMs.min * 2 ** Math.min(failures - 1, 10)) * (0.75 + dep.ids.random() / 2);
    tell({ state: "waiting", ...(news.completeAt === undefined ? {} : { completeAt: news.completeAt }), trouble, retryAt: instant(dep.clock.now() + wait) });
    wakeAt(wait);
  };
  const now = (): Promise<void> => {
    if (!isOpen) return Promise.resolve();
    running ??= round().finally(() => { running = undefined; });
    return running;
  };
  const nudge = (): void => {
    if (running !== undefined) again = true;
    else if (news.state !== "waiting") wakeAt(settleMs);
  };
  const stopHints = dep.remote.hints(() => nudge());
  wakeAt(0);
  return {
    nudge,
    now,
    stop: async () => {
      isOpen = false;
      stopHints();
      cancelAlarm();
      await running;
    },
  };
};

/** One whole exchange; answers the refusal that ended it early. */
const syncOnce = async (dep: SyncLoopDep, isOpen: () => boolean): Promise<RemoteRefusal | undefined> => {
  const order = (await isFirst(dep)) ? (["offer", "pull", "push", "pull"] as const) : (["offer", "push", "pull"] as const);
  for (const kind of order)
    for (let n = 0; n < roundsMax && isOpen(); n++) {
      const request: Request | undefined = await cut(dep, kind);
      if (request === undefined) break;
      const answered = await dep.remote.send(request);
      if (!answered.ok) return answered.error;
      await apply(dep, answered.value);
      if (answered.value.type === "page" && answered.value.last) break;
      if (answered.value.type === "restored" || answered.value.type === "fork") return syncOnce(dep, isOpen);
    }
  return undefined;
};
