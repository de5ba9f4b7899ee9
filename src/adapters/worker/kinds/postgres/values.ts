/** Owns how PostgreSQL's texts become cells, as Go's driver reads them, and how parameters become texts. Types not named here stay text. */
import type { Json } from "../../../../core/value/json.ts";
import type { Cell } from "../sql/rows.ts";

type Parse = (text: string) => Cell;

const whole: Parse = (text) => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};
/** Infinity and NaN have no JSON: they stay words. */
const real: Parse = (text) => (Number.isFinite(Number(text)) ? Number(text) : text);
const bytes: Parse = (text) => {
  if (!text.startsWith("\\x")) return text;
  return Uint8Array.from({ length: (text.length - 2) / 2 }, (_, at) => Number.parseInt(text.slice(2 + at * 2, 4 + at * 2), 16));
};
const timeForm = /^(\d{4,}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(\.\d+)?([+-]\d\d)?(:\d\d)?)?$/;
/** RFC 3339 with what digits there are; dates before Christ and the infinities stay text. */
const time: Parse = (text) => {
  const found = timeForm.exec(text);
  if (!found) return text;
  const [, day, clock = "00:00:00", fraction = "", zone, minutes = ":00"] = found;
  return `${day as string}T${clock}${fraction}${zone === undefined || (zone === "+00" && minutes === ":00") ? "Z" : zone + minutes}`;
};
/** By type number of pg_type. */
const parses: Readonly<Record<number, Parse>> = {
  16: (text) => text === "t" || text === "true", 17: bytes, 20: whole, 21: whole, 23: whole, 26: whole, 700: real, 701: real, 1082: time, 1114: time, 1184: time,
};
const asText: Parse = (text) => text;

export const parsersFor = (types: Iterable<string>): Readonly<Record<number, Parse>> =>
  Object.fromEntries([...types].map((type) => [type, parses[Number(type)] ?? asText]));

/** PostgreSQL's own text for a value, whatever the type it is for. */
export const paramText = (value: Json): string | null => {
  if (value === null) return null;
  if (Array.isArray(value)) return `{${(value as readonly Json[]).map(element).join(",")}}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
const element = (value: Json): string => {
  if (Array.isArray(value)) return paramText(value) as string;
  const text = paramText(value);
  return text === null ? "NULL" : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
};
