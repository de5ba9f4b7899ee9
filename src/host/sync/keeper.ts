/**
 * Owns this browser's tie to a server: turning sync on and off, and the loop's life in the one tab that drives. What it knows it writes
 * into settings (`sync.…`), so that every tab shows the same. Refuses to know HTTP. Turning off loses nothing.
 */
import { instant, type Instant, type Term } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Lock } from "../../ports/lock.ts";
import type { Connection, Credentials, Gate } from "../../ports/sync/remote.ts";
import type { Store } from "../../ports/store.ts";
import { CommandError } from "../commands.ts";
import { showConflicts } from "./conflict.ts";
import { createExchanges, reapExchanges } from "./watch/exchange.ts";
import { sweepArchives } from "./watch/history.ts";
import { startSyncLoop, type SyncLoop } from "./loop.ts";
import { createWishes, type Wishes } from "./watch/wishes.ts";
import { shipRuns } from "./files/pages.ts";
import { hasMarks, join, leave } from "./session.ts";
import { choiceKey, connectionKey, newsKey, type SyncNews } from "./settings.ts";
import { unsentCount } from "./views.ts";
import { createWatchdog, type Watchdog } from "./watch/watchdog.ts";

export interface KeeperDep {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly gate: Gate;
  readonly lock: Lock;
  /** Of this browser's database: names the locks of exchanges. */
  readonly name: string;
  /** The driver should look at what it is asked. */
  readonly wakeDriver: () => void;
  /** Storage that refused what sync had to write or read; the loop goes on by its own clock. */
  readonly onError: (error: unknown) => void;
}
export interface Keeper {
  readonly connect: (who: Credentials & { readonly origin?: string }, first: boolean) => Promise<void>;
  readonly disconnect: (mode?: "send" | "keep") => Promise<void>;
  readonly isNewServer: () => Promise<boolean>;
  /** Syncs while a term is given: the driving tab's. */
  readonly drive: (term: Term | undefined) => void;
  readonly now: () => Promise<void>;
  readonly cancel: () => Promise<void>;
  /** The tie itself; refused (code "off") while there is none. */
  readonly connection: () => Promise<Connection>;
  readonly switchTo: (workspace: { readonly id: string; readonly name: string; readonly role: string }) => Promise<void>;
  readonly gate: Gate;
  readonly close: () => Promise<void>;
}
const lookMs = 200;

interface Driving {
  readonly loop: SyncLoop;
  readonly watchdog: Watchdog;
}

export const createKeeper = (dep: KeeperDep): Keeper => {
  const { store, clock, ids, gate } = dep;
  let term: Term | undefined;
  let driving: Driving | undefined;
  let present = "";
  let last = "";
  let news: SyncNews = { state: "idle" };
  let stuckSince: Instant | undefined;

  const tell = (change: SyncNews): void => {
    news = change;
    const { stuckSince: _old, ...rest } = change;
    const text = JSON.stringify({ ...rest, ...(stuckSince === undefined ? {} : { stuckSince }), state: change.state === "syncing" ? "idle" : change.state });
    if (text === last) return;
    last = text;
    void store.transact((tx) => tx.putSetting(newsKey, text)).catch(dep.onError);
  };
  const start = async (connection: Connection, by: Term): Promise<Driving> => {
    await reapExchanges({ ...dep });
    await sweepArchives(store, clock.now());
    const remote = gate.open(connection);
    const exchanges = createExchanges({ ...dep, remote, device: connection.device ?? "" });
    const onPage = async (): Promise<void> => {
      dep.wakeDriver();
      await showConflicts(store);
    };
    const ship = (): Promise<boolean> => shipRuns({ store, remote });
    const loop = startSyncLoop({ store, ids, clock, remote, exchanges, term: by, onNews: tell, onPage, ship, onError: dep.onError });
    const watchdog = createWatchdog({ store, clock, isReached: () => news.trouble === undefined || news.trouble.type === "server-error" || news.trouble.type === "busy" }, {
      restart: () => void restart(),
      stuck: (since) => {
        stuckSince = since;
        tell(news);
      },
    });
    return { loop, watchdog };
  };
  const end = async (old: Driving | undefined): Promise<void> => {
    old?.watchdog.stop();
    await old?.loop.stop();
  };
  /** A loop that makes no progress is given up, whatever it waits for; a new one takes its place. */
  const restart = async (): Promise<void> => {
    const old = driving;
    if (old === undefined || term === undefined || present === "") return;
    void end(old).catch(dep.onError);
    driving = await start(JSON.parse(present.slice(present.indexOf("{"))) as Connection, term);
  };
  const follow = async (tied: string | undefined): Promise<void> => {
    const wanted = term === undefined || tied === undefined ? "" : `${term} ${tied}`;
    if (wanted === present) return;
    present = wanted;
    const old = driving;
    driving = undefined;
    await end(old);
    if (wanted === "" || wanted !== present || tied === undefined || term === undefined) return;
    driving = await start(JSON.parse(tied) as Connection, term);
  };
  let connection: string | undefined;
  let isLooking = false;
  /** Every commit may have left something to send; looked at once per pause, however many there were. */
  const look = async (): Promise<void> => {
    if (isLooking || driving === undefined) return;
    isLooking = true;
    await new Promise<void>((done) => void clock.alarm(instant(clock.now() + lookMs), done));
    isLooking = false;
    if (driving !== undefined && (await hasMarks(store))) driving.loop.nudge("change");
  };
  const stopWatching = store.watch(
    (tx) => tx.setting(connectionKey),
    (now) => {
      connection = now;
      follow(connection).catch(dep.onError);
      look().catch(dep.onError);
    },
  );
  const wishes: Wishes = createWishes(dep, {
    now: () => driving?.loop.now("manual"),
    cancel: () => driving?.loop.cancel(),
    changed: () => driving?.loop.nudge("change"),
  });
  /** The tie goes first, so that whichever tab syncs stops; then what sync knew. */
  const untie = async (): Promise<void> => {
    await store.transact(async (tx) => {
      for (const key of [connectionKey, newsKey, choiceKey]) await tx.deleteSetting(key);
    }, { durability: "strict" });
    connection = undefined;
    await follow(undefined);
    await leave(store);
    last = "";
  };
  const tie = async (to: Connection): Promise<void> => {
    const chain = await gate.open(to).chain();
    if (!chain.ok) throw new CommandError(chain.error.type, "The workspace could not be opened.");
    const before = await store.transact(async (tx) => ({ tied: await tx.setting(connectionKey), head: await tx.replica.head() }), { readonly: true });
    const old = before.tied === undefined ? undefined : (JSON.parse(before.tied) as Connection);
    if (old !== undefined && (old.workspace !== to.workspace || old.origin !== to.origin)) await untie();
    await join({ store, ids }, chain.value);
    await store.transact(async (tx) => {
      await tx.putSetting(connectionKey, JSON.stringify(to));
      await tx.deleteSetting(newsKey);
    }, { durability: "strict" });
    last = "";
  };
  const tied = async (): Promise<Connection> => {
    const text = await store.transact((tx) => tx.setting(connectionKey), { readonly: true });
    if (text === undefined) throw new CommandError("off", "Sync is off.");
    return JSON.parse(text) as Connection;
  };
  return {
    gate,
    isNewServer: async () => {
      const said = await gate.isNew("");
      if (!said.ok) throw new CommandError(said.error.type, "The server did not answer as Dagbok's own.");
      return said.value;
    },
    connect: async ({ origin = "", ...who }, first) => {
      const entered = await gate.enter(origin.replace(/\/+$/, ""), who, first);
      if (!entered.ok) {
        const { error } = entered;
        throw error.type === "refused" ? new CommandError(error.code, error.message) : new CommandError(error.type, "The server could not be reached, or is not Dagbok's own.");
      }
      await tie({ ...entered.value, device: who.device });
    },
    disconnect: async (mode = "keep") => {
      if (mode === "send") {
        await wishes.now();
        if ((await store.transact(unsentCount, { readonly: true })) > 0) throw new CommandError("unsent", "Some edits could not be sent.");
      }
      await untie();
    },
    drive: (by) => {
      term = by;
      follow(connection).catch(dep.onError);
    },
    now: wishes.now,
    cancel: wishes.cancel,
    connection: tied,
    switchTo: async (workspace) => tie({ ...(await tied()), workspace: workspace.id, workspaceName: workspace.name, role: workspace.role }),
    close: async () => {
      stopWatching();
      wishes.close();
      await end(driving);
    },
  };
};
