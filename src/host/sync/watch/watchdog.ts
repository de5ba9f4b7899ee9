/** Owns noticing that nothing moves although it should: unsent edits, a server that answers, and no progress. Refuses to know why. */
import { instant, type Instant } from "../../../core/base/brand.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Store } from "../../../ports/store.ts";
import { unsentCount } from "../views.ts";

export interface WatchdogDep {
  readonly store: Store;
  readonly clock: Clock;
  /** Is there evidence that the server answers? */
  readonly isReached: () => boolean;
}
export interface Alarmed {
  /** No acknowledged progress for a minute: begin anew. */
  readonly restart: () => void;
  /** For five minutes: tell. Undefined: it moves again. */
  readonly stuck: (since: Instant | undefined) => void;
}
export interface Watchdog {
  readonly stop: () => void;
}
const lookMs = 15_000;
export const restartMs = 60_000;
export const stuckMs = 300_000;

export const createWatchdog = ({ store, clock, isReached }: WatchdogDep, alarmed: Alarmed): Watchdog => {
  let progressAt = clock.now();
  let mark = "";
  let isTold = false;
  let cancel: () => void = () => undefined;
  const look = async (): Promise<void> => {
    const { unsent, acked } = await store.transact(async (tx) => {
      const head = await tx.replica.head();
      return { unsent: await unsentCount(tx), acked: `${head?.replica} ${head?.acked.n}` };
    }, { readonly: true });
    const now = clock.now();
    if (unsent === 0 || acked !== mark || !isReached()) {
      progressAt = now;
      mark = acked;
      if (isTold) alarmed.stuck(undefined);
      isTold = false;
      return;
    }
    const silent = now - progressAt;
    if (silent >= stuckMs && !isTold) {
      isTold = true;
      alarmed.stuck(progressAt);
    }
    if (silent >= restartMs && Math.floor(silent / restartMs) > Math.floor((silent - lookMs) / restartMs)) alarmed.restart();
  };
  const again = (): void => {
    cancel = clock.alarm(instant(clock.now() + lookMs), () => void look().catch(() => undefined).then(again));
  };
  again();
  return { stop: () => cancel() };
};
