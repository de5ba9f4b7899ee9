/** Owns xxd and hexdump. */
import { defineCommand, Stop } from "../option/declare.ts";
import { concat, decode, encode } from "../stream/bytes.ts";
import { eachInput, openInput, readAll } from "../stream/input.ts";
import { parseSize } from "../stream/number.ts";

const hexByte = (byte: number): string => byte.toString(16).padStart(2, "0");
const printable = (bytes: Uint8Array): string => decode(bytes).replace(/[^ -~]/g, ".");

const fromHex = (text: string, isPlain: boolean): Uint8Array => {
  const digits = isPlain ? text.replace(/[^0-9a-fA-F]/g, "") : text.split("\n").map((line) => /^[0-9a-fA-F]+:\s*((?:[0-9a-fA-F]+ ?)+)/.exec(line)?.[1]?.replace(/\s/g, "") ?? "").join("");
  return Uint8Array.from({ length: Math.floor(digits.length / 2) }, (_, i) => parseInt(digits.slice(2 * i, 2 * i + 2), 16));
};

export const xxd = defineCommand(
  { name: "xxd", en: "Dump bytes in hexadecimal, or back.", zh: "十六进制输出，或还原。", synopsis: "[OPTION]... [FILE [OUT]]", options: [["-p, --plain, -ps", "plain hexadecimal", "纯十六进制"], ["-r, --revert", "back to bytes", "还原为字节"], ["-u, --uppercase", "upper case", "大写"], ["-b, --bits", "binary digits", "二进制"], ["-c, --cols=N", "N bytes a line", "每行字节数"], ["-g, --groupsize=N", "N bytes a group", "每组字节数"], ["-l, --len=N", "stop after N bytes", "最多 N 字节"], ["-s, --seek=N", "start at N", "起始位置"]] },
  async (run) => {
    const { args } = run;
    const all = await readAll(run, (await openInput(run, args.operands[0] ?? "-")).file);
    if (args.has("r")) return run.out.bytes(fromHex(decode(all), args.has("p"))), 0;
    const start = Number(args.last("s") ?? 0);
    const bytes = all.subarray(start, args.has("l") ? start + Number(args.last("l")) : undefined);
    const bits = args.has("b");
    const columns = Number(args.last("c") ?? (args.has("p") ? 30 : bits ? 6 : 16));
    const group = Number(args.last("g") ?? (bits ? 1 : 2)) || columns;
    const cell = (byte: number): string => (bits ? byte.toString(2).padStart(8, "0") : args.has("u") ? hexByte(byte).toUpperCase() : hexByte(byte));
    const width = columns * (bits ? 8 : 2) + Math.ceil(columns / group) - 1;
    for (let at = 0; at < bytes.length; at += columns) {
      const line = bytes.subarray(at, at + columns);
      if (args.has("p")) run.out.text(`${[...line].map(cell).join("")}\n`);
      else run.out.text(`${(start + at).toString(16).padStart(8, "0")}: ${[...line].map((byte, i) => (i > 0 && i % group === 0 ? " " : "") + cell(byte)).join("").padEnd(width)}  ${printable(line)}\n`);
    }
    return 0;
  },
);

export const hexdump = defineCommand(
  { name: "hexdump", en: "Dump bytes in hexadecimal.", zh: "十六进制输出字节。", synopsis: "[OPTION]... [FILE]...", options: [["-C, --canonical", "bytes with characters", "字节与字符"], ["-n, --length=N", "no more than N bytes", "最多 N 字节"], ["-s, --skip=N", "skip N bytes", "跳过 N 字节"], ["-v, --no-squeezing", "do not shorten with *", "不用 * 省略"], ["-x", "two-byte numbers", "双字节"], ["-e FORMAT", "format like '1/1 \"%02x\"'", "格式"]] },
  async (run) => {
    const { args } = run;
    const parts: Uint8Array[] = [];
    const status = await eachInput(run, args.operands, async (input) => void parts.push(await readAll(run, input.file)));
    const skip = Number(args.last("s") ?? 0);
    const bytes = concat(parts).subarray(skip, args.has("n") ? skip + Number(args.last("n")) : undefined);
    const format = /^\s*(?:\d+\/)?1\s*"([^"]*)"\s*$/.exec(args.last("e") ?? "");
    if (args.has("e")) {
      if (format === null) throw new Stop(1, `bad format {${args.last("e")}}`);
      for (const byte of bytes) run.out.text(format[1]!.replace(/%(0?)(\d*)([xXdou])/, (_, zero: string, width: string, kind: string) => byte.toString(kind === "o" ? 8 : /x/i.test(kind) ? 16 : 10).padStart(Number(width), zero === "" ? " " : "0")).replace(/\\n/g, "\n"));
      return status;
    }
    let last: string | undefined;
    let starred = false;
    const address = (at: number): string => (at + skip).toString(16).padStart(args.has("C") ? 8 : 7, "0");
    for (let at = 0; at < bytes.length; at += 16) {
      const line = bytes.subarray(at, at + 16);
      const key = decode(line);
      if (key === last && !args.has("v")) {
        if (!starred) run.out.text("*\n");
        starred = true;
        continue;
      }
      last = key;
      starred = false;
      if (args.has("C")) run.out.text(`${address(at)}  ${[...line].map((byte, i) => hexByte(byte) + (i === 7 ? "  " : " ")).join("").padEnd(50)}|${printable(line)}|\n`);
      else {
        const pairs = Array.from({ length: Math.ceil(line.length / 2) }, (_, i) => hexByte(line[2 * i + 1] ?? 0) + hexByte(line[2 * i]!));
        run.out.text(`${(address(at) + pairs.map((pair) => (args.has("x") ? "    " : " ") + pair).join("")).padEnd(args.has("x") ? 71 : 47)}\n`);
      }
    }
    if (bytes.length > 0) run.out.text(`${address(bytes.length)}\n`);
    return status;
  },
);

export const dd = defineCommand({ name: "dd", en: "Copy blocks.", zh: "按块复制。", synopsis: "[if=FILE] [of=FILE] [bs=N] [count=N] [skip=N] [seek=N] [conv=LIST] [status=none]", raw: true }, async (run) => {
  const { proc } = run;
  const options = new Map(run.args.operands.map((word) => [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] as const));
  const size = (key: string, otherwise: number): number => {
    const text = options.get(key);
    const value = text === undefined ? otherwise : text.split("x").reduce((product, part) => product * (parseSize(part) ?? NaN), 1);
    if (Number.isNaN(value)) throw new Stop(1, `invalid number: '${text}'`);
    return value;
  };
  const block = size("bs", size("ibs", 512));
  const most = size("count", Infinity) * (options.get("iflag")?.includes("count_bytes") === true ? 1 : block);
  const conv = (options.get("conv") ?? "").split(",");
  const input = await openInput(run, options.get("if") ?? "-");
  const skip = size("skip", 0) * block;
  for (let left = skip; left > 0; ) {
    const chunk = await input.file.read(Math.min(left, 65_536));
    if (chunk === null) break;
    left -= chunk.length;
  }
  const target = options.get("of");
  const path = target === undefined ? undefined : proc.resolve(target);
  const seek = size("seek", 0) * block;
  const out = target === undefined ? undefined : await proc.open(target, conv.includes("notrunc") || seek > 0 ? "rw" : "w");
  if (path !== undefined && seek > 0 && !conv.includes("notrunc")) await proc.fs.truncate(path, seek);
  if (seek > 0) await out?.seek?.(seek, "set");
  let total = 0;
  for (let left = most; left > 0; ) {
    await proc.tick(4);
    const chunk = await input.file.read(Math.min(left, Math.max(block, 65_536)));
    if (chunk === null) break;
    left -= chunk.length;
    total += chunk.length;
    const text = conv.includes("ucase") ? encode(decode(chunk).toUpperCase()) : conv.includes("lcase") ? encode(decode(chunk).toLowerCase()) : chunk;
    if (out !== undefined) await out.write(text);
    else {
      run.out.bytes(text);
      await run.out.flush();
    }
  }
  if (out !== undefined) await proc.close(out);
  const records = `${Math.floor(total / block)}+${total % block === 0 ? 0 : 1}`;
  const status = options.get("status");
  if (status !== "none") await proc.stderr.write(encode(`${records} records in\n${records} records out\n${status === "noxfer" ? "" : `${total} bytes copied, 0.001 s\n`}`));
  return 0;
});
