/** Owns md5sum, sha*sum, cksum and sum: printing checksums and checking them. */
import type { CommandEntry } from "../../contract.ts";
import { FileError } from "../../contract.ts";
import { defineCommand, type Run } from "../option/declare.ts";
import { closeInput, eachChunk, eachInput, eachInputLine, openInput, type Input } from "../stream/input.ts";
import { createBlake2b, createCrc, createMd5, createSha1, createSha256, createSha512, createSum, type Digest } from "./digest.ts";

const digestOf = async (run: Run, input: Input, create: () => Digest): Promise<{ text: string; size: number }> => {
  const digest = create();
  let size = 0;
  await eachChunk(run, input.file, (chunk) => {
    size += chunk.length;
    digest.update(chunk);
  });
  return { text: digest.finish(), size };
};

interface Verdict {
  readonly good: number;
  readonly bad: number;
  readonly unread: number;
  readonly misformatted: number;
}

const checkLine = async (run: Run, wanted: string, name: string, create: () => Digest): Promise<"good" | "bad" | "unread"> => {
  const quiet = run.args.has("status");
  let result: "good" | "bad" | "unread";
  try {
    const input = await openInput(run, name);
    result = (await digestOf(run, input, create)).text === wanted.toLowerCase() ? "good" : "bad";
    await closeInput(run, input);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (run.args.has("ignore-missing") && error.code === "ENOENT") return "good";
    if (!quiet) await run.warn(`${name}: ${error.message}`);
    result = "unread";
  }
  if (!quiet && !(result === "good" && run.args.has("quiet"))) run.out.text(`${name}: ${result === "good" ? "OK" : result === "bad" ? "FAILED" : "FAILED open or read"}\n`);
  return result;
};

const check = async (run: Run, create: () => Digest, width: number): Promise<number> => {
  let status = 0;
  for (const list of run.args.operands.length === 0 ? ["-"] : run.args.operands) {
    const lines: string[] = [];
    if ((await eachInputLine(run, [list], (line) => void lines.push(line))) !== 0) status = 1;
    const verdict = { good: 0, bad: 0, unread: 0, misformatted: 0 };
    for (const line of lines) {
      if (line === "" || line.startsWith("#")) continue;
      const match = /^\\?([0-9a-fA-F]+)[ \t][ *]?([^]+)$/.exec(line) ?? /^[A-Z0-9-]+ ?\(([^]+)\) = ([0-9a-fA-F]+)$/.exec(line);
      const isTagged = match !== null && /^[A-Z0-9-]+ ?\(/.test(line) && line.includes(") = ");
      const [wanted, name] = isTagged ? [match?.[2], match?.[1]] : [match?.[1], match?.[2]];
      if (wanted === undefined || name === undefined || wanted.length !== width) verdict.misformatted++;
      else verdict[await checkLine(run, wanted, name, create)]++;
    }
    if (!(await report(run, list === "-" ? "'standard input'" : list, verdict))) status = 1;
  }
  return status;
};

const report = async (run: Run, list: string, { good, bad, unread, misformatted }: Verdict): Promise<boolean> => {
  const plural = (count: number, one: string, many: string): string => `WARNING: ${count} ${count === 1 ? one : many}`;
  await run.out.flush();
  if (good + bad + unread === 0) {
    await run.warn(`${list}: no properly formatted checksum lines found`);
    return false;
  }
  if (!run.args.has("status")) {
    if (misformatted > 0) await run.warn(plural(misformatted, "line is improperly formatted", "lines are improperly formatted"));
    if (unread > 0) await run.warn(plural(unread, "listed file could not be read", "listed files could not be read"));
    if (bad > 0) await run.warn(plural(bad, "computed checksum did NOT match", "computed checksums did NOT match"));
  }
  return bad === 0 && unread === 0 && !(misformatted > 0 && run.args.has("strict"));
};

const defineSum = (name: string, title: string, width: number, create: () => Digest): CommandEntry =>
  defineCommand(
    {
      name,
      en: `Print or check ${title} checksums.`,
      zh: `输出或检查 ${title} 校验和。`,
      synopsis: "[OPTION]... [FILE]...",
      options: [
        ["-b, --binary", "mark as binary", "标为二进制"],
        ["-c, --check", "check the sums listed in files", "检查列出的校验和"],
        ["--tag", "in BSD's form", "BSD 格式"],
        ["-t, --text", "ignored", "忽略"],
        ["-z, --zero", "end lines with NUL", "以 NUL 结束一行"],
        ["--ignore-missing", "no error for missing files", "忽略缺失文件"],
        ["--quiet", "do not print OK", "不显示 OK"],
        ["--status", "print nothing", "不输出"],
        ["--strict", "fail on bad lines", "格式错误则失败"],
        ["-w, --warn", "ignored", "忽略"],
      ],
    },
    (run) => {
      if (run.args.has("c")) return check(run, create, width);
      const end = run.args.has("z") ? "\0" : "\n";
      return eachInput(run, run.args.operands, async (input) => {
        const { text } = await digestOf(run, input, create);
        run.out.text(run.args.has("tag") ? `${title} (${input.name}) = ${text}${end}` : `${text} ${run.args.has("b") ? "*" : " "}${input.name}${end}`);
      });
    },
  );

export const sums: readonly CommandEntry[] = [
  defineSum("md5sum", "MD5", 32, createMd5),
  defineSum("sha1sum", "SHA1", 40, createSha1),
  defineSum("sha224sum", "SHA224", 56, () => createSha256(224)),
  defineSum("sha256sum", "SHA256", 64, () => createSha256(256)),
  defineSum("sha384sum", "SHA384", 96, () => createSha512(384)),
  defineSum("sha512sum", "SHA512", 128, () => createSha512(512)),
  defineSum("b2sum", "BLAKE2b", 128, createBlake2b),
  defineCommand({ name: "cksum", en: "Print CRC checksums and sizes.", zh: "输出 CRC 校验和与大小。", synopsis: "[FILE]..." }, (run) =>
    eachInput(run, run.args.operands, async (input) => {
      const { text, size } = await digestOf(run, input, createCrc);
      run.out.text(`${text} ${size}${run.args.operands.length > 0 ? ` ${input.name}` : ""}\n`);
    }),
  ),
  defineCommand({ name: "sum", en: "Print 16-bit checksums and blocks.", zh: "输出 16 位校验和与块数。", synopsis: "[OPTION]... [FILE]...", options: [["-r", "BSD's sum", "BSD 算法"], ["-s, --sysv", "System V's sum", "System V 算法"]] }, (run) =>
    eachInput(run, run.args.operands, async (input) => {
      const systemV = run.args.has("s");
      const { text, size } = await digestOf(run, input, () => createSum(systemV));
      const name = run.args.operands.length > 0 ? ` ${input.name}` : "";
      run.out.text(systemV ? `${text} ${Math.ceil(size / 512)}${name}\n` : `${text} ${String(Math.ceil(size / 1024)).padStart(5)}${name}\n`);
    }),
  ),
];
