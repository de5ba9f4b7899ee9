/**
 * Owns Dagu's cron dialect: robfig/cron v3, five fields, `CRON_TZ=`/`TZ=` prefixes, no descriptors. No library agrees with it.
 * Day of month and day of week are OR-ed unless one begins with `*` or `?`; Sunday is only 0; a gap of the clock skips the day.
 * Source: the recorded corpus in the tests. Pure: the caller brings the instant.
 */
import { instant, type Instant } from "../base/brand.ts";
import { err, ok, type Result } from "../base/result.ts";
import { clockAt, instantOf, zoneOf, type Clock, type Zone } from "./zone.ts";

export interface Cron {
  readonly expression: string;
  /** Bit n set: n fires. */
  readonly minute: bigint;
  readonly hour: bigint;
  readonly day: bigint;
  readonly month: bigint;
  readonly weekday: bigint;
  readonly anyDay: boolean;
  readonly anyWeekday: boolean;
  /** Absent: the scheduler's zone. */
  readonly zone?: Zone;
  /** A step that does not divide its field, like every 7 minutes, fires unevenly: worth a warning. */
  readonly uneven: readonly string[];
}
export interface CronRefusal {
  readonly type: "cron";
  /** In the words of Dagu's parser. */
  readonly message: string;
}
interface FieldRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: Readonly<Record<string, number>>;
}
const numbered = (words: string, from: number) => Object.fromEntries(words.split(" ").map((word, i) => [word, i + from]));
const ranges: readonly FieldRange[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, names: numbered("jan feb mar apr may jun jul aug sep oct nov dec", 1) },
  { name: "weekday", min: 0, max: 6, names: numbered("sun mon tue wed thu fri sat", 0) },
];
class Refused extends Error {}
const refuse = (message: string): never => {
  throw new Refused(message);
};

export const parseCron = (text: string): Result<Cron, CronRefusal> => {
  try {
    return ok(cronOf(text.trim()));
  } catch (error) {
    if (error instanceof Refused) return err({ type: "cron", message: error.message });
    throw error;
  }
};
const cronOf = (expression: string): Cron => {
  if (expression === "") refuse("empty spec string");
  const [zone, spec] = zonePrefix(expression);
  if (spec.startsWith("@")) refuse(`parser does not accept descriptors: ${spec}`);
  const fields = spec.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== 5) refuse(`expected exactly 5 fields, found ${fields.length}: [${fields.join(" ")}]`);
  const uneven: string[] = [];
  const bits = fields.map((field, i) => fieldBits(field, ranges[i]!, uneven));
  return {
    expression, minute: bits[0]!.bits, hour: bits[1]!.bits, day: bits[2]!.bits, month: bits[3]!.bits, weekday: bits[4]!.bits,
    anyDay: bits[2]!.star, anyWeekday: bits[4]!.star, ...(zone === undefined ? {} : { zone }), uneven,
  };
};
const zonePrefix = (text: string): readonly [Zone | undefined, string] => {
  if (!text.startsWith("TZ=") && !text.startsWith("CRON_TZ=")) return [undefined, text];
  const space = text.indexOf(" ");
  if (space < 0) return refuse(`a time zone alone is no schedule: ${text}`);
  const name = text.slice(text.indexOf("=") + 1, space);
  return [zoneOf(name) ?? refuse(`provided bad location ${name}: unknown time zone ${name}`), text.slice(space).trim()];
};

const fieldBits = (field: string, range: FieldRange, uneven: string[]): { readonly bits: bigint; readonly star: boolean } => {
  let bits = 0n, star = false;
  for (const part of field.split(",")) {
    if (part === "") continue;
    const one = rangeBits(part, range, uneven);
    bits |= one.bits;
    star ||= one.star;
  }
  return { bits, star };
};
const rangeBits = (part: string, range: FieldRange, uneven: string[]): { readonly bits: bigint; readonly star: boolean } => {
  const rangeAndStep = part.split("/");
  const lowAndHigh = rangeAndStep[0]!.split("-");
  const single = lowAndHigh.length === 1;
  let start = range.min, end = range.max, star = false;
  if (lowAndHigh[0] === "*" || lowAndHigh[0] === "?") {
    star = true;
  } else {
    start = end = numberOrName(lowAndHigh[0]!, range);
    if (lowAndHigh.length === 2) end = numberOrName(lowAndHigh[1]!, range);
    else if (lowAndHigh.length > 2) refuse(`too many hyphens: ${part}`);
  }
  let step = 1;
  if (rangeAndStep.length === 2) {
    step = wholeNumber(rangeAndStep[1]!);
    if (single && !star) end = range.max;
    if (star && step > 1 && (range.max - range.min + 1) % step !== 0) uneven.push(part);
    if (step > 1) star = false;
  } else if (rangeAndStep.length > 2) {
    refuse(`too many slashes: ${part}`);
  }
  if (start < range.min) refuse(`beginning of range (${start}) below minimum (${range.min}): ${part}`);
  if (end > range.max) refuse(`end of range (${end}) above maximum (${range.max}): ${part}`);
  if (start > end) refuse(`beginning of range (${start}) beyond end of range (${end}): ${part}`);
  if (step === 0) refuse(`step of range should be a positive number: ${part}`);
  let bits = 0n;
  for (let i = start; i <= end; i += step) bits |= 1n << BigInt(i);
  return { bits, star };
};
const numberOrName = (text: string, range: FieldRange): number => {
  const names = range.names;
  return names !== undefined && Object.hasOwn(names, text.toLowerCase()) ? names[text.toLowerCase()]! : wholeNumber(text);
};
const wholeNumber = (text: string): number => {
  if (!/^[-+]?\d+$/.test(text)) refuse(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) refuse(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
  if (value < 0) refuse(`negative number (${value}) not allowed: ${text}`);
  return value;
};

const minuteMs = 60_000;
const hourMs = 3_600_000;
const yearsAhead = 5;
const has = (bits: bigint, n: number): boolean => ((bits >> BigInt(n)) & 1n) === 1n;
const dayMatches = (cron: Cron, clock: Clock): boolean => {
  const day = has(cron.day, clock.day), weekday = has(cron.weekday, clock.weekday);
  return cron.anyDay || cron.anyWeekday ? day && weekday : day || weekday;
};

const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Whether no date fits, like 30 February: Dagu accepts it and never starts. An empty field (`,`) never fires either. */
export const neverFires = (cron: Cron): boolean => {
  if (cron.minute === 0n || cron.hour === 0n || cron.month === 0n) return true;
  const dated = daysIn.some((days, i) => has(cron.month, i + 1) && Array.from({ length: days }, (_, day) => day + 1).some((day) => has(cron.day, day)));
  return cron.anyDay || cron.anyWeekday ? !dated || cron.weekday === 0n : !dated && cron.weekday === 0n;
};

/** Where the search stands. `cut`: the smaller fields have been set back to their start once, as robfig does it. */
interface Search {
  at: Instant;
  cut: boolean;
}

/** The first fire time after `after`; undefined when there is none within five years. `zone` counts when the text names none. */
export const nextFire = (cron: Cron, after: Instant, zone: Zone): Instant | undefined => {
  const place = cron.zone ?? zone;
  const search: Search = { at: instant(Math.floor(after / minuteMs) * minuteMs + minuteMs), cut: false };
  const lastYear = clockAt(place, search.at).year + yearsAhead;
  while (clockAt(place, search.at).year <= lastYear) {
    if (monthFits(cron, place, search) && dayFits(cron, place, search) && hourFits(cron, place, search) && minuteFits(cron, place, search)) return search.at;
  }
  return undefined;
};
/** Each returns false when its field has wrapped, so that the larger ones must be looked at again. */
const monthFits = (cron: Cron, zone: Zone, search: Search): boolean => {
  for (let clock = clockAt(zone, search.at); !has(cron.month, clock.month); clock = clockAt(zone, search.at)) {
    if (!search.cut) search.at = instantOf(zone, { ...clock, day: 1, hour: 0, minute: 0 });
    search.cut = true;
    const start = clockAt(zone, search.at);
    search.at = instantOf(zone, { ...start, month: start.month + 1 });
    if (clockAt(zone, search.at).month === 1) return false;
  }
  return true;
};
const dayFits = (cron: Cron, zone: Zone, search: Search): boolean => {
  for (let clock = clockAt(zone, search.at); !dayMatches(cron, clock); clock = clockAt(zone, search.at)) {
    if (!search.cut) search.at = instantOf(zone, { ...clock, hour: 0, minute: 0 });
    search.cut = true;
    const start = clockAt(zone, search.at);
    search.at = instantOf(zone, { ...start, day: start.day + 1 });
    const { hour } = clockAt(zone, search.at);
    if (hour !== 0) search.at = instant(search.at + (hour > 12 ? 24 - hour : -hour) * hourMs);
    if (clockAt(zone, search.at).day === 1) return false;
  }
  return true;
};
const hourFits = (cron: Cron, zone: Zone, search: Search): boolean => {
  for (let clock = clockAt(zone, search.at); !has(cron.hour, clock.hour); clock = clockAt(zone, search.at)) {
    if (!search.cut) search.at = instantOf(zone, { ...clock, minute: 0 });
    search.cut = true;
    search.at = instant(search.at + hourMs);
    if (clockAt(zone, search.at).hour === 0) return false;
  }
  return true;
};
/** Jumps to the next set minute of the hour; where the clock shifts within the hour, goes minute by minute. */
const minuteFits = (cron: Cron, zone: Zone, search: Search): boolean => {
  for (let { minute } = clockAt(zone, search.at); !has(cron.minute, minute); { minute } = clockAt(zone, search.at)) {
    search.cut = true;
    let next = minute + 1;
    while (next < 60 && !has(cron.minute, next)) next += 1;
    const jump = instant(search.at + (next - minute) * minuteMs);
    search.at = zone.offsetAt(jump) === zone.offsetAt(search.at) ? jump : instant(search.at + minuteMs);
    if (clockAt(zone, search.at).minute === 0) return false;
  }
  return true;
};
