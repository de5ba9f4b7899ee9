/**
 * Owns offsets of time zones: local clock time from an instant and back, as Go's `time` package computes it.
 * Pure: asks the platform's zone data (Intl), never the clock. Offsets are found per year once and kept.
 */
import type { Instant } from "../base/brand.ts";
import { instant } from "../base/brand.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

export interface Zone {
  readonly name: string;
  /** Milliseconds to add to UTC. */
  readonly offsetAt: (at: Instant) => number;
}
interface YearOffsets {
  /** Ascending; `offsets[i]` holds from `starts[i]` on. */
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
}
const zones = new Map<string, Zone>();
const utc: Zone = { name: "UTC", offsetAt: () => 0 };

/** Undefined for a name the platform does not know. "Local" and "" are UTC: the core has no place of its own. */
export const zoneOf = (name: string): Zone | undefined => {
  if (name === "" || name === "UTC" || name === "Local") return utc;
  const known = zones.get(name);
  if (known !== undefined) return known;
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const years = new Map<number, YearOffsets>();
  const offsetAt = (at: Instant): number => {
    const year = new Date(at).getUTCFullYear();
    let table = years.get(year);
    if (table === undefined) years.set(year, (table = yearOffsets(format, year)));
    let i = table.starts.length - 1;
    while (i > 0 && table.starts[i]! > at) i -= 1;
    return table.offsets[i]!;
  };
  const zone: Zone = { name, offsetAt };
  zones.set(name, zone);
  return zone;
};
const formatOf = (name: string): Intl.DateTimeFormat | undefined => {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return undefined;
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: name, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", era: "short",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
const measure = (format: Intl.DateTimeFormat, at: number): number => {
  const parts: Record<string, string> = {};
  for (const part of format.formatToParts(at)) parts[part.type] = part.value;
  const local = Date.UTC(Number(parts["year"]), Number(parts["month"]) - 1, Number(parts["day"]), Number(parts["hour"]), Number(parts["minute"]), Number(parts["second"]));
  return local - Math.floor(at / 1000) * 1000;
};
/** Looks once a day and halves the day in which the offset changed down to the minute. */
const yearOffsets = (format: Intl.DateTimeFormat, year: number): YearOffsets => {
  const from = Date.UTC(year, 0, 1), to = Date.UTC(year + 1, 0, 1);
  const starts = [from], offsets = [measure(format, from)];
  for (let day = from; day < to; day += dayMs) {
    const before = offsets.at(-1)!, after = measure(format, day + dayMs);
    if (before === after) continue;
    let low = day, high = day + dayMs;
    while (high - low > minuteMs) {
      const middle = low + Math.floor((high - low) / 2 / minuteMs) * minuteMs;
      if (measure(format, middle) === before) low = middle;
      else high = middle;
    }
    if (high >= to) continue;
    starts.push(high);
    offsets.push(after);
  }
  return { starts, offsets };
};

/** A clock reading: year, month 1-12, day, hour, minute, weekday (0 Sunday). */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly weekday: number;
}
export const clockAt = (zone: Zone, at: Instant): Clock => {
  const local = new Date(at + zone.offsetAt(at));
  return {
    year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), hour: local.getUTCHours(),
    minute: local.getUTCMinutes(), weekday: local.getUTCDay(),
  };
};
/** Go's `time.Date`: months and days may overflow; a time in a gap or fold is settled by the offset found first. */
export const instantOf = (zone: Zone, clock: Omit<Clock, "weekday">): Instant => {
  const wall = Date.UTC(clock.year, clock.month - 1, clock.day, clock.hour, clock.minute);
  const guess = zone.offsetAt(instant(wall));
  if (guess === 0) return instant(wall);
  return instant(wall - zone.offsetAt(instant(wall - guess)));
};
