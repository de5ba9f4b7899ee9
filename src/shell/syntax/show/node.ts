/** Owns how every kind of command is laid out, as bash's printer does it. */
import { parse as parseScript } from "unbash";
import type * as U from "unbash";
import { Layout } from "./layout.ts";
import { redirectText, testText, wordText } from "./word.ts";

/** A script in one line, as it stands inside `$(…)`. */
const inOneLine = (source: string): string => {
  const layout = new Layout(source, 0);
  const { commands } = parseScript(source);
  showStatements(layout, commands);
  layout.flush();
  return layout.text;
};
const word = (layout: Layout) => (node: U.Word | U.Assignment): string => wordText(layout, node, inOneLine);
const showRedirects = (layout: Layout, redirects: readonly U.Redirection[]): void => {
  for (const redirect of redirects) layout.put(` ${redirectText(layout, redirect, word(layout))}`);
};
const showStatements = (layout: Layout, statements: readonly U.Statement[]): void => {
  for (const [i, statement] of statements.entries()) {
    showNode(layout, statement.command);
    const isLast = i === statements.length - 1;
    if (statement.background === true) {
      layout.flush(" &");
      layout.put(layout.text.endsWith("\n") ? "" : " &");
      if (isLast) continue;
      layout.put(" ");
      layout.skip();
    } else if (!isLast) layout.between();
  }
};

/** "do", the body one step deeper, "done". */
const showLoopBody = (layout: Layout, body: U.CompoundList): void => {
  layout.deeper(() => showNode(layout, body));
  layout.flush();
  layout.semicolon();
  layout.line("done");
};
const showFor = (layout: Layout, node: U.For | U.Select): void => {
  const words = node.wordlist === undefined ? '"$@"' : node.wordlist.map(word(layout)).join(" ");
  layout.put(`${node.type === "For" ? "for" : "select"} ${layout.slice(node.name)} in ${words};`);
  layout.line("do\n");
  showLoopBody(layout, node.body);
};
const showArithmeticFor = (layout: Layout, node: U.ArithmeticFor): void => {
  const part = (expression: U.ArithmeticExpression | undefined): string => (expression === undefined ? "1" : layout.slice(expression));
  layout.put(`for ((${[node.initialize, node.test, node.update].map(part).join("; ")}))`);
  layout.line("do\n");
  showLoopBody(layout, node.body);
};
const showWhile = (layout: Layout, node: U.While): void => {
  layout.put(`${node.kind} `);
  layout.skip();
  showNode(layout, node.clause);
  layout.flush();
  layout.semicolon();
  layout.put(" do\n");
  showLoopBody(layout, node.body);
};
interface Branch {
  readonly clause: U.CompoundList;
  readonly then: U.CompoundList;
}
const showIf = (layout: Layout, [first, ...rest]: readonly Branch[], otherwise: U.CompoundList | undefined): void => {
  if (first === undefined) return;
  layout.put("if ");
  layout.skip();
  showNode(layout, first.clause);
  layout.semicolon();
  layout.put(" then\n");
  layout.deeper(() => showNode(layout, first.then));
  layout.flush();
  if (rest.length > 0 || otherwise !== undefined) {
    layout.semicolon();
    layout.line("else\n");
    layout.deeper(() => {
      if (rest.length === 0) return showNode(layout, otherwise as U.CompoundList);
      layout.start();
      showIf(layout, rest, otherwise);
    });
    layout.flush();
  }
  layout.semicolon();
  layout.line("fi");
};
const showCase = (layout: Layout, node: U.Case): void => {
  layout.put(`case ${word(layout)(node.word)} in `);
  layout.deeper(() => {
    for (const item of node.items) {
      layout.line("");
      layout.put(`${item.pattern.map(word(layout)).join(" | ")})\n`);
      layout.deeper(() => showNode(layout, item.body));
      layout.flush();
      layout.line(item.terminator ?? ";;");
    }
  });
  layout.line("esac");
};
const showGroup = (layout: Layout, node: U.BraceGroup): void => {
  layout.put("{ ");
  const inside = layout.functions > 0;
  if (inside) {
    layout.put("\n");
    layout.deeper(() => showNode(layout, node.body));
    layout.flush();
    layout.line("}");
    return;
  }
  layout.skip();
  showNode(layout, node.body);
  if (!layout.flush()) layout.semicolon();
  layout.put(" }");
};
const showPipeline = (layout: Layout, node: U.Pipeline): void => {
  for (const prefix of node.prefixes) layout.put(prefix.type === "Negation" ? "! " : prefix.posix === undefined ? "time " : "time -p ");
  for (const [i, command] of node.commands.entries()) {
    layout.skip();
    showNode(layout, command);
    if (i === node.commands.length - 1) continue;
    const operator = `${node.operators[i] === "|&" ? " 2>&1" : ""} |`;
    layout.put(layout.flush(operator) ? "  " : `${operator} `);
  }
};
const showSimple = (layout: Layout, node: U.Command): void => {
  const words = [...node.prefix, ...(node.name === undefined ? [] : [node.name]), ...node.suffix].filter((item) => item.type === "Word" || item.type === "Assignment");
  layout.put(words.map(word(layout)).join(" "));
  const before = layout.text;
  showRedirects(layout, node.redirects);
  if (words.length === 0) layout.text = before + layout.text.slice(before.length).replace(/^ /, "");
};
const showAndOr = (layout: Layout, node: U.AndOr): void => {
  for (const [i, command] of node.commands.entries()) {
    layout.skip();
    showNode(layout, command);
    if (i === node.commands.length - 1) continue;
    const operator = node.operators[i] as string;
    if (!layout.flush(` ${operator}`)) layout.put(` ${operator} `);
  }
};

/** Lays out a command, or the commands of a list. */
export const showNode = (layout: Layout, node: U.SyntaxNode): void => {
  if (node.type === "CompoundList") return showStatements(layout, node.commands);
  if (node.type === "Redirected") {
    if (node.command.pos >= 0) showNode(layout, node.command);
    return showRedirects(layout, node.redirects);
  }
  layout.start();
  switch (node.type) {
    case "Command":
      return showSimple(layout, node);
    case "Pipeline":
      return showPipeline(layout, node);
    case "AndOr":
      return showAndOr(layout, node);
    case "If":
      return showIf(layout, [node, ...node.elif], node.else);
    case "For":
    case "Select":
      return showFor(layout, node);
    case "ArithmeticFor":
      return showArithmeticFor(layout, node);
    case "While":
      return showWhile(layout, node);
    case "Case":
      return showCase(layout, node);
    case "BraceGroup":
      return showGroup(layout, node);
    case "Subshell":
      layout.put("( ");
      layout.skip();
      showNode(layout, node.body);
      layout.flush();
      return layout.put(" )");
    case "Function":
      return layout.function(`function ${layout.slice(node.name)}`, node.body, showNode);
    case "Coproc":
      layout.put(`coproc ${node.name === undefined ? "COPROC" : layout.slice(node.name)} `);
      layout.skip();
      return showNode(layout, node.body);
    case "TestCommand":
      return layout.put(`[[ ${testText(node.expression, word(layout))} ]]`);
    case "ArithmeticCommand":
      return layout.put(layout.slice(node));
  }
};
