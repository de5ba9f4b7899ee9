/** Owns reading awk expressions, by precedence. */
import { Stop } from "../../option/declare.ts";
import type { Token } from "./lexer.ts";
import type { AwkExpr, AwkTarget } from "./tree.ts";

const ASSIGN = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^="]);
const COMPARE = new Set(["<", "<=", "==", "!=", ">", ">="]);

const isTarget = (expr: AwkExpr): expr is AwkTarget => expr.type === "var" || expr.type === "field" || expr.type === "element";

export class ExpressionReader {
  /** Inside print without parentheses ">" redirects. */
  protected noGreater = false;
  private noIn = false;
  private at = 0;
  private readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  protected peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }
  protected advance(): Token {
    const token = this.peek();
    this.at++;
    return token;
  }
  protected mark(): number {
    return this.at;
  }
  protected reset(mark: number): void {
    this.at = mark;
  }
  protected isOp(text: string): boolean {
    return this.peek().type === "op" && this.peek().text === text;
  }
  protected accept(type: Token["type"], text: string): boolean {
    if (this.peek().type !== type || this.peek().text !== text) return false;
    this.at++;
    return true;
  }
  protected expectOp(text: string): void {
    if (!this.accept("op", text)) this.unexpected();
  }
  protected fail(message: string): never {
    throw new Stop(2, `line ${this.peek().line}: ${message}`);
  }
  protected unexpected(): never {
    const token = this.peek();
    return this.fail(token.type === "end" ? "syntax error at or near end of file" : `syntax error at or near ${token.type === "newline" ? "end of line" : token.text}`);
  }

  private skipLines(): void {
    while (this.peek().type === "newline") this.at++;
  }

  protected exprList(): readonly AwkExpr[] {
    const items = [this.expr()];
    while (this.accept("op", ",")) {
      this.skipLines();
      items.push(this.expr());
    }
    return items;
  }

  protected subscript(): readonly AwkExpr[] {
    const keys = this.inside(() => this.exprList());
    this.expectOp("]");
    return keys;
  }

  /** Inside brackets ">" and "in" have their plain meaning again. */
  private inside<T>(read: () => T): T {
    const [greater, within] = [this.noGreater, this.noIn];
    this.noGreater = false;
    this.noIn = false;
    const result = read();
    this.noGreater = greater;
    this.noIn = within;
    return result;
  }

  expr(): AwkExpr {
    const left = this.ternary();
    if (this.peek().type !== "op" || !ASSIGN.has(this.peek().text) || !isTarget(left)) return left;
    const op = this.advance().text;
    this.skipLines();
    return { type: "assign", op, target: left, value: this.expr() };
  }

  private ternary(): AwkExpr {
    const test = this.or();
    if (!this.accept("op", "?")) return test;
    this.skipLines();
    const yes = this.expr();
    this.skipLines();
    this.expectOp(":");
    this.skipLines();
    return { type: "choose", test, yes, no: this.expr() };
  }

  private or(): AwkExpr {
    let left = this.and();
    while (this.accept("op", "||")) {
      this.skipLines();
      left = { type: "or", left, right: this.and() };
    }
    return left;
  }

  private and(): AwkExpr {
    let left = this.membership();
    while (this.accept("op", "&&")) {
      this.skipLines();
      left = { type: "and", left, right: this.membership() };
    }
    return left;
  }

  private membership(): AwkExpr {
    let left = this.matching();
    while (this.peek().type === "keyword" && this.peek().text === "in" && !this.noIn) {
      this.at++;
      const name = this.advance().text;
      left = { type: "in", keys: left.type === "group" ? left.items : [left], name };
    }
    return left;
  }

  private matching(): AwkExpr {
    let left = this.comparison();
    for (;;) {
      const negated = this.isOp("!") && this.peek(1).text === "~" && this.peek(1).type === "op";
      if (negated) this.at += 2;
      else if (!this.accept("op", "~")) return left;
      left = { type: "match", negated, left, right: this.comparison() };
    }
  }

  private comparison(): AwkExpr {
    let left = this.concatenation();
    for (;;) {
      const token = this.peek();
      if (token.type === "op" && COMPARE.has(token.text) && !(token.text === ">" && this.noGreater)) {
        this.at++;
        left = { type: "binary", op: token.text, left, right: this.concatenation() };
      } else if (token.type === "op" && token.text === "|" && this.peek(1).text === "getline") {
        this.at += 2;
        left = { type: "getline", from: "command", source: left, target: this.getlineTarget() };
      } else return left;
    }
  }

  /** What may begin the right side of a concatenation. */
  private startsOperand(): boolean {
    const token = this.peek();
    if (["number", "string", "name", "call", "builtin", "regex"].includes(token.type)) return true;
    if (token.type !== "op") return false;
    if (token.text === "!") return this.peek(1).text !== "~" && this.peek(1).text !== "=";
    return ["$", "(", "-", "+", "++", "--"].includes(token.text);
  }

  protected concatenation(): AwkExpr {
    let left = this.additive();
    while (this.startsOperand()) left = { type: "binary", op: " ", left, right: this.additive() };
    return left;
  }

  private additive(): AwkExpr {
    let left = this.multiplicative();
    while (this.isOp("+") || this.isOp("-")) left = { type: "binary", op: this.advance().text, left, right: this.multiplicative() };
    return left;
  }

  private multiplicative(): AwkExpr {
    let left = this.unary();
    while (this.isOp("*") || this.isOp("/") || this.isOp("%")) left = { type: "binary", op: this.advance().text, left, right: this.unary() };
    return left;
  }

  private unary(): AwkExpr {
    for (const op of ["!", "-", "+"] as const) {
      if (this.accept("op", op)) return { type: "unary", op, value: this.unary() };
    }
    return this.power();
  }

  private power(): AwkExpr {
    const left = this.postfix();
    if (!this.accept("op", "^")) return left;
    const right = this.isOp("-") || this.isOp("+") || this.isOp("!") ? this.unary() : this.power();
    return { type: "binary", op: "^", left, right };
  }

  private postfix(): AwkExpr {
    const value = this.primary();
    if (!isTarget(value)) return value;
    if (this.accept("op", "++")) return { type: "step", target: value, by: 1, prefix: false };
    if (this.accept("op", "--")) return { type: "step", target: value, by: -1, prefix: false };
    return value;
  }

  private target(): AwkTarget {
    const value = this.primary();
    return isTarget(value) ? value : this.unexpected();
  }

  private getlineTarget(): AwkTarget | undefined {
    const token = this.peek();
    return token.type === "name" || (token.type === "op" && token.text === "$") ? this.target() : undefined;
  }

  private primary(): AwkExpr {
    const token = this.advance();
    switch (token.type) {
      case "number": return { type: "number", value: Number(token.text) };
      case "string": return { type: "string", value: token.text };
      case "regex": return { type: "regex", source: token.text };
      case "call": return { type: "call", name: token.text, args: this.callArgs() };
      case "builtin": return this.builtin(token.text);
      case "name":
        if (this.accept("op", "[")) return { type: "element", name: token.text, keys: this.subscript() };
        return { type: "var", name: token.text };
      case "keyword": {
        if (token.text !== "getline") break;
        const target = this.getlineTarget();
        if (!this.accept("op", "<")) return { type: "getline", from: "main", source: undefined, target };
        return { type: "getline", from: "file", source: this.getlineSource(), target };
      }
      case "op": {
        const value = this.operator(token.text);
        if (value !== undefined) return value;
      }
    }
    this.at--;
    return this.unexpected();
  }

  private getlineSource(): AwkExpr {
    const value = this.primary();
    return value;
  }

  private operator(text: string): AwkExpr | undefined {
    if (text === "$") {
      if (this.accept("op", "++")) return { type: "field", index: { type: "step", target: this.target(), by: 1, prefix: true } };
      if (this.accept("op", "--")) return { type: "field", index: { type: "step", target: this.target(), by: -1, prefix: true } };
      if (this.accept("op", "-")) return { type: "field", index: { type: "unary", op: "-", value: this.primary() } };
      return { type: "field", index: this.primary() };
    }
    if (text === "(") {
      const items = this.inside(() => this.exprList());
      this.expectOp(")");
      return { type: "group", items };
    }
    if (text === "++") return { type: "step", target: this.target(), by: 1, prefix: true };
    if (text === "--") return { type: "step", target: this.target(), by: -1, prefix: true };
    if (text === "-") return { type: "unary", op: "-", value: this.unary() };
    if (text === "+") return { type: "unary", op: "+", value: this.unary() };
    if (text === "!") return { type: "unary", op: "!", value: this.unary() };
    return undefined;
  }

  private callArgs(): readonly AwkExpr[] {
    this.expectOp("(");
    this.skipLines();
    if (this.accept("op", ")")) return [];
    const args = this.inside(() => this.exprList());
    this.skipLines();
    this.expectOp(")");
    return args;
  }

  private builtin(name: string): AwkExpr {
    if (this.isOp("(")) return { type: "builtin", name, args: this.callArgs() };
    if (name !== "length") return this.unexpected();
    return { type: "builtin", name, args: [] };
  }
}
