/** Owns `printf`: formats are used again while arguments are left; bytes go out as they are. */
import { characters, decodeText } from "../../bytes.ts";
import { isPromise } from "../../contract.ts";
import { quoteBackslash } from "../../expand/quote.ts";
import type { Int } from "../../expand/number/integer.ts";
import { complain, out } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import { readEscapes } from "./echo.ts";
import { formatFloat } from "./float.ts";
import { formatTime } from "./time.ts";
import { info } from "../entry.ts";
import type { Builtin } from "../entry.ts";

interface Spec {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}
const specAt = /%([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|q(?=[a-z])|j|z|t)?(\([^)]*\)T|[a-zA-Z%])?/y;

class Formatter {
  private readonly sh: Shell;
  private readonly args: readonly string[];
  private next = 0;
  readonly problems: string[] = [];
  stopped = false;
  used = false;

  constructor(sh: Shell, args: readonly string[]) {
    this.sh = sh;
    this.args = args;
  }
  get hasMore(): boolean {
    return this.next < this.args.length;
  }
  private take(): string | undefined {
    this.used = true;
    return this.args[this.next++];
  }

  /** One pass over the format. */
  pass(format: string): string {
    let text = "";
    for (let i = 0; i < format.length && !this.stopped; ) {
      const char = format[i] as string;
      if (char === "\\") {
        if (format[i + 1] === "c") {
          text += "\\c";
          i += 2;
          continue;
        }
        const end = escapeEnd(format, i, this.sh.dialect === "bash");
        const read = readEscapes(format.slice(i, end), "any", this.sh.dialect === "bash");
        text += read.text === '\\"' ? '"' : read.text === "\\'" && this.sh.dialect === "bash" ? "'" : read.text;
        this.stopped = read.stopped;
        i = end;
      } else if (char !== "%") {
        text += char;
        i++;
      } else {
        specAt.lastIndex = i;
        const match = specAt.exec(format) as RegExpExecArray;
        const piece = this.directive(match);
        if (piece === undefined) return text;
        text += piece;
        i += match[0].length;
      }
    }
    return text;
  }
  private directive(match: RegExpExecArray): string | undefined {
    const conversion = match[4];
    if (conversion === undefined) {
      this.problems.push(match[0] === "%" ? "`%': missing format character" : `\`${match[0]}': missing format character`);
      this.stopped = true;
      return undefined;
    }
    if (match[0] === "%%") return "%";
    let flags = match[1] as string;
    let width = match[2] === "*" ? Number(this.integer(this.take())) : match[2] === undefined ? undefined : Number(match[2]);
    if (width !== undefined && width < 0) {
      flags += "-";
      width = -width;
    }
    const given = match[3] === "*" ? Number(this.integer(this.take())) : match[3] === undefined ? undefined : Number(match[3] || 0);
    return this.convert(conversion, { flags, width, precision: given !== undefined && given < 0 ? undefined : given });
  }
  private convert(conversion: string, spec: Spec): string | undefined {
    const bash = this.sh.dialect === "bash";
    if ("diouxX".includes(conversion)) return pad(formatInteger(this.integer(this.take()), conversion, spec), spec, spec.precision === undefined);
    if ("eEfFgGaA".includes(conversion)) return pad(formatFloat(this.float(this.take()), conversion, spec.flags, spec.precision), spec, true);
    if (conversion === "s") return pad(clip(this.take() ?? "", spec.precision), spec, false);
    if (conversion === "c") return pad(this.hasMore || !bash ? (this.take() ?? "").slice(0, 1) || "\0" : "\0", spec, false);
    if (conversion === "b") {
      const read = readEscapes(this.take() ?? "", "any", bash);
      this.stopped = read.stopped;
      return pad(clip(read.text, spec.precision), spec, false);
    }
    if ((conversion === "q" || conversion === "Q") && bash) return pad(quoteBackslash(this.take() ?? ""), spec, false);
    if (conversion.startsWith("(") && bash) return pad(clip(this.time(conversion.slice(1, -2), this.take()), spec.precision), spec, false);
    this.problems.push(bash ? `\`${conversion}': invalid format character` : `%${conversion}: invalid directive`);
    this.stopped = true;
    return undefined;
  }
  private time(format: string, argument: string | undefined): string {
    const { clock } = this.sh.kernel.world;
    const given = argument === undefined || argument === "" ? -1 : Number(this.integer(argument));
    const ms = given === -1 ? clock.now() : given === -2 ? this.sh.kernel.startedMs : given * 1000;
    return formatTime(format === "" ? "%X" : format, ms, this.sh.vars.get("TZ"));
  }

  private bad(text: string): void {
    this.problems.push(this.sh.dialect === "sh" ? `${text}: ${/^\s*[-+]?\d/.test(text) ? "not completely converted" : "expected numeric value"}` : `${text}: invalid number`);
  }
  private quoted(text: string): number | undefined {
    if (text[0] !== '"' && text[0] !== "'") return undefined;
    const first = characters(text.slice(1))[0];
    if (first === undefined) return 0;
    if (this.sh.dialect === "sh") return text.charCodeAt(1);
    const point = decodeText(first).codePointAt(0) as number;
    return point >= 0xdc80 && point <= 0xdcff ? point - 0xdc00 : point;
  }
  private integer(argument: string | undefined): Int {
    if (argument === undefined || (argument === "" && this.sh.dialect === "bash")) return 0;
    const code = this.quoted(argument);
    if (code !== undefined) return code;
    const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/.exec(argument);
    if (match === null || match[0].length < argument.length) this.bad(argument);
    if (match === null) return 0;
    const digits = match[2] as string;
    const big = digits.startsWith("0x") || digits.startsWith("0X") ? BigInt(digits) : digits[0] === "0" && digits.length > 1 ? BigInt(`0o${digits}`) : BigInt(digits);
    const signed = match[1] === "-" ? -big : big;
    const max = 9223372036854775807n;
    const held = signed > 18446744073709551615n ? max : signed < -max - 1n ? -max - 1n : signed;
    return held >= -9007199254740991n && held <= 9007199254740991n ? Number(held) : held;
  }
  private float(argument: string | undefined): number {
    if (argument === undefined || argument === "") return 0;
    const code = this.quoted(argument);
    if (code !== undefined) return code;
    const match = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(argument);
    if (match === null || match[0].length < argument.length) this.bad(argument);
    if (match === null) return 0;
    const word = match[0].trim().toLowerCase();
    if (/inf/.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
    return /nan/.test(word) ? NaN : Number(word);
  }
}

/** Where the escape that starts at `i` ends. */
const escapeEnd = (format: string, i: number, bash: boolean): number => {
  const rest = format.slice(i, i + 11);
  const match = (bash ? /^\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[^])/ : /^\\(?:[0-7]{1,3}|[^])/).exec(rest);
  return i + (match?.[0].length ?? 1);
};
/** Widths and precisions count bytes, in bash as in dash. */
const clip = (text: string, precision: number | undefined): string => (precision === undefined ? text : text.slice(0, precision));
const formatInteger = (value: Int, conversion: string, spec: Spec): string => {
  const big = BigInt(value);
  const signed = conversion === "d" || conversion === "i";
  const magnitude = signed ? (big < 0n ? -big : big) : BigInt.asUintN(64, big);
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  let digits = magnitude.toString(base);
  if (conversion === "X") digits = digits.toUpperCase();
  if (spec.precision !== undefined) digits = spec.precision === 0 && magnitude === 0n ? "" : digits.padStart(spec.precision, "0");
  if (spec.flags.includes("#") && magnitude !== 0n) digits = (base === 8 ? "0" : base === 16 ? `0${conversion}` : "") + digits;
  const sign = !signed ? "" : big < 0n ? "-" : spec.flags.includes("+") ? "+" : spec.flags.includes(" ") ? " " : "";
  return sign + digits;
};
/** Pads to the width; with the 0 flag between sign and digits. */
const pad = (text: string, spec: Spec, zeros: boolean): string => {
  const { width, flags } = spec;
  if (width === undefined) return text;
  const missing = width - text.length;
  if (missing <= 0) return text;
  if (flags.includes("-")) return text + " ".repeat(missing);
  if (!zeros || !flags.includes("0") || /inf|nan/i.test(text)) return " ".repeat(missing) + text;
  const head = /^[-+ ]?(?:0[xX])?/.exec(text)?.[0] ?? "";
  return head + "0".repeat(missing) + text.slice(head.length);
};

const render = (formatter: Formatter, format: string): string => {
  let text = formatter.pass(format);
  while (formatter.hasMore && formatter.used && !formatter.stopped) text += formatter.pass(format);
  return text;
};
function* finishProblems(sh: Shell, problems: readonly string[], write: () => ReturnType<typeof complain>): Task<number> {
  // The text is held back while the arguments are read, as stdio does it.
  for (const problem of problems) yield* settle(complain(sh, `printf: ${problem}`));
  yield* settle(write());
  return problems.length === 0 ? 0 : sh.dialect === "sh" && problems.some((problem) => /directive|usage|missing format/.test(problem)) ? 2 : 1;
}
const runPrintf = (sh: Shell, given: readonly string[]): number | Task<number> => {
  let args = given;
  let into: string | undefined;
  if (args[0] === "-v" && sh.dialect === "bash") {
    into = args[1];
    args = args.slice(2);
  } else if (args[0]?.startsWith("-v") === true && args[0].length > 2 && sh.dialect === "bash") {
    into = args[0].slice(2);
    args = args.slice(1);
  }
  if (sh.dialect === "sh" && /^-[^-]/.test(args[0] ?? "")) return finishProblems(sh, [`usage: Illegal option ${args[0] as string}`], () => undefined) as Task<number>;
  if (args[0] === "--") args = args.slice(1);
  const [format, ...rest] = args;
  if (format === undefined) return finishProblems(sh, [sh.dialect === "sh" ? "usage: printf format [arg ...]" : "usage: printf [-v var] format [arguments]"], () => undefined) as Task<number>;
  const formatter = new Formatter(sh, rest);
  const text = render(formatter, format);
  if (into !== undefined) {
    const open = into.indexOf("[");
    const value = text.replaceAll("\0", "");
    if (open < 0) sh.vars.set(into, value);
    else sh.vars.setElement(into.slice(0, open), into.slice(open + 1, -1), value);
    return formatter.problems.length === 0 ? 0 : finishProblems(sh, formatter.problems, () => undefined);
  }
  if (formatter.problems.length > 0) return finishProblems(sh, formatter.problems, () => out(sh).writeText(text));
  const wrote = text === "" ? undefined : out(sh).writeText(text);
  return isPromise(wrote) ? finishProblems(sh, [], () => wrote) : 0;
};

export const printfBuiltins: readonly Builtin[] = [
  {
    ...info("printf", ["Write arguments by a format", "按格式输出参数"], [
      ["-v NAME", "into a variable", "写入变量"],
      ["%s %b %q", "text, with escapes read, quoted for a shell", "文本、解释转义、加引号"],
      ["%d %i %u %o %x %X %c", "integers, first character", "整数、首字符"],
      ["%f %e %g %a", "numbers with fractions", "浮点数"],
      ["%(FORMAT)T", "a time", "时间"],
    ]),
    run: runPrintf,
  },
];
