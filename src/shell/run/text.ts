/** Owns running text: parsed once per text, line by line, with aliases. */
import { LimitExceeded } from "../contract.ts";
import type { Shell } from "../state/shell.ts";
import type { Task } from "../state/thread.ts";
import { expandAliases } from "../syntax/aliases.ts";
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

const oneGroup = (program: Program, i: number): Program => ({
  groups: program.groups.slice(i, i + 1), ranges: program.ranges.slice(i, i + 1), error: undefined, extglobLines: program.extglobLines.slice(i, i + 1),
});
const usesAliases = (sh: Shell): boolean => sh.aliases.size > 0 && sh.options.expandAliases;
const countLines = (text: string): number => text.split("\n").length - 1;

/** Runs text line by line, as long as there are aliases: each line is read with those that the lines before have set. */
function* runWithAliases(sh: Shell, text: string, firstLine: number): Task<number> {
  let rest = text;
  let line = firstLine;
  while (rest !== "" && sh.flow === undefined) {
    const range = parseProgram(rest, sh.dialect, line).ranges[0];
    const end = range?.[1] ?? rest.length;
    const changed = usesAliases(sh) ? expandAliases(rest.slice(0, end), sh.aliases) : rest.slice(0, end);
    const source = changed + rest.slice(end);
    const program = parseProgram(source, sh.dialect, line);
    const [first] = program.ranges;
    if (first === undefined) return yield* runProgram(sh, program);
    yield* runProgram(sh, oneGroup(program, 0));
    line += countLines(source.slice(0, first[1]));
    rest = source.slice(first[1]);
  }
  return sh.status;
}
/** Runs the groups of a parsed text; from the line after the first alias on, the rest is read again. */
function* runLines(sh: Shell, text: string, firstLine: number): Task<number> {
  if (usesAliases(sh)) return yield* runWithAliases(sh, text, firstLine);
  const program = programOf(sh, text, firstLine);
  if (!/(?:^|[;&|\s])alias\s/.test(text)) return yield* runProgram(sh, program);
  for (let i = 0; i < program.groups.length; i++) {
    const range = program.ranges[i] as readonly [number, number];
    if (usesAliases(sh)) return yield* runWithAliases(sh, text.slice(range[0]), firstLine + countLines(text.slice(0, range[0])));
    yield* runProgram(sh, oneGroup(program, i));
    if (sh.flow !== undefined) return sh.status;
  }
  return yield* runProgram(sh, { groups: [], ranges: [], error: program.error, extglobLines: [] }, true);
}

/** Runs text in the shell: a script, `-c`, `eval`, a handler. */
export function* runText(sh: Shell, text: string, firstLine = 1): Task<number> {
  const max = sh.kernel.world.limits.callDepthMax;
  if (sh.textDepth >= max) throw new LimitExceeded("callDepthMax", max);
  sh.textDepth++;
  try {
    return yield* runLines(sh, text, firstLine);
  } finally {
    sh.textDepth--;
  }
}
