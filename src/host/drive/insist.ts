/** Owns trying again: storage that fails once may work later. */
import { instant, type RunId } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";

export interface InsistOptions {
  readonly clock: Clock;
  /** This host still drives; when not, nothing is tried again. */
  readonly isOpen: () => boolean;
  readonly onError: (run: RunId | undefined, error: unknown) => void;
  /** +1 when work is taken on, −1 when it is done or given up. */
  readonly onTask: (change: 1 | -1) => void;
}
/** Does the work, again and again until storage lets it; settles when it is done or this host no longer drives. */
export type Insist = (run: RunId | undefined, work: () => Promise<void>) => Promise<void>;

const waitMsMin = 50;
const waitMsMax = 5000;

export const createInsist = ({ clock, isOpen, onError, onTask }: InsistOptions): Insist => async (run, work) => {
  onTask(1);
  for (let failures = 0; isOpen(); failures += 1) {
    try {
      await work();
      break;
    } catch (error) {
      onError(run, error);
      const wait = Math.min(waitMsMax, waitMsMin * 2 ** Math.min(failures, 10));
      await new Promise<void>((resolve) => void clock.alarm(instant(clock.now() + wait), resolve));
    }
  }
  onTask(-1);
};
