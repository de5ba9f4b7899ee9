/** Owns the text form of an instant: RFC 3339 in UTC with milliseconds. Arithmetic only: the core has no Date. */
import type { Instant } from "./brand.ts";

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** Civil date from days since 1970-01-01 (Hinnant's days algorithm). */
const civil = (days: number): readonly [year: number, month: number, day: number] => {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1];
};

export const utcDay = (at: Instant): string => {
  const [year, month, day] = civil(Math.floor(at / 86_400_000));
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
};
export const rfc3339 = (at: Instant): string => {
  const ms = ((at % 86_400_000) + 86_400_000) % 86_400_000;
  const time = `${pad(Math.floor(ms / 3_600_000), 2)}:${pad(Math.floor(ms / 60_000) % 60, 2)}:${pad(Math.floor(ms / 1000) % 60, 2)}`;
  return `${utcDay(at)}T${time}.${pad(ms % 1000, 3)}Z`;
};
