/**
 * The shape of one exchange with the server, as this device keeps it and as the server tells it. Terminal states are final. A wait that is
 * nobody's fault (offline, no leader, no room) is `pending` with its cause, never a failure.
 */
import type { Instant } from "../../core/base/brand.ts";

export type SyncCause = "boot" | "manual" | "change" | "hint" | "poll";
export type SyncSessionState = "pending" | "syncing" | "completed" | "failed" | "stale";
export type SyncReason = "worker_lost" | "user" | "auth" | "too_large" | "superseded" | "server" | "network" | "migrated" | "shutdown";
export type SyncWait = "network" | "leader" | "space" | "backoff";
export interface SyncProgress {
  /** Edits that the server has taken, rows that it has sent, edits still to send. */
  readonly sent: number;
  readonly received: number;
  readonly unsent: number;
  /** The server's head, and how far the copy is complete. */
  readonly head: number;
  readonly seen: number;
}
export interface SyncSessionRow {
  /** This device's own id of the exchange. */
  readonly id: string;
  readonly state: SyncSessionState;
  readonly cause: SyncCause;
  readonly reason?: SyncReason;
  readonly waiting?: SyncWait;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  /** This device's clock: after it nobody believes that the exchange goes on. */
  readonly leaseUntil: Instant;
  readonly progress: SyncProgress;
  readonly attempts: number;
  readonly nextTryAt?: Instant;
  /** What was set apart in this exchange, by record. */
  readonly setApart?: readonly string[];
  /** The server's row of it, while there is one. */
  readonly remote?: { readonly id: string; readonly fence: number };
  readonly device: string;
}
