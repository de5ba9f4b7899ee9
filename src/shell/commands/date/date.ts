/** Owns the date command. */
import { defineCommand, Stop, type Run } from "../option/declare.ts";
import { readOperand, toLines } from "../stream/input.ts";
import { statOf } from "../files/tree.ts";
import { formatDate } from "./format.ts";
import { parseDate } from "./relative.ts";

const ISO: Readonly<Record<string, string>> = { date: "%Y-%m-%d", hours: "%Y-%m-%dT%H%:z", minutes: "%Y-%m-%dT%H:%M%:z", seconds: "%Y-%m-%dT%H:%M:%S%:z", ns: "%Y-%m-%dT%H:%M:%S,%N%:z" };
const RFC3339: Readonly<Record<string, string>> = { date: "%Y-%m-%d", seconds: "%Y-%m-%d %H:%M:%S%:z", ns: "%Y-%m-%d %H:%M:%S.%N%:z" };

const pick = (table: Readonly<Record<string, string>>, word: string, option: string): string => {
  const found = Object.keys(table).filter((name) => name.startsWith(word));
  if (found.length === 0) throw new Stop(1, `invalid argument '${word}' for '--${option}'`);
  return table[found[0]!]!;
};

const readFormat = (run: Run): string => {
  const operand = run.args.operands[0];
  if (operand !== undefined) {
    if (!operand.startsWith("+")) throw new Stop(1, `invalid date '${operand}'`);
    return operand.slice(1);
  }
  if (run.args.has("I")) return pick(ISO, run.args.last("I") ?? "date", "iso-8601");
  if (run.args.has("R")) return "%a, %d %b %Y %H:%M:%S %z";
  const rfc = run.args.last("rfc-3339");
  if (rfc !== undefined) return pick(RFC3339, rfc, "rfc-3339");
  return "%a %b %e %H:%M:%S %Z %Y";
};

export const date = defineCommand(
  {
    name: "date",
    en: "Print the time, or a given one, in a format.",
    zh: "按格式输出当前或给定的时间。",
    synopsis: "[OPTION]... [+FORMAT]",
    options: [
      ["-d, --date=STRING", "this time instead of now", "使用给定时间"],
      ["--debug", "ignored", "忽略"],
      ["-f, --file=DATEFILE", "one time per line of DATEFILE", "DATEFILE 每行一个时间"],
      ["-I[FMT], --iso-8601[=FMT]", "ISO 8601: date, hours, minutes, seconds, ns", "ISO 8601 格式"],
      ["-R, --rfc-email", "RFC 5322", "RFC 5322 格式"],
      ["--rfc-3339=FMT", "RFC 3339: date, seconds, ns", "RFC 3339 格式"],
      ["-r, --reference=FILE", "when FILE changed last", "文件的修改时间"],
      ["-s, --set=STRING", "refused: the clock cannot be set", "不允许：不能设置时钟"],
      ["-u, --utc, --universal", "in UTC", "使用 UTC"],
    ],
  },
  async (run) => {
    const { args, proc } = run;
    const zone = args.has("u") ? "UTC" : (proc.env.get("TZ") ?? "UTC");
    if (args.operands.length > 1) return run.misuse(`extra operand '${args.operands[1]}'`);
    if (args.has("s")) throw new Stop(1, "cannot set date: Operation not permitted");
    const format = readFormat(run);
    const print = async (text: string): Promise<number> => {
      const ms = parseDate(text, proc.now(), zone);
      if (ms === undefined) {
        await run.warn(`invalid date '${text}'`);
        return 1;
      }
      run.out.text(`${formatDate(format, ms, zone)}\n`);
      return 0;
    };
    const file = args.last("f");
    if (file !== undefined) {
      let status = 0;
      for (const line of toLines(await readOperand(run, file))) status |= await print(line);
      return status;
    }
    const reference = args.last("r");
    if (reference !== undefined) {
      const stat = await statOf(run, reference);
      if (stat === undefined) throw new Stop(1, `${reference}: No such file or directory`);
      return print(`@${(stat.mtimeMs / 1000).toFixed(3)}`);
    }
    const given = args.last("d");
    if (given !== undefined) return print(given);
    run.out.text(`${formatDate(format, proc.now(), zone)}\n`);
    return 0;
  },
);
