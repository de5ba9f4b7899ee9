/**
 * Owns the record of exchanges: one row per exchange, kept here and, while the server answers, there. An exchange that moves nothing and that
 * nobody asked for leaves no row. Whatever goes wrong here never stops an exchange. Refuses to know what is exchanged.
 */
import { instant, type Instant } from "../../../core/base/brand.ts";
import type { Answer, Request } from "../../../core/replica/protocol.ts";
import { beatMs, leaseMs, noProgress } from "../../../core/replica/session.ts";
import { sessionMark } from "../../../core/replica/wire/session.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Ids } from "../../../ports/ids.ts";
import type { Lock } from "../../../ports/lock.ts";
import type { Remote, RemoteRefusal } from "../../../ports/sync/remote.ts";
import type { SyncCause, SyncProgress, SyncReason, SyncSessionRow, SyncWait } from "../../../ports/sync/sessions.ts";
import type { Store } from "../../../ports/store.ts";
import { unsentCount } from "../views.ts";

export interface Exchanges {
  /** An exchange begins, or goes on: one at a time. */
  readonly begin: (cause: SyncCause) => Promise<void>;
  /** There is something to move: from now on it has a row. */
  readonly need: () => void;
  readonly moved: (request: Request, answer: Answer) => void;
  readonly setApart: (record: string) => void;
  readonly trouble: (refusal: RemoteRefusal, nextTryAt: Instant) => void;
  /** Names the server's row in requests. */
  readonly mark: () => string | undefined;
  /** Ends the round; an exchange in trouble waits for the next one. */
  readonly end: (how: RemoteRefusal | "user" | "shutdown" | undefined) => Promise<void>;
}
export const noExchanges: Exchanges = {
  begin: async () => undefined, need: () => undefined, moved: () => undefined, setApart: () => undefined, trouble: () => undefined, mark: () => undefined, end: async () => undefined,
};
export interface ExchangesDep {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly remote: Remote;
  readonly lock: Lock;
  /** Of this browser: names the locks that prove a live exchange. */
  readonly name: string;
  readonly device: string;
  readonly onError: (error: unknown) => void;
}
/** Rows written at most this often while it goes on. */
const tellMs = 1_000;
const kept = 50;
const keptMs = 30 * 24 * 3_600_000;
export const sessionLock = (name: string, id: string): string => `${name}:session:${id}`;

export const createExchanges = (dep: ExchangesDep): Exchanges => {
  const { store, clock, remote } = dep;
  let row: SyncSessionRow | undefined;
  let cause: SyncCause = "poll";
  let held: { readonly release: () => void } | undefined;
  let savedAt = 0;
  let stopBeat: () => void = () => undefined;
  let saving: Promise<void> = Promise.resolve();

  const save = (): Promise<void> => {
    const now = row;
    if (now === undefined) return saving;
    savedAt = clock.now();
    saving = saving.then(() => store.transact((tx) => tx.replica.putSession(now))).catch(dep.onError);
    return saving;
  };
  const change = (to: Partial<SyncSessionRow>): void => {
    if (row === undefined) return;
    row = { ...row, leaseUntil: instant(clock.now() + leaseMs), ...to };
    if (to.state !== undefined || to.waiting !== undefined || clock.now() - savedAt >= tellMs) void save();
  };
  const need = (): void => {
    if (row !== undefined) return;
    const id = dep.ids.next();
    const at = clock.now();
    row = { id, state: "pending", cause, startedAt: at, leaseUntil: instant(at + leaseMs), progress: noProgress, attempts: 0, device: dep.device };
    held = dep.lock.acquire(sessionLock(dep.name, id), () => undefined);
    void save();
  };
  const progressed = async (): Promise<SyncProgress> => {
    const unsent = await store.transact(unsentCount, { readonly: true });
    return { ...(row?.progress ?? noProgress), unsent };
  };
  /** The server's row follows; where it cannot, the exchange goes on without. */
  const openRemote = async (): Promise<void> => {
    const mine = row;
    if (mine === undefined || mine.remote !== undefined) return;
    const replica = (await store.transact((tx) => tx.replica.head(), { readonly: true }))?.replica;
    if (replica === undefined) return;
    const opened = await remote.sessions.open({ key: mine.id, replica, cause: mine.cause });
    if (!opened.ok || row?.id !== mine.id) return;
    change({ remote: { id: opened.value.id, fence: opened.value.fence } });
    const moved = await remote.sessions.change(opened.value.id, { fence: opened.value.fence, state: "syncing" });
    if (moved.ok && row?.id === mine.id) beat();
  };
  const beat = (): void => {
    stopBeat();
    stopBeat = clock.alarm(instant(clock.now() + beatMs), () => {
      const at = row?.remote;
      if (at === undefined) return;
      void progressed().then((progress) => remote.sessions.change(at.id, { fence: at.fence, progress })).then(() => row?.remote?.id === at.id && beat()).catch(dep.onError);
    });
  };
  const close = async (state: "completed" | "failed", reason?: SyncReason): Promise<void> => {
    if (row === undefined) return;
    stopBeat();
    const progress = await progressed();
    const { waiting: _over, nextTryAt: _none, ...rest } = row;
    const end: SyncSessionRow = { ...rest, state, progress, endedAt: clock.now(), ...(reason === undefined ? {} : { reason }) };
    row = end;
    await save();
    row = undefined;
    held?.release();
    held = undefined;
    await store.transact((tx) => tidy(tx.replica, clock.now())).catch(dep.onError);
    const at = end.remote;
    if (at !== undefined) void remote.sessions.change(at.id, { fence: at.fence, state, progress, ...(reason === undefined ? {} : { reason }) }).catch(dep.onError);
  };
  return {
    begin: async (why) => {
      if (row !== undefined) return;
      cause = why;
      if (why === "manual" || why === "boot") need();
    },
    need,
    moved: (request, answer) => {
      const rows = answer.type === "page" ? answer.rows.length : 0;
      if (rows > 0 || (answer.type === "page" && !answer.last)) need();
      if (row === undefined) return;
      const { progress } = row;
      const isFirst = row.state === "pending";
      const { waiting: _over, nextTryAt: _none, ...rest } = row;
      row = rest;
      change({
        ...(isFirst ? { state: "syncing" as const } : {}),
        progress: {
          sent: progress.sent + (request.type === "push" && answer.type === "pushed" ? request.edits.length : request.type === "offer" && answer.type === "offered" ? 1 : 0),
          received: progress.received + rows, unsent: progress.unsent,
          head: "head" in answer ? Math.max(progress.head, answer.head) : progress.head,
          seen: answer.type === "page" ? Math.max(progress.seen, answer.cursor) : progress.seen,
        },
      });
      if (isFirst) void openRemote().catch(dep.onError);
    },
    setApart: (record) => change({ setApart: [...(row?.setApart ?? []), record] }),
    trouble: (refusal, nextTryAt) => {
      const waiting: SyncWait = refusal.type === "unreachable" || refusal.type === "not-dagbok" ? "network" : "backoff";
      change({ waiting, nextTryAt, attempts: (row?.attempts ?? 0) + 1 });
    },
    mark: () => (row?.remote === undefined ? undefined : sessionMark(row.remote)),
    end: async (how) => {
      if (row === undefined) return;
      if (how === "user") return close("failed", "user");
      if (how === "shutdown") return close("failed", "shutdown");
      if (how === undefined) return close(row.state === "pending" ? "failed" : "completed", row.state === "pending" ? "server" : undefined);
      if (how.type === "signed-out" || how.type === "not-allowed") return close("failed", "auth");
      // A wait is nobody's failure: it goes on as the same exchange, unless it had begun and its lease is over.
      const isOver = row.state === "syncing" && row.startedAt + leaseMs < clock.now() && row.attempts > 5;
      if (isOver) return close("failed", how.type === "unreachable" || how.type === "not-dagbok" ? "network" : "server");
      await save();
    },
  };
};
type Kept = Pick<Parameters<Parameters<Store["transact"]>[0]>[0]["replica"], "sessions" | "dropSessions">;
const tidy = async (replica: Kept, now: number): Promise<void> => {
  const rows = [...(await replica.sessions())].sort((a, b) => b.startedAt - a.startedAt);
  await replica.dropSessions(rows.filter((row, i) => row.endedAt !== undefined && (i >= kept || row.startedAt < now - keptMs)).map((row) => row.id));
};

/** A leader begins: exchanges whose owner holds no lock any more have ended with it. Answers how many. */
export const reapExchanges = async ({ store, clock, lock, name }: Pick<ExchangesDep, "store" | "clock" | "lock" | "name">): Promise<number> => {
  const live = (await store.transact((tx) => tx.replica.sessions(), { readonly: true })).filter((row) => row.endedAt === undefined);
  const dead: SyncSessionRow[] = [];
  for (const row of live) if (!(await lock.isHeld(sessionLock(name, row.id)))) dead.push(row);
  if (dead.length === 0) return 0;
  await store.transact(async (tx) => {
    const now = new Map((await tx.replica.sessions()).map((row) => [row.id, row]));
    for (const { id } of dead) {
      const row = now.get(id);
      if (row === undefined || row.endedAt !== undefined) continue;
      const { waiting: _over, nextTryAt: _none, ...rest } = row;
      await tx.replica.putSession({ ...rest, state: "stale", reason: "worker_lost", endedAt: clock.now() });
    }
  });
  return dead.length;
};
