/**
 * Owns arithmetic: the grammar of C's integer expressions with assignment, compiled to closures and kept by text. Expansions have
 * been done before; variables are looked up by name and evaluated as expressions themselves.
 */
import { add, bitAnd, bitNot, bitOr, bitXor, divide, multiply, negate, parseDigits, power, remainder, shiftLeft, shiftRight, subtract } from "./integer.ts";
import type { Int } from "./integer.ts";

/** What an expression needs of the shell. Subscripts come as written. */
export interface ArithmeticScope {
  readonly read: (name: string, subscript: string | undefined) => Int;
  readonly write: (name: string, subscript: string | undefined, value: Int) => void;
}
export type Compiled = (scope: ArithmeticScope) => Int;
/** `message` as bash says it, without the expression before it. */
export class ArithmeticError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

type Infix = (a: Int, b: Int) => Int;
const truth = (holds: boolean): Int => (holds ? 1 : 0);
const dividing =
  (operate: Infix): Infix =>
  (a, b) => {
    if (Number(b) === 0) throw new ArithmeticError('division by 0 (error token is "0")');
    return operate(a, b);
  };
const raising: Infix = (a, b) => {
  if (b < 0) throw new ArithmeticError('exponent less than 0 (error token is "' + String(b) + '")');
  return power(a, b);
};
/** Binding strength and meaning of the left-associative operators. */
const infixes: Readonly<Record<string, readonly [number, Infix]>> = {
  "|": [5, bitOr],
  "^": [6, bitXor],
  "&": [7, bitAnd],
  "==": [8, (a, b) => truth(a === b)],
  "!=": [8, (a, b) => truth(a !== b)],
  "<": [9, (a, b) => truth(a < b)],
  "<=": [9, (a, b) => truth(a <= b)],
  ">": [9, (a, b) => truth(a > b)],
  ">=": [9, (a, b) => truth(a >= b)],
  "<<": [10, shiftLeft],
  ">>": [10, shiftRight],
  "+": [11, add],
  "-": [11, subtract],
  "*": [12, multiply],
  "/": [12, dividing(divide)],
  "%": [12, dividing(remainder)],
  "**": [13, raising],
};
const assigning: Readonly<Record<string, Infix | undefined>> = {
  "=": undefined, "+=": add, "-=": subtract, "*=": multiply, "/=": dividing(divide), "%=": dividing(remainder), "<<=": shiftLeft,
  ">>=": shiftRight, "&=": bitAnd, "|=": bitOr, "^=": bitXor,
};
const operatorAt = /<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=|[-+*/%&|^<>=!~?:,()]/y;
const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;
const numberAt = /[0-9][0-9A-Za-z@_#]*/y;
const spaceAt = /\s*/y;

interface Reference {
  readonly name: string;
  readonly subscript: string | undefined;
}
type Token = { readonly type: "number"; readonly value: Int } | { readonly type: "ref"; readonly ref: Reference } | { readonly type: "op"; readonly op: string } | { readonly type: "end" };
const endToken: Token = { type: "end" };

class Parser {
  private readonly text: string;
  private at = 0;
  private tokenStart = 0;
  private token: Token = endToken;

  constructor(text: string) {
    this.text = text;
    this.advance();
  }

  parse(): Compiled {
    if (this.token.type === "end") return () => 0;
    const result = this.comma();
    if (!this.atEnd()) this.fail("syntax error in expression");
    return result;
  }
  private fail(message: string): never {
    throw new ArithmeticError(`${message} (error token is "${this.text.slice(this.tokenStart)}")`);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
  private advance(): void {
    this.match(spaceAt);
    this.tokenStart = this.at;
    this.token = this.next();
  }
  private next(): Token {
    if (this.at >= this.text.length) return endToken;
    const digits = this.match(numberAt);
    if (digits !== undefined) return { type: "number", value: this.number(digits) };
    const name = this.match(nameAt);
    if (name !== undefined) return { type: "ref", ref: { name, subscript: this.subscript() } };
    const op = this.match(operatorAt);
    if (op === undefined) this.fail("syntax error: operand expected");
    return { type: "op", op };
  }
  private number(digits: string): Int {
    const tooGreat = (): never => this.fail("value too great for base");
    const hash = digits.indexOf("#");
    if (hash > 0) {
      const base = Number(digits.slice(0, hash));
      if (!(base >= 2 && base <= 64)) this.fail("invalid arithmetic base");
      return parseDigits(digits.slice(hash + 1), base) ?? tooGreat();
    }
    if (/^0[xX]/.test(digits)) return parseDigits(digits.slice(2), 16) ?? tooGreat();
    if (digits.length > 1 && digits[0] === "0") return parseDigits(digits.slice(1), 8) ?? tooGreat();
    return parseDigits(digits, 10) ?? tooGreat();
  }
  private subscript(): string | undefined {
    if (this.text[this.at] !== "[") return undefined;
    let depth = 0;
    for (let i = this.at; i < this.text.length; i++) {
      if (this.text[i] === "[") depth++;
      else if (this.text[i] === "]" && --depth === 0) {
        const inside = this.text.slice(this.at + 1, i);
        this.at = i + 1;
        return inside;
      }
    }
    return this.fail("bad array subscript");
  }
  private atEnd(): boolean {
    return this.token.type === "end";
  }
  private operator(): string | undefined {
    return this.token.type === "op" ? this.token.op : undefined;
  }
  private isOp(op: string): boolean {
    return this.token.type === "op" && this.token.op === op;
  }

  private comma(): Compiled {
    let left = this.assignment();
    while (this.isOp(",")) {
      this.advance();
      const first = left;
      const second = this.assignment();
      left = (scope) => {
        first(scope);
        return second(scope);
      };
    }
    return left;
  }
  private assignment(): Compiled {
    if (this.token.type === "ref") {
      const { ref } = this.token;
      const back = { at: this.at, tokenStart: this.tokenStart, token: this.token };
      this.advance();
      const op = this.operator();
      if (op !== undefined && Object.hasOwn(assigning, op)) {
        const operate = assigning[op];
        this.advance();
        const value = this.assignment();
        return (scope) => {
          const before = operate === undefined ? 0 : scope.read(ref.name, ref.subscript);
          const given = value(scope);
          const result = operate === undefined ? given : operate(before, given);
          scope.write(ref.name, ref.subscript, result);
          return result;
        };
      }
      Object.assign(this, back);
    }
    return this.ternary();
  }
  private ternary(): Compiled {
    const test = this.logicalOr();
    if (!this.isOp("?")) return test;
    this.advance();
    const yes = this.comma();
    if (!this.isOp(":")) this.fail("`:' expected for conditional expression");
    this.advance();
    const no = this.assignment();
    return (scope) => (Number(test(scope)) !== 0 ? yes(scope) : no(scope));
  }
  private logicalOr(): Compiled {
    let left = this.logicalAnd();
    while (this.isOp("||")) {
      this.advance();
      const first = left;
      const second = this.logicalAnd();
      left = (scope) => truth(Number(first(scope)) !== 0 || Number(second(scope)) !== 0);
    }
    return left;
  }
  private logicalAnd(): Compiled {
    let left = this.infix(5);
    while (this.isOp("&&")) {
      this.advance();
      const first = left;
      const second = this.infix(5);
      left = (scope) => truth(Number(first(scope)) !== 0 && Number(second(scope)) !== 0);
    }
    return left;
  }
  private infix(strength: number): Compiled {
    let left = this.unary();
    for (;;) {
      const known = this.token.type === "op" && Object.hasOwn(infixes, this.token.op) ? infixes[this.token.op] : undefined;
      if (known === undefined || known[0] < strength) return left;
      const [power_, operate] = known;
      this.advance();
      const first = left;
      const second = this.infix(power_ === 13 ? 13 : power_ + 1);
      left = (scope) => operate(first(scope), second(scope));
    }
  }
  private unary(): Compiled {
    if (this.token.type === "op") {
      const { op } = this.token;
      if (op === "++" || op === "--") return this.prefixStep(op);
      if (op === "-" || op === "+" || op === "!" || op === "~") {
        this.advance();
        const operand = this.unary();
        if (op === "-") return (scope) => negate(operand(scope));
        if (op === "!") return (scope) => truth(Number(operand(scope)) === 0);
        if (op === "~") return (scope) => bitNot(operand(scope));
        return operand;
      }
    }
    return this.primary();
  }
  private prefixStep(op: string): Compiled {
    this.advance();
    const by = op === "++" ? 1 : -1;
    if (this.token.type !== "ref") {
      const operand = this.unary();
      return by === 1 ? operand : (scope) => operand(scope);
    }
    const { ref } = this.token;
    this.advance();
    return (scope) => {
      const value = add(scope.read(ref.name, ref.subscript), by);
      scope.write(ref.name, ref.subscript, value);
      return value;
    };
  }
  private primary(): Compiled {
    const { token } = this;
    if (token.type === "number") {
      this.advance();
      return () => token.value;
    }
    if (token.type === "ref") {
      const { ref } = token;
      this.advance();
      if (this.isOp("++") || this.isOp("--")) {
        const by = this.isOp("++") ? 1 : -1;
        this.advance();
        return (scope) => {
          const value = scope.read(ref.name, ref.subscript);
          scope.write(ref.name, ref.subscript, add(value, by));
          return value;
        };
      }
      return (scope) => scope.read(ref.name, ref.subscript);
    }
    if (token.type === "op" && token.op === "(") {
      this.advance();
      const inside = this.comma();
      if (!this.isOp(")")) this.fail("missing `)'");
      this.advance();
      return inside;
    }
    return this.fail(token.type === "end" ? "syntax error: operand expected" : "syntax error: operand expected");
  }
}

const kept = new Map<string, Compiled>();
const keptMax = 2000;

/** Compiles an expression; throws `ArithmeticError`. */
export const compileArithmetic = (text: string): Compiled => {
  let compiled = kept.get(text);
  if (compiled === undefined) {
    compiled = new Parser(text).parse();
    if (kept.size >= keptMax) kept.clear();
    kept.set(text, compiled);
  }
  return compiled;
};
