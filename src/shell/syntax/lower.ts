/** Owns the way from the parser's tree to ours: one function per construct, brace expansion and here-documents on the way. */
import type * as U from "unbash";
import { forEachChild, parse as parseScript } from "unbash";
import { expandBraces } from "./braces.ts";
import { findForeign } from "./dialect/foreign.ts";
import { findExtglob } from "./dialect/extglob.ts";
import { closingBracket, scanParam } from "./params.ts";
import type { Argument, ArrayElement, Assign, Dialect, List, Node, Program, Redirect, Statement, SyntaxFault, TestExpr, Word } from "./tree.ts";
import { makeWord, Scanner } from "./words.ts";
import type { Mark, ScanContext, TildeRule } from "./words.ts";

const mayNest = /[$<>]\(|`|\$\[/;

export class Lowering {
  readonly src: string;
  readonly dialect: Dialect;
  private readonly lineStarts: number[] = [0];
  private readonly firstLine: number;

  constructor(src: string, dialect: Dialect, firstLine: number) {
    this.src = src;
    this.dialect = dialect;
    this.firstLine = firstLine;
    for (let i = src.indexOf("\n"); i >= 0; i = src.indexOf("\n", i + 1)) this.lineStarts.push(i + 1);
  }

  lineOf(pos: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lineStarts[middle] as number) <= pos) low = middle;
      else high = middle - 1;
    }
    return low + this.firstLine;
  }

  // ── scripts ──

  /** Statements by the lines they stand on, up to the group that a fault touches. */
  program(script: U.ParsedScript): Program {
    const failed = this.firstFault(script);
    const groups = this.groupByLine(script.commands);
    let count = groups.findIndex((group) => {
      const end = (group[group.length - 1] as U.Statement).end;
      return failed !== undefined && (end >= failed.pos || this.lineOf(end) >= failed.fault.line);
    });
    if (count < 0) {
      count = groups.length;
      // Something is missing at the end: from the last statement, though it seems to have ended before.
      if (failed !== undefined && /^expected/.test(failed.fault.message)) count = Math.max(count - 1, 0);
    }
    const kept = groups.slice(0, count);
    const ranges = kept.map((group) => [(group[0] as U.Statement).pos, (group[group.length - 1] as U.Statement).end] as const);
    const extglobLines = kept.map((group) => {
      const pos = findExtglob(group, this.src);
      return pos === undefined ? undefined : this.lineOf(pos);
    });
    return { groups: kept.map((group): List => this.list(group)), ranges, error: failed?.fault, extglobLines };
  }
  private groupByLine(commands: readonly U.Statement[]): U.Statement[][] {
    const groups: U.Statement[][] = [];
    let lastLine = -1;
    for (const statement of commands) {
      const line = this.lineOf(statement.pos);
      if (line <= lastLine) (groups[groups.length - 1] as U.Statement[]).push(statement);
      else groups.push([statement]);
      lastLine = Math.max(lastLine, this.lineOf(Math.max(statement.end - 1, statement.pos)));
    }
    return groups;
  }
  private firstFault(script: U.ParsedScript): { fault: SyntaxFault; pos: number } | undefined {
    let first: U.ParseError | undefined;
    for (const error of script.errors ?? []) if (first === undefined || error.pos < first.pos) first = error;
    const foreign = this.dialect === "sh" ? findForeign(script, this.src) : undefined;
    if (foreign !== undefined && (first === undefined || foreign.pos < first.pos)) first = foreign;
    if (first === undefined) return undefined;
    return { fault: { message: first.message, line: this.lineOf(first.pos) }, pos: first.pos };
  }

  // ── words ──

  private collectMarks(node: U.SyntaxNode, marks: Map<number, Mark>): void {
    const visit = (child: U.SyntaxNode): void => {
      if (child.type === "CommandExpansion" || child.type === "ArithmeticCommandExpansion" || child.type === "ProcessSubstitution") {
        const kind = child.type === "ProcessSubstitution" ? "process" : "command";
        marks.set(child.pos, { kind, end: child.end, body: this.lazyBody(child) });
        return;
      }
      if (child.type === "ArithmeticExpansion") marks.set(child.pos, { kind: "arithmetic", end: child.end, body: noBody });
      forEachChild(child, visit);
    };
    visit(node);
  }
  private lazyBody(part: { readonly script: U.ParsedScript | undefined; readonly pos: number }): Mark["body"] {
    let program: ReturnType<Mark["body"]> | undefined;
    return () => {
      if (program === undefined) {
        const script = part.script ?? parseScript("");
        const decoded = (script as U.Script).source;
        const inside = decoded === undefined ? this : new Lowering(decoded, this.dialect, this.lineOf(part.pos));
        program = inside.program(script);
      }
      return program;
    };
  }
  context(node: U.SyntaxNode, text: string): ScanContext {
    if (!mayNest.test(text)) return { dialect: this.dialect, marks: noMarks, param: scanParam };
    const marks = new Map<number, Mark>();
    this.collectMarks(node, marks);
    return { dialect: this.dialect, marks, param: scanParam };
  }

  word(node: U.SyntaxNode & { readonly pos: number; readonly end: number }, tilde: TildeRule = "start"): Word {
    const text = this.src.slice(node.pos, node.end);
    return makeWord(text, new Scanner(this.src, node.pos, node.end, this.context(node, text)).unquoted("", tilde));
  }
  arithmetic(node: U.SyntaxNode & { readonly pos: number; readonly end: number }): Word {
    const text = this.src.slice(node.pos, node.end);
    return makeWord(text, new Scanner(this.src, node.pos, node.end, this.context(node, text)).quoted("arithmetic"));
  }
  /** The words one written word stands for: braces are expanded here, as text. */
  words(node: U.Word, tilde: TildeRule = "start"): Word[] {
    const texts = this.dialect === "bash" ? expandBraces(this.src.slice(node.pos, node.end)) : undefined;
    if (texts === undefined) return [this.word(node, tilde)];
    return texts.map((text) => wordFromText(text, this.dialect, tilde, this.lineOf(node.pos)));
  }

  // ── assignments and redirections ──

  private element(node: U.Word): ArrayElement[] {
    const text = this.src.slice(node.pos, node.end);
    const close = text[0] === "[" ? closingBracket(this.src, node.pos, node.end) : -1;
    const append = close >= 0 && this.src.startsWith("+=", close + 1);
    if (close < 0 || !(append || this.src[close + 1] === "=")) {
      return this.words(node).map((value) => ({ index: undefined, append: false, value }));
    }
    const context = this.context(node, text);
    const index = new Scanner(this.src, node.pos + 1, close, context).unquoted("", "none");
    const from = close + (append ? 3 : 2);
    const value = new Scanner(this.src, from, node.end, context).unquoted("", "assign");
    return [
      {
        index: makeWord(this.src.slice(node.pos + 1, close), index),
        append,
        value: makeWord(this.src.slice(from, node.end), value),
      },
    ];
  }
  assign(node: U.Assignment): Assign {
    const base = {
      name: node.name,
      append: node.append === true,
      index: node.index === undefined ? undefined : this.word(node.index, "none"),
      text: this.src.slice(node.pos, node.end),
    };
    if (node.value.type === "ArrayValue") return { ...base, value: undefined, elements: node.value.elements.flatMap((e) => this.element(e)) };
    return { ...base, value: this.word(node.value, "assign"), elements: undefined };
  }
  private argument(node: U.CommandArgument): Argument[] {
    if (node.type === "Assignment") return [this.assign(node)];
    const text = this.src.slice(node.pos, node.end);
    return this.words(node, this.dialect === "bash" && /^[A-Za-z_]\w*=/.test(text) ? "assign" : "start");
  }

  redirect(node: U.Redirection): Redirect {
    const fd = node.descriptor?.type === "FileDescriptor" ? node.descriptor.value : undefined;
    const fdVariable = node.descriptor?.type === "FileDescriptorVariable" ? node.descriptor.name : undefined;
    if (node.type === "HereDoc") return { operator: "<<", fd, fdVariable, target: this.hereDocument(node) };
    const target = node.target === undefined ? makeWord("", []) : this.word(node.target);
    return { operator: node.operator, fd, fdVariable, target };
  }
  private hereDocument(node: U.HereDoc): Word {
    const { body } = node;
    const strip = node.operator === "<<-";
    const raw = this.src.slice(body.pos, body.end);
    if (node.delimiter?.quoted === true) {
      return makeWord(raw, [{ type: "text", text: strip ? raw.replace(/^\t+/gm, "") : raw, quoted: true }]);
    }
    if (strip && /^\t/m.test(raw)) {
      const text = raw.replace(/^\t+/gm, "");
      const nested = new Lowering(`: <<EOF_\n${text}\nEOF_\n`, this.dialect, this.lineOf(body.pos));
      const command = parseScript(nested.src).commands[0]?.command as U.Command;
      const inner = (command.suffix[0] as U.HereDoc).body;
      const scanner = new Scanner(nested.src, inner.pos, inner.pos + text.length, nested.context(inner, text));
      return makeWord(text, scanner.quoted("doc"));
    }
    return makeWord(raw, new Scanner(this.src, body.pos, body.end, this.context(body, raw)).quoted("doc"));
  }

  // ── commands ──

  list(node: U.CompoundList | readonly U.Statement[]): List {
    const statements = "commands" in node ? node.commands : node;
    return statements.map((statement) => this.statement(statement));
  }
  statement(node: U.Statement): Statement {
    return {
      command: this.node(node.command),
      background: node.background === true,
      line: this.lineOf(node.pos),
      text: this.src.slice(node.pos, node.end),
    };
  }
  node(node: U.PipelineNode | U.AndOr | U.CompoundList): Node {
    const line = this.lineOf(node.pos);
    switch (node.type) {
      case "Command":
        return this.simple(node, line);
      case "Pipeline":
        return this.pipeline(node, line);
      case "AndOr":
        return { type: "and-or", line, commands: node.commands.map((c) => this.node(c)), operators: node.operators };
      case "Redirected":
        return { type: "redirected", line, command: this.node(node.command), redirects: node.redirects.map((r) => this.redirect(r)) };
      case "Function":
        return {
          type: "function",
          line,
          name: this.src.slice(node.name.pos, node.name.end),
          body: this.node(node.body),
          text: this.src.slice(node.body.pos, node.body.end),
        };
      case "Coproc": {
        if (this.dialect === "sh") return this.unknown("coproc", node, line);
        const name = node.name === undefined ? "COPROC" : this.src.slice(node.name.pos, node.name.end);
        return { type: "coproc", line, name, body: this.node(node.body) };
      }
      case "CompoundList":
        return { type: "group", line, body: this.list(node) };
      default:
        return this.compound(node, line);
    }
  }
  private compound(node: U.CompoundCommand, line: number): Node {
    switch (node.type) {
      case "If": {
        const branches = [node, ...node.elif].map((b) => ({ test: this.list(b.clause), body: this.list(b.then) }));
        return { type: "if", line, branches, otherwise: node.else === undefined ? undefined : this.list(node.else) };
      }
      case "For":
      case "Select": {
        const words = node.wordlist?.flatMap((w) => this.words(w));
        const name = this.src.slice(node.name.pos, node.name.end);
        const head = this.src.slice(node.pos, node.body.pos).replace(/[\s;]*(?:do|\{)?\s*$/, "");
        return { type: node.type === "For" ? "for" : "select", line, text: head, name, words, body: this.list(node.body) };
      }
      case "While":
        return { type: "while", line, until: node.kind === "until", test: this.list(node.clause), body: this.list(node.body) };
      case "Subshell":
        return { type: "subshell", line, body: this.list(node.body) };
      case "BraceGroup":
        return { type: "group", line, body: this.list(node.body) };
      case "Case":
        return {
          type: "case",
          line,
          text: `case ${this.src.slice(node.word.pos, node.word.end)} in `,
          word: this.word(node.word),
          items: node.items.map((item) => ({
            patterns: item.pattern.map((p) => this.word(p)),
            body: this.list(item.body),
            next: item.terminator ?? ";;",
          })),
        };
      case "TestCommand":
        if (this.dialect === "sh") return this.unknown("[[", node, line);
        return { type: "test", line, expression: this.test(node.expression), text: this.src.slice(node.pos, node.end) };
      case "ArithmeticCommand":
        return this.arithmeticCommand(node, line);
      case "ArithmeticFor": {
        const part = (e: U.ArithmeticExpression | undefined): Word | undefined => (e === undefined ? undefined : this.arithmetic(e));
        return { type: "arith-for", line, init: part(node.initialize), test: part(node.test), update: part(node.update), body: this.list(node.body) };
      }
    }
  }
  /** What only bash knows as a keyword is to sh a command that does not exist. */
  private unknown(name: string, node: { readonly pos: number; readonly end: number }, line: number): Node {
    return { type: "simple", line, assigns: [], words: [makeWord(name, [{ type: "text", text: name, quoted: true }])], redirects: [], text: this.src.slice(node.pos, node.end) };
  }
  private arithmeticCommand(node: U.ArithmeticCommand, line: number): Node {
    if (this.dialect === "sh") {
      const inner = new Lowering(node.body, this.dialect, line).program(parseScript(node.body));
      return { type: "subshell", line, body: inner.groups.flat() };
    }
    const text = this.src.slice(node.pos, node.end);
    const from = node.pos + 2;
    const scanner = new Scanner(this.src, from, node.end - 2, this.context(node, text));
    return { type: "arith", line, expression: makeWord(text.slice(2, -2), scanner.quoted("arithmetic")), text };
  }
  private simple(node: U.Command, line: number): Node {
    const assigns: Assign[] = [];
    const words: Argument[] = [];
    const redirects: Redirect[] = [];
    for (const item of node.prefix) {
      if (item.type !== "Assignment") redirects.push(this.redirect(item));
      else if (this.dialect === "sh" && (words.length > 0 || item.append === true)) words.push(this.word(item));
      else assigns.push(this.assign(item));
    }
    if (node.name !== undefined) words.push(...this.words(node.name));
    for (const item of node.suffix) {
      if (item.type === "Word" || item.type === "Assignment") words.push(...this.argument(item));
      else redirects.push(this.redirect(item));
    }
    return { type: "simple", line, assigns, words, redirects, text: this.src.slice(node.pos, node.end) };
  }
  private pipeline(node: U.Pipeline, line: number): Node {
    const time = node.prefixes.find((p): p is U.Time => p.type === "Time");
    return {
      type: "pipeline",
      line,
      negate: node.prefixes.filter((p) => p.type === "Negation").length % 2 === 1,
      time: time === undefined ? undefined : time.posix === undefined ? "bash" : "posix",
      stages: node.commands.map((c) => this.node(c)),
      merge: node.operators.map((o) => o === "|&"),
    };
  }
  private test(node: U.TestExpression): TestExpr {
    switch (node.type) {
      case "TestUnary":
        return { type: "unary", operator: node.operator, operand: this.word(node.operand) };
      case "TestBinary":
        return { type: "binary", operator: node.operator, left: this.word(node.left), right: this.word(node.right) };
      case "TestLogical":
        return { type: "logical", operator: node.operator, operands: node.operands.map((o) => this.test(o)) };
      case "TestNot": {
        const operand = this.test(node.operand);
        return node.negations.length % 2 === 1 ? { type: "not", operand } : operand;
      }
      case "TestGroup":
        return this.test(node.expression);
    }
  }
}

const noMarks: ReadonlyMap<number, Mark> = new Map();
const noBody = (): never => {
  throw new TypeError("an arithmetic expansion has no body");
};

/** Reads one word out of text made at run time (brace alternatives, prompts). */
export const wordFromText = (text: string, dialect: Dialect, tilde: TildeRule, line: number): Word => {
  if (!mayNest.test(text)) return makeWord(text, new Scanner(text, 0, text.length, { dialect, marks: noMarks, param: scanParam }).unquoted("", tilde));
  const lowering = new Lowering(`: ${text}`, dialect, line);
  const command = parseScript(lowering.src).commands[0]?.command as U.Command;
  const marks = new Map<number, Mark>();
  for (const item of command.suffix) for (const [at, mark] of lowering.context(item, text).marks) marks.set(at, mark);
  const scanner = new Scanner(lowering.src, 2, lowering.src.length, { dialect, marks, param: scanParam });
  return makeWord(text, scanner.unquoted("", tilde));
};

/** Reads text as the inside of double quotes (arithmetic that comes from a value, prompts). */
export const quotedFromText = (text: string, dialect: Dialect, kind: "doc" | "arithmetic"): Word => {
  if (!mayNest.test(text)) return makeWord(text, new Scanner(text, 0, text.length, { dialect, marks: noMarks, param: scanParam }).quoted(kind));
  const lowering = new Lowering(`: <<EOF_\n${text}\nEOF_\n`, dialect, 1);
  const command = parseScript(lowering.src).commands[0]?.command as U.Command;
  const { body } = command.suffix[0] as U.HereDoc;
  const scanner = new Scanner(lowering.src, body.pos, body.pos + text.length, lowering.context(body, text));
  return makeWord(text, scanner.quoted(kind));
};
