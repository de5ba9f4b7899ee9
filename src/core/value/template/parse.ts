/** Owns the tree of a Go template: actions, pipelines, control structures, named templates. Unknown functions are refused here. */
import { lexTemplate, literalText, TemplateError, type Token } from "./lex.ts";
import type { GoValue } from "./print.ts";

export type Arg =
  | { readonly type: "dot" }
  | { readonly type: "value"; readonly value: GoValue }
  | { readonly type: "field"; readonly names: readonly string[]; readonly at: number }
  | { readonly type: "variable"; readonly name: string; readonly names: readonly string[]; readonly at: number }
  | { readonly type: "function"; readonly name: string; readonly at: number }
  | { readonly type: "chain"; readonly of: Arg; readonly names: readonly string[]; readonly at: number }
  | { readonly type: "pipe"; readonly pipe: Pipe };
export interface Command {
  readonly args: readonly Arg[];
  readonly at: number;
}
export interface Pipe {
  readonly variables: readonly string[];
  readonly assign: boolean;
  readonly commands: readonly Command[];
  readonly at: number;
}
export interface Branch {
  readonly type: "if" | "with" | "range";
  readonly pipe: Pipe;
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}
export type TemplateNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "action"; readonly pipe: Pipe }
  | Branch
  | { readonly type: "template"; readonly name: string; readonly pipe?: Pipe; readonly at: number }
  | { readonly type: "break" | "continue" };
export interface Template {
  readonly root: readonly TemplateNode[];
  readonly named: ReadonlyMap<string, readonly TemplateNode[]>;
}
const depthMax = 100;

interface Reader {
  readonly tokens: readonly Token[];
  readonly knows: (name: string) => boolean;
  readonly named: Map<string, readonly TemplateNode[]>;
  next: number;
  depth: number;
  loops: number;
  variables: string[];
}
export const parseTemplate = (text: string, knows: (name: string) => boolean): Template => {
  const reader: Reader = { tokens: lexTemplate(text), knows, named: new Map(), next: 0, depth: 0, loops: 0, variables: ["$"] };
  const { nodes, stop } = list(reader);
  if (stop !== "end of file") throw new TemplateError(`unexpected {{${stop}}}`, peek(reader).at);
  return { root: nodes, named: reader.named };
};

const peek = (reader: Reader): Token => reader.tokens[reader.next]!;
const take = (reader: Reader): Token => {
  const token = reader.tokens[reader.next]!;
  if (token.type !== "end") reader.next += 1;
  return token;
};
const skipSpace = (reader: Reader): boolean => {
  const had = peek(reader).type === "space";
  while (peek(reader).type === "space") reader.next += 1;
  return had;
};
const unexpected = (token: Token, where: string): never => {
  throw new TemplateError(token.type === "end" ? "unexpected EOF" : `unexpected ${JSON.stringify(token.text)} in ${where}`, token.at);
};
const close = (reader: Reader, where: string): void => {
  skipSpace(reader);
  const token = take(reader);
  if (token.type !== "close") unexpected(token, where);
};

/** Nodes up to an `end`, `else` (whose action stays open) or the end of the text. */
const list = (reader: Reader): { readonly nodes: readonly TemplateNode[]; readonly stop: "end" | "else" | "end of file" } => {
  reader.depth += 1;
  if (reader.depth > depthMax) throw new TemplateError(`nested deeper than ${depthMax} levels`, peek(reader).at);
  const nodes: TemplateNode[] = [];
  for (;;) {
    const token = take(reader);
    if (token.type === "text") nodes.push({ type: "text", text: token.text });
    else if (token.type === "end") return done(reader, nodes, "end of file");
    else {
      skipSpace(reader);
      const word = peek(reader).type === "word" ? peek(reader).text : "";
      if (word === "end") {
        take(reader);
        close(reader, "end");
        return done(reader, nodes, "end");
      }
      if (word === "else") {
        take(reader);
        return done(reader, nodes, "else");
      }
      const node = action(reader, word);
      if (node !== undefined) nodes.push(node);
    }
  }
};
const done = <Stop extends string>(reader: Reader, nodes: readonly TemplateNode[], stop: Stop) => {
  reader.depth -= 1;
  return { nodes, stop };
};
const action = (reader: Reader, word: string): TemplateNode | undefined => {
  switch (word) {
    case "if":
    case "with":
    case "range":
      take(reader);
      return branch(reader, word);
    case "define":
      take(reader);
      define(reader);
      return undefined;
    case "block": {
      const at = take(reader).at;
      const name = quotedName(reader, "block clause");
      const value = pipeline(reader, "block clause");
      define(reader, name);
      return { type: "template", name, pipe: value, at };
    }
    case "template": {
      const at = take(reader).at;
      const name = quotedName(reader, "template clause");
      skipSpace(reader);
      if (peek(reader).type !== "close") return { type: "template", name, pipe: pipeline(reader, "template clause"), at };
      take(reader);
      return { type: "template", name, at };
    }
    case "break":
    case "continue":
      if (reader.loops === 0) throw new TemplateError(`{{${word}}} outside {{range}}`, peek(reader).at);
      take(reader);
      close(reader, word);
      return { type: word };
    default:
      return { type: "action", pipe: pipeline(reader, "command") };
  }
};
const quotedName = (reader: Reader, where: string): string => {
  skipSpace(reader);
  const token = take(reader);
  return token.type === "string" ? literalText(token.text) : unexpected(token, where);
};
const define = (reader: Reader, blockName?: string): void => {
  const name = blockName ?? quotedName(reader, "define clause");
  if (blockName === undefined) close(reader, "define clause");
  const outer = reader.variables;
  reader.variables = ["$"];
  const { nodes, stop } = list(reader);
  if (stop !== "end") throw new TemplateError(`unexpected {{${stop}}} in define clause`, peek(reader).at);
  reader.variables = outer;
  reader.named.set(name, nodes);
};
const branch = (reader: Reader, type: Branch["type"]): TemplateNode => {
  const mark = reader.variables.length;
  const pipe = pipeline(reader, type);
  if (type === "range") reader.loops += 1;
  const body = list(reader);
  if (type === "range") reader.loops -= 1;
  let otherwise: readonly TemplateNode[] = [];
  if (body.stop === "else") otherwise = elseList(reader, type);
  else if (body.stop !== "end") throw new TemplateError("unexpected EOF", peek(reader).at);
  reader.variables.length = mark;
  return { type, pipe, body: body.nodes, otherwise };
};
const elseList = (reader: Reader, type: Branch["type"]): readonly TemplateNode[] => {
  skipSpace(reader);
  const word = peek(reader);
  if (word.type === "word" && word.text === type && type !== "range") {
    take(reader);
    return [branch(reader, type)];
  }
  close(reader, "else");
  const rest = list(reader);
  if (rest.stop !== "end") throw new TemplateError(`expected end; found {{${rest.stop}}}`, peek(reader).at);
  return rest.nodes;
};

/** A pipeline up to `}}` or, inside parentheses, up to `)`; either is consumed. */
const pipeline = (reader: Reader, where: string, closing: "}}" | ")" = "}}"): Pipe => {
  skipSpace(reader);
  const at = peek(reader).at;
  const { variables, assign } = declarations(reader, where);
  const commands: Command[] = [];
  for (;;) {
    skipSpace(reader);
    const token = peek(reader);
    if ((token.type === "close" && closing === "}}") || (token.text === ")" && token.type === "punctuation" && closing === ")")) {
      take(reader);
      break;
    }
    commands.push(command(reader, where));
    skipSpace(reader);
    if (peek(reader).text === "|" && peek(reader).type === "punctuation") {
      take(reader);
      skipSpace(reader);
      if (peek(reader).type === "close") throw new TemplateError(`missing value for ${where}`, at);
    }
  }
  if (commands.length === 0) throw new TemplateError(`missing value for ${where}`, at);
  checkStages(commands);
  if (!assign) reader.variables.push(...variables);
  return { variables, assign, commands, at };
};
const checkStages = (commands: readonly Command[]): void => {
  commands.slice(1).forEach((item, i) => {
    if (item.args[0]!.type === "value" || item.args[0]!.type === "dot") throw new TemplateError(`non executable command in pipeline stage ${i + 2}`, item.at);
  });
};
const declarations = (reader: Reader, where: string): { readonly variables: readonly string[]; readonly assign: boolean } => {
  const start = reader.next;
  const variables: string[] = [];
  while (peek(reader).type === "variable") {
    variables.push(take(reader).text);
    skipSpace(reader);
    const mark = peek(reader);
    if (mark.type === "punctuation" && (mark.text === ":=" || mark.text === "=")) {
      take(reader);
      if (mark.text === "=") for (const name of variables) known(reader, name, mark.at);
      return { variables, assign: mark.text === "=" };
    }
    if (!(mark.type === "punctuation" && mark.text === "," && where === "range" && variables.length === 1)) break;
    take(reader);
    skipSpace(reader);
  }
  reader.next = start;
  return { variables: [], assign: false };
};
const known = (reader: Reader, name: string, at: number): void => {
  if (!reader.variables.includes(name)) throw new TemplateError(`undefined variable ${JSON.stringify(name)}`, at);
};

const command = (reader: Reader, where: string): Command => {
  const args: Arg[] = [];
  const at = peek(reader).at;
  for (;;) {
    skipSpace(reader);
    const token = peek(reader);
    if (token.type === "close" || token.type === "end" || (token.type === "punctuation" && token.text !== "(")) break;
    args.push(operand(reader, where));
    const after = peek(reader);
    if (after.type !== "space" && after.type !== "close" && after.type !== "end" && !(after.type === "punctuation" && (after.text === "|" || after.text === ")"))) unexpected(after, "operand");
  }
  if (args.length === 0) unexpected(peek(reader), where);
  return { args, at };
};
const operand = (reader: Reader, where: string): Arg => {
  const of = term(reader, where);
  const names: string[] = [];
  const at = peek(reader).at;
  while (peek(reader).type === "field") names.push(take(reader).text.slice(1));
  if (names.length === 0) return of;
  if (of.type === "field" || of.type === "variable") return { ...of, names: [...of.names, ...names] };
  if (of.type === "dot") return { type: "field", names, at };
  if (of.type === "value") throw new TemplateError(`unexpected . after term`, at);
  return { type: "chain", of, names, at };
};
const term = (reader: Reader, where: string): Arg => {
  const token = take(reader);
  switch (token.type) {
    case "dot":
      return { type: "dot" };
    case "field":
      return { type: "field", names: [token.text.slice(1)], at: token.at };
    case "variable":
      known(reader, token.text, token.at);
      return { type: "variable", name: token.text, names: [], at: token.at };
    case "string":
      return { type: "value", value: literalText(token.text) };
    case "char":
      return { type: "value", value: BigInt(literalText(token.text).codePointAt(0)!) };
    case "number":
      return { type: "value", value: numberOf(token) };
    case "word":
      return wordTerm(reader, token);
    case "punctuation":
      if (token.text === "(") {
        reader.depth += 1;
        if (reader.depth > depthMax) throw new TemplateError(`nested deeper than ${depthMax} levels`, token.at);
        const pipe = pipeline(reader, "parenthesized pipeline", ")");
        reader.depth -= 1;
        return { type: "pipe", pipe };
      }
      return unexpected(token, where);
    default:
      return unexpected(token, where);
  }
};
const wordTerm = (reader: Reader, token: Token): Arg => {
  if (token.text === "true" || token.text === "false") return { type: "value", value: token.text === "true" };
  if (token.text === "nil") return { type: "value", value: null };
  if (!reader.knows(token.text)) throw new TemplateError(`function ${JSON.stringify(token.text)} not defined`, token.at);
  return { type: "function", name: token.text, at: token.at };
};
const numberOf = (token: Token): GoValue => {
  const text = token.text.replaceAll("_", "");
  if (/^[+-]?(0[xXoObB][0-9a-fA-F]+|\d+)$/.test(text)) {
    const negative = text.startsWith("-"), digits = text.replace(/^[+-]/, "").toLowerCase();
    const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return negative ? -value : value;
  }
  const value = Number(text);
  if (Number.isNaN(value)) throw new TemplateError(`bad number syntax: ${JSON.stringify(token.text)}`, token.at);
  return value;
};
