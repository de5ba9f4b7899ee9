/** Owns seq and yes: numbers in a row, a line without end. */
import { defineCommand, Stop } from "../option/declare.ts";
import { encode } from "../stream/bytes.ts";

const decimals = (text: string): number => /^[-+]?\d*\.(\d*)$/.exec(text)?.[1]?.length ?? 0;

const readNumber = (text: string): number => {
  const value = /^[ \t]*[-+]?(\d+\.?\d*|\.\d+|inf|0x[\da-f]+)(e[-+]?\d+)?$/i.test(text) ? Number(text.replace(/inf/i, "Infinity")) : NaN;
  if (Number.isNaN(value)) throw new Stop(1, `invalid floating point argument: '${text}'\nTry 'seq --help' for more information.`);
  return value;
};

/** A printf format with one of %f %e %g and flags. */
const createFormat = (format: string): ((value: number) => string) => {
  const match = /^((?:[^%]|%%)*)%([-+ 0#']*)(\d*)(?:\.(\d*))?([feg])((?:[^%]|%%)*)$/i.exec(format);
  if (match === null) throw new Stop(1, `format '${format}' has ${format.includes("%") ? "unknown" : "no"} % directive`);
  const [, before = "", flags = "", width = "", precision, kind = "f", after = ""] = match;
  const digits = precision === undefined ? 6 : Number(precision);
  const general = (value: number): string => {
    const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
    if (exponent < -4 || exponent >= (digits || 1)) return Number(value.toPrecision(digits || 1)).toExponential().replace(/e([-+])(\d)$/, "e$10$2");
    return String(Number(value.toPrecision(digits || 1)));
  };
  return (value) => {
    let text = kind === "f" ? value.toFixed(digits) : kind === "e" ? value.toExponential(digits).replace(/e([-+])(\d)$/, "e$10$2") : general(value);
    if (flags.includes("+") && value >= 0) text = `+${text}`;
    const missing = Number(width) - text.length;
    if (missing > 0) {
      if (flags.includes("-")) text = text.padEnd(Number(width));
      else if (flags.includes("0")) text = text.replace(/^[-+]?/, (sign) => sign + "0".repeat(missing));
      else text = text.padStart(Number(width));
    }
    return before.replaceAll("%%", "%") + text + after.replaceAll("%%", "%");
  };
};

export const seq = defineCommand(
  {
    name: "seq",
    en: "Print numbers from FIRST to LAST.",
    zh: "输出从 FIRST 到 LAST 的数。",
    synopsis: "[OPTION]... [FIRST [INCREMENT]] LAST",
    isOperand: (word) => /^-[\d.]/.test(word),
    stopAtOperand: true,
    options: [
      ["-f, --format=FORMAT", "a printf format", "printf 格式"],
      ["-s, --separator=STRING", "between the numbers instead of newline", "用 STRING 分隔"],
      ["-w, --equal-width", "pad with zeros to equal width", "用零补齐宽度"],
    ],
  },
  async (run) => {
    const words = run.args.operands;
    if (words.length === 0) return run.misuse("missing operand");
    if (words.length > 3) return run.misuse(`extra operand '${words[3]}'`);
    const firstText = words.length > 1 ? words[0]! : "1";
    const stepText = words.length > 2 ? words[1]! : "1";
    const lastText = words.at(-1)!;
    const [first, step, last] = [readNumber(firstText), readNumber(stepText), readNumber(lastText)];
    if (step === 0) return run.misuse(`invalid Zero increment value: '${stepText}'`);
    const digits = Math.max(decimals(firstText), decimals(stepText));
    const plain = (value: number): string => (value < 0 && -value < 0.5 / 10 ** digits ? "-" : "") + Math.abs(value).toFixed(digits).replace(/^/, value < 0 && -value >= 0.5 / 10 ** digits ? "-" : "");
    const width = Math.max(plain(first).length, Number.isFinite(last) ? last.toFixed(Math.max(digits, 0)).length : 0);
    const padded = (value: number): string => plain(value).replace(/^-?/, (sign) => sign + "0".repeat(Math.max(0, width - plain(value).length)));
    const given = run.args.last("f");
    const format = given !== undefined ? createFormat(given) : run.args.has("w") ? padded : plain;
    const separator = run.args.last("s") ?? "\n";
    const slack = Math.abs(step) * 1e-9;
    let any = false;
    for (let i = 0; ; i++) {
      const value = first + i * step;
      if (step > 0 ? value > last + slack : value < last - slack) break;
      run.out.text((any ? separator : "") + format(value));
      any = true;
      if (i % 1024 === 0) await run.proc.tick(1);
      if (i % 128 === 0) await run.out.drain();
    }
    if (any) run.out.text("\n");
    return 0;
  },
);

export const yes = defineCommand(
  { name: "yes", en: "Print a line again and again.", zh: "不断输出同一行。", synopsis: "[STRING]...", stopAtOperand: true },
  async (run) => {
    const line = `${run.args.operands.length === 0 ? "y" : run.args.operands.join(" ")}\n`;
    const block = encode(line.repeat(Math.max(1, Math.floor(8192 / line.length))));
    for (;;) {
      await run.proc.tick(8);
      run.out.bytes(block);
      await run.out.flush();
    }
  },
);
