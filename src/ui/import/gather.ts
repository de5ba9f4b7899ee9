/**
 * Owns turning files and archives into texts and bytes by path, within limits: what is too big, no text or no archive is named, the rest
 * goes on. Refuses to know DAGs.
 */
import { isBaseText, rolesOf, safePath, type Role } from "../../core/spec/import/home.ts";
import type { Found } from "./drop.ts";

/** Bytes of one text; Dagu's own limit and the parser's. */
export const textMax = 1_048_576;
/** Bytes of one companion file, of an archive, and of all it unpacks to. */
export const fileMax = 50 * 1_048_576;
export const archiveMax = 100 * 1_048_576;
const unpackedMax = 200 * 1_048_576;
export const filesMax = 2_000;

export interface Refused {
  readonly path: string;
  readonly why: "too-big" | "binary" | "bad-archive" | "too-many" | "outside" | "server" | "empty" | "unreadable";
  readonly size: number;
}
export interface Gathered {
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  readonly base?: { readonly path: string; readonly text: string };
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly refused: readonly Refused[];
}
interface Raw {
  readonly path: string;
  readonly bytes: Uint8Array;
}
const isArchive = (path: string, bytes: Uint8Array): boolean => /\.zip$/i.test(path) || (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4);

/** `tell` hears after each file how many are read. */
export const gather = async (found: readonly Found[], tell: (done: number, of: number) => void): Promise<Gathered> => {
  const refused: Refused[] = [];
  const raws: Raw[] = [];
  for (const [n, { path, file }] of found.entries()) {
    tell(n, found.length);
    const limit = /\.zip$/i.test(path) ? archiveMax : fileMax;
    if (file.size > limit) refused.push({ path, why: "too-big", size: file.size });
    else raws.push(...(await rawsOf(path, file, refused)));
  }
  return sortOut(raws, refused);
};
const rawsOf = async (path: string, file: File, refused: Refused[]): Promise<readonly Raw[]> => {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return isArchive(path, bytes) ? await unpack(path, bytes, refused) : [{ path, bytes }];
  } catch {
    refused.push({ path, why: "unreadable", size: file.size });
    return [];
  }
};
const unpack = async (archive: string, bytes: Uint8Array, refused: Refused[]): Promise<readonly Raw[]> => {
  const { unzipSync } = await import("fflate");
  let total = 0, count = 0;
  const cut: Refused[] = [];
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        const path = safePath(name);
        if (name.endsWith("/")) return false;
        if (path === undefined) cut.push({ path: name, why: "outside", size: originalSize });
        else if (originalSize > fileMax || total + originalSize > unpackedMax) cut.push({ path, why: "too-big", size: originalSize });
        else if (count >= filesMax) cut.push({ path, why: "too-many", size: originalSize });
        else {
          total += originalSize;
          count += 1;
          return true;
        }
        return false;
      },
    });
    refused.push(...cut);
    return Object.entries(entries).map(([name, data]) => ({ path: safePath(name)!, bytes: data }));
  } catch {
    refused.push({ path: archive, why: "bad-archive", size: bytes.length });
    return [];
  }
};

/** A UTF-8 text without NUL, or undefined. */
export const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
};
const scripts = /\.(sh|bash|zsh|py|js|mjs|cron|txt)$|(^|\/)crontab[^/]*$/i;
const sortOut = (raws: readonly Raw[], refused: Refused[]): Gathered => {
  const roles = new Map<string, Role>(rolesOf(raws.map((raw) => raw.path)).map(({ path, role }) => [path, role]));
  // Without any YAML beside them, scripts and crontabs are what is to be imported.
  const hasYaml = [...roles.values()].includes("yaml");
  const texts: { path: string; text: string }[] = [];
  const files = new Map<string, Uint8Array>();
  let base: { path: string; text: string } | undefined;
  for (const { path, bytes } of raws) {
    const role = roles.get(path)!;
    if (role === "noise") continue;
    if (role === "server") refused.push({ path, why: "server", size: bytes.length });
    else if (role === "file" && (hasYaml || !(scripts.test(path) || raws.length === 1))) files.set(path, bytes);
    else if (texts.length >= filesMax) refused.push({ path, why: "too-many", size: bytes.length });
    else {
      const text = readText(path, bytes, refused);
      if (text === undefined) continue;
      if (role === "base" && base === undefined && isBaseText(text)) base = { path, text };
      else texts.push({ path, text });
    }
  }
  return { texts, files, refused, ...(base === undefined ? {} : { base }) };
};
const readText = (path: string, bytes: Uint8Array, refused: Refused[]): string | undefined => {
  const refuse = (why: Refused["why"]): undefined => void refused.push({ path, why, size: bytes.length });
  if (bytes.length > textMax) return refuse("too-big");
  const text = textOf(bytes);
  if (text === undefined) return refuse("binary");
  return text.trim() === "" ? refuse("empty") : text;
};
