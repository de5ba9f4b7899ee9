/** Owns the sync world of `npm run sim`: one seed runs one schedule of every fault class through the shipped rules. */
import { search, smallWorlds } from "../sync/exhaustive.ts";
import { shipped } from "../sync/rules.ts";
import { faultClasses, runSeed, shrink, storyOf, type FaultClass } from "../sync/schedule.ts";

/** The story of a violation; undefined when the seed is clean. */
export const runSyncSeed = (seed: number): string | undefined => {
  for (const faults of Object.keys(faultClasses) as FaultClass[]) {
    const { broken, trace, options } = runSeed(shipped, faults, seed);
    if (broken === undefined) continue;
    return `${faults}: ${broken}\n  ${storyOf(shrink(shipped, options, trace))}`;
  }
  return undefined;
};

/** Seed n searches the n-th small world to its end (or 110,000 states). */
export const runSmallWorld = (seed: number): string | undefined => {
  const small = smallWorlds[(seed - 1) % smallWorlds.length];
  if (small === undefined) return undefined;
  const { broken, trace } = search(shipped, small, 110_000);
  return broken === undefined ? undefined : `${small.name}: ${broken}\n  ${storyOf(trace ?? [])}`;
};
