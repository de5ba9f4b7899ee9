/** Owns strftime for `printf '%(…)T'`, in the zone that TZ names. */

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
  readonly yearDay: number;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly epoch: number;
}
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** Minutes east of UTC at an instant, by the platform's zone data; 0 for names it does not know. */
const offsetOf = (ms: number, zone: string): number => {
  if (zone === "" || zone === "UTC" || zone.startsWith("UTC0") || zone === "Etc/UTC") return 0;
  const fixed = /^<?[A-Za-z+-]+>?([-+]?\d+)(?::(\d+))?$/.exec(zone);
  if (fixed !== null) return -(Number(fixed[1]) * 60 + Math.sign(Number(fixed[1])) * Number(fixed[2] ?? 0));
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
    const value: Record<string, number> = {};
    for (const part of format.formatToParts(ms)) value[part.type] = Number(part.value);
    const local = Date.UTC(value["year"] as number, (value["month"] as number) - 1, value["day"], value["hour"], value["minute"], value["second"]);
    return Math.round((local - Math.floor(ms / 1000) * 1000) / 60000);
  } catch {
    return 0; // an unknown zone is UTC, as in the C library
  }
};
const zoneName = (ms: number, zone: string, offset: number): string => {
  if (offset === 0 && (zone === "" || /UTC/.test(zone))) return "UTC";
  try {
    const named = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" }).formatToParts(ms).find((part) => part.type === "timeZoneName")?.value;
    if (named !== undefined && /^[A-Z]+$/.test(named)) return named;
  } catch {
    return "UTC"; // an unknown zone is UTC, as in the C library
  }
  const hours = Math.floor(Math.abs(offset) / 60);
  return `${offset < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}`;
};
const partsOf = (ms: number, zone: string): Parts => {
  const offsetMinutes = offsetOf(ms, zone);
  const local = new Date(ms + offsetMinutes * 60000);
  const year = local.getUTCFullYear();
  return {
    year, month: local.getUTCMonth(), day: local.getUTCDate(), hour: local.getUTCHours(), minute: local.getUTCMinutes(), second: local.getUTCSeconds(),
    weekday: local.getUTCDay(), yearDay: Math.floor((Date.UTC(year, local.getUTCMonth(), local.getUTCDate()) - Date.UTC(year, 0, 1)) / 86400000),
    zone: zoneName(ms, zone, offsetMinutes), offsetMinutes, epoch: Math.floor(ms / 1000),
  };
};
const isoWeek = (p: Parts): { readonly year: number; readonly week: number } => {
  const thursday = new Date(Date.UTC(p.year, p.month, p.day + 3 - ((p.weekday + 6) % 7)));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 4);
  const firstDay = (new Date(first).getUTCDay() + 6) % 7;
  return { year: thursday.getUTCFullYear(), week: 1 + Math.round((thursday.getTime() - first) / 604800000 + (firstDay - 3) / 7) };
};

const two = (n: number, fill = "0"): string => String(n).padStart(2, fill);
const one = (p: Parts, code: string): string => {
  const hour12 = p.hour % 12 === 0 ? 12 : p.hour % 12;
  const sign = p.offsetMinutes < 0 ? "-" : "+";
  const offset = Math.abs(p.offsetMinutes);
  const simple: Readonly<Record<string, () => string>> = {
    Y: () => String(p.year), C: () => two(Math.floor(p.year / 100)), y: () => two(p.year % 100), m: () => two(p.month + 1), d: () => two(p.day), e: () => two(p.day, " "),
    H: () => two(p.hour), I: () => two(hour12), k: () => two(p.hour, " "), l: () => two(hour12, " "), M: () => two(p.minute), S: () => two(p.second),
    p: () => (p.hour < 12 ? "AM" : "PM"), P: () => (p.hour < 12 ? "am" : "pm"), a: () => (days[p.weekday] as string).slice(0, 3), A: () => days[p.weekday] as string,
    b: () => (months[p.month] as string).slice(0, 3), h: () => (months[p.month] as string).slice(0, 3), B: () => months[p.month] as string,
    j: () => String(p.yearDay + 1).padStart(3, "0"), u: () => String(p.weekday === 0 ? 7 : p.weekday), w: () => String(p.weekday), s: () => String(p.epoch),
    U: () => two(Math.floor((p.yearDay + 7 - p.weekday) / 7)), W: () => two(Math.floor((p.yearDay + 7 - ((p.weekday + 6) % 7)) / 7)),
    V: () => two(isoWeek(p).week), G: () => String(isoWeek(p).year), g: () => two(isoWeek(p).year % 100),
    Z: () => p.zone, z: () => `${sign}${two(Math.floor(offset / 60))}${two(offset % 60)}`, n: () => "\n", t: () => "\t", "%": () => "%",
  };
  const composed: Readonly<Record<string, string>> = {
    F: "%Y-%m-%d", T: "%H:%M:%S", R: "%H:%M", D: "%m/%d/%y", x: "%m/%d/%y", X: "%H:%M:%S", r: "%I:%M:%S %p", c: "%a %b %e %H:%M:%S %Y",
  };
  const template = composed[code];
  if (template !== undefined) return template.replace(/%(.)/g, (_, inner: string) => one(p, inner));
  return simple[code]?.() ?? `%${code}`;
};

/** Formats an instant (ms since the epoch). `zone` is TZ: a zone name, UTC when empty or unknown. */
export const formatTime = (format: string, ms: number, zone: string | undefined): string => {
  const parts = partsOf(ms, (zone ?? "UTC").replace(/^:/, ""));
  return format.replace(/%([EO_^-]?)(.)/g, (_, modifier: string, code: string) => {
    const text = one(parts, code);
    if (modifier === "-") return text.replace(/^[0 ]+(?=.)/, "");
    if (modifier === "_") return text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
    return modifier === "^" ? text.toUpperCase() : text;
  });
};
