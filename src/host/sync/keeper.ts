/**
 * Owns this browser's tie to a server: turning sync on and off, and the loop's life in the one tab that drives. What it knows it writes
 * into settings (`sync.…`), so that every tab shows the same. Refuses to know HTTP. Turning off loses nothing.
 */
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Connection, Credentials, Gate } from "../../ports/sync/remote.ts";
import type { Store } from "../../ports/store.ts";
import { CommandError } from "../commands.ts";
import { startSyncLoop, type SyncLoop, type SyncNews } from "./loop.ts";
import { hasMarks, join, leave } from "./session.ts";

export interface KeeperDep {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly gate: Gate;
  /** Storage that refused what sync had to write or read; the loop goes on by its own clock. */
  readonly onError: (error: unknown) => void;
}
export interface Keeper {
  readonly connect: (who: Credentials, first: boolean) => Promise<void>;
  readonly disconnect: () => Promise<void>;
  readonly isNewServer: () => Promise<boolean>;
  /** Syncs while told to: the driving tab does. */
  readonly drive: (on: boolean) => void;
  readonly now: () => Promise<void>;
  readonly close: () => Promise<void>;
}
const lookMs = 200;
export const connectionKey = "sync.connection";
export const newsKey = "sync.news";
/** Settings that never leave this device, in a backup or otherwise. */
export const isPrivateSetting = (key: string): boolean => key.startsWith("sync.");

export const createKeeper = (dep: KeeperDep): Keeper => {
  const { store, clock, ids, gate } = dep;
  let isDriving = false;
  let loop: SyncLoop | undefined;
  let present = "";
  let last = "";

  const tell = (news: SyncNews): void => {
    const text = JSON.stringify({ ...news, state: news.state === "syncing" ? "idle" : news.state });
    if (text === last) return;
    last = text;
    void store.transact((tx) => tx.putSetting(newsKey, text)).catch(dep.onError);
  };
  const follow = async (connection: string | undefined): Promise<void> => {
    const wanted = isDriving ? (connection ?? "") : "";
    if (wanted === present) return;
    present = wanted;
    const old = loop;
    loop = undefined;
    await old?.stop();
    if (wanted !== "" && wanted === present) loop = startSyncLoop({ store, ids, clock, remote: gate.open(JSON.parse(wanted) as Connection), onNews: tell });
  };
  let connection: string | undefined;
  let isLooking = false;
  /** Every commit may have left something to send; looked at once per pause, however many there were. */
  const look = async (): Promise<void> => {
    if (isLooking || loop === undefined) return;
    isLooking = true;
    await new Promise((done) => setTimeout(done, lookMs));
    isLooking = false;
    if (loop !== undefined && (await hasMarks(store))) loop.nudge();
  };
  const stopWatching = store.watch(
    (tx) => tx.setting(connectionKey),
    (now) => {
      connection = now;
      follow(connection).catch(dep.onError);
      look().catch(dep.onError);
    },
  );
  return {
    isNewServer: async () => {
      const said = await gate.isNew("");
      if (!said.ok) throw new CommandError(said.error.type, "The server did not answer as Dagbok's own.");
      return said.value;
    },
    connect: async (who, first) => {
      const entered = await gate.enter("", who, first);
      if (!entered.ok) {
        const { error } = entered;
        throw error.type === "refused" ? new CommandError(error.code, error.message) : new CommandError(error.type, "The server could not be reached, or is not Dagbok's own.");
      }
      const chain = await gate.open(entered.value).chain();
      if (!chain.ok) throw new CommandError(chain.error.type, "The workspace could not be opened.");
      await join({ store, ids }, chain.value);
      await store.transact((tx) => tx.putSetting(connectionKey, JSON.stringify(entered.value)), { durability: "strict" });
    },
    disconnect: async () => {
      await loop?.stop();
      loop = undefined;
      present = "";
      await leave(store);
      await store.transact(async (tx) => {
        await tx.deleteSetting(connectionKey);
        await tx.deleteSetting(newsKey);
      }, { durability: "strict" });
    },
    drive: (on) => {
      isDriving = on;
      follow(connection).catch(dep.onError);
    },
    now: async () => loop?.now(),
    close: async () => {
      stopWatching();
      await loop?.stop();
    },
  };
};
