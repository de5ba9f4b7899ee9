import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/base/brand.ts";
import { chooseSlot, coveredBySuccess, dueSlots, previousFire, type Slot } from "../../../src/core/schedule/due.ts";
import { zoneOf } from "../../../src/core/schedule/zone.ts";

const zone = zoneOf("UTC")!;
const at = (time: string) => instant(Date.parse(`2026-03-01T${time}Z`));
const minutes = { kind: "cron", expression: "* * * * *" } as const;
const clock = (slots: readonly Slot[]): string[] => slots.map((slot) => new Date(slot.at).toISOString().slice(11, 16));

describe("slots owed", () => {
  it("[D1] are the minute of now without a window", () => {
    expect(clock(dueSlots({ entries: [minutes], now: at("12:24:24"), windowMs: 0, zone }).slots)).toEqual(["12:24"]);
  });
  it("[D1] reach back over the window for a new DAG, else to the last tick or the watermark", () => {
    const input = { entries: [minutes], now: at("12:24:24"), windowMs: 240_000, zone };
    expect(clock(dueSlots(input).slots)).toEqual(["12:21", "12:22", "12:23", "12:24"]);
    expect(clock(dueSlots({ ...input, lastTick: at("12:22:00") }).slots)).toEqual(["12:23", "12:24"]);
    expect(clock(dueSlots({ ...input, watermark: at("12:23:00") }).slots)).toEqual(["12:24"]);
  });
  it("[D2] are at most a thousand, the newest", () => {
    const due = dueSlots({ entries: [minutes], now: at("23:59:00"), windowMs: 24 * 3_600_000, zone });
    expect([due.slots.length, clock(due.slots).at(-1)]).toEqual([1000, "23:59"]);
  });
  it("[D3] name a one-off before a cron slot, also one that fell due while nothing ticked", () => {
    const oneOff = { kind: "at", expression: "2026-03-01T12:20:00Z" } as const;
    const due = dueSlots({ entries: [minutes, oneOff], now: at("12:24:10"), lastTick: at("12:10:00"), windowMs: 0, zone });
    expect(due.slots.map((slot) => slot.kind)).toEqual(["at", "cron"]);
  });
});

describe("a tick", () => {
  const owed = dueSlots({ entries: [minutes], now: at("12:02:30"), windowMs: 180_000, zone }).slots;
  it("[D3] starts the oldest", () => {
    expect(clock([chooseSlot(owed, false, "all").start!])).toEqual(["12:00"]);
  });
  it("[D4] waits, skips or keeps the newest while a run is active", () => {
    expect(clock(chooseSlot(owed, true, "all").kept)).toEqual(["12:00", "12:01", "12:02"]);
    expect(clock(chooseSlot(owed, true, "skip").kept)).toEqual(["12:01", "12:02"]);
    expect(clock(chooseSlot(owed, true, "latest").kept)).toEqual(["12:02"]);
  });
  it("[D5] names what it drops", () => {
    expect(chooseSlot(owed, false, "latest").dropped.map((item) => item.cause)).toEqual(["overlap-latest", "overlap-latest"]);
  });
});

describe("skip_if_successful", () => {
  it("looks at the interval before the slot only", () => {
    const every3 = { kind: "cron", expression: "*/3 * * * *" } as const;
    expect(new Date(previousFire(every3, at("12:27:00"), zone)!).toISOString()).toBe("2026-03-01T12:24:00.000Z");
    expect(coveredBySuccess(every3, at("12:27:00"), at("12:24:00"), zone)).toBe(true);
    expect(coveredBySuccess(every3, at("12:30:00"), at("12:24:00"), zone)).toBe(false);
  });
});
