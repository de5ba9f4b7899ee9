/**
 * Owns archive formats: which one a name or content means, entries ⇄ bytes, bombs. zip, tar, tar.gz and gz; others are named as not built in.
 * A1 Unpacked bytes stay below `unpackedBytesMax` and `ratioMax` times the packed ones (past a floor).
 */
import { Gunzip, gzipSync, unzipSync, zipSync, type Zippable } from "fflate";
import { readTar, writeTar, type Entry } from "./tar.ts";

export const unpackedBytesMax = 512 * 1024 * 1024;
export const ratioMax = 100;
const ratioFloorBytes = 16 * 1024 * 1024;
export const entriesMax = 20_000;

export type Format = "zip" | "tar" | "tar.gz" | "gz";
const extensions: readonly (readonly [RegExp, string])[] = [
  [/\.(tar\.gz|tgz)$/, "tar.gz"], [/\.(tar\.bz2|tbz2?|tar\.xz|txz|tar\.zst|tar\.zstd|bz2|xz|zst|zstd|lz4|7z|rar)$/, "other"],
  [/\.tar$/, "tar"], [/\.zip$/, "zip"], [/\.gz$/, "gz"],
];
export class FormatError extends Error {}
export class BombError extends Error {}

const known = (name: string): Format => {
  const word = name === "tgz" ? "tar.gz" : name;
  if (word === "zip" || word === "tar" || word === "tar.gz" || word === "gz") return word;
  throw new FormatError(`format ${name} is not built in; zip, tar, tar.gz and gz are`);
};
/** Format by setting, name, or the first bytes. */
export const formatOf = (setting: string, path: string, bytes?: Uint8Array): Format => {
  const wanted = setting.trim().toLowerCase();
  if (wanted !== "") return known(wanted);
  const byName = extensions.find(([pattern]) => pattern.test(path.toLowerCase()))?.[1];
  if (byName !== undefined) return known(byName === "other" ? (path.split(".").at(-1) as string) : byName);
  if (bytes?.[0] === 0x50 && bytes[1] === 0x4b) return "zip";
  if (bytes?.[0] === 0x1f && bytes[1] === 0x8b) return "tar.gz";
  if (bytes !== undefined && new TextDecoder().decode(bytes.subarray(257, 262)) === "ustar") return "tar";
  throw new FormatError("could not infer format; specify config.format");
};

const limitOf = (packed: number): number => Math.min(unpackedBytesMax, Math.max(ratioFloorBytes, packed * ratioMax));
const refuseBomb = (limit: number): never => {
  throw new BombError(`the archive unpacks to more than ${limit} bytes`);
};
/** Unpacks gzip, stopping at the limit. */
export const gunzip = (bytes: Uint8Array): Uint8Array => {
  const limit = limitOf(bytes.length);
  const pieces: Uint8Array[] = [];
  let total = 0;
  const stream = new Gunzip((piece) => {
    total += piece.length;
    if (total > limit) refuseBomb(limit);
    pieces.push(piece);
  });
  for (let at = 0; at < bytes.length; at += 65536) stream.push(bytes.subarray(at, at + 65536), at + 65536 >= bytes.length);
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

/** Whether any entry of a zip is encrypted, as its directory says. */
const isEncrypted = (bytes: Uint8Array): boolean => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && end > bytes.length - 65_600 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return false;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50; left--) {
    if ((view.getUint16(at + 8, true) & 1) === 1) return true;
    at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return false;
};
export const noPasswords = "archives with a password are not opened or made here: leave the password out, or run this step on a backend";

const unzip = (bytes: Uint8Array): Entry[] => {
  if (isEncrypted(bytes)) throw new FormatError(noPasswords);
  const limit = limitOf(bytes.length);
  let total = 0;
  let count = 0;
  const found = unzipSync(bytes, {
    filter: (file) => {
      total += file.originalSize;
      count += 1;
      if (total > limit || count > entriesMax) refuseBomb(limit);
      return true;
    },
  });
  return Object.entries(found).map(([path, content]) => ({
    path, kind: path.endsWith("/") ? ("directory" as const) : ("file" as const), mode: path.endsWith("/") ? 0o755 : 0o644, mtimeMs: 0, bytes: content, target: "",
  }));
};

export const unpack = (format: Format, bytes: Uint8Array, name: string): Entry[] => {
  if (format === "zip") return unzip(bytes);
  if (format === "tar") return limited(readTar(bytes));
  const plain = gunzip(bytes);
  if (format === "tar.gz") return limited(readTar(plain));
  return [{ path: name.replace(/\.gz$/i, "") || "file", kind: "file", mode: 0o644, mtimeMs: 0, bytes: plain, target: "" }];
};
const limited = (entries: Entry[]): Entry[] => {
  if (entries.length > entriesMax) throw new BombError(`the archive holds more than ${entriesMax} entries`);
  return entries;
};

/** -1 = the library's own level. */
const levelOf = (level: number): 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 => (level < 0 ? 6 : (Math.min(9, Math.trunc(level)) as 0 | 6 | 9));
/** zip keeps dates from 1980 on only. */
const zipTime = (mtimeMs: number): number => Math.max(mtimeMs, Date.UTC(1980, 0, 2));

export const pack = (format: Format, entries: readonly Entry[], level: number): Uint8Array => {
  if (format === "tar") return writeTar(entries);
  if (format === "tar.gz") return gzipSync(writeTar(entries), { level: levelOf(level) });
  if (format === "gz") {
    const files = entries.filter((entry) => entry.kind === "file");
    if (files.length !== 1) throw new FormatError("gz holds exactly one file; use tar.gz");
    return gzipSync((files[0] as Entry).bytes, { level: levelOf(level) });
  }
  const tree: Zippable = {};
  for (const entry of entries) {
    const path = entry.kind === "directory" && !entry.path.endsWith("/") ? `${entry.path}/` : entry.path;
    tree[path] = [entry.kind === "symlink" ? new TextEncoder().encode(entry.target) : entry.bytes, { level: levelOf(level), mtime: zipTime(entry.mtimeMs), os: 3, attrs: ((entry.kind === "symlink" ? 0o120000 : entry.kind === "directory" ? 0o040000 : 0o100000) | entry.mode) * 65536 }];
  }
  return zipSync(tree);
};
