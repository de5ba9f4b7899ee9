/** Owns the language of bc, run as it is read, line by line. The math library (-l) is computed with guard digits. */
import { Stop, type Run } from "../option/declare.ts";
import { applyOperator, tokenize } from "./bc-tokens.ts";
import { add, compare, integer, negate, parseDecimal, rescale, showDecimal, squareRoot, ZERO, type Decimal } from "./decimal.ts";
import { mathFunction } from "./series.ts";

interface BcFunction {
  readonly params: readonly string[];
  readonly autos: readonly string[];
  readonly from: number;
}
type Ending = "done" | "break" | "continue" | "return" | "quit";

export class Bc {
  private tokens: readonly string[] = [];
  private at = 0;
  private readonly vars = new Map<string, Decimal>();
  private readonly functions = new Map<string, BcFunction>();
  private readonly sources = new Map<string, readonly string[]>();
  private result = ZERO;
  private last = ZERO;
  private steps = 0;
  private readonly run: Run;
  private readonly library: boolean;

  constructor(run: Run, library: boolean) {
    this.run = run;
    this.library = library;
    this.vars.set("scale", integer(library ? 20 : 0));
    this.vars.set("ibase", integer(10));
    this.vars.set("obase", integer(10));
  }

  /** Runs a whole source; false after `quit`. */
  execute(source: string): boolean {
    this.tokens = tokenize(source);
    this.at = 0;
    while (this.at < this.tokens.length) {
      if (this.peek() === "\n" || this.peek() === ";") {
        this.at++;
        continue;
      }
      if (this.statement(true) === "quit") return false;
    }
    return true;
  }

  private get scale(): number {
    return Number(this.vars.get("scale")!.digits);
  }
  private peek(ahead = 0): string {
    return this.tokens[this.at + ahead] ?? "";
  }
  private accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.at++;
    return true;
  }
  private expect(text: string): void {
    if (!this.accept(text)) throw new Stop(1, "(standard_in) 1: syntax error");
  }
  private skipLines(): void {
    while (this.peek() === "\n") this.at++;
  }

  /** Moves past one statement without running it. */
  private skipStatement(): void {
    this.skipLines();
    if (this.accept("{")) {
      for (let depth = 1; depth > 0 && this.at < this.tokens.length; this.at++) depth += this.peek() === "{" ? 1 : this.peek() === "}" ? -1 : 0;
      return;
    }
    const word = this.peek();
    if (word === "if" || word === "while" || word === "for") {
      this.at++;
      this.skipParens();
      this.skipStatement();
      if (word === "if" && this.peek() === "else") {
        this.at++;
        this.skipStatement();
      }
      return;
    }
    while (this.at < this.tokens.length && ![";", "\n", "}"].includes(this.peek())) this.at++;
  }
  private skipParens(): void {
    let depth = 0;
    do {
      depth += this.peek() === "(" ? 1 : this.peek() === ")" ? -1 : 0;
      this.at++;
    } while (depth > 0 && this.at < this.tokens.length);
  }

  private block(): Ending {
    for (;;) {
      while (this.peek() === "\n" || this.peek() === ";") this.at++;
      if (this.accept("}")) return "done";
      if (this.at >= this.tokens.length) throw new Stop(1, "(standard_in) 1: syntax error");
      const ending = this.statement(true);
      if (ending !== "done") return ending;
    }
  }

  private statement(runs: boolean): Ending {
    if (!runs) {
      this.skipStatement();
      return "done";
    }
    if (++this.steps > 5_000_000) throw new Stop(1, "too many steps");
    this.skipLines();
    const word = this.peek();
    if (this.accept("{")) return this.block();
    if (word.startsWith('"')) {
      this.at++;
      this.run.out.text(word.slice(1, -1));
      return "done";
    }
    switch (word) {
      case "quit": case "halt": return "quit";
      case "break": case "continue": return (this.at++, word);
      case "print": return this.print();
      case "define": case "auto": return this.define();
      case "if": return this.branch();
      case "while": return this.loopWhile();
      case "for": return this.loopFor();
      case "return": {
        this.at++;
        this.result = [";", "\n", "}"].includes(this.peek()) ? ZERO : this.expression();
        return "return";
      }
    }
    const isAssignment = /^[a-z]/.test(word) && (/^([-+*/%^]?=)$/.test(this.peek(1)) || (this.peek(1) === "[" && this.assignsElement()));
    const value = this.expression();
    if (!isAssignment) {
      this.last = value;
      this.run.out.text(`${showDecimal(value, Number(this.vars.get("obase")!.digits))}\n`);
    }
    if (![";", "\n", "}", ""].includes(this.peek())) throw new Stop(1, "(standard_in) 1: syntax error");
    return "done";
  }

  private assignsElement(): boolean {
    let depth = 0;
    for (let i = this.at + 1; i < this.tokens.length; i++) {
      depth += this.tokens[i] === "[" ? 1 : this.tokens[i] === "]" ? -1 : 0;
      if (depth === 0) return /^([-+*/%^]?=)$/.test(this.tokens[i + 1] ?? "");
    }
    return false;
  }

  private print(): Ending {
    this.at++;
    do {
      const word = this.peek();
      if (word.startsWith('"')) {
        this.at++;
        this.run.out.text(word.slice(1, -1).replace(/\\n/g, "\n").replace(/\\t/g, "\t").replace(/\\\\/g, "\\").replace(/\\q/g, '"'));
      } else this.run.out.text(showDecimal(this.expression(), Number(this.vars.get("obase")!.digits)));
    } while (this.accept(","));
    return "done";
  }

  private names(end: string): string[] {
    const names: string[] = [];
    while (!this.accept(end)) {
      if (!this.accept(",")) names.push(this.tokens[this.at++] ?? "");
      if (this.at >= this.tokens.length) break;
    }
    return names;
  }

  private define(): Ending {
    this.at++;
    this.accept("void");
    const name = this.tokens[this.at++] ?? "";
    this.expect("(");
    const params = this.names(")");
    this.skipLines();
    const open = this.at;
    this.expect("{");
    while (this.peek() === "\n" || this.peek() === ";") this.at++;
    let autos: string[] = [];
    if (this.accept("auto")) {
      while (![";", "\n"].includes(this.peek())) autos.push(this.tokens[this.at++] ?? "");
      autos = autos.filter((one) => one !== ",");
    }
    this.functions.set(name, { params, autos, from: this.at });
    this.sources.set(name, this.tokens);
    this.at = open;
    this.skipStatement();
    return "done";
  }

  private branch(): Ending {
    this.at++;
    this.expect("(");
    const test = this.expression().digits !== 0n;
    this.expect(")");
    const ending = this.statement(test);
    const mark = this.at;
    while (this.peek() === "\n" || (this.peek() === ";" && this.peek(1) === "else")) this.at++;
    if (!this.accept("else")) {
      this.at = mark;
      return ending;
    }
    if (ending !== "done") return ending;
    return this.statement(!test);
  }

  private loopWhile(): Ending {
    this.at++;
    const start = this.at;
    for (;;) {
      this.at = start;
      this.expect("(");
      const test = this.expression().digits !== 0n;
      this.expect(")");
      const body = this.at;
      const ending = this.statement(test);
      if (test && (ending === "done" || ending === "continue")) continue;
      if (ending === "return" || ending === "quit") return ending;
      this.at = body;
      this.skipStatement();
      return "done";
    }
  }

  private loopFor(): Ending {
    this.at++;
    this.expect("(");
    if (this.peek() !== ";") this.expression();
    this.expect(";");
    const test = this.at;
    for (;;) {
      this.at = test;
      const holds = this.peek() === ";" ? true : this.expression().digits !== 0n;
      this.expect(";");
      const step = this.at;
      while (this.skipTo(")"));
      this.at++;
      const body = this.at;
      const ending = this.statement(holds);
      if (holds && (ending === "done" || ending === "continue")) {
        this.at = step;
        if (this.peek() !== ")") this.expression();
        continue;
      }
      if (ending === "return" || ending === "quit") return ending;
      this.at = body;
      this.skipStatement();
      return "done";
    }
  }
  /** Steps over balanced parentheses up to a closing one. */
  private skipTo(end: string): boolean {
    if (this.peek() === end || this.at >= this.tokens.length) return false;
    if (this.peek() === "(") this.skipParens();
    else this.at++;
    return true;
  }

  private expression(): Decimal {
    return this.or();
  }
  private truth(value: boolean): Decimal {
    return integer(value ? 1 : 0);
  }
  private or(): Decimal {
    let left = this.and();
    while (this.accept("||")) {
      const right = this.and();
      left = this.truth(left.digits !== 0n || right.digits !== 0n);
    }
    return left;
  }
  private and(): Decimal {
    let left = this.not();
    while (this.accept("&&")) {
      const right = this.not();
      left = this.truth(left.digits !== 0n && right.digits !== 0n);
    }
    return left;
  }
  private not(): Decimal {
    if (this.accept("!")) return this.truth(this.not().digits === 0n);
    return this.relation();
  }
  private relation(): Decimal {
    const left = this.sum();
    const op = this.peek();
    if (!["==", "<=", ">=", "!=", "<", ">"].includes(op)) return left;
    this.at++;
    const order = compare(left, this.sum());
    return this.truth({ "==": order === 0, "<=": order <= 0, ">=": order >= 0, "!=": order !== 0, "<": order < 0, ">": order > 0 }[op] ?? false);
  }
  private sum(): Decimal {
    let left = this.product();
    for (;;) {
      if (this.accept("+")) left = add(left, this.product());
      else if (this.accept("-")) left = add(left, negate(this.product()));
      else return left;
    }
  }
  private product(): Decimal {
    let left = this.unary();
    while (["*", "/", "%"].includes(this.peek())) left = applyOperator(this.tokens[this.at++]!, left, this.unary(), this.scale);
    return left;
  }
  private unary(): Decimal {
    if (this.accept("-")) return negate(this.unary());
    return this.power();
  }
  private power(): Decimal {
    const left = this.primary();
    return this.accept("^") ? applyOperator("^", left, this.unary(), this.scale) : left;
  }

  private primary(): Decimal {
    const token = this.tokens[this.at++] ?? "";
    if (token === "(") {
      const value = this.expression();
      this.expect(")");
      return value;
    }
    if (/^[0-9A-F.]/.test(token)) return parseDecimal(token, Number(this.vars.get("ibase")!.digits));
    if (token === "++" || token === "--") {
      const name = this.tokens[this.at++] ?? "";
      return this.assign(name, add(this.vars.get(name) ?? ZERO, integer(token === "++" ? 1 : -1)));
    }
    if (!/^[a-z]/.test(token)) throw new Stop(1, "(standard_in) 1: syntax error");
    if (this.peek() === "(") return this.call(token);
    let name = token;
    if (this.accept("[")) {
      name = `${token}[${rescale(this.expression(), 0).digits}]`;
      this.expect("]");
    }
    return this.variable(name);
  }

  private assign(name: string, value: Decimal): Decimal {
    this.vars.set(name, ["scale", "ibase", "obase"].includes(name) ? rescale(value, 0) : value);
    return value;
  }

  private variable(name: string): Decimal {
    const value = name === "last" ? this.last : (this.vars.get(name) ?? ZERO);
    const op = this.peek();
    if (op === "=") {
      this.at++;
      return this.assign(name, this.expression());
    }
    if (/^[-+*/%^]=$/.test(op)) {
      this.at++;
      return this.assign(name, applyOperator(op.charAt(0), value, this.expression(), this.scale));
    }
    if (op === "++" || op === "--") {
      this.at++;
      this.assign(name, add(value, integer(op === "++" ? 1 : -1)));
    }
    return value;
  }

  private call(name: string): Decimal {
    this.expect("(");
    const args: Decimal[] = [];
    while (!this.accept(")")) {
      args.push(this.expression());
      if (this.peek() !== ")") this.expect(",");
    }
    const [first = ZERO] = args;
    if (name === "sqrt") return squareRoot(first, this.scale);
    if (name === "length") return integer(Math.max(1, (first.digits < 0n ? -first.digits : first.digits).toString().length));
    if (name === "scale") return integer(first.scale);
    const own = this.functions.get(name);
    if (own !== undefined) return this.invoke(name, own, args);
    if (this.library && ["s", "c", "a", "l", "e"].includes(name)) return mathFunction(name, first, this.scale);
    throw new Stop(1, `Runtime error (func=(main), adr=0): Function ${name} not defined.`);
  }

  private invoke(name: string, { params, autos, from }: BcFunction, args: readonly Decimal[]): Decimal {
    const saved = [...params, ...autos].map((one) => [one, this.vars.get(one)] as const);
    params.forEach((param, i) => this.vars.set(param, args[i] ?? ZERO));
    autos.forEach((one) => this.vars.delete(one));
    const [tokens, at] = [this.tokens, this.at];
    this.tokens = this.sources.get(name)!;
    this.at = from;
    this.result = ZERO;
    this.block();
    const { result } = this;
    this.tokens = tokens;
    this.at = at;
    for (const [one, value] of saved) {
      if (value === undefined) this.vars.delete(one);
      else this.vars.set(one, value);
    }
    return result;
  }
}
