/** Owns running text: parsed once per text, line by line, with aliases. */
import { LimitExceeded } from "../contract.ts";
import type { Shell } from "../state/shell.ts";
import type { Task } from "../state/thread.ts";
import { parseProgram } from "../syntax/parse.ts";
import type { Program } from "../syntax/tree.ts";
import { runProgram } from "./execute.ts";

const kept = new Map<string, Program>();
const keptMax = 200;
const keptLengthMax = 4000;

const programOf = (sh: Shell, text: string, firstLine: number): Program => {
  const key = `${sh.dialect}${firstLine}:${text}`;
  let program = kept.get(key);
  if (program === undefined) {
    program = parseProgram(text, sh.dialect, firstLine);
    if (kept.size >= keptMax) kept.clear();
    if (text.length <= keptLengthMax) kept.set(key, program);
  }
  return program;
};

let depth = 0;
/** Runs text in the shell: a script, `-c`, `eval`, a handler. */
export function* runText(sh: Shell, text: string, firstLine = 1): Task<number> {
  const max = sh.kernel.world.limits.callDepthMax;
  if (++depth > max) {
    depth = 0;
    throw new LimitExceeded("callDepthMax", max);
  }
  try {
    return yield* runProgram(sh, programOf(sh, text, firstLine));
  } finally {
    depth--;
  }
}
