/** Owns awk's built-in functions. */
import { formatDate } from "../date/format.ts";
import { instantOf } from "../date/zone.ts";
import { Stop } from "../option/declare.ts";
import type { ExpressionCompiler } from "./compile.ts";
import { createRandom, formatAwk } from "./format.ts";
import { bind, code, lift1, lift2, liftAll, type Code } from "./lift.ts";
import type { Runtime } from "./runtime.ts";
import type { AwkExpr } from "./syntax/tree.ts";
import { AwkArray, InputText, numberOf, type Value } from "./value.ts";

const MATH: Readonly<Record<string, (value: number) => number>> = { sin: Math.sin, cos: Math.cos, exp: Math.exp, log: Math.log, sqrt: Math.sqrt, int: Math.trunc };

/** mawk's substr: a start below 1 counts as 1 and lengthens what is taken (as this version does). */
const substr = (text: string, start: number, length: number): string => {
  let from = Math.trunc(start);
  let count = Number.isNaN(length) ? 0 : Math.trunc(length);
  if (from <= 0) {
    count -= from;
    from = 1;
  }
  return count <= 0 ? "" : text.slice(from - 1, Math.min(text.length, from - 1 + count));
};

/** "&" is the match, "\\&" an ampersand. */
const replacementOf = (template: string): ((match: string) => string) => {
  if (!/[\\&]/.test(template)) return () => template;
  const parts = template.match(/\\\\&|\\&|&|\\\\|[^\\&]+|\\/g) ?? [];
  return (match) => parts.map((part) => (part === "&" ? match : part === "\\&" ? "&" : part === "\\\\&" ? `\\${match}` : part)).join("");
};

const substitute = (compiler: ExpressionCompiler, runtime: Runtime, isGlobal: boolean, args: readonly AwkExpr[]): Code => {
  const place = compiler.targetOf(args[2]);
  const matcherCode = compiler.matcherOf(args[0]!);
  const template = compiler.compile(args[1]!);
  return lift2(lift2(matcherCode, template, (matcher, text) => [matcher, text] as const), place.prepare, ([matcher, text], at) => {
    const subject = runtime.textOf(place.get(at));
    const replace = replacementOf(runtime.textOf(text));
    let result = "";
    let copied = 0;
    let count = 0;
    let lastEnd = -1;
    for (let from = 0; from <= subject.length; ) {
      const match = matcher.exec(subject, from);
      if (match === undefined) break;
      const isEmpty = match.end === match.start;
      if (!(isEmpty && match.start === lastEnd)) {
        result += subject.slice(copied, match.start) + replace(subject.slice(match.start, match.end));
        copied = match.end;
        count++;
        if (!isGlobal) break;
      }
      lastEnd = match.end;
      from = isEmpty ? match.end + 1 : match.end;
    }
    if (count > 0) place.set(at, result + subject.slice(copied));
    return count;
  });
};

const split = (compiler: ExpressionCompiler, runtime: Runtime, args: readonly AwkExpr[]): Code => {
  const [textExpr, target, separator] = args;
  if (target?.type !== "var") throw new Stop(2, "line 1: improper use of split");
  const array = compiler.arrayOf(target.name);
  const fs = runtime.global("FS");
  const parts: Code<string[]> =
    separator === undefined
      ? lift1(compiler.compile(textExpr!), (text) => runtime.splitText(runtime.textOf(text), runtime.textOf(fs.value), true))
      : separator.type === "regex"
        ? lift2(compiler.compile(textExpr!), compiler.matcherOf(separator), (text, matcher) => (separator.source === "" ? runtime.splitText(runtime.textOf(text), "") : runtime.splitBy(runtime.textOf(text), matcher)))
        : lift2(compiler.compile(textExpr!), compiler.compile(separator), (text, by) => runtime.splitText(runtime.textOf(text), runtime.textOf(by)));
  return lift1(parts, (fields) => {
    const into = array();
    into.clear();
    fields.forEach((field, i) => into.set(String(i + 1), true, new InputText(field)));
    return fields.length;
  });
};

const length = (compiler: ExpressionCompiler, runtime: Runtime, args: readonly AwkExpr[]): Code => {
  const [arg] = args;
  if (arg === undefined) return code(() => runtime.recordText().length);
  if (arg.type !== "var") return lift1(compiler.compile(arg), (value) => runtime.textOf(value).length);
  const value = compiler.compile(arg) as Code<Value | AwkArray>;
  return lift1(value, (held) => (held instanceof AwkArray ? held.size : held === undefined ? (runtime.arrays.get(arg.name)?.size ?? 0) : runtime.textOf(held).length));
};

const system = (runtime: Runtime, command: Code): Code =>
  code(
    () =>
      bind(command(), async (value) => {
        await runtime.streams.flushAll();
        return runtime.run.proc.spawn(["sh", "-c", runtime.textOf(value)]).wait();
      }),
    true,
  );

const timeFunction = (runtime: Runtime, name: string, values: readonly Value[]): Value => {
  const { proc } = runtime.run;
  const zone = proc.env.get("TZ") ?? "UTC";
  const now = Math.floor(proc.now() / 1000);
  if (name === "systime") return now;
  if (name === "strftime") {
    const format = values[0] === undefined ? "%c" : runtime.textOf(values[0]);
    const utc = values[2] !== undefined && numberOf(values[2]) !== 0;
    return formatDate(format, (values[1] === undefined ? now : numberOf(values[1])) * 1000, utc ? "UTC" : zone);
  }
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = runtime.textOf(values[0]).trim().split(/\s+/).map(Number);
  return Math.floor(instantOf({ year, month, day, hour, minute, second }, zone) / 1000);
};

/** Functions whose arguments are all plain values. */
const plain = (runtime: Runtime, name: string, values: readonly Value[]): Value => {
  const { textOf } = runtime;
  const [first, second, third] = values;
  switch (name) {
    case "substr": return substr(textOf(first), numberOf(second), third === undefined && values.length < 3 ? 2_147_483_647 : numberOf(third));
    case "index": return textOf(first).indexOf(textOf(second)) + 1;
    case "sprintf": return formatAwk(textOf(first), values.slice(1), textOf);
    case "tolower": return textOf(first).replace(/[A-Z]+/g, (part) => part.toLowerCase());
    case "toupper": return textOf(first).replace(/[a-z]+/g, (part) => part.toUpperCase());
    case "atan2": return Math.atan2(numberOf(first), numberOf(second));
    case "rand": return runtime.random();
    case "srand": {
      const before = runtime.seed;
      runtime.seed = values.length === 0 ? Math.floor(runtime.run.proc.now() / 1000) : numberOf(first);
      runtime.random = createRandom(runtime.seed);
      return before;
    }
    default: return MATH[name]?.(numberOf(first)) ?? timeFunction(runtime, name, values);
  }
};

export const callBuiltin = (compiler: ExpressionCompiler, runtime: Runtime, name: string, args: readonly AwkExpr[]): Code => {
  switch (name) {
    case "sub":
    case "gsub": return substitute(compiler, runtime, name === "gsub", args);
    case "split": return split(compiler, runtime, args);
    case "length": return length(compiler, runtime, args);
    case "match": {
      const [start, size] = [runtime.global("RSTART"), runtime.global("RLENGTH")];
      return lift2(compiler.compile(args[0]!), compiler.matcherOf(args[1]!), (value, matcher) => {
        const match = matcher.exec(runtime.textOf(value), 0);
        start.value = match === undefined ? 0 : match.start + 1;
        size.value = match === undefined ? -1 : match.end - match.start;
        return start.value;
      });
    }
    case "system": return system(runtime, compiler.compile(args[0]!));
    case "close": return code(() => bind(compiler.compile(args[0]!)(), (value) => runtime.streams.close(runtime.textOf(value))), true);
    case "fflush": return code(async () => (await runtime.streams.flushAll(), 0), true);
    default: return lift1(liftAll(args.map((arg) => compiler.compile(arg))), (values) => plain(runtime, name, values));
  }
};
