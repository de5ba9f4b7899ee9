/** Owns od: bytes as numbers and characters. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { concat } from "../stream/bytes.ts";
import { eachInput, readAll } from "../stream/input.ts";
import { parseSize } from "../stream/number.ts";
import { generalText } from "../number/printf.ts";

interface Format {
  readonly kind: string;
  readonly size: number;
  readonly width: number;
  readonly trailer: boolean;
}

const NAMES = ["nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp"];
const ESCAPES: Readonly<Record<number, string>> = { 0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" };
const SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, F: 4, D: 8 };
const WIDTHS: Readonly<Record<string, readonly number[]>> = { o: [0, 3, 6, 0, 11, 0, 0, 0, 22], x: [0, 2, 4, 0, 8, 0, 0, 0, 16], d: [0, 4, 6, 0, 11, 0, 0, 0, 20], u: [0, 3, 5, 0, 10, 0, 0, 0, 20], f: [0, 0, 0, 0, 15, 0, 0, 0, 24] };
const OLD: Readonly<Record<string, string>> = { a: "a", b: "o1", c: "c", d: "u2", f: "f4", i: "d4", l: "d8", o: "o2", s: "d2", x: "x2" };

const readTypes = (text: string): Format[] => {
  const formats: Format[] = [];
  const pattern = /([acdfoux])(\d+|[CSILFD])?(z)?/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new Stop(1, `invalid character '${text.charAt(0)}' in type string '${text}'`);
    const kind = match[1]!;
    const size = kind === "a" || kind === "c" ? 1 : match[2] === undefined ? (kind === "f" ? 8 : 4) : (SIZES[match[2]] ?? Number(match[2]));
    const width = kind === "a" || kind === "c" ? 3 : WIDTHS[kind]?.[size];
    if (width === undefined || width === 0) throw new Stop(1, `invalid type string '${text}';\nthis system doesn't provide a ${size}-byte ${kind === "f" ? "floating point" : "integral"} type`);
    formats.push({ kind, size, width, trailer: match[3] !== undefined });
  }
  return formats;
};

const cellOf = (view: DataView, at: number, { kind, size }: Format, little: boolean): string => {
  const byte = view.getUint8(at);
  if (kind === "a") return byte % 128 === 127 ? "del" : (NAMES[byte % 128] ?? String.fromCharCode(byte % 128));
  if (kind === "c") return ESCAPES[byte] ?? (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"));
  if (kind === "f") return size === 4 ? generalText(view.getFloat32(at, little), 8) : generalText(view.getFloat64(at, little), 17);
  let value = 0n;
  for (let i = 0; i < size; i++) value |= BigInt(view.getUint8(at + i)) << BigInt(8 * (little ? i : size - 1 - i));
  if (kind === "d") return BigInt.asIntN(size * 8, value).toString();
  const base = kind === "o" ? 8 : kind === "x" ? 16 : 10;
  return kind === "u" ? value.toString() : value.toString(base).padStart(WIDTHS[kind]![size]!, "0");
};

const dump = (run: Run, bytes: Uint8Array, formats: readonly Format[], start: number): void => {
  const { args } = run;
  const radix = args.last("A") ?? "o";
  const base = { o: 8, d: 10, x: 16 }[radix] ?? 0;
  const address = (at: number): string => (base === 0 ? "" : at.toString(base).padStart(radix === "x" ? 6 : 7, "0"));
  const widthText = args.has("w") ? (args.last("w") ?? "32") : "16";
  const perLine = Number(widthText) || 16;
  const little = args.last("endian") !== "big";
  const most = Math.max(...formats.map(({ size }) => size));
  /** Columns of the widest format for a run of `most` bytes; the others are spread over them. */
  const blockWidth = Math.max(...formats.map((format) => (format.width + 1) * (most / format.size)));
  let last: string | undefined;
  let starred = false;
  for (let at = 0; at < bytes.length; at += perLine) {
    const line = bytes.subarray(at, at + perLine);
    const key = String.fromCharCode(...line);
    if (!args.has("v") && key === last && line.length === perLine) {
      if (!starred) run.out.text("*\n");
      starred = true;
      continue;
    }
    last = key;
    starred = false;
    const padded = new Uint8Array(Math.ceil(line.length / most) * most);
    padded.set(line);
    const view = new DataView(padded.buffer);
    formats.forEach((format, i) => {
      let text = i === 0 ? address(start + at) : " ".repeat(address(0).length);
      const perBlock = most / format.size;
      for (let unit = 0, from = 0; from < line.length; from += format.size, unit++) {
        const place = unit % perBlock;
        const share = Math.floor((blockWidth * (place + 1)) / perBlock) - Math.floor((blockWidth * place) / perBlock);
        text += cellOf(view, from, format, little).padStart(share);
      }
      if (format.trailer) text = `${text.padEnd(address(0).length + blockWidth * (perLine / most))}  >${key.replace(/[^ -~]/g, ".")}<`;
      run.out.text(`${text}\n`);
    });
  }
  if (base !== 0) run.out.text(`${address(start + bytes.length)}\n`);
};

export const od = defineCommand(
  {
    name: "od",
    en: "Dump bytes in octal and other forms.",
    zh: "以八进制等形式输出字节。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-A, --address-radix=RADIX", "addresses in d, o, x or n (none)", "地址进制"],
      ["-j, --skip-bytes=BYTES", "skip BYTES first", "先跳过 BYTES 字节"],
      ["-N, --read-bytes=BYTES", "no more than BYTES", "最多 BYTES 字节"],
      ["-S, --strings[=BYTES]", "ignored", "忽略"],
      ["-t, --format=TYPE", "a, c, d, f, o, u, x with size, z", "输出类型"],
      ["-v, --output-duplicates", "do not shorten with *", "不用 * 省略"],
      ["-w, --width[=BYTES]", "bytes a line", "每行字节数"],
      ["--endian=ORDER", "big or little", "字节序"],
      ["-a", "same as -t a", "等于 -t a"],
      ["-b", "same as -t o1", "等于 -t o1"],
      ["-c", "same as -t c", "等于 -t c"],
      ["-d", "same as -t u2", "等于 -t u2"],
      ["-f", "same as -t fF", "等于 -t fF"],
      ["-i", "same as -t dI", "等于 -t dI"],
      ["-l", "same as -t dL", "等于 -t dL"],
      ["-o", "same as -t o2", "等于 -t o2"],
      ["-s", "same as -t d2", "等于 -t d2"],
      ["-x", "same as -t x2", "等于 -t x2"],
    ],
  },
  async (run) => {
    const { args } = run;
    const types = args.given.flatMap(({ key, value }) => (key === "t" ? readTypes(value ?? "") : OLD[key] !== undefined ? readTypes(OLD[key]!) : []));
    const size = (key: string): number | undefined => {
      const text = args.last(key);
      if (text === undefined) return undefined;
      const value = /^0x/i.test(text) ? Number(text) : parseSize(text);
      if (value === undefined || Number.isNaN(value)) throw new Stop(1, `invalid -${key} argument '${text}'`);
      return value;
    };
    const skip = size("j") ?? 0;
    const most = size("N") ?? Infinity;
    const parts: Uint8Array[] = [];
    let left = skip + most;
    const status = await eachInput(run, args.operands, async (input) => {
      if (left === Infinity) return void parts.push(await readAll(run, input.file));
      while (left > 0) {
        const chunk = await input.file.read(Math.min(left, 65_536));
        if (chunk === null) return;
        left -= chunk.length;
        parts.push(chunk);
      }
    });
    const bytes = concat(parts);
    if (bytes.length < skip) throw new Stop(1, "cannot skip past end of combined input");
    dump(run, bytes.subarray(skip), types.length === 0 ? readTypes("o2") : types, skip);
    return status;
  },
);
