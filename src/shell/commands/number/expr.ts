/** Owns expr. */
import { defineCommand, Stop } from "../option/declare.ts";
import { createMatcher } from "../regex/match.ts";
import { PatternError } from "../regex/tree.ts";
import { countChars, isUtf8Locale, splitChars } from "../stream/bytes.ts";

const INTEGER = /^-?\d+$/;
const isNull = (value: string): boolean => value === "" || /^-?0+$/.test(value);

class ExprReader {
  private at = 0;
  private readonly words: readonly string[];
  private readonly utf8: boolean;

  constructor(words: readonly string[], utf8: boolean) {
    this.words = words;
    this.utf8 = utf8;
  }

  read(): string {
    const value = this.or();
    if (this.at < this.words.length) throw new Stop(2, `syntax error: unexpected argument '${this.words[this.at]}'`);
    return value;
  }

  private accept(...texts: string[]): string | undefined {
    const word = this.words[this.at];
    if (word === undefined || !texts.includes(word)) return undefined;
    this.at++;
    return word;
  }

  private integer(text: string): bigint {
    if (!INTEGER.test(text)) throw new Stop(2, "non-integer argument");
    return BigInt(text);
  }

  private or(): string {
    let left = this.and();
    while (this.accept("|") !== undefined) {
      const right = this.and();
      left = !isNull(left) ? left : isNull(right) ? "0" : right;
    }
    return left;
  }

  private and(): string {
    let left = this.comparison();
    while (this.accept("&") !== undefined) {
      const right = this.comparison();
      left = isNull(left) || isNull(right) ? "0" : left;
    }
    return left;
  }

  private comparison(): string {
    let left = this.sum();
    for (let op = this.accept("<", "<=", "=", "==", "!=", ">=", ">"); op !== undefined; op = this.accept("<", "<=", "=", "==", "!=", ">=", ">")) {
      const right = this.sum();
      const numeric = INTEGER.test(left) && INTEGER.test(right);
      const [a, b] = numeric ? [BigInt(left), BigInt(right)] : [left, right];
      const order = a < b ? -1 : a > b ? 1 : 0;
      const truth = { "<": order < 0, "<=": order <= 0, "=": order === 0, "==": order === 0, "!=": order !== 0, ">=": order >= 0, ">": order > 0 }[op];
      left = truth === true ? "1" : "0";
    }
    return left;
  }

  private sum(): string {
    let left = this.product();
    for (let op = this.accept("+", "-"); op !== undefined; op = this.accept("+", "-")) {
      const [a, b] = [this.integer(left), this.integer(this.product())];
      left = String(op === "+" ? a + b : a - b);
    }
    return left;
  }

  private product(): string {
    let left = this.matching();
    for (let op = this.accept("*", "/", "%"); op !== undefined; op = this.accept("*", "/", "%")) {
      const [a, b] = [this.integer(left), this.integer(this.matching())];
      if (op !== "*" && b === 0n) throw new Stop(2, "division by zero");
      left = String(op === "*" ? a * b : op === "/" ? a / b : a % b);
    }
    return left;
  }

  private matching(): string {
    let left = this.primary();
    while (this.accept(":") !== undefined) left = this.match(left, this.primary());
    return left;
  }

  private match(text: string, pattern: string): string {
    try {
      const matcher = createMatcher(pattern, { flavor: "basic", escapes: false, utf8: this.utf8, around: ["^", ""] });
      const found = matcher.exec(text, 0);
      if (matcher.groupCount > 0) return found?.groups[1] ?? "";
      return found === undefined ? "0" : String(this.utf8 ? countChars(found.groups[0] ?? "") : found.end);
    } catch (error) {
      if (error instanceof PatternError) throw new Stop(2, error.message);
      throw error;
    }
  }

  private word(): string {
    const word = this.words[this.at++];
    if (word === undefined) throw new Stop(2, `syntax error: missing argument after '${this.words.at(-1) ?? ""}'`);
    return word;
  }

  private primary(): string {
    const word = this.word();
    const chars = (text: string): string[] => (this.utf8 ? splitChars(text) : text.split(""));
    switch (word) {
      case "(": {
        const value = this.or();
        if (this.accept(")") === undefined) throw new Stop(2, this.at >= this.words.length ? `syntax error: expecting ')' after '${this.words.at(-1)}'` : `syntax error: expecting ')' instead of '${this.words[this.at]}'`);
        return value;
      }
      case ")": throw new Stop(2, "syntax error: unexpected ')'");
      case "+": return this.word();
    }
    if (this.at >= this.words.length) return word;
    switch (word) {
      case "length": return String(chars(this.primary()).length);
      case "match": return this.match(this.primary(), this.primary());
      case "index": {
        const text = chars(this.primary());
        const set = chars(this.primary());
        return String(text.findIndex((char) => set.includes(char)) + 1);
      }
      case "substr": {
        const [text, start, length] = [chars(this.primary()), this.primary(), this.primary()];
        if (!INTEGER.test(start) || !INTEGER.test(length) || Number(start) < 1 || Number(length) < 1) return "";
        return text.slice(Number(start) - 1, Number(start) - 1 + Number(length)).join("");
      }
    }
    return word;
  }
}

export const expr = defineCommand({ name: "expr", en: "Evaluate an expression.", zh: "计算表达式。", synopsis: "EXPRESSION", raw: true, usageStatus: 2 }, (run) => {
  const words = run.args.operands[0] === "--" ? run.args.operands.slice(1) : run.args.operands;
  if (words.length === 0) return run.misuse("missing operand");
  const value = new ExprReader(words, isUtf8Locale(run.proc.env)).read();
  run.out.text(`${value}\n`);
  return isNull(value) ? 1 : 0;
});
