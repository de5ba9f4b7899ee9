/** Owns file modes: octal and symbolic changes, and "rwxr-xr-x". */
import type { FileKind } from "../../contract.ts";

const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

const applyClause = (clause: string, mode: number, umask: number, isFolder: boolean): number | undefined => {
  const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause);
  if (match === null) return undefined;
  const who = match[1] === "" ? "ugo" : match[1]!.replace(/a/g, "ugo");
  const masked = match[1] === "";
  let result = mode;
  for (const action of match[2]!.match(/[-+=](?:[ugo]|[rwxXst]*)/g) ?? []) {
    const what = action.slice(1);
    const copied = SHIFTS[what];
    const bits = copied !== undefined ? (result >> copied) & 7 : (what.includes("r") ? 4 : 0) | (what.includes("w") ? 2 : 0) | (what.includes("x") || (what.includes("X") && (isFolder || (result & 0o111) !== 0)) ? 1 : 0);
    let mask = 0;
    let clear = 0;
    for (const letter of who) {
      mask |= bits << SHIFTS[letter]!;
      clear |= 7 << SHIFTS[letter]!;
    }
    if (what.includes("s")) mask |= (who.includes("u") ? 0o4000 : 0) | (who.includes("g") ? 0o2000 : 0);
    if (what.includes("t")) mask |= 0o1000;
    if (masked) mask &= ~umask;
    if (action.startsWith("+")) result |= mask;
    else if (action.startsWith("-")) result &= ~mask;
    else result = (result & ~clear) | mask;
  }
  return result;
};

/** The mode after "755", "u+x,go-w"… or `undefined` when the text is no mode. */
export const applyMode = (text: string, mode: number, umask: number, isFolder: boolean): number | undefined => {
  if (/^[0-7]{1,5}$/.test(text)) return parseInt(text, 8);
  let result: number | undefined = mode;
  for (const clause of text.split(",")) {
    if (result === undefined) return undefined;
    result = applyClause(clause, result, umask, isFolder);
  }
  return result;
};

const KIND_LETTER: Readonly<Record<FileKind, string>> = { file: "-", directory: "d", symlink: "l", fifo: "p", device: "c" };

/** "drwxr-xr-x". */
export const modeText = (kind: FileKind, mode: number): string => {
  const bits = [...Array(9).keys()].map((i) => ((mode >> (8 - i)) & 1 ? "rwx".charAt(i % 3) : "-"));
  if (mode & 0o4000) bits[2] = bits[2] === "x" ? "s" : "S";
  if (mode & 0o2000) bits[5] = bits[5] === "x" ? "s" : "S";
  if (mode & 0o1000) bits[8] = bits[8] === "x" ? "t" : "T";
  return KIND_LETTER[kind] + bits.join("");
};
