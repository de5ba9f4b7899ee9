/** Owns the table through which expansions and builtins reach the interpreter. */
import type { Engine } from "../state/shell.ts";
import { runList, runNode, runProgram } from "./execute.ts";
import { processSubstitution, substitute } from "./process/fork.ts";
import { applyRedirects } from "./redirect.ts";
import { runWords } from "./simple.ts";
import { runText } from "./text.ts";
import { runTrap, runTraps } from "./traps.ts";

export const engine: Engine = {
  runList,
  runNode,
  runProgram,
  runText,
  substitute,
  processSubstitution,
  runWords,
  runTraps,
  runTrap,
  applyRedirects: (sh, redirects) => applyRedirects(sh, redirects, undefined),
};
