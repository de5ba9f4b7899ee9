/** Owns the walk over the parser's tree for readers of scripts that do not run them: every node, also of nested scripts, at its place in the text. */
import { forEachChild, parse as parseScript } from "unbash";
import type * as U from "unbash";

/** `at` is the node's offset in the whole text; `source` is the text its own offsets point into. Answer false to leave its children out. */
export type Visit = (node: U.SyntaxNode, at: number, source: string) => boolean | undefined;
export interface Fault {
  readonly message: string;
  readonly pos: number;
}

/** Visits every node in order. Nested scripts with escapes of their own (backquotes) stand where they begin. Answers the first fault. */
export const walkScript = (text: string, visit: Visit): Fault | undefined => {
  let fault: Fault | undefined;
  const note = (script: U.ParsedScript, at: (pos: number) => number): void => {
    for (const error of script.errors ?? []) if (fault === undefined || at(error.pos) < fault.pos) fault = { message: error.message, pos: at(error.pos) };
  };
  const enter = (script: U.ParsedScript, source: string, at: (pos: number) => number): void => {
    note(script, at);
    const go = (node: U.SyntaxNode): void => {
      if (visit(node, at("pos" in node ? node.pos : 0), source) === false) return;
      if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution" || node.type === "ArithmeticCommandExpansion") {
        const inner = node.script as (U.ParsedScript & { readonly source?: string }) | undefined;
        if (inner === undefined) return;
        if (inner.source === undefined) enter(inner, source, at);
        else {
          const start = at(node.pos);
          enter(inner, inner.source, () => start);
        }
      } else forEachChild(node, go);
    };
    for (const statement of script.commands) go(statement);
  };
  enter(parseScript(text), text, (pos) => pos);
  return fault;
};
