/**
 * One tab: a driver with its executor behind gates, so that it can die before a commit, after one and before it hears of it, or freeze and
 * wake up as somebody whose term is over.
 */
import { instant } from "../../../src/core/base/brand.ts";
import { checkTurn } from "../../../src/core/run/rules.ts";
import { ok } from "../../../src/core/base/result.ts";
import type { Spec } from "../../../src/core/spec/dag.ts";
import { createDriver, type Driver } from "../../../src/host/driver.ts";
import type { VirtualClock } from "../../../src/adapters/memory/clock.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Lock } from "../../../src/ports/lock.ts";
import type { AttemptEnd } from "../../../src/ports/executor.ts";
import type { Notify } from "../../../src/ports/notify.ts";
import type { Store } from "../../../src/ports/store.ts";
import type { Random } from "../random.ts";
import { createSimExecutor } from "./executor.ts";

export interface TabWorld {
  readonly store: Store;
  readonly clock: VirtualClock;
  readonly lock: Lock;
  readonly notify: Notify;
  readonly random: Random;
  readonly faults: () => boolean;
  readonly tell: (line: string) => void;
  readonly onStart: (token: string) => void;
  readonly onEnd: (token: string, end: AttemptEnd) => void;
  readonly onError: (error: unknown) => void;
  readonly nextId: () => string;
}
export interface Tab {
  readonly name: string;
  readonly isAlive: () => boolean;
  readonly isFrozen: () => boolean;
  readonly isDriving: () => boolean;
  readonly driver: () => Driver | undefined;
  readonly die: (why: string) => void;
  /** Frozen tabs keep nothing but their memory: the lock goes to the next. */
  readonly freeze: () => void;
  readonly thaw: () => void;
}
const isBusy = (error: unknown): boolean => error instanceof Error && error.message === "storage is busy";
const never = <T>(): Promise<T> => new Promise(() => undefined);

export const openTab = (world: TabWorld, name: string): Tab => {
  const { random } = world;
  const skewMs = random.pick([0, 0, -4000, 3000]);
  let alive = true;
  let frozen = false;
  let held: (() => void)[] = [];
  let driving = false;

  /** Whatever comes to a dead tab is lost; to a frozen one, late. */
  const inside = (work: () => void): void => {
    if (!alive) return;
    if (frozen) held.push(work);
    else work();
  };
  const clock: Clock = {
    now: () => instant(world.clock.now() + skewMs),
    alarm: (at, ring) => world.clock.alarm(instant(at - skewMs), () => inside(ring)),
  };
  const store: Store = {
    ...world.store,
    transact: async (work, options) => {
      if (!alive) return never();
      if (frozen) await new Promise<void>((resolve) => held.push(resolve));
      if (world.faults() && options?.readonly !== true && random.chance(0.01)) die("before a commit");
      if (!alive) return never();
      if (world.faults() && options?.readonly !== true && random.chance(0.02)) throw new Error("storage is busy");
      const answer = await world.store.transact(work, options);
      if (world.faults() && options?.readonly !== true && random.chance(0.01)) die("after a commit, unheard");
      if (!alive) return never();
      if (frozen) await new Promise<void>((resolve) => held.push(resolve));
      return answer;
    },
  };
  let driver: Driver | undefined;
  /** Every reign is a new driver, as every take-over in a browser is. */
  const reign = async (): Promise<void> => {
    const before = driver;
    const executor = createSimExecutor({
      random, faults: true, onStart: world.onStart, onEnd: world.onEnd, tell: (line) => world.tell(`${name} ${line}`),
      later: (ms, work) => void world.clock.alarm(instant(world.clock.now() + ms), () => inside(work)),
    });
    const mine = createDriver({
      store, executor, clock, slots: 4, check: checkTurn, ids: { next: world.nextId, random: random.unit },
      notify: { send: (nudge) => inside(() => world.notify.send(nudge)), listen: (onNudge) => world.notify.listen((nudge) => inside(() => onNudge(nudge))) },
      parse: (text) => ok(JSON.parse(text) as Spec),
      onFenced: () => world.tell(`${name} is fenced off`),
      onError: (_run, error) => {
        if (!isBusy(error)) world.onError(error);
      },
    });
    driver = mine;
    driving = true;
    world.tell(`${name} drives`);
    await before?.close();
    for (;;) {
      try {
        return await mine.start();
      } catch (error) {
        if (!isBusy(error)) return world.onError(error);
      }
    }
  };
  const start = (): void => void reign();
  let claim = world.lock.acquire("driver", () => inside(start));
  const die = (why: string): void => {
    if (!alive) return;
    alive = false;
    driving = false;
    world.tell(`${name} dies ${why}`);
    claim.release();
  };
  return {
    name, die,
    driver: () => driver,
    isAlive: () => alive,
    isFrozen: () => frozen,
    isDriving: () => driving && alive && !frozen,
    freeze: () => {
      frozen = true;
      world.tell(`${name} freezes`);
      claim.release();
    },
    thaw: () => {
      frozen = false;
      world.tell(`${name} wakes up`);
      const waiting = held;
      held = [];
      for (const work of waiting) inside(work);
      if (alive) claim = world.lock.acquire("driver", () => inside(start)); // what was held back may have been its death
    },
  };
};
