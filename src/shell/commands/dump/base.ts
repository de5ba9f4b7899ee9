/** Owns base64 and base32. */
import type { CommandEntry } from "../../contract.ts";
import { defineCommand, Stop } from "../option/declare.ts";
import { decode, encode } from "../stream/bytes.ts";
import { openInput, readAll } from "../stream/input.ts";
import { parseSize } from "../stream/number.ts";

const ALPHABETS: Readonly<Record<string, string>> = { base64: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", base32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" };

const encodeBits = (bytes: Uint8Array, alphabet: string, bits: number, group: number): string => {
  const parts: string[] = [];
  let value = 0;
  let held = 0;
  let text = "";
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    held += 8;
    while (held >= bits) {
      held -= bits;
      text += alphabet.charAt((value >> held) & ((1 << bits) - 1));
    }
    if (text.length > 8192) {
      parts.push(text);
      text = "";
    }
  }
  if (held > 0) text += alphabet.charAt((value << (bits - held)) & ((1 << bits) - 1));
  const length = parts.reduce((sum, part) => sum + part.length, 0) + text.length;
  return parts.join("") + text + "=".repeat((group - (length % group)) % group);
};

/** Bytes of a text, and whether it was well formed to its end. */
const decodeBits = (text: string, alphabet: string, bits: number, group: number): { bytes: Uint8Array; ok: boolean } => {
  const values = new Map([...alphabet].map((char, i) => [char, i]));
  const bytes = new Uint8Array(Math.floor((text.length * bits) / 8));
  let n = 0;
  let value = 0;
  let held = 0;
  let seen = 0;
  for (const char of text) {
    if (char === "=") {
      seen++;
      continue;
    }
    const digit = values.get(char);
    if (digit === undefined) return { bytes: bytes.subarray(0, n), ok: false };
    seen++;
    value = ((value << bits) | digit) & 0xffff;
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes[n++] = (value >> held) & 255;
    }
  }
  return { bytes: bytes.subarray(0, n), ok: seen % group === 0 };
};

const defineBase = (name: "base64" | "base32", bits: number, group: number): CommandEntry =>
  defineCommand(
    {
      name,
      en: `Encode or decode ${name}.`,
      zh: `${name} 编码或解码。`,
      synopsis: "[OPTION]... [FILE]",
      options: [["-d, -D, --decode", "decode", "解码"], ["-i, --ignore-garbage", "ignore other characters", "忽略其他字符"], ["-w, --wrap=COLS", "break lines at COLS; 0 never", "每 COLS 个字符换行，0 不换行"]],
    },
    async (run) => {
      const { args } = run;
      const wrap = parseSize(args.last("w") ?? "76");
      if (wrap === undefined) throw new Stop(1, `invalid wrap size: '${args.last("w")}'`);
      if (args.operands.length > 1) return run.misuse(`extra operand '${args.operands[1]}'`);
      const bytes = await readAll(run, (await openInput(run, args.operands[0] ?? "-")).file);
      const alphabet = ALPHABETS[name]!;
      if (args.has("d")) {
        const text = decode(bytes).replace(/\n/g, "");
        const { bytes: plain, ok } = decodeBits(args.has("i") ? [...text].filter((char) => alphabet.includes(char) || char === "=").join("") : text, alphabet, bits, group);
        run.out.bytes(plain);
        if (!ok) throw new Stop(1, "invalid input");
        return 0;
      }
      const text = encodeBits(bytes, alphabet, bits, group);
      if (wrap === 0) run.out.bytes(encode(text));
      else for (let i = 0; i < text.length; i += wrap) run.out.text(`${text.slice(i, i + wrap)}\n`);
      return 0;
    },
  );

export const base64 = defineBase("base64", 6, 4);
export const base32 = defineBase("base32", 5, 8);
