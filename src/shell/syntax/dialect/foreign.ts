/**
 * Owns what sh (dash) cannot read of bash: the parser reads both, so that a script for sh is looked through for the first thing that
 * dash stops at. The words are dash's.
 */
import { forEachChild, parse as parseScript } from "unbash";
import type * as U from "unbash";

export interface ForeignPart {
  readonly pos: number;
  readonly message: string;
}
const maybe = /\(|<<<|\|&|;&|;;&|\bfunction\b|\bselect\b|\bcoproc\b|!/;

const messageOf = (node: U.SyntaxNode, source: string): string | undefined => {
  switch (node.type) {
    case "ProcessSubstitution":
    case "ExtendedGlob":
      return '"(" unexpected';
    case "Assignment":
      return node.value.type === "ArrayValue" ? '"(" unexpected' : undefined;
    case "HereString":
      return "redirection unexpected";
    case "ArithmeticFor":
      return "Bad for loop variable";
    case "Select":
      return '"do" unexpected';
    case "CaseItem":
      return node.terminator === ";&" || node.terminator === ";;&" ? '"&" unexpected' : undefined;
    case "Pipeline":
      if (node.operators.includes("|&")) return '"&" unexpected';
      if (node.prefixes.filter((prefix) => prefix.type === "Negation").length > 1) return '"!" unexpected';
      return undefined;
    case "Function":
      return source.startsWith("function", node.pos) ? (/^function\s+\S+\s*\(/.test(source.slice(node.pos)) ? '"(" unexpected' : '"}" unexpected') : undefined;
    case "ArithmeticCommand": {
      const fault = parseScript(node.body).errors?.[0];
      return fault === undefined ? undefined : '"(" unexpected';
    }
    default:
      return undefined;
  }
};

/** The first place where dash would stop reading; conditions in `[[ ]]` are left to run as the commands they are not. */
export const findForeign = (script: U.ParsedScript, source: string): ForeignPart | undefined => {
  if (!maybe.test(source)) return undefined;
  let found: ForeignPart | undefined;
  const visit = (node: U.SyntaxNode): void => {
    if (found !== undefined || node.type === "TestCommand") return;
    const message = messageOf(node, source);
    if (message !== undefined) found = { pos: "pos" in node ? node.pos : 0, message };
    else if (node.type === "CommandExpansion") {
      const inner = source.startsWith("$(", node.pos) ? node.script : undefined;
      for (const statement of inner?.commands ?? []) visit(statement);
    } else if (node.type !== "ArithmeticExpansion") forEachChild(node, visit);
  };
  for (const statement of script.commands) visit(statement);
  return found;
};
