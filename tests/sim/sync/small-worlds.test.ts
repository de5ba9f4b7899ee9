import { describe, expect, it } from "vitest";
import { search, smallWorlds } from "./exhaustive.ts";
import { shipped } from "./rules.ts";

/** The worlds that fit a test run; `npm run sim -- --world sync-small` searches all of them to their end. */
const inTests = ["base, three clients", "network", "clone and retirement"];
const statesMax = 6_000;

describe("exhaustive search of small sync worlds", () => {
  it.each(smallWorlds.filter((small) => inTests.includes(small.name)))("[P5] [P7] [P8] [P9] $name is clean in every state", (small) => {
    const { broken, trace } = search(shipped, small, statesMax);
    expect({ broken, trace }).toEqual({ broken: undefined, trace: undefined });
  }, 60_000);
});
