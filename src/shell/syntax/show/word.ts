/** Owns how words, redirections and conditions are printed: as written, with `$'…'` read and `$(…)` laid out in one line. */
import { forEachChild } from "unbash";
import type * as U from "unbash";
import { singleQuote } from "../../expand/quote.ts";
import { decodeAnsi } from "../ansi.ts";
import type { Layout, Show } from "./layout.ts";

interface Change {
  readonly pos: number;
  readonly end: number;
  readonly text: string;
}

/** The text of a node with what bash rewrites when it reads it. */
export const wordText = (layout: Layout, node: U.SyntaxNode & { readonly pos: number; readonly end: number }, list: (source: string) => string): string => {
  const text = layout.slice(node);
  if (!/\$['(]/.test(text)) return text;
  const changes: Change[] = [];
  const visit = (child: U.SyntaxNode): void => {
    if (child.type === "AnsiCQuoted") changes.push({ pos: child.pos, end: child.end, text: singleQuote(decodeAnsi(layout.slice(child).slice(2, -1))) });
    else if (child.type === "CommandExpansion") {
      const inner = layout.slice(child);
      if (inner.startsWith("$(")) changes.push({ pos: child.pos, end: child.end, text: `$(${list(inner.slice(2, -1))})` });
    } else forEachChild(child, visit);
  };
  visit(node);
  let shown = text;
  for (const { pos, end, text: other } of changes.reverse()) shown = shown.slice(0, pos - node.pos) + other + shown.slice(end - node.pos);
  return shown;
};

const usual: Readonly<Record<string, number>> = { "<": 0, "<>": 1, "<<": 0, "<<-": 0, "<<<": 0, ">": 1, ">>": 1, ">|": 1 };
/** One redirection; here-documents leave their body for later. */
export const redirectText = (layout: Layout, node: U.Redirection, word: (node: U.Word) => string): string => {
  const { descriptor } = node;
  const variable = descriptor?.type === "FileDescriptorVariable" ? `{${descriptor.name}}` : undefined;
  const fd = descriptor?.type === "FileDescriptor" ? descriptor.value : undefined;
  if (node.type === "HereDoc") {
    layout.defer(node);
    const quoted = node.delimiter?.quoted === true;
    const end = node.delimiter === undefined ? "" : layout.slice(node.delimiter).replace(/['"\\]/g, "");
    return `${variable ?? (fd === undefined || fd === 0 ? "" : fd)}${node.operator}${quoted ? `'${end}'` : end}`;
  }
  const target = node.target === undefined ? "" : word(node.target);
  const operator = node.operator;
  if (operator === "<&" || operator === ">&") return `${variable ?? fd ?? (operator === "<&" ? 0 : 1)}${operator}${target}`;
  const shownFd = variable ?? (fd === undefined || fd === usual[operator] ? "" : String(fd));
  return `${shownFd}${operator} ${target}`;
};

/** What stands between `[[` and `]]`. */
export const testText = (node: U.TestExpression, word: (node: U.Word) => string, isBare = true): string => {
  switch (node.type) {
    case "TestUnary":
      return `${node.operator} ${word(node.operand)}`;
    case "TestBinary":
      return `${word(node.left)} ${node.operator} ${word(node.right)}`;
    case "TestLogical":
      return node.operands.map((operand) => testText(operand, word)).join(` ${node.operator} `);
    case "TestNot":
      return `${"! ".repeat(node.negations.length)}${testText(node.operand, word)}`;
    case "TestGroup":
      return isBare ? `( ${testText(node.expression, word)} )` : testText(node.expression, word);
  }
};
export type { Show };
