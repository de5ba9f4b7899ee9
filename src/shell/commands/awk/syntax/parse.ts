/** Owns reading awk programs: rules, functions and statements. Expressions are read in `expression.ts`. */
import { ExpressionReader } from "./expression.ts";
import { tokenize } from "./lexer.ts";
import type { AwkExpr, AwkFunction, AwkProgram, AwkRule, AwkStatement } from "./tree.ts";

class ProgramReader extends ExpressionReader {
  private readonly functions = new Map<string, AwkFunction>();

  program(): AwkProgram {
    const begin: AwkStatement[] = [];
    const end: AwkStatement[] = [];
    const rules: AwkRule[] = [];
    for (;;) {
      this.skipEnds();
      if (this.peek().type === "end") return { begin, end, rules, functions: this.functions };
      if (this.accept("keyword", "BEGIN")) begin.push(this.action());
      else if (this.accept("keyword", "END")) end.push(this.action());
      else if (this.accept("keyword", "function")) this.functionItem();
      else rules.push(this.rule());
    }
  }

  private skipEnds(): void {
    while (this.peek().type === "newline" || this.isOp(";")) this.advance();
  }

  private skipNewlines(): void {
    while (this.peek().type === "newline") this.advance();
  }

  private rule(): AwkRule {
    if (this.isOp("{")) return { pattern: undefined, until: undefined, action: this.action() };
    const pattern = this.expr();
    let until: AwkExpr | undefined;
    if (this.accept("op", ",")) {
      this.skipNewlines();
      until = this.expr();
    }
    return { pattern, until, action: this.isOp("{") ? this.action() : undefined };
  }

  private functionItem(): void {
    const name = this.advance().text;
    this.expectOp("(");
    const params: string[] = [];
    while (!this.isOp(")")) {
      params.push(this.advance().text);
      if (!this.accept("op", ",")) break;
      this.skipNewlines();
    }
    this.expectOp(")");
    this.skipNewlines();
    this.functions.set(name, { name, params, body: this.action() });
  }

  private action(): AwkStatement {
    this.skipNewlines();
    this.expectOp("{");
    const body: AwkStatement[] = [];
    for (;;) {
      this.skipEnds();
      if (this.accept("op", "}")) return { type: "block", body };
      if (this.peek().type === "end") this.fail("missing } near end of file");
      body.push(this.statement());
    }
  }

  private simpleEnd(): void {
    if (this.isOp("}")) return;
    if (this.peek().type === "newline" || this.isOp(";")) return void this.advance();
    if (this.peek().type !== "end") this.unexpected();
  }

  private body(): AwkStatement {
    this.skipNewlines();
    if (this.accept("op", ";")) return { type: "block", body: [] };
    return this.statement();
  }

  private statement(): AwkStatement {
    if (this.isOp("{")) return this.action();
    const token = this.peek();
    if (token.type === "keyword") {
      switch (token.text) {
        case "if": return this.ifStatement();
        case "while": {
          this.advance();
          const test = this.parenthesised();
          if (this.accept("op", ";")) return { type: "while", test, body: { type: "block", body: [] } };
          return { type: "while", test, body: this.body() };
        }
        case "do": return this.doStatement();
        case "for": return this.forStatement();
      }
    }
    const statement = this.simple();
    this.simpleEnd();
    return statement;
  }

  private parenthesised(): AwkExpr {
    this.expectOp("(");
    const value = this.expr();
    this.expectOp(")");
    return value;
  }

  private ifStatement(): AwkStatement {
    this.advance();
    const test = this.parenthesised();
    const yes = this.body();
    const mark = this.mark();
    this.skipEnds();
    if (this.accept("keyword", "else")) return { type: "if", test, yes, no: this.body() };
    this.reset(mark);
    return { type: "if", test, yes, no: undefined };
  }

  private doStatement(): AwkStatement {
    this.advance();
    const body = this.body();
    this.skipEnds();
    if (!this.accept("keyword", "while")) this.unexpected();
    const test = this.parenthesised();
    this.simpleEnd();
    return { type: "do", test, body };
  }

  private forStatement(): AwkStatement {
    this.advance();
    this.expectOp("(");
    const mark = this.mark();
    const [name, word, array] = [this.advance(), this.advance(), this.advance()];
    if (name.type === "name" && word.text === "in" && array.type === "name" && this.accept("op", ")")) return { type: "each", name: name.text, array: array.text, body: this.body() };
    this.reset(mark);
    const start = this.isOp(";") ? undefined : this.simple();
    this.expectOp(";");
    this.skipNewlines();
    const test = this.isOp(";") ? undefined : this.expr();
    this.expectOp(";");
    this.skipNewlines();
    const step = this.isOp(")") ? undefined : this.simple();
    this.expectOp(")");
    if (this.accept("op", ";")) return { type: "for", start, test, step, body: { type: "block", body: [] } };
    return { type: "for", start, test, step, body: this.body() };
  }

  private simple(): AwkStatement {
    const token = this.peek();
    if (token.type !== "keyword" || token.text === "getline") return { type: "expr", value: this.expr() };
    this.advance();
    switch (token.text) {
      case "print":
      case "printf": return this.printStatement(token.text);
      case "next":
      case "nextfile":
      case "break":
      case "continue": return { type: token.text };
      case "exit":
      case "return": return { type: token.text, value: this.startsExpression() ? this.expr() : undefined };
      case "delete": {
        const name = this.advance().text;
        return { type: "delete", name, keys: this.accept("op", "[") ? this.subscript() : undefined };
      }
    }
    return this.unexpected();
  }

  private startsExpression(): boolean {
    const token = this.peek();
    return token.type !== "newline" && token.type !== "end" && !(token.type === "op" && (token.text === ";" || token.text === "}"));
  }

  private printStatement(type: "print" | "printf"): AwkStatement {
    let args: readonly AwkExpr[] = [];
    if (this.startsExpression() && !this.isOp(">") && !this.isOp("|") && !this.isOp(">>")) {
      this.noGreater = true;
      args = this.exprList();
      this.noGreater = false;
      const only = args[0];
      if (args.length === 1 && only?.type === "group" && only.items.length > 1) args = only.items;
    }
    for (const how of [">>", ">", "|"] as const) {
      if (!this.accept("op", how)) continue;
      return { type, args, redirect: { how, to: this.concatenation() } };
    }
    return { type, args, redirect: undefined };
  }
}

export const parseAwk = (source: string): AwkProgram => new ProgramReader(tokenize(source)).program();
