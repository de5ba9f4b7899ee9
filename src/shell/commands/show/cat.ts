/** Owns cat and tee: bytes from here to there. */
import type { OpenFile } from "../../contract.ts";
import { FileError } from "../../contract.ts";
import { defineCommand, type Run } from "../option/declare.ts";
import { decode } from "../stream/bytes.ts";
import { eachChunk, eachInput, shown } from "../stream/input.ts";

interface CatStyle {
  readonly number: "none" | "all" | "nonblank";
  readonly squeeze: boolean;
  readonly ends: boolean;
  readonly tabs: boolean;
  readonly controls: boolean;
}

const caret = (code: number): string => {
  if (code >= 128) return `M-${caret(code - 128)}`;
  if (code === 127) return "^?";
  return code < 32 ? `^${String.fromCharCode(code + 64)}` : String.fromCharCode(code);
};

const showControls = (line: string): string =>
  line.replace(/[\x00-\x08\x0b-\x1f\x7f-\xff]/g, (char) => caret(char.charCodeAt(0)));

const createCatPrinter = (run: Run, style: CatStyle) => {
  let count = 0;
  let blanks = 0;
  let atStart = true;
  return (text: string): void => {
    const pieces = text.split("\n");
    pieces.forEach((piece, i) => {
      const hasEnd = i < pieces.length - 1;
      if (!hasEnd && piece === "") return;
      const isBlank = atStart && piece === "";
      blanks = isBlank && hasEnd ? blanks + 1 : 0;
      if (style.squeeze && blanks > 1) return;
      let line = piece;
      if (style.controls) line = showControls(line);
      if (style.tabs) line = line.replaceAll("\t", "^I");
      if (style.ends && hasEnd && line.endsWith("\r") && !style.controls) line = `${line.slice(0, -1)}^M`;
      const numbered = atStart && (style.number === "all" || (style.number === "nonblank" && !isBlank));
      if (numbered) line = `${String(++count).padStart(6)}\t${line}`;
      run.out.text(hasEnd ? `${line}${style.ends ? "$" : ""}\n` : line);
      atStart = hasEnd;
    });
  };
};

const catPlain = (run: Run): Promise<number> =>
  eachInput(run, run.args.operands, (input) =>
    eachChunk(run, input.file, (chunk) => {
      run.out.bytes(chunk);
      return run.out.flush();
    }),
  );

export const cat = defineCommand(
  {
    name: "cat",
    en: "Concatenate files to standard output.",
    zh: "把文件依次连接到标准输出。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-A, --show-all", "same as -vET", "等于 -vET"],
      ["-b, --number-nonblank", "number lines that are not empty", "给非空行编号"],
      ["-e", "same as -vE", "等于 -vE"],
      ["-E, --show-ends", "show $ at the end of each line", "行尾显示 $"],
      ["-n, --number", "number all lines", "给所有行编号"],
      ["-s, --squeeze-blank", "keep one of adjacent empty lines", "连续空行只留一行"],
      ["-t", "same as -vT", "等于 -vT"],
      ["-T, --show-tabs", "show tabs as ^I", "制表符显示为 ^I"],
      ["-u", "ignored", "忽略"],
      ["-v, --show-nonprinting", "show control bytes as ^X and M-x", "以 ^X、M-x 显示控制字节"],
    ],
  },
  async (run) => {
    const has = run.args.has;
    const style: CatStyle = {
      number: has("b") ? "nonblank" : has("n") ? "all" : "none",
      squeeze: has("s"),
      ends: has("A") || has("e") || has("E"),
      tabs: has("A") || has("t") || has("T"),
      controls: has("A") || has("e") || has("t") || has("v"),
    };
    if (style.number === "none" && !style.squeeze && !style.ends && !style.tabs && !style.controls) return catPlain(run);
    const print = createCatPrinter(run, style);
    return eachInput(run, run.args.operands, (input) =>
      eachChunk(run, input.file, (chunk) => {
        print(decode(chunk));
        return run.out.flush();
      }),
    );
  },
);

const openTargets = async (run: Run): Promise<{ targets: { name: string; file: OpenFile }[]; status: number }> => {
  const targets: { name: string; file: OpenFile }[] = [];
  let status = 0;
  for (const name of run.args.operands) {
    try {
      targets.push({ name, file: await run.proc.open(name, run.args.has("a") ? "a" : "w") });
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      await run.warn(`${shown(name)}: ${error.message}`);
      status = 1;
    }
  }
  return { targets, status };
};

export const tee = defineCommand(
  {
    name: "tee",
    en: "Copy standard input to files and to standard output.",
    zh: "把标准输入同时写到文件和标准输出。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-a, --append", "append to the files", "追加到文件"],
      ["-i, --ignore-interrupts", "ignored", "忽略"],
      ["-p", "ignored", "忽略"],
    ],
  },
  async (run) => {
    const { targets, status: opened } = await openTargets(run);
    let status = opened;
    await eachChunk(run, run.proc.stdin, async (chunk) => {
      run.out.bytes(chunk);
      for (const target of targets) {
        try {
          await target.file.write(chunk);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          await run.warn(`${shown(target.name)}: ${error.message}`);
          status = 1;
        }
      }
      await run.out.flush();
    });
    for (const target of targets) await run.proc.close(target.file);
    return status;
  },
);
