/** Owns real time and chance on Node. */
import { randomUUID } from "node:crypto";
import { v7 } from "uuid";
import { instant } from "../../core/base/brand.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Ids } from "../../ports/ids.ts";

/** Longer waits overflow the platform's timer. */
const waitMsMax = 2 ** 31 - 1;

export const createNodeClock = (): Clock => ({
  now: () => instant(Date.now()),
  alarm: (at, ring) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = at - Date.now();
      timer = left > waitMsMax ? setTimeout(wait, waitMsMax) : setTimeout(ring, Math.max(0, left));
    };
    wait();
    return () => clearTimeout(timer);
  },
});
export const createNodeIds = (): Ids => ({ next: () => v7(), random: () => Number.parseInt(randomUUID().slice(0, 8), 16) / 2 ** 32 });
