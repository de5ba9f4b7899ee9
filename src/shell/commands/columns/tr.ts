/** Owns tr: bytes translated, squeezed, deleted. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { eachChunk } from "../stream/input.ts";
import { CLASSES } from "../regex/classes.ts";

type Item =
  | { readonly type: "bytes"; readonly bytes: readonly number[] }
  | { readonly type: "class"; readonly name: string; readonly bytes: readonly number[] }
  | { readonly type: "repeat"; readonly byte: number; readonly count: number };

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

/** One byte, perhaps escaped, at `at`: its value and where it ends. */
const readByte = (text: string, at: number): [byte: number, next: number] => {
  if (text.charAt(at) !== "\\" || at + 1 >= text.length) return [text.charCodeAt(at), at + 1];
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1));
  if (octal !== null) {
    const digits = parseInt(octal[0], 8) > 255 ? octal[0].slice(0, 2) : octal[0];
    return [parseInt(digits, 8), at + 1 + digits.length];
  }
  const letter = text.charAt(at + 1);
  return [ESCAPES[letter] ?? letter.charCodeAt(0), at + 2];
};

const readBracketed = (text: string, at: number): [item: Item, next: number] | undefined => {
  const rest = text.slice(at);
  const named = /^\[:([a-z]+):\]/.exec(rest);
  if (named !== null) {
    const bytes = CLASSES.get(named[1] ?? "");
    if (bytes === undefined) throw new Stop(1, `invalid character class '${named[1]}'`);
    return [{ type: "class", name: named[1] ?? "", bytes }, at + named[0].length];
  }
  const equal = /^\[=([^])=\]/.exec(rest);
  if (equal !== null) return [{ type: "bytes", bytes: [(equal[1] ?? "").charCodeAt(0)] }, at + equal[0].length];
  const [byte, next] = readByte(text, at + 1);
  const repeat = next <= text.length ? /^\*([0-9]*)\]/.exec(text.slice(next)) : null;
  if (repeat === null) return undefined;
  const digits = repeat[1] ?? "";
  const count = digits === "" ? 0 : parseInt(digits, digits.startsWith("0") ? 8 : 10);
  return [{ type: "repeat", byte, count }, next + repeat[0].length];
};

const readSet = (text: string): Item[] => {
  const items: Item[] = [];
  let at = 0;
  while (at < text.length) {
    const bracketed = text.charAt(at) === "[" ? readBracketed(text, at) : undefined;
    if (bracketed !== undefined) {
      items.push(bracketed[0]);
      at = bracketed[1];
      continue;
    }
    const [from, next] = readByte(text, at);
    at = next;
    if (text.charAt(at) !== "-" || at + 1 >= text.length) {
      items.push({ type: "bytes", bytes: [from] });
      continue;
    }
    const [to, after] = readByte(text, at + 1);
    if (to < from) throw new Stop(1, `range-endpoints of '${text.slice(next - 1, after)}' are in reverse collating sequence order`);
    items.push({ type: "bytes", bytes: Array.from({ length: to - from + 1 }, (_, i) => from + i) });
    at = after;
  }
  return items;
};

/** The set written out; an endless repeat fills up to `length`. */
const expandSet = (items: readonly Item[], length: number): number[] => {
  const fixed = items.reduce((sum, item) => sum + (item.type === "repeat" ? item.count : item.bytes.length), 0);
  return items.flatMap((item) => {
    if (item.type !== "repeat") return [...item.bytes];
    return new Array<number>(item.count === 0 ? Math.max(0, length - fixed) : item.count).fill(item.byte);
  });
};

const complementOf = (bytes: readonly number[]): number[] => {
  const inside = new Set(bytes);
  return Array.from({ length: 256 }, (_, i) => i).filter((byte) => !inside.has(byte));
};

const isCase = (item: Item | undefined): item is Item & { type: "class" } =>
  item?.type === "class" && (item.name === "upper" || item.name === "lower");

const createMap = (run: Run, set1: number[], items2: readonly Item[]): Uint8Array => {
  const map = Uint8Array.from({ length: 256 }, (_, i) => i);
  const bad = items2.find((item) => item.type === "class" && !isCase(item));
  if (bad !== undefined) throw new Stop(1, "when translating, the only character classes that may appear in\nstring2 are 'upper' and 'lower'");
  const set2 = expandSet(items2, set1.length);
  if (set2.length === 0 && set1.length > 0 && !run.args.has("t")) throw new Stop(1, "when not truncating set1, string2 must be non-empty");
  const length = run.args.has("t") ? Math.min(set1.length, set2.length) : set1.length;
  for (let i = 0; i < length; i++) map[set1[i]!] = set2[Math.min(i, set2.length - 1)]!;
  return map;
};

const createTranslation = (run: Run): ((chunk: Uint8Array) => Uint8Array) => {
  const { args } = run;
  const [first = "", second] = args.operands;
  const items1 = readSet(first);
  const given = expandSet(items1, 0);
  const set1 = args.has("c") ? complementOf(given) : given;
  const deletes = args.has("d");
  const items2 = second === undefined ? [] : readSet(second);
  const translates = !deletes && second !== undefined;
  const map = translates ? createMap(run, set1, items2) : undefined;
  const removed = new Uint8Array(256);
  if (deletes) for (const byte of set1) removed[byte] = 1;
  const squeezed = new Uint8Array(256);
  if (args.has("s")) for (const byte of second === undefined ? set1 : expandSet(items2, set1.length)) squeezed[byte] = 1;
  let last = -1;
  return (chunk) => {
    const result = new Uint8Array(chunk.length);
    let n = 0;
    for (let i = 0; i < chunk.length; i++) {
      let byte = chunk[i]!;
      if (removed[byte] === 1) continue;
      if (map !== undefined) byte = map[byte]!;
      if (squeezed[byte] === 1 && byte === last) continue;
      last = byte;
      result[n++] = byte;
    }
    return result.subarray(0, n);
  };
};

export const tr = defineCommand(
  {
    name: "tr",
    en: "Translate, squeeze or delete bytes of standard input.",
    zh: "转换、压缩或删除标准输入中的字节。",
    synopsis: "[OPTION]... STRING1 [STRING2]",
    stopAtOperand: true,
    options: [
      ["-c, -C, --complement", "use the complement of STRING1", "使用 STRING1 的补集"],
      ["-d, --delete", "delete bytes in STRING1", "删除 STRING1 中的字节"],
      ["-s, --squeeze-repeats", "keep one of a run of the same byte", "连续相同的字节只留一个"],
      ["-t, --truncate-set1", "cut STRING1 to the length of STRING2", "把 STRING1 截到 STRING2 的长度"],
    ],
  },
  async (run) => {
    const { operands, has } = run.args;
    if (operands.length === 0) return run.misuse("missing operand");
    const needsTwo = has("d") === has("s");
    if (operands.length === 1 && needsTwo) {
      const why = has("d") ? "Two strings must be given when both deleting and squeezing repeats." : "Two strings must be given when translating.";
      return run.misuse(`missing operand after '${operands[0]}'\n${why}`);
    }
    const most = has("d") && !has("s") ? 1 : 2;
    if (operands.length > most) {
      const why = most === 1 && operands.length === 2 ? "\nOnly one string may be given when deleting without squeezing repeats." : "";
      return run.misuse(`extra operand '${operands[most]}'${why}`);
    }
    const translate = createTranslation(run);
    await eachChunk(run, run.proc.stdin, (chunk) => {
      run.out.bytes(translate(chunk));
      return run.proc.stdin.kind === "file" ? run.out.drain() : run.out.flush();
    });
    return 0;
  },
);
