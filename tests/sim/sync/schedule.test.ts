import { describe, expect, it } from "vitest";
import { shipped } from "./rules.ts";
import { faultClasses, runSeed, storyOf, type FaultClass } from "./schedule.ts";

const seeds = 200;

describe("random sync schedules", () => {
  it.each(Object.keys(faultClasses) as FaultClass[])("[P5] [P7] [P8] [P9] %s: no lost edit, no resurrection, convergence", (faults) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const { broken, trace } = runSeed(shipped, faults, seed);
      expect({ seed, broken, story: broken === undefined ? "" : storyOf(trace) }).toEqual({ seed, broken: undefined, story: "" });
    }
  }, 60_000);

  it("does fork, re-base, restore, collect and set aside: the faults really happen", () => {
    const happened = { fork: 0, rebase: 0, restored: 0, gc: 0, setAside: 0 };
    for (const faults of ["everything", "clone", "retirement"] as const)
      for (let seed = 1; seed <= 2 * seeds; seed++) {
        const { counts, setAside } = runSeed(shipped, faults, seed);
        happened.fork += counts.fork;
        happened.rebase += counts.rebase;
        happened.restored += counts.restored;
        happened.gc += counts.gc;
        happened.setAside += setAside;
      }
    expect(Object.entries(happened).filter(([, times]) => times === 0)).toEqual([]);
  }, 60_000);
});
