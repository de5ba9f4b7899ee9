/**
 * Owns what the screens get from the tab's root, and how a component reaches it. Refuses to know how any of it is built.
 * Everything beyond `store` and `commands` is news the root may or may not have; its absence is said, never faked.
 */
import { getContext, setContext } from "svelte";
import type { Commands, GrantQuestion } from "../host/commands.ts";
import type { Store } from "../ports/store.ts";
import type { SpecReader } from "../ports/tab/spec-reader.ts";

/** What the browser gives this tab; a `false` is explained in words with the way out. */
export interface HostFacts {
  readonly secure: boolean;
  readonly locks: boolean;
  readonly indexedDb: boolean;
  readonly opfs: boolean;
  readonly serviceWorker: boolean;
  readonly isolated: boolean;
}
export interface TabNews {
  /** This tab holds the lock and drives runs. */
  readonly driving: boolean;
  /** Shell, chunks and runtimes are all cached: the next visit needs no server. */
  readonly offlineReady: boolean;
  /** A newer version waits for consent. */
  readonly updateReady: boolean;
  /** Questions of steps that want to reach a host; oldest first. */
  readonly questions: readonly GrantQuestion[];
  /** A newer Dagbok has the database, or the browser closed it: nothing is read or written until a reload. */
  readonly storeLost: boolean;
  /** What was kept in this browser is gone, and nobody cleared it here. */
  readonly dataLost?: boolean;
  /** The newest thing that went wrong in the host, in its own words. */
  readonly error?: string;
}
export interface Door {
  readonly store: Store;
  readonly commands: Commands;
  readonly facts: HostFacts;
  /** Reads texts beside the page; absent, they are read in it. */
  readonly reader?: SpecReader;
  /** Tells now and after each change; answers a function that stops. */
  readonly news: (tell: (news: TabNews) => void) => () => void;
  readonly answer: (question: GrantQuestion, granted: boolean) => void;
  readonly update: () => void;
  /** Asks the browser to keep the data; answers whether it will. */
  readonly persist: () => Promise<boolean>;
  readonly estimate: () => Promise<{ readonly usage: number; readonly quota: number; readonly persisted: boolean } | undefined>;
}
const key = Symbol("door");
export const openDoor = (door: Door): void => {
  setContext(key, door);
};
export const useDoor = (): Door => getContext<Door>(key);
