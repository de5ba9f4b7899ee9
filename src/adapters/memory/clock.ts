/** Owns virtual time: it stands still until somebody advances it, and rings what has come due in order. */
import { instant, type Instant } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";

export interface VirtualClock extends Clock {
  /** Moves to `at` (never back) and rings everything due on the way, earliest first. */
  readonly advanceTo: (at: Instant) => void;
  /** When the next alarm rings; undefined = none is set. */
  readonly next: () => Instant | undefined;
}
export const createVirtualClock = (from: Instant = instant(1_764_000_000_000)): VirtualClock => {
  let now = from;
  let alarms: { readonly at: Instant; readonly ring: () => void }[] = [];
  const next = (): (typeof alarms)[number] | undefined =>
    alarms.reduce<(typeof alarms)[number] | undefined>((best, one) => (best === undefined || one.at < best.at ? one : best), undefined);
  return {
    now: () => now,
    alarm: (at, ring) => {
      const entry = { at, ring };
      alarms.push(entry);
      return () => {
        alarms = alarms.filter((other) => other !== entry);
      };
    },
    advanceTo: (at) => {
      for (let due = next(); due !== undefined && due.at <= at; due = next()) {
        const rung = due;
        alarms = alarms.filter((other) => other !== rung);
        if (rung.at > now) now = rung.at;
        rung.ring();
      }
      if (at > now) now = at;
    },
    next: () => next()?.at,
  };
};
