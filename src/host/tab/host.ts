/**
 * Owns one tab's host: its place in the queue for the driving lock, its commands; driving while it holds the lock, and letting go when it
 * is fenced, frozen or put away. Refuses to know what its store, lock and workers are made of.
 */
import { term } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Files } from "../../ports/files.ts";
import type { Ids } from "../../ports/ids.ts";
import type { Lock } from "../../ports/lock.ts";
import type { Machinery, StartMachinery } from "../../ports/tab/machinery.ts";
import type { Notify } from "../../ports/notify.ts";
import type { Questions } from "../../ports/tab/questions.ts";
import type { Gate } from "../../ports/sync/remote.ts";
import type { Store } from "../../ports/store.ts";
import type { Vault } from "../../ports/vault.ts";
import type { Commands, GrantQuestion } from "../commands.ts";
import { createDriver, type Driver } from "../driver.ts";
import { purgeBin } from "../edit/bin.ts";
import { createKeeper } from "../sync/keeper.ts";
import { createCommands, questionOf } from "./commands.ts";
import { followEnvironment } from "./environment.ts";

export interface HostWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly lock: Lock;
  readonly notify: Notify;
  readonly questions: Questions;
  /** Files of whichever tab drives, when it is not this one. */
  readonly elsewhere: Files;
  readonly machinery: StartMachinery;
  readonly gate: Gate;
  readonly vault: Vault;
  readonly lockName: string;
  readonly tell: (news: HostNews) => void;
}
export type HostNews =
  | { readonly type: "driving"; readonly driving: boolean; readonly filesKind?: string }
  | { readonly type: "questions"; readonly questions: readonly GrantQuestion[] }
  | { readonly type: "store"; readonly state: string }
  | { readonly type: "error"; readonly run?: string; readonly message: string };
export interface Host {
  readonly commands: Commands;
  readonly refuse: (dag: string, host: string) => void;
  /** Lets go of the lock and everything with it; commands that only touch the store still work. */
  readonly pause: () => Promise<void>;
  readonly resume: () => void;
  readonly isDriving: () => boolean;
}
/** After a failed start of the machinery the next try waits this long, twice as long each time. */
const retryMsMin = 500;
const retryMsMax = 30_000;

interface Engine {
  readonly driver: Driver;
  readonly machinery: Machinery;
}

export const openHost = (world: HostWorld): Host => {
  const { store, clock, ids, lock, notify, questions, tell } = world;
  let engine: Engine | undefined;
  let held: { readonly release: () => void } | undefined;
  let failures = 0;
  const keeper = createKeeper({
    store, clock, ids, lock, gate: world.gate, name: world.lockName, onError: (error) => say(error),
    wakeDriver: () => notify.send({ type: "command", id: "sync" }),
  });
  const say = (error: unknown, run?: string): void =>
    tell({ type: "error", message: error instanceof Error ? error.message : String(error), ...(run === undefined ? {} : { run }) });

  const start = async (): Promise<Engine> => {
    const machinery = await world.machinery(async (asked, signal) => {
      const { granted, ...question } = await questionOf(store, asked);
      return granted || questions.ask(question, signal);
    });
    const environment = await followEnvironment(store);
    const driver = createDriver({
      store, clock, ids, notify, executor: machinery.executor, slots: machinery.slots, host: environment.current,
      onFenced: () => void stepDown().then(queue),
      onError: (run, error) => say(error, run),
    });
    try {
      await driver.start();
    } catch (error) {
      await machinery.close();
      throw error;
    }
    return { driver, machinery };
  };
  const drive = async (): Promise<void> => {
    try {
      engine = await start();
      failures = 0;
      keeper.drive(engine.driver.term());
      tell({ type: "driving", driving: true, filesKind: engine.machinery.filesKind });
      await purgeBin(store, engine.machinery.files, clock.now());
    } catch (error) {
      say(error);
      if (engine !== undefined) return;
      failures += 1;
      held?.release();
      held = undefined;
      setTimeout(queue, Math.min(retryMsMax, retryMsMin * 2 ** failures));
    }
  };
  const queue = (): void => {
    held ??= lock.acquire(world.lockName, () => void drive());
  };
  const stepDown = async (): Promise<void> => {
    const [old, lease] = [engine, held];
    engine = undefined;
    held = undefined;
    keeper.drive(undefined);
    tell({ type: "driving", driving: false });
    try {
      await old?.driver.close();
      await old?.machinery.close();
    } finally {
      lease?.release();
    }
  };
  questions.listen((open) => tell({ type: "questions", questions: open }));
  store.watch(
    (tx) => tx.grants(),
    (grants) => questions.granted(({ dag, host }) => grants.some((grant) => grant.dag === dag && grant.host === host)),
    say,
  );
  queue();

  return {
    commands: createCommands({ store, clock, ids, notify, files: () => engine?.machinery.files ?? world.elsewhere, driver: () => engine?.driver, vault: world.vault, keeper }),
    refuse: questions.refuse,
    pause: stepDown,
    resume: queue,
    isDriving: () => engine !== undefined && engine.driver.term() > term(0),
  };
};
