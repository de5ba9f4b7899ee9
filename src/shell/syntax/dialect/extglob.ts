/** Owns finding patterns that only `extglob` allows: with it off, a shell that reads them finds a syntax error. */
import { forEachChild } from "unbash";
import type * as U from "unbash";

const mayBe = /[?*+@!]\(/;

/** Where the first such pattern of these statements stands; conditions and the patterns of expansions are always read with it on. */
export const findExtglob = (statements: readonly U.Statement[], source: string): number | undefined => {
  const [first] = statements;
  const last = statements[statements.length - 1];
  if (first === undefined || last === undefined || !mayBe.test(source.slice(first.pos, last.end))) return undefined;
  let found: number | undefined;
  const visit = (node: U.SyntaxNode): void => {
    if (found !== undefined || node.type === "TestCommand" || node.type === "ParameterExpansion") return;
    if (node.type === "ExtendedGlob") found = node.pos;
    else if (node.type === "CommandExpansion") {
      if (source.startsWith("$(", node.pos)) for (const statement of node.script?.commands ?? []) visit(statement);
    } else forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return found;
};
