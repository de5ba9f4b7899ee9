/** Owns C's `struct tm` for jq: broken-down times in UTC, reading a time by a format. */
const field = (view: DataView, at: number, index: number): number => view.getInt32(at + index * 4, true);
const dayMs = 86_400_000;

/** Seconds since the epoch of the broken-down time at `at`, which is made normal. */
export const tmFields = (view: DataView, at: number): number => {
  const [sec, min, hour, day, month, year] = [0, 1, 2, 3, 4, 5].map((index) => field(view, at, index)) as [number, number, number, number, number, number];
  const seconds = Date.UTC(year + 1900, month, day, hour, min, sec) / 1000;
  writeTm(view, at, seconds);
  return seconds;
};
export const writeTm = (view: DataView, at: number, seconds: number): void => {
  const date = new Date(seconds * 1000);
  const values = [
    date.getUTCSeconds(), date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate(), date.getUTCMonth(), date.getUTCFullYear() - 1900, date.getUTCDay(),
    Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs), 0, 0,
  ];
  for (const [index, value] of values.entries()) view.setInt32(at + index * 4, value, true);
};

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const composed: Readonly<Record<string, string>> = { T: "%H:%M:%S", D: "%m/%d/%y", F: "%Y-%m-%d", R: "%H:%M", c: "%a %b %e %H:%M:%S %Y" };
interface Found {
  text: string;
  readonly values: Map<number, number>;
}
const number = (found: Found, digits: number): number | undefined => {
  const match = new RegExp(`^\\s*\\d{1,${digits}}`).exec(found.text);
  if (!match) return undefined;
  found.text = found.text.slice(match[0].length);
  return Number(match[0]);
};
const word = (found: Found, names: readonly string[]): number | undefined => {
  const match = /^[A-Za-z]+/.exec(found.text)?.[0] ?? "";
  const at = names.indexOf(match.slice(0, 3).toLowerCase());
  if (at < 0) return undefined;
  found.text = found.text.slice(match.length);
  return at;
};
const numeric: Readonly<Record<string, readonly [index: number, digits: number, shift: number]>> = {
  S: [0, 2, 0], M: [1, 2, 0], H: [2, 2, 0], I: [2, 2, 0], d: [3, 2, 0], e: [3, 2, 0], m: [4, 2, -1], Y: [5, 4, -1900], j: [7, 3, -1],
};
const readOne = (found: Found, letter: string): boolean => {
  const plain = numeric[letter];
  if (plain !== undefined) {
    const value = number(found, plain[1]);
    if (value !== undefined) found.values.set(plain[0], value + plain[2]);
    return value !== undefined;
  }
  if (letter === "y") {
    const value = number(found, 2);
    if (value !== undefined) found.values.set(5, value < 69 ? value + 100 : value);
    return value !== undefined;
  }
  if ("bBh".includes(letter) || "aA".includes(letter)) {
    const isMonth = "bBh".includes(letter);
    const value = word(found, isMonth ? months : days);
    if (value !== undefined) found.values.set(isMonth ? 4 : 6, value);
    return value !== undefined;
  }
  const zone = letter === "Z" ? /^[A-Za-z]+/.exec(found.text) : letter === "z" ? /^(Z|[+-]\d\d:?\d\d)/.exec(found.text) : null;
  if (zone) found.text = found.text.slice(zone[0].length);
  return zone !== null;
};
const read = (found: Found, format: string): boolean => {
  for (let i = 0; i < format.length; i++) {
    const char = format[i] as string;
    if (char === "%" && format[i + 1] !== "%") {
      const letter = format[++i] as string;
      const parts = composed[letter];
      if (!(parts === undefined ? readOne(found, letter) : read(found, parts))) return false;
    } else if (/\s/.test(char)) found.text = found.text.trimStart();
    else {
      if (char === "%") i++;
      if (!found.text.startsWith(char)) return false;
      found.text = found.text.slice(1);
    }
  }
  return true;
};

/** C's strptime: how many bytes of `text` were used, -1 when it does not fit; the fields are written at `at`. */
export const parseTime = (text: string, format: string, view: DataView, at: number): number => {
  const found: Found = { text, values: new Map() };
  if (!read(found, format)) return -1;
  for (const [index, value] of found.values) view.setInt32(at + index * 4, value, true);
  const year = found.values.get(5);
  if (year !== undefined && found.values.has(3)) {
    const date = new Date(Date.UTC(year + 1900, found.values.get(4) ?? 0, found.values.get(3)));
    view.setInt32(at + 24, date.getUTCDay(), true);
    view.setInt32(at + 28, Math.floor((date.getTime() - Date.UTC(year + 1900, 0, 1)) / dayMs), true);
  }
  return text.length - found.text.length;
};
