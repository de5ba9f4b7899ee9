/** Owns `test` and `[`: by the number of arguments as POSIX says, then as an expression with -a, -o, ! and parentheses. */
import { evaluateRaw } from "../../expand/number/evaluate.ts";
import type { Int } from "../../expand/number/integer.ts";
import { complain } from "../../state/shell.ts";
import type { Shell } from "../../state/shell.ts";
import { settle } from "../../state/thread.ts";
import type { Task } from "../../state/thread.ts";
import { info } from "../entry.ts";
import type { Builtin } from "../entry.ts";
import { compareFiles, compareNumbers, fileComparisons, fileOperators, isSet, isTerminal, numberOperators, testFile } from "./predicate.ts";

class TestError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}
const integer = /^\s*[-+]?\d+\s*$/;
const small = /^-?\d{1,15}$/;
const toInt = (sh: Shell, text: string): Int => {
  if (small.test(text)) return Number(text);
  if (!integer.test(text)) throw new TestError(sh.dialect === "sh" ? `Illegal number: ${text}` : `${text}: integer expression expected`);
  return evaluateRaw(sh, text.trim().replace(/^([-+]?)0+(?=\d)/, "$1"));
};
const unaryOperators = new Set([...fileOperators, "-n", "-z", "-t", "-o", "-v", "-R"]);
const binaryStrings = new Set(["=", "==", "!=", "<", ">", "=~"]);
const isBinary = (operator: string | undefined): boolean =>
  operator !== undefined && (binaryStrings.has(operator) || numberOperators.has(operator) || fileComparisons.has(operator));

/** Tests that never wait: answered without a task. */
const quickUnary = (sh: Shell, operator: string, operand: string): boolean | undefined => {
  if (operator === "-n") return operand !== "";
  if (operator === "-z") return operand === "";
  if (operator === "-t") return isTerminal(sh, operand);
  if (operator === "-v") return isSet(sh, operand);
  return operator === "-o" ? sh.options.isOn(operand) : undefined;
};
const quickBinary = (sh: Shell, a: string, operator: string, b: string): boolean | undefined => {
  if (operator === "=" || operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  if (operator === "<") return a < b;
  if (operator === ">") return a > b;
  return numberOperators.has(operator) ? compareNumbers(operator, toInt(sh, a), toInt(sh, b)) : undefined;
};

class Expression {
  private readonly sh: Shell;
  private readonly args: readonly string[];
  private at = 0;
  constructor(sh: Shell, args: readonly string[]) {
    this.sh = sh;
    this.args = args;
  }
  *parse(): Task<boolean> {
    const result = yield* this.or();
    if (this.at < this.args.length) throw new TestError("too many arguments");
    return result;
  }
  private *or(): Task<boolean> {
    let result = yield* this.and();
    while (this.args[this.at] === "-o") {
      this.at++;
      const right = yield* this.and();
      result = result || right;
    }
    return result;
  }
  private *and(): Task<boolean> {
    let result = yield* this.not();
    while (this.args[this.at] === "-a") {
      this.at++;
      const right = yield* this.not();
      result = result && right;
    }
    return result;
  }
  private *not(): Task<boolean> {
    const negates = this.args[this.at] === "!" && !(isBinary(this.args[this.at + 1]) && this.at + 2 < this.args.length);
    if (!negates) return yield* this.primary();
    this.at++;
    return !(yield* this.not());
  }
  private *primary(): Task<boolean> {
    const { args } = this;
    const first = args[this.at];
    if (first === undefined) throw new TestError("argument expected");
    const second = args[this.at + 1];
    const third = args[this.at + 2];
    if (isBinary(second) && third !== undefined) {
      this.at += 3;
      return yield* binary(this.sh, first, second as string, third);
    }
    if (first === "(") {
      this.at++;
      const result = yield* this.or();
      if (args[this.at++] !== ")") throw new TestError("`)' expected");
      return result;
    }
    if (unaryOperators.has(first) && second !== undefined) {
      this.at += 2;
      return yield* unary(this.sh, first, second);
    }
    this.at++;
    return first !== "";
  }
}
function* unary(sh: Shell, operator: string, operand: string): Task<boolean> {
  return quickUnary(sh, operator, operand) ?? (yield* testFile(sh, operator, operand));
}
function* binary(sh: Shell, a: string, operator: string, b: string): Task<boolean> {
  return quickBinary(sh, a, operator, b) ?? (yield* compareFiles(sh, operator, a, b));
}

function* evaluateTest(sh: Shell, args: readonly string[]): Task<boolean> {
  const [a, b, c, d] = args as readonly [string, string, string, string];
  switch (args.length) {
    case 0:
      return false;
    case 1:
      return a !== "";
    case 2:
      if (a === "!") return b === "";
      if (unaryOperators.has(a) && !(sh.dialect === "sh" && /^-[avoRN]$/.test(a))) return yield* unary(sh, a, b);
      throw new TestError(sh.dialect === "sh" ? `${a}: unexpected operator` : `${a}: unary operator expected`);
    case 3:
      if (sh.dialect === "sh" && (b === "==" || b === "=~")) throw new TestError(`${a}: unexpected operator`);
      if (isBinary(b)) return yield* binary(sh, a, b, c);
      if (b === "-a") return a !== "" && c !== "";
      if (b === "-o") return a !== "" || c !== "";
      if (a === "!") return !(yield* evaluateTest(sh, [b, c]));
      if (a === "(" && c === ")") return b !== "";
      throw new TestError(sh.dialect === "sh" ? `${a}: unexpected operator` : `${b}: binary operator expected`);
    case 4:
      if (a === "!") return !(yield* evaluateTest(sh, [b, c, d]));
      if (a === "(" && d === ")") return yield* evaluateTest(sh, [b, c]);
      break;
    default:
  }
  return yield* new Expression(sh, args).parse();
}
function* slowly(sh: Shell, args: readonly string[], name: string): Task<number> {
  try {
    return (yield* evaluateTest(sh, args)) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    yield* settle(complain(sh, `${name}: ${error.message}`));
    return 2;
  }
}
const runTest = (sh: Shell, given: readonly string[], name: string): number | Task<number> => {
  let args = given;
  if (name === "[") {
    if (given[given.length - 1] !== "]") {
      return (function* (): Task<number> {
        yield* settle(complain(sh, sh.dialect === "sh" ? "[: missing ]" : "[: missing `]'"));
        return 2;
      })();
    }
    args = given.slice(0, -1);
  }
  if (args.length === 3) {
    const operator = args[1] as string;
    if (numberOperators.has(operator) && small.test(args[0] as string) && small.test(args[2] as string)) {
      return compareNumbers(operator, Number(args[0]), Number(args[2])) ? 0 : 1;
    }
    if (operator === "=" || operator === "!=") return (args[0] === args[2]) === (operator === "=") ? 0 : 1;
  } else if (args.length === 2 && args[0] !== "!" && !(sh.dialect === "sh" && args[0] === "-v")) {
    const quick = quickUnary(sh, args[0] as string, args[1] as string);
    if (quick !== undefined) return quick ? 0 : 1;
  }
  return slowly(sh, args, name);
};

const options = [
  ["-e -f -d -L -p -s FILE", "exists, is a file, directory, link, pipe, is not empty", "存在、为普通文件、目录、链接、管道、非空"],
  ["-r -w -x FILE", "may be read, written, executed", "可读、可写、可执行"],
  ["A -nt -ot -ef B", "newer, older, the same file", "更新、更旧、同一文件"],
  ["-n -z TEXT", "is not empty, is empty", "非空、为空"],
  ["A = != < > B", "texts compared", "比较文本"],
  ["A -eq -ne -lt -le -gt -ge B", "integers compared", "比较整数"],
  ["-v NAME", "variable is set", "变量已设置"],
  ["! -a -o ( )", "not, and, or, grouping", "非、与、或、分组"],
] as const;
export const testBuiltins: readonly Builtin[] = [
  { ...info("test", ["Evaluate a condition", "判断条件"], options), run: runTest },
  { ...info("[", ["Evaluate a condition", "判断条件"], options), run: runTest },
];
