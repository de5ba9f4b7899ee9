/** Owns how instants, spans, sizes and days are written in a language. Refuses to know the clock: `now` is always handed in. */
import { figure, t, words } from "../i18n/words.svelte.ts";

const formats = new Map<string, Intl.DateTimeFormat>();
const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = words.locale + JSON.stringify(options);
  const found = formats.get(key);
  if (found !== undefined) return found;
  const made = new Intl.DateTimeFormat(words.locale === "en" ? "en-GB" : "zh-CN", options);
  formats.set(key, made);
  return made;
};
const two = (n: number): string => String(n).padStart(2, "0");

/** "0.4 s", "57.0 s", "2 min 06 s", "3 h 02 min", "2 d 3 h". */
export const span = (ms: number): string => {
  const s = t("time.second");
  if (ms < 59_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} ${s}`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} ${t("time.minute")} ${two(seconds % 60)} ${s}`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} ${t("time.hour")} ${two(minutes % 60)} ${t("time.minute")}`;
  return `${figure(Math.floor(minutes / 1440))} ${t("time.day")} ${Math.floor((minutes % 1440) / 60)} ${t("time.hour")}`;
};
export const ago = (at: number, now: number): string => {
  const seconds = Math.floor((now - at) / 1000);
  if (seconds < 5) return t("time.justNow");
  const [n, unit] = seconds < 60 ? [seconds, t("time.second")] : seconds < 3600 ? [Math.floor(seconds / 60), t("time.minute")]
    : seconds < 86_400 ? [Math.floor(seconds / 3600), t("time.hour")] : [Math.floor(seconds / 86_400), t("time.day")];
  return t("time.ago", { time: `${n} ${unit}` });
};
export const clock = (at: number): string => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
export const clockSeconds = (at: number): string => format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(at);
export const clockMillis = (at: number): string => `${clockSeconds(at)}.${String(at % 1000).padStart(3, "0")}`;
export const dateTime = (at: number): string =>
  `${format({ weekday: "short", day: "numeric", month: "long" }).format(at)}${words.locale === "en" ? "," : ""} ${clockSeconds(at)}`;
export const dayNumber = (at: number): string => String(new Date(at).getDate());
export const weekday = (at: number): string => format({ weekday: "long" }).format(at);
export const month = (at: number): string => format({ month: "long" }).format(at);
export const monthYear = (at: number): string => format({ month: "long", year: "numeric" }).format(at);
/** "27 Feb" */
export const dayShort = (at: number): string => format({ day: "numeric", month: "short" }).format(at);
export const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
/** Local day, for grouping: equal for two instants of one day. */
export const dayKey = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
/** ISO week of the local date. */
export const week = (at: number): number => {
  const date = new Date(at);
  const thursday = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 4 - (date.getDay() || 7));
  return Math.ceil(((thursday.getTime() - new Date(thursday.getFullYear(), 0, 1).getTime()) / 86_400_000 + 1) / 7);
};
export const bytes = (n: number): string => {
  if (n < 1000) return `${n} B`;
  if (n < 1e6) return `${(n / 1e3).toFixed(n < 1e4 ? 1 : 0)} kB`;
  if (n < 1e9) return `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB`;
  return `${(n / 1e9).toFixed(1)} GB`;
};
