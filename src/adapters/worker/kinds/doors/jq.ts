/** Owns `jq` in scripts: the real jq's formatting (Dagu's own is the jq step's), options, files, exit codes. */
import type { CommandEntry, Proc } from "../../../../shell/contract.ts";
import { decodeText } from "../../../../shell/bytes.ts";
import { readWhole, resolvePath } from "../../files/whole.ts";
import type { Door } from "./door.ts";
import { complain, envOf, readAll, say } from "./proc.ts";

/** Options that take words after them, and how many. */
const taking: Readonly<Record<string, number>> = { "--arg": 2, "--argjson": 2, "--slurpfile": 2, "--rawfile": 2, "--indent": 1, "-f": 1, "--from-file": 1, "-L": 1 };
interface Line {
  /** Words for jq, files named by made-up paths. */
  readonly args: readonly string[];
  readonly inputs: readonly string[];
  readonly files: ReadonlyMap<string, string>;
  readonly isNullInput: boolean;
}
/** A value that is long travels as a file. */
const longArgument = 1000;

const shortFlags = (word: string): readonly string[] => (/^-[A-Za-z]{2,}$/.test(word) ? [...word.slice(1)].map((letter) => `-${letter}`) : [word]);

const readLine = (words: readonly string[], texts: Map<string, Uint8Array>): Line => {
  const args: string[] = [];
  const inputs: string[] = [];
  const files = new Map<string, string>();
  let filter: string | undefined;
  let rest: "files" | "words" = "files";
  let isFromFile = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const isOption = word.startsWith("-") && word !== "-";
    for (const flag of isOption ? shortFlags(word) : []) {
      const count = taking[flag] ?? 0;
      const given = words.slice(i + 1, i + 1 + count);
      i += count;
      if (flag === "--args" || flag === "--jsonargs") rest = "words";
      if (flag === "-f" || flag === "--from-file") isFromFile = true;
      const last = given.length - 1;
      if (last >= 0 && ["--slurpfile", "--rawfile", "-f", "--from-file"].includes(flag)) {
        const path = `/file${files.size}`;
        files.set(path, given[last] as string);
        args.push(flag, ...given.slice(0, last), path);
      } else if (flag === "--arg" && (given[1] ?? "").length > longArgument) {
        const path = `/text${texts.size}`;
        texts.set(path, new TextEncoder().encode(given[1]));
        args.push("--rawfile", given[0] as string, path);
      } else args.push(flag, ...given);
    }
    if (isOption) continue;
    if (filter === undefined && !isFromFile) filter = word;
    else if (rest === "files") inputs.push(word);
    else args.push(word);
  }
  if (filter !== undefined) {
    texts.set("/filter", new TextEncoder().encode(filter));
    args.unshift("-f", "/filter");
  }
  return { args, inputs, files, isNullInput: args.includes("-n") || args.includes("--null-input") };
};

export const jqDoor: Door = (world, { limited }) => {
  const run = async (proc: Proc): Promise<number> => {
    const cwd = decodeText(proc.cwd);
    const texts = new Map<string, Uint8Array>();
    const line = readLine(proc.argv.slice(1).map(decodeText), texts);
    if (line.args.length === 0) return complain(proc, "usage: jq [OPTIONS] FILTER [FILES...]", 2);
    const read = (path: string): Promise<Uint8Array> => readWhole(world.files, resolvePath(cwd, path));
    const pieces: Uint8Array[] = [];
    let status = 0;
    for (const input of line.inputs) {
      try {
        pieces.push(await read(input), Uint8Array.of(10));
      } catch {
        status = await complain(proc, `error: Could not open ${input}: No such file or directory`, 2); // As jq: the other files are read.
      }
    }
    for (const [path, from] of line.files) {
      try {
        texts.set(path, await read(from));
      } catch {
        return complain(proc, `error: Could not open ${from}: No such file or directory`, 2); // As jq: nothing runs.
      }
    }
    const stdin = line.inputs.length > 0 ? joined(pieces) : line.isNullInput && !proc.argv.some((word) => /inputs?\b/.test(word)) ? new Uint8Array(0) : await readAll(proc.stdin);
    const { callJq } = await import("../jq/wasm.ts");
    const end = await callJq(world.assets, { args: ["-M", ...line.args], stdin, files: texts, env: envOf(proc) });
    if (end.isSpent) limited("memory of jq");
    await proc.stdout.write(end.stdout);
    if (end.stderr !== "") await say(proc.stderr, end.stderr);
    return end.exitCode === 0 ? status : end.exitCode;
  };
  const entry: CommandEntry = {
    name: "jq",
    summary: { en: "query and change JSON (jq 1.7)", zh: "查询和转换 JSON（jq 1.7）" },
    options: [
      { flag: "-r", en: "print strings without quotes", zh: "字符串不带引号输出" },
      { flag: "-c", en: "one line per result", zh: "每个结果一行" },
      { flag: "-n", en: "read no input", zh: "不读取输入" },
      { flag: "-s", en: "read all inputs into one list", zh: "把所有输入读成一个列表" },
      { flag: "-e", en: "exit status from the last result", zh: "退出码取自最后一个结果" },
      { flag: "--arg NAME VALUE", en: "set $NAME to a text", zh: "把 $NAME 设为文本" },
      { flag: "--argjson NAME JSON", en: "set $NAME to a value", zh: "把 $NAME 设为 JSON 值" },
    ],
    run,
  };
  return entry;
};
const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
