import { describe, expect, it } from "vitest";
import { none, runDevices } from "../worlds/devices.ts";

const seeds = 140;

describe("devices and a server, through the shipped transactions", () => {
  it("[P5] [P7] [P9] converge, lose no edit and bring nothing back, whatever happens between them", async () => {
    for (let seed = 1; seed <= seeds; seed++) expect(await runDevices(seed), `seed ${seed}`).toBeUndefined();
  });
  it("keep what was typed since, when a restored server changes the copy under it", async () => {
    expect(await runDevices(439, { ...none, network: true, restores: true })).toBeUndefined();
  });
  it("[11] tell a batch apart from one that a copy of this profile sent, though both end in the same number", async () => {
    expect(await runDevices(4_633, { ...none, network: true, clones: true, rollbacks: true, retirement: true, restores: true })).toBeUndefined();
  });
});
