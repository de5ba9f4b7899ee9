/** Owns tac and rev: lines from the last to the first, characters from the last to the first. */
import { defineCommand } from "../option/declare.ts";
import { decode, isUtf8Locale, splitChars } from "../stream/bytes.ts";
import { eachInput, eachInputLine, readAll } from "../stream/input.ts";

const reverseRecords = (text: string, separator: string, before: boolean): string => {
  const records: string[] = [];
  if (before) {
    let from = 0;
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length)) {
      records.push(text.slice(from, at));
      from = at;
    }
    records.push(text.slice(from));
  } else {
    let from = 0;
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      records.push(text.slice(from, at + separator.length));
      from = at + separator.length;
    }
    if (from < text.length) records.push(text.slice(from));
  }
  return records.reverse().join("");
};

const reverseByPattern = (text: string, pattern: string): string => {
  const regex = new RegExp(pattern, "g");
  const records: string[] = [];
  let from = 0;
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
    if (match[0] === "") {
      regex.lastIndex++;
      continue;
    }
    records.push(text.slice(from, regex.lastIndex));
    from = regex.lastIndex;
  }
  if (from < text.length) records.push(text.slice(from));
  return records.reverse().join("");
};

export const tac = defineCommand(
  {
    name: "tac",
    en: "Print files with their lines in reverse order.",
    zh: "按行倒序输出文件。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-b, --before", "the separator stands before a record", "分隔符在记录之前"],
      ["-r, --regex", "the separator is a regular expression", "分隔符是正则表达式"],
      ["-s, --separator=STRING", "the separator instead of newline", "用 STRING 代替换行作分隔符"],
    ],
  },
  (run) => {
    const separator = run.args.last("s") ?? "\n";
    return eachInput(run, run.args.operands, async (input) => {
      const text = decode(await readAll(run, input.file));
      run.out.text(run.args.has("r") ? reverseByPattern(text, separator) : reverseRecords(text, separator, run.args.has("b")));
    });
  },
);

export const rev = defineCommand(
  {
    name: "rev",
    en: "Reverse the characters of each line.",
    zh: "把每行的字符倒过来。",
    synopsis: "[FILE]...",
  },
  (run) => {
    const utf8 = isUtf8Locale(run.proc.env);
    const reversed = (line: string): string => (utf8 ? splitChars(line) : line.split("")).reverse().join("");
    return eachInputLine(run, run.args.operands, (line, terminated) => {
      run.out.text(reversed(line) + (terminated ? "\n" : ""));
    });
  },
);
