/** Owns strftime as GNU date knows it, flags and widths included; names in English (C locale). */
import { abbreviation, offsetMinutes, offsetText, wallOf } from "./zone.ts";

export const DAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
export const MONTH_NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"] as const;

const dayOfYear = (year: number, month: number, day: number): number => Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000) + 1;

const isoWeek = (year: number, month: number, day: number): { year: number; week: number } => {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const isoYear = date.getUTCFullYear();
  return { year: isoYear, week: Math.floor((date.getTime() - Date.UTC(isoYear, 0, 1)) / 86_400_000 / 7) + 1 };
};

type Field = readonly [value: string | number, width?: number, pad?: "0" | " "];

const COMPOUND: Readonly<Record<string, string>> = { c: "%a %b %e %H:%M:%S %Y", D: "%m/%d/%y", F: "%Y-%m-%d", r: "%I:%M:%S %p", R: "%H:%M", T: "%H:%M:%S", x: "%m/%d/%y", X: "%H:%M:%S", h: "%b", "+": "%a %b %e %H:%M:%S %Z %Y" };

/** Formats an instant (ms, fractions count) in a zone. */
export const formatDate = (format: string, ms: number, zone: string): string => {
  const minutes = offsetMinutes(zone, ms);
  const wall = wallOf(ms, minutes);
  const { year, month, day, hour, minute, second } = wall;
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  const yearDay = dayOfYear(year, month, day);
  const nanos = Math.round((ms - Math.floor(ms / 1000) * 1000) * 1e6);
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const field = (letter: string): Field | undefined => {
    switch (letter) {
      case "a": return [DAY_NAMES[weekday]!.slice(0, 3)];
      case "A": return [DAY_NAMES[weekday]!];
      case "b": return [MONTH_NAMES[month - 1]!.slice(0, 3)];
      case "B": return [MONTH_NAMES[month - 1]!];
      case "C": return [Math.floor(year / 100), 2, "0"];
      case "d": return [day, 2, "0"];
      case "e": return [day, 2, " "];
      case "g": return [isoWeek(year, month, day).year % 100, 2, "0"];
      case "G": return [isoWeek(year, month, day).year];
      case "H": return [hour, 2, "0"];
      case "I": return [hour12, 2, "0"];
      case "j": return [yearDay, 3, "0"];
      case "k": return [hour, 2, " "];
      case "l": return [hour12, 2, " "];
      case "m": return [month, 2, "0"];
      case "M": return [minute, 2, "0"];
      case "n": return ["\n"];
      case "p": return [hour < 12 ? "AM" : "PM"];
      case "P": return [hour < 12 ? "am" : "pm"];
      case "q": return [Math.ceil(month / 3)];
      case "s": return [Math.floor(ms / 1000)];
      case "S": return [second, 2, "0"];
      case "t": return ["\t"];
      case "u": return [weekday || 7];
      case "U": return [Math.floor((yearDay + 6 - weekday) / 7), 2, "0"];
      case "V": return [isoWeek(year, month, day).week, 2, "0"];
      case "w": return [weekday];
      case "W": return [Math.floor((yearDay + 6 - ((weekday + 6) % 7)) / 7), 2, "0"];
      case "y": return [((year % 100) + 100) % 100, 2, "0"];
      case "Y": return [year, 4, "0"];
      case "Z": return [abbreviation(zone, ms)];
      case "%": return ["%"];
      default: return undefined;
    }
  };
  const replace = (...[whole, flags, width, , letter]: readonly [whole: string, flags: string, width: string, modifier: string, letter: string]): string => {
    const compound = COMPOUND[letter];
    let text: string;
    let pad: string = " ";
    if (letter === "N") text = String(nanos).padStart(9, "0").slice(0, flags.includes("-") ? undefined : Number(width || 9)).padEnd(Number(width || 9), "0");
    else if (letter.endsWith("z")) text = zoneText(letter, minutes);
    else if (compound !== undefined) text = compound.replace(PATTERN, replace as never);
    else {
      const found = field(letter);
      if (found === undefined) return whole;
      pad = found[2] ?? (typeof found[0] === "number" ? "0" : " ");
      const padding = flags.includes("-") ? "" : flags.includes("_") ? " " : flags.includes("0") ? "0" : pad;
      pad = padding || pad;
      text = padding === "" ? String(found[0]) : String(found[0]).padStart(found[1] ?? 0, padding);
    }
    if (width !== "" && letter !== "N") text = text.padStart(Number(width), flags.includes("_") ? " " : flags.includes("0") ? "0" : pad);
    if (flags.includes("^")) return text.toUpperCase();
    if (flags.includes("#")) return letter === "p" || letter === "Z" ? text.toLowerCase() : text.toUpperCase();
    return text;
  };
  return format.replace(PATTERN, replace as never);
};

const PATTERN = /%([-_0^#+]*)(\d*)([EO]?)(:{0,3}z|[a-zA-Z%+])/g;

const zoneText = (letter: string, minutes: number): string => {
  if (letter === "z") return offsetText(minutes);
  if (letter === ":::z" && minutes % 60 === 0) return offsetText(minutes).slice(0, 3);
  return offsetText(minutes, true) + (letter === "::z" ? ":00" : "");
};
