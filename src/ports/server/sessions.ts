/**
 * The contract with the server's storage of sync sessions. Leases are kept by the database's clock alone, whichever node asks.
 * V1 `put` is a compare-and-set on (id, state, fence). V2 `open` answers the same session for the same (space, replica, key), also when two
 * ask at once. V3 `reap` may run on every node at any time.
 */
import type { Session, SessionCause } from "../../core/replica/session.ts";

export interface NewSession {
  readonly id: string;
  readonly space: string;
  readonly replica: string;
  readonly user: string;
  readonly key: string;
  readonly cause: SessionCause;
  /** What the device is called. */
  readonly device: string;
  /** The node that serves it. */
  readonly node: string;
}
export interface Sessions {
  /** The database's clock, in ms. */
  readonly now: () => Promise<number>;
  /** A live session of the same replica under another key is given up as superseded. */
  readonly open: (made: NewSession, leaseMs: number) => Promise<Session>;
  /** Undefined when it is not there, or not this user's. */
  readonly find: (space: string, id: string, user: string) => Promise<Session | undefined>;
  /** False when somebody was faster: nothing has changed. `node` is the one that serves it now. */
  readonly put: (before: Session, after: Session, node: string) => Promise<boolean>;
  /** Gives the lease of a live session another `leaseMs`. False: superseded. */
  readonly renew: (at: { readonly space: string; readonly id: string; readonly fence: number; readonly user: string; readonly node: string }, leaseMs: number) => Promise<boolean>;
  /** Newest first. */
  readonly list: (space: string, limit: number) => Promise<readonly Session[]>;
  /** Gives up every session whose lease has run out; answers how many. */
  readonly reap: () => Promise<number>;
  /** Gives up the live sessions that this node serves: it is shutting down. */
  readonly closeNode: (node: string) => Promise<number>;
  /** Forgets ended sessions past `perReplica` of a replica or older than `ageMs`. */
  readonly trim: (perReplica: number, ageMs: number) => Promise<number>;
  readonly countByState: () => Promise<Readonly<Record<string, number>>>;
}
