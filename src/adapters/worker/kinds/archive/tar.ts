/** Owns the tar format (ustar, with pax and GNU long names on reading): entries ⇄ bytes. */
export interface Entry {
  /** Path in the archive, "/" separated, as stored. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  readonly mode: number;
  readonly mtimeMs: number;
  readonly bytes: Uint8Array;
  /** Target of a symlink. */
  readonly target: string;
}
const blockBytes = 512;
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const textAt = (block: Uint8Array, at: number, length: number): string => {
  const field = block.subarray(at, at + length);
  const end = field.indexOf(0);
  return decode(end < 0 ? field : field.subarray(0, end));
};
/** Octal, or base 256 when the first bit is set. */
const numberAt = (block: Uint8Array, at: number, length: number): number => {
  if (((block[at] as number) & 0x80) === 0) return Number.parseInt(textAt(block, at, length).trim() || "0", 8);
  let value = (block[at] as number) & 0x7f;
  for (let i = at + 1; i < at + length; i++) value = value * 256 + (block[i] as number);
  return value;
};
const checksum = (block: Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < blockBytes; i++) sum += i >= 148 && i < 156 ? 32 : (block[i] as number);
  return sum;
};
const paxFields = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(text.matchAll(/\d+ ([^=]+)=([^\n]*)\n/g), (found) => [found[1] as string, found[2] as string]));

interface Pending {
  path?: string | undefined;
  target?: string | undefined;
}
const entryOf = (block: Uint8Array, bytes: Uint8Array, pending: Pending): Entry | undefined => {
  const type = String.fromCharCode(block[156] as number);
  const prefix = textAt(block, 345, 155);
  const name = textAt(block, 0, 100);
  const path = pending.path ?? (prefix === "" || textAt(block, 257, 5) !== "ustar" ? name : `${prefix}/${name}`);
  const kind = type === "5" || path.endsWith("/") ? "directory" : type === "2" ? "symlink" : type === "0" || type === "\0" || type === "7" ? "file" : undefined;
  if (kind === undefined) return undefined;
  const target = pending.target ?? textAt(block, 157, 100);
  return { path, kind, mode: numberAt(block, 100, 8) & 0o777, mtimeMs: numberAt(block, 136, 12) * 1000, bytes: kind === "file" ? bytes : new Uint8Array(0), target };
};

/** Entries in order; hard links, devices and unknown types are left out. Throws for a broken header. */
export const readTar = (archive: Uint8Array): Entry[] => {
  const entries: Entry[] = [];
  let pending: Pending = {};
  for (let at = 0; at + blockBytes <= archive.length; ) {
    const block = archive.subarray(at, at + blockBytes);
    if (block.every((byte) => byte === 0)) break;
    if (checksum(block) !== numberAt(block, 148, 8)) throw new Error("not a tar archive, or it is damaged");
    const size = numberAt(block, 124, 12);
    const bytes = archive.subarray(at + blockBytes, at + blockBytes + size);
    if (bytes.length < size) throw new Error("unexpected end of the tar archive");
    const type = String.fromCharCode(block[156] as number);
    at += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
    if (type === "x") {
      const fields = paxFields(decode(bytes));
      pending = { path: fields["path"] ?? pending.path, target: fields["linkpath"] ?? pending.target };
    } else if (type === "L") pending = { ...pending, path: textAt(bytes, 0, bytes.length) };
    else if (type === "K") pending = { ...pending, target: textAt(bytes, 0, bytes.length) };
    else if (type !== "g") {
      const entry = entryOf(block, bytes, pending);
      if (entry !== undefined) entries.push(entry);
      pending = {};
    }
  }
  return entries;
};

const octal = (value: number, digits: number): string => `${Math.floor(value).toString(8).padStart(digits, "0")}\0`;
const header = (name: Uint8Array, type: string, size: number, from: { readonly mode: number; readonly mtimeMs: number; readonly target: string }): Uint8Array => {
  const block = new Uint8Array(blockBytes);
  const put = (at: number, bytes: Uint8Array, length: number): void => block.set(bytes.subarray(0, length), at);
  put(0, name, 100);
  put(100, encode(octal(from.mode, 7)), 8);
  put(108, encode(octal(0, 7)), 8);
  put(116, encode(octal(0, 7)), 8);
  put(124, encode(octal(size, 11)), 12);
  put(136, encode(octal(Math.max(0, from.mtimeMs / 1000), 11)), 12);
  block[156] = type.charCodeAt(0);
  put(157, encode(from.target), 100);
  put(257, encode("ustar\x0000"), 8);
  put(148, encode(`${checksum(block).toString(8).padStart(6, "0")}\0 `), 8);
  return block;
};
const padded = (bytes: Uint8Array): Uint8Array => {
  const whole = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes);
  whole.set(bytes);
  return whole;
};
const paxRecord = (key: string, value: string): string => {
  const body = ` ${key}=${value}\n`;
  const length = encode(body).length;
  let total = length + String(length).length;
  if (String(total).length > String(length).length) total++;
  return `${total}${body}`;
};

/** A tar archive of the entries, with pax records for long names. */
export const writeTar = (entries: readonly Entry[]): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const path = entry.kind === "directory" && !entry.path.endsWith("/") ? `${entry.path}/` : entry.path;
    const long = [...(encode(path).length > 100 ? [paxRecord("path", path)] : []), ...(encode(entry.target).length > 100 ? [paxRecord("linkpath", entry.target)] : [])];
    if (long.length > 0) {
      const pax = encode(long.join(""));
      parts.push(header(encode("PaxHeaders/entry"), "x", pax.length, { mode: 0o644, mtimeMs: entry.mtimeMs, target: "" }), padded(pax));
    }
    const type = entry.kind === "directory" ? "5" : entry.kind === "symlink" ? "2" : "0";
    parts.push(header(encode(path), type, entry.bytes.length, entry), padded(entry.bytes));
  }
  parts.push(new Uint8Array(blockBytes * 2));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
