/** Owns reading dates as people write them (`date -d`): absolute parts, then relative ones, as GNU's parser adds them up. */
import type { Proc } from "../../contract.ts";
import { instantOf, offsetMinutes, wallOf, type Wall } from "./zone.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const ORDINALS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1, first: 1, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, eleventh: 11, twelfth: 12 };
const ZONES: Readonly<Record<string, number>> = { utc: 0, gmt: 0, z: 0, ut: 0, wet: 0, bst: 60, west: 60, cet: 60, cest: 120, eet: 120, eest: 180, msk: 180, est: -300, edt: -240, cst: -360, cdt: -300, mst: -420, mdt: -360, pst: -480, pdt: -420, jst: 540 };
type Unit = "year" | "month" | "day" | "second";
const UNITS: Readonly<Record<string, readonly [Unit, number]>> = { year: ["year", 1], month: ["month", 1], fortnight: ["day", 14], week: ["day", 7], day: ["day", 1], hour: ["second", 3600], min: ["second", 60], minute: ["second", 60], sec: ["second", 1], second: ["second", 1] };

interface Draft {
  date?: { year: number | undefined; month: number; day: number };
  time?: { hour: number; minute: number; second: number; millis: number };
  zone?: number;
  weekday?: { day: number; ordinal: number };
  instant?: number;
  readonly shift: Record<Unit, number>;
}

const fullYear = (digits: string): number => (digits.length > 2 ? Number(digits) : Number(digits) + (Number(digits) < 69 ? 2000 : 1900));
const monthOf = (word: string): number => (word.length >= 3 ? MONTHS.findIndex((month) => word.startsWith(month)) + 1 : 0);
const zoneOf = (text: string): number => {
  const match = /^([-+])(\d{1,2}):?(\d{2})?$/.exec(text);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === "-" ? -minutes : minutes;
};

type Rule = readonly [pattern: RegExp, apply: (draft: Draft, match: RegExpExecArray) => boolean];

const setDate = (draft: Draft, year: number | undefined, month: number, day: number): boolean => {
  if (draft.date !== undefined || month < 1 || month > 12 || day < 1 || day > 31) return false;
  if (year !== undefined && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return false;
  draft.date = { year, month, day };
  return true;
};

const setTime = (draft: Draft, match: RegExpExecArray): boolean => {
  if (draft.time !== undefined) return false;
  let hour = Number(match[1]);
  const half = match[5]?.replace(/\./g, "");
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return false;
    hour = (hour % 12) + (half === "pm" ? 12 : 0);
  }
  const [minute, second] = [Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (hour > 24 || minute > 59 || second > 60) return false;
  draft.time = { hour, minute, second, millis: Number(`0.${(match[4] ?? "0").slice(0, 9)}`) * 1000 };
  if (match[6] !== undefined && half === undefined) draft.zone = match[6] === "z" ? 0 : zoneOf(match[6].trim());
  return true;
};

const setRelative = (draft: Draft, amount: number, word: string, ago: boolean): boolean => {
  const unit = UNITS[word] ?? UNITS[word.replace(/s$/, "")];
  if (unit === undefined) return false;
  draft.shift[unit[0]] += amount * unit[1] * (ago ? -1 : 1);
  return true;
};

const UNIT = "(years?|months?|fortnights?|weeks?|days?|hours?|minutes?|mins?|seconds?|secs?)";
const RULES: readonly Rule[] = [
  [/^@(-?\d+)(?:[.,](\d+))?/, (draft, m) => ((draft.instant = Number(m[1]) * 1000 + Number(`0.${m[2] ?? "0"}`) * 1000), true)],
  [/^(\d{4,})-(\d{1,2})-(\d{1,2})(?=t\d|\D|$)t?/, (draft, m) => setDate(draft, Number(m[1]), Number(m[2]), Number(m[3]))],
  [/^(\d{1,2})\/(\d{1,2})\/(\d{2,4})/, (draft, m) => setDate(draft, fullYear(m[3]!), Number(m[1]), Number(m[2]))],
  [/^(\d{4})\/(\d{1,2})\/(\d{1,2})/, (draft, m) => setDate(draft, Number(m[1]), Number(m[2]), Number(m[3]))],
  [/^(\d{1,2})\/(\d{1,2})(?!\d)/, (draft, m) => setDate(draft, undefined, Number(m[1]), Number(m[2]))],
  [/^(\d{1,2})[- ]?([a-z]{3,9})\.?[- ,]*(\d{4}|\d{2}(?!\d*:))(?!\d*:)/, (draft, m) => monthOf(m[2]!) > 0 && setDate(draft, fullYear(m[3]!), monthOf(m[2]!), Number(m[1]))],
  [/^([a-z]{3,9})\.? +(\d{1,2})(?:(?:st|nd|rd|th)?,? +(\d{4})(?!\d*:))?(?![\d:])/, (draft, m) => monthOf(m[1]!) > 0 && setDate(draft, m[3] === undefined ? undefined : Number(m[3]), monthOf(m[1]!), Number(m[2]))],
  [/^(\d{1,2}) +([a-z]{3,9})/, (draft, m) => monthOf(m[2]!) > 0 && setDate(draft, undefined, monthOf(m[2]!), Number(m[1]))],
  [/^t?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: *([ap]\.?m\.?)(?![a-z]))?( ?[-+]\d{1,2}(?::?\d{2})?(?!\d)|z(?![a-z]))?/, setTime],
  [/^(\d{1,2})() *()()([ap]\.?m\.?)(?![a-z])/, setTime],
  [/^(\d{4})(\d{2})(\d{2})(?:t?(\d{2})(\d{2})(\d{2})?)?(?!\d)/, (draft, m) => {
    if (m[4] !== undefined) draft.time = { hour: Number(m[4]), minute: Number(m[5]), second: Number(m[6] ?? 0), millis: 0 };
    return setDate(draft, Number(m[1]), Number(m[2]), Number(m[3]));
  }],
  [new RegExp(`^([-+]?) *(\\d+) *${UNIT}(?![a-z])( +ago\\b)?`), (draft, m) => setRelative(draft, Number(m[2]) * (m[1] === "-" ? -1 : 1), m[3]!, m[4] !== undefined)],
  [new RegExp(`^(last|this|next|first|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth) +${UNIT}(?![a-z])( +ago\\b)?`), (draft, m) => setRelative(draft, ORDINALS[m[1]!]!, m[2]!, m[3] !== undefined)],
  [/^(last|this|next|first|third|fourth|fifth) +([a-z]{3,9})/, (draft, m) => {
    const day = DAYS.findIndex((name) => m[2]!.startsWith(name));
    if (day < 0) return false;
    draft.weekday = { day, ordinal: ORDINALS[m[1]!]! };
    return true;
  }],
  [new RegExp(`^${UNIT}(?![a-z])( +ago\\b)?`), (draft, m) => setRelative(draft, 1, m[1]!, m[2] !== undefined)],
  [/^(today|now|tomorrow|yesterday)(?![a-z])/, (draft, m) => {
    const word = m[1]!;
    if (word === "tomorrow") draft.shift.day++;
    if (word === "yesterday") draft.shift.day--;
    return true;
  }],
  [/^(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*,?/, (draft, m) => {
    draft.weekday = { day: DAYS.indexOf(m[0].slice(0, 3)), ordinal: 0 };
    return true;
  }],
  [/^[-+]\d{2}:?\d{2}(?!\d)/, (draft, m) => ((draft.zone = zoneOf(m[0])), draft.time !== undefined)],
  [/^([a-z]{1,4})(?![a-z])([-+]\d{1,2}(?::?\d{2})?(?![\d ]*[a-z]))?/, (draft, m) => {
    const minutes = ZONES[m[1]!];
    if (minutes === undefined) return false;
    draft.zone = minutes + (m[2] === undefined ? 0 : zoneOf(m[2]));
    return true;
  }],
  [/^(\d{4})(?!\d)/, (draft, m) => {
    if (draft.date === undefined || draft.time === undefined) return draft.time === undefined && Number(m[1]!.slice(0, 2)) < 24 && ((draft.time = { hour: Number(m[1]!.slice(0, 2)), minute: Number(m[1]!.slice(2)), second: 0, millis: 0 }), true);
    draft.date.year = Number(m[1]);
    return true;
  }],
];

const scan = (text: string): Draft | undefined => {
  const draft: Draft = { shift: { year: 0, month: 0, day: 0, second: 0 } };
  let rest = text;
  if (text.trim() === "") draft.time = { hour: 0, minute: 0, second: 0, millis: 0 };
  for (;;) {
    rest = rest.replace(/^(?:[\s,]|\([^)]*\))+/, "");
    if (rest === "") return draft;
    let matched = false;
    for (const [pattern, apply] of RULES) {
      const match = pattern.exec(rest);
      if (match === null || match[0] === "" || !apply(draft, match)) continue;
      rest = rest.slice(match[0].length);
      matched = true;
      break;
    }
    if (!matched) return undefined;
  }
};

/** Days to add so that the wall date falls on the asked weekday. */
const weekdayShift = (wall: Wall, { day, ordinal }: { day: number; ordinal: number }): number => {
  const today = new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
  const ahead = (day - today + 7) % 7;
  return ahead + 7 * (ordinal - (ordinal > 0 && ahead !== 0 ? 1 : 0));
};

/** Text of `date -d` → ms since the epoch (fractions kept), or `undefined` when it is no date. `zone` is TZ. */
export const parseDate = (text: string, now: number, zone: string): number | undefined => {
  const inner = /^\s*TZ="([^"]*)"\s*/.exec(text);
  const draft = scan(text.slice(inner?.[0].length ?? 0).toLowerCase());
  if (draft === undefined) return undefined;
  const place = inner?.[1] ?? zone;
  const base = draft.instant ?? now;
  const fixed = draft.zone;
  const today = wallOf(base, fixed ?? offsetMinutes(place, base));
  const isAbsolute = draft.date !== undefined || draft.time !== undefined || draft.weekday !== undefined;
  const time = draft.time ?? (draft.date !== undefined || draft.weekday !== undefined ? { hour: 0, minute: 0, second: 0, millis: 0 } : { ...today, millis: base - Math.floor(base / 1000) * 1000 });
  const date = draft.date ?? today;
  let wall: Wall = { year: (date.year ?? today.year) + draft.shift.year, month: date.month + draft.shift.month, day: date.day + draft.shift.day, hour: time.hour, minute: time.minute, second: time.second };
  if (draft.weekday !== undefined && draft.date === undefined) wall = { ...wall, day: wall.day + weekdayShift(today, draft.weekday) };
  const moved = isAbsolute || draft.shift.year !== 0 || draft.shift.month !== 0 || draft.shift.day !== 0;
  const start = !moved ? base : fixed !== undefined ? instantOf(wall, "UTC") - fixed * 60_000 + time.millis : instantOf(wall, place) + time.millis;
  return start + draft.shift.second * 1000;
};

/** As `parseDate`, from a process's clock and TZ. */
export const readDate = (proc: Proc, text: string): number | undefined => parseDate(text, proc.now(), proc.env.get("TZ") ?? "UTC");
