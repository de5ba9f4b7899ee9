/**
 * Owns what a session of sync may become: one exchange of one device with the server, watched from both ends. Pure; both the server's rows
 * and the client's move by it. Refuses to know clocks, storage and what the exchange carries: pushed data stays valid whatever its session is.
 *
 * L1 Terminal is final. L2 Every move is a compare-and-set on (id, state, fence); the owner's own moves keep the fence, everybody else's raise
 * it, so that an owner who was given up cannot speak for the session again. L3 A repeated move of the owner answers as the first did.
 * L4 One live session per replica: a newer one supersedes it.
 */
import { err, ok, type Result } from "../base/result.ts";

export const sessionStates = ["pending", "syncing", "completed", "failed", "stale"] as const;
export type SessionState = (typeof sessionStates)[number];
export const sessionReasons = ["worker_lost", "user", "auth", "too_large", "superseded", "server", "network", "migrated", "shutdown"] as const;
export type SessionReason = (typeof sessionReasons)[number];
export const sessionCauses = ["boot", "manual", "change", "hint", "poll"] as const;
export type SessionCause = (typeof sessionCauses)[number];

/** Without a sign of life for so long a session is given up: longer than a background tab's timers may sleep. */
export const leaseMs = 150_000;
/** How often an idle owner gives one. */
export const beatMs = 30_000;

/** Edits taken and rows sent in this exchange, edits still to send, the server's head and how far the device's copy is complete. */
export interface Progress {
  readonly sent: number;
  readonly received: number;
  readonly unsent: number;
  readonly head: number;
  readonly seen: number;
}
export const noProgress: Progress = Object.freeze({ sent: 0, received: 0, unsent: 0, head: 0, seen: 0 });

/** Instants are milliseconds of the clock that keeps the leases: the database's on the server. */
export interface Session {
  readonly id: string;
  readonly replica: string;
  readonly state: SessionState;
  readonly fence: number;
  readonly leaseUntil: number;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly reason?: SessionReason;
  readonly cause: SessionCause;
  readonly progress: Progress;
  /** What its device is called. */
  readonly device: string;
}
export interface SessionMove {
  readonly fence: number;
  readonly state?: "syncing" | "completed" | "failed";
  readonly reason?: SessionReason;
  readonly progress?: Progress;
}
export interface Superseded {
  readonly type: "superseded";
  readonly session: Session;
}

export const isLive = (state: SessionState): boolean => state === "pending" || state === "syncing";
const next: Readonly<Record<SessionState, readonly SessionState[]>> = {
  pending: ["syncing", "failed", "stale"],
  syncing: ["completed", "failed", "stale"],
  completed: [],
  failed: [],
  stale: [],
};
export const mayBecome = (from: SessionState, to: SessionState): boolean => next[from].includes(to);

/** What the owner asks for: a move, or without `state` a beat. Both renew the lease (L1 to L3). */
export const move = (session: Session, asked: SessionMove, now: number): Result<Session, Superseded> => {
  const refused = err({ type: "superseded", session } as const);
  if (asked.fence !== session.fence) return refused;
  const progress = asked.progress ?? session.progress;
  if (!isLive(session.state)) return asked.state === session.state ? ok(session) : refused;
  if (asked.state === undefined || asked.state === session.state) return ok({ ...session, progress, leaseUntil: now + leaseMs });
  if (!mayBecome(session.state, asked.state)) return refused;
  if (isLive(asked.state)) return ok({ ...session, progress, state: asked.state, leaseUntil: now + leaseMs });
  return ok({ ...session, progress, state: asked.state, leaseUntil: now, endedAt: now, ...(asked.reason === undefined ? {} : { reason: asked.reason }) });
};

/** Ends a live session from outside: its owner is fenced off. The session itself when it has ended already. */
export const giveUp = (session: Session, reason: SessionReason, now: number): Session =>
  isLive(session.state)
    ? { ...session, state: reason === "worker_lost" ? "stale" : "failed", reason, fence: session.fence + 1, leaseUntil: now, endedAt: now }
    : session;

/** Nobody has heard of its owner within the lease. */
export const isOverdue = (session: Session, now: number): boolean => isLive(session.state) && session.leaseUntil < now;
