/**
 * The contract with what the server knows of the devices of a space beside the protocol: whose they are, when they were heard of, what they
 * gave back to a restored server; and with what watchers ask of spaces as a whole.
 */
import type { PageRow } from "../../core/replica/protocol.ts";
import type { Recovery } from "../../core/replica/wire/device.ts";

export interface DeviceRow {
  readonly replica: string;
  /** Absent: it has not asked since the server keeps owners. */
  readonly user?: string;
  readonly userName?: string;
  /** What its token is called. */
  readonly label?: string;
  readonly token?: string;
  readonly appVersion?: string;
  readonly retired: boolean;
  readonly seenAt: number;
  readonly acknowledged: number;
}
export interface SpaceState {
  readonly space: string;
  readonly epoch: string;
  readonly head: number;
  readonly floor: number;
  /** Commit id at the head; "" at 0. */
  readonly commit: string;
  readonly rows: number;
  readonly tombstones: number;
  /** Highest ordinal of a tombstone. */
  readonly lastTombstone: number;
}
export interface Devices {
  readonly list: (space: string) => Promise<readonly DeviceRow[]>;
  /** Whose replica this is; undefined when unknown or not bound yet. */
  readonly owner: (space: string, replica: string) => Promise<string | undefined>;
  /** Retires every replica not heard of since `before`; answers how many. */
  readonly retireSilent: (before: number) => Promise<number>;
  readonly noteOffer: (space: string, replica: string, left: number) => Promise<void>;
  readonly recovery: (space: string) => Promise<Recovery>;
  readonly state: (space: string) => Promise<SpaceState | undefined>;
  /** One line per space, cheap: no counting of rows. */
  readonly heads: () => Promise<readonly Pick<SpaceState, "space" | "epoch" | "head" | "commit">[]>;
  /** Commit id that an ordinal has; undefined when no commit has it. */
  readonly commitAt: (space: string, ord: number) => Promise<string | undefined>;
  /** Rows of the ordinals `from` to `to` and the head, of one moment. Undefined without the space. */
  readonly rowsBetween: (space: string, from: number, to: number) => Promise<{ readonly head: number; readonly floor: number; readonly rows: readonly PageRow[] } | undefined>;
}
