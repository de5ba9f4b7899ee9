/**
 * The contract with the server's storage of replicated rows.
 * Z1 `transact` is serial per space: the next one sees everything the one before committed (P4: no ordinal appears late).
 * Z2 Delta and commit ids are stored whole or not at all. Z3 `work` runs exactly once per committed transaction and is pure.
 */
import type { Space, SpaceDelta } from "../../core/replica/server.ts";
import type { Epoch, PageRow } from "../../core/replica/protocol.ts";

/** What a request touches: loaded before `work` runs. Anything else reads as absent. */
export interface Need {
  readonly replicas: readonly string[];
  readonly records: readonly string[];
  readonly edits: readonly string[];
  readonly ordinals: readonly number[];
  /** Rows past this ordinal, ascending, at most `limit` + 1, and no more than fit in `bytes`, one at least. */
  readonly after?: { readonly ord: number; readonly limit: number; readonly bytes?: number };
}
/** Who asks, by its device's token. A replica belongs to the first user it asks for. */
export interface Caller {
  readonly user: string;
  readonly token: string;
  readonly appVersion?: string;
}
/** The replica belongs to another user: nothing was read, nothing changed. */
export const foreignReplica = "foreign-replica";
/** What collection looks at: every replica entry, and the tombstone-only rows. */
export interface Collectable {
  readonly space: Space;
  readonly acknowledged: readonly { readonly replica: string; readonly acknowledged: number; readonly retired: boolean }[];
  readonly deadRows: readonly PageRow[];
}
export interface Work<T> {
  readonly delta: SpaceDelta;
  readonly value: T;
}
export interface How<T> {
  readonly commit: string;
  readonly caller?: Caller;
  readonly work: (space: Space) => Work<T>;
}
export interface Spaces {
  /** Makes the space when absent, with a first epoch `epoch`. */
  readonly create: (space: string, epoch: string) => Promise<void>;
  readonly names: () => Promise<readonly string[]>;
  /** Undefined when there is no such space. `commit` names every ordinal that the delta commits. With `caller` the first replica needed is bound to its user. */
  readonly transact: <T>(space: string, need: Need, how: How<T>) => Promise<T | typeof foreignReplica | undefined>;
  /** As `transact`, over tombstones last changed at or before `before` (ms): the undo window. */
  readonly collect: (space: string, before: number, work: (collectable: Collectable) => SpaceDelta | undefined) => Promise<number>;
  readonly retire: (space: string, replica: string) => Promise<boolean>;
  readonly chain: (space: string) => Promise<readonly Epoch[] | undefined>;
  /** Head ordinal; undefined without the space. */
  readonly head: (space: string) => Promise<number | undefined>;
}
