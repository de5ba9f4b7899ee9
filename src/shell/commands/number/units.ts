/** Owns factor and numfmt. */
import { defineCommand, Stop } from "../option/declare.ts";
import { eachInputLine } from "../stream/input.ts";

const factorsOf = (number: bigint): bigint[] => {
  const found: bigint[] = [];
  let rest = number;
  for (let divisor = 2n; divisor * divisor <= rest; divisor += divisor === 2n ? 1n : 2n) {
    while (rest % divisor === 0n) {
      found.push(divisor);
      rest /= divisor;
    }
  }
  if (rest > 1n) found.push(rest);
  return found;
};

export const factor = defineCommand({ name: "factor", en: "Print prime factors.", zh: "分解质因数。", synopsis: "[NUMBER]..." }, async (run) => {
  let status = 0;
  const words = [...run.args.operands];
  if (words.length === 0) await eachInputLine(run, [], (line) => void words.push(...line.split(/\s+/).filter(Boolean)));
  for (const word of words) {
    if (!/^\+?\d+$/.test(word)) {
      await run.warn(`'${word}' is not a valid positive integer`);
      status = 1;
      continue;
    }
    run.out.text(`${BigInt(word)}:${factorsOf(BigInt(word)).map((one) => ` ${one}`).join("")}\n`);
    await run.proc.tick(100);
  }
  return status;
});

const UNITS = "KMGTPEZY";

const parseScaled = (text: string, unit: string): number => {
  const match = /^(-?\d+(?:\.\d+)?)([KMGTPEZYk])?(i)?$/.exec(text);
  if (match === null) throw new Stop(2, `invalid number: '${text}'`);
  const value = Number(match[1]);
  if (match[2] === undefined) return value;
  if (unit === "none") throw new Stop(2, `rejecting suffix in input: '${text}' (consider using --from)`);
  const base = unit === "si" || (unit === "auto" && match[3] === undefined) ? 1000 : 1024;
  return value * base ** (UNITS.indexOf(match[2].toUpperCase()) + 1);
};

const ROUND: Readonly<Record<string, (value: number) => number>> = {
  up: Math.ceil, down: Math.floor, "from-zero": (v) => (v < 0 ? Math.floor(v) : Math.ceil(v)), "towards-zero": Math.trunc, nearest: (v) => (v < 0 ? -Math.round(-v) : Math.round(v)),
};

const formatScaled = (value: number, unit: string, round: (value: number) => number, digits: number | undefined): string => {
  if (unit === "none") return digits === undefined ? String(value) : value.toFixed(digits);
  const base = unit === "si" ? 1000 : 1024;
  let scaled = value;
  let power = 0;
  while (Math.abs(scaled) >= base && power < UNITS.length) {
    scaled /= base;
    power++;
  }
  const steps = digits === undefined ? (power > 0 && Math.abs(scaled) < 10 ? 10 : 1) : 10 ** digits;
  let rounded = round(Math.round(scaled * steps * 1e9) / 1e9) / steps;
  if (Math.abs(rounded) >= base) {
    rounded /= base;
    power++;
  }
  const shown = digits !== undefined ? rounded.toFixed(digits) : power > 0 && Math.abs(rounded) < 10 ? rounded.toFixed(1) : String(Math.round(rounded));
  return shown + (power === 0 ? "" : UNITS.charAt(power - 1) + (unit === "iec-i" ? "i" : ""));
};

export const numfmt = defineCommand(
  {
    name: "numfmt",
    en: "Convert numbers to and from unit suffixes.",
    zh: "在数字与带单位的写法间转换。",
    synopsis: "[OPTION]... [NUMBER]...",
    isOperand: (word) => /^-\d/.test(word),
    options: [["--from=UNIT", "none, auto, si, iec, iec-i", "输入单位"], ["--to=UNIT", "none, si, iec, iec-i", "输出单位"], ["--from-unit=N", "input unit size", "输入单位大小"], ["--to-unit=N", "output unit size", "输出单位大小"], ["--round=METHOD", "up, down, from-zero, towards-zero, nearest", "舍入方式"], ["--suffix=SUFFIX", "append SUFFIX", "附加后缀"], ["--padding=N", "pad to N", "补齐到 N"], ["--format=FORMAT", "a printf format with %f", "printf 格式"], ["--field=FIELDS", "which fields", "处理的字段"], ["-d, --delimiter=X", "fields are separated by X", "字段分隔符"], ["--header[=N]", "leave the first N lines", "保留前 N 行"], ["--grouping", "ignored", "忽略"], ["--invalid=MODE", "abort, fail, warn, ignore", "无效数字的处理"], ["-z, --zero-terminated", "lines end with NUL", "以 NUL 结束一行"]],
  },
  async (run) => {
    const { args } = run;
    const round = ROUND[args.last("round") ?? "from-zero"] ?? Math.ceil;
    const suffix = args.last("suffix") ?? "";
    const format = /^([^%]*)%([-0']*)(\d*)(?:\.(\d+))?f([^%]*)$/.exec(args.last("format") ?? "%f");
    if (format === null) throw new Stop(1, `invalid format '${args.last("format")}'`);
    const padding = Number(args.last("padding") ?? (format[2]?.includes("-") ? `-${format[3]}` : format[3]) ?? 0);
    const convert = (word: string): string => {
      const plain = suffix !== "" && word.endsWith(suffix) ? word.slice(0, -suffix.length) : word;
      const value = (parseScaled(plain, args.last("from") ?? "none") * Number(args.last("from-unit") ?? 1)) / Number(args.last("to-unit") ?? 1);
      const text = formatScaled(value, args.last("to") ?? "none", round, format[4] === undefined ? undefined : Number(format[4])) + suffix;
      return (format[1] ?? "") + (padding < 0 ? text.padEnd(-padding) : text.padStart(padding)) + (format[5] ?? "");
    };
    const delimiter = args.last("d");
    const chosen = (args.last("field") ?? "1").split(",").map((part) => part.split("-").map((end) => (end === "" ? undefined : Number(end))));
    const isChosen = (field: number): boolean => chosen.some(([from, to]) => (chosen.length > 0 && to === undefined && !args.last("field")?.includes("-") ? field === from : field >= (from ?? 1) && field <= (to ?? Infinity)));
    const convertLine = (line: string): string => {
      if (delimiter !== undefined) return line.split(delimiter).map((cell, i) => (isChosen(i + 1) ? convert(cell) : cell)).join(delimiter);
      let field = 0;
      return line.replace(/([ \t]*)([^ \t]+)/g, (whole, space: string, word: string) => {
        if (!isChosen(++field)) return whole;
        return field > 1 && space.length > 1 && padding === 0 ? ` ${convert(word).padStart(space.length + word.length - 1)}` : space + convert(word);
      });
    };
    if (args.operands.length > 0) {
      for (const word of args.operands) run.out.text(`${convertLine(word)}\n`);
      return 0;
    }
    let header = args.has("header") ? Number(args.last("header") ?? 1) : 0;
    return eachInputLine(run, [], (line) => run.out.text(`${header-- > 0 ? line : convertLine(line)}\n`));
  },
);
