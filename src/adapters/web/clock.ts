/** Owns time in a worker. Alarms are level-triggered: a frozen or sleeping machine rings late, at once after it wakes. */
import { instant } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";

/** Longer waits are cut up: a timer past 2^31 ms rings at once, and a clock that jumped must be noticed. */
const napMsMax = 60_000;

export const createWebClock = (): Clock => ({
  now: () => instant(Date.now()),
  alarm: (at, ring) => {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (): void => {
      const left = at - Date.now();
      if (left <= 0) ring();
      else timer = setTimeout(wait, Math.min(left, napMsMax));
    };
    timer = setTimeout(wait, Math.max(0, Math.min(at - Date.now(), napMsMax)));
    return () => clearTimeout(timer);
  },
});
