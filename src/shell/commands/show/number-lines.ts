/** Owns nl: numbers before lines. */
import { createMatcher } from "../regex/match.ts";
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { eachInputLine } from "../stream/input.ts";

const styleOf = (run: Run, key: string, otherwise: string): ((line: string) => boolean) => {
  const style = run.args.last(key) ?? otherwise;
  if (style === "a") return () => true;
  if (style === "t") return (line) => line !== "";
  if (style === "n") return () => false;
  if (!style.startsWith("p")) throw new Stop(1, `invalid ${key === "b" ? "body" : key === "h" ? "header" : "footer"} numbering style: '${style}'`);
  return createMatcher(style.slice(1), { flavor: "basic", escapes: false, utf8: false }).test;
};

export const nl = defineCommand(
  {
    name: "nl",
    en: "Number lines.",
    zh: "给行编号。",
    synopsis: "[OPTION]... [FILE]...",
    options: [
      ["-b, --body-numbering=STYLE", "a all, t not empty, n none, pRE matching", "正文编号方式"],
      ["-d, --section-delimiter=CC", "marks of sections", "分节标记"],
      ["-f, --footer-numbering=STYLE", "as -b for footers", "页脚编号方式"],
      ["-h, --header-numbering=STYLE", "as -b for headers", "页眉编号方式"],
      ["-i, --line-increment=N", "step", "步长"],
      ["-l, --join-blank-lines=N", "count N empty lines as one", "N 个空行算一行"],
      ["-n, --number-format=FORMAT", "ln left, rn right, rz with zeros", "编号格式"],
      ["-p, --no-renumber", "do not start anew at sections", "各节连续编号"],
      ["-s, --number-separator=STRING", "after the number", "编号后的分隔"],
      ["-v, --starting-line-number=N", "first number", "起始编号"],
      ["-w, --number-width=N", "width of numbers", "编号宽度"],
    ],
  },
  (run) => {
    const { args } = run;
    const styles = { h: styleOf(run, "h", "n"), b: styleOf(run, "b", "t"), f: styleOf(run, "f", "n") };
    const mark = args.last("d") ?? "\\:";
    const unit = mark.length === 1 ? `${mark}:` : mark;
    const first = Number(args.last("v") ?? 1);
    const step = Number(args.last("i") ?? 1);
    const width = Number(args.last("w") ?? 6);
    const joined = Number(args.last("l") ?? 1);
    const separator = args.last("s") ?? "\t";
    const format = args.last("n") ?? "rn";
    const shown = (n: number): string => (format === "ln" ? String(n).padEnd(width) : format === "rz" ? (n < 0 ? "-" : "") + String(Math.abs(n)).padStart(width - (n < 0 ? 1 : 0), "0") : String(n).padStart(width));
    let number = first;
    let blanks = 0;
    let section: "h" | "b" | "f" = "b";
    return eachInputLine(run, args.operands, (line) => {
      const at = [unit.repeat(3), unit.repeat(2), unit].indexOf(line);
      if (at >= 0 && line !== "") {
        section = (["h", "b", "f"] as const)[at]!;
        if (!args.has("p")) number = first;
        run.out.text("\n");
        return;
      }
      blanks = line === "" ? blanks + 1 : 0;
      const counts = styles[section](line) && (line !== "" || joined === 1 || blanks % joined === 0);
      run.out.text(counts ? `${shown(number)}${separator}${line}\n` : `${" ".repeat(width + separator.length)}${line}\n`);
      if (counts) number += step;
    });
  },
);
