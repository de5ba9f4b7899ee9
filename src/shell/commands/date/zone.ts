/** Owns wall time in a zone: offset, abbreviation, and the way back from wall time to an instant. */

export interface Wall {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formatters = new Map<string, Intl.DateTimeFormat | undefined>();

const formatterOf = (zone: string): Intl.DateTimeFormat | undefined => {
  if (formatters.has(zone)) return formatters.get(zone);
  let made: Intl.DateTimeFormat | undefined;
  try {
    made = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", era: "short" });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  formatters.set(zone, made);
  return made;
};

/** POSIX zones without rules: "UTC0", "EST5", "<+03>-3". */
const fixedZone = (zone: string): { name: string; minutes: number } | undefined => {
  const match = /^(?:<([^>]+)>|([A-Za-z]{3,}))([-+]?)(\d{1,2})(?::(\d{2}))?(.*)$/.exec(zone);
  if (match === null) return undefined;
  const size = Number(match[4]) * 60 + Number(match[5] ?? 0);
  return { name: match[1] ?? match[2] ?? "UTC", minutes: match[3] === "-" ? size : -size };
};

const POSIX_RULES: Readonly<Record<string, string>> = { EST5EDT: "America/New_York", CST6CDT: "America/Chicago", MST7MDT: "America/Denver", PST8PDT: "America/Los_Angeles" };
const known = (zone: string): string => POSIX_RULES[zone.replace(/,.*/, "")] ?? zone.replace(/^:/, "");

/** Minutes east of UTC at an instant. */
export const offsetMinutes = (zone: string, ms: number): number => {
  const name = known(zone);
  if (name === "" || /^(UTC|GMT|UCT|Zulu|Etc\/UTC)0?$/.test(name)) return 0;
  const formatter = formatterOf(name);
  if (formatter === undefined) return fixedZone(name)?.minutes ?? 0;
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(ms)) parts[type] = Number(value);
  const wall = Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day, parts.hour, parts.minute, parts.second);
  return Math.round((wall - Math.floor(ms / 1000) * 1000) / 60_000);
};

export const offsetText = (minutes: number, colon = false): string => {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${colon ? ":" : ""}${two(size % 60)}`;
};

const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "Central European Standard Time": "CET", "Central European Summer Time": "CEST", "Eastern European Standard Time": "EET", "Eastern European Summer Time": "EEST",
  "Western European Standard Time": "WET", "Western European Summer Time": "WEST", "British Summer Time": "BST", "Greenwich Mean Time": "GMT", "Irish Standard Time": "IST",
  "Japan Standard Time": "JST", "China Standard Time": "CST", "India Standard Time": "IST", "Hong Kong Standard Time": "HKT", "Korean Standard Time": "KST",
  "Australian Eastern Standard Time": "AEST", "Australian Eastern Daylight Time": "AEDT", "Australian Western Standard Time": "AWST", "Moscow Standard Time": "MSK",
  "New Zealand Standard Time": "NZST", "New Zealand Daylight Time": "NZDT", "South Africa Standard Time": "SAST", "Coordinated Universal Time": "UTC",
};

/** "CET", "UTC", "+03". */
export const abbreviation = (zone: string, ms: number): string => {
  const name = known(zone);
  const offset = offsetMinutes(zone, ms);
  if (name === "" || /^(UTC|Etc\/UTC)0?$/.test(name)) return "UTC";
  if (formatterOf(name) === undefined) return fixedZone(name)?.name ?? name;
  const named = (style: "short" | "long"): string =>
    new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: style }).formatToParts(ms).find((part) => part.type === "timeZoneName")?.value ?? "";
  const short = named("short");
  if (!/^(GMT|UTC)[-+]/.test(short)) return short;
  return ABBREVIATIONS[named("long")] ?? offsetText(offset).replace(/00$/, "");
};

export const wallOf = (ms: number, minutes: number): Wall => {
  const date = new Date(Math.floor(ms) + minutes * 60_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() };
};

/** Wall time (fields may overflow) → ms; a time that a clock change skips moves forward. */
export const instantOf = (wall: Wall, zone: string): number => {
  const base = new Date(0);
  base.setUTCFullYear(wall.year, wall.month - 1, wall.day);
  base.setUTCHours(wall.hour, wall.minute, wall.second, 0);
  const guess = base.getTime();
  const first = guess - offsetMinutes(zone, guess) * 60_000;
  return guess - offsetMinutes(zone, first) * 60_000;
};
