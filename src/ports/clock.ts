/** The contract with time. Alarms are level-triggered: a late ring is normal, a missed one is not. */
import type { Instant } from "../core/base/brand.ts";

export interface Clock {
  readonly now: () => Instant;
  /** Rings once at or after `at`; answers a cancel. */
  readonly alarm: (at: Instant, ring: () => void) => () => void;
}
