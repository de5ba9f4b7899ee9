/** Owns the compound commands: if, for, while, case, select, (( )) and [[ ]]. */
import { isPromise } from "../contract.ts";
import { ArithmeticError } from "../expand/number/arithmetic.ts";
import { evaluateRaw } from "../expand/number/evaluate.ts";
import { patternFor } from "../expand/operations.ts";
import { fieldsOf, patternText, text } from "../expand/words.ts";
import { complain, writeError } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import type { CaseItem, List, Node, Word } from "../syntax/tree.ts";
import { readLine } from "../builtins/input/lines.ts";
import { ShellError } from "../state/errors.ts";
import { tracePrompt } from "./assign.ts";
import { testExpression } from "./conditional.ts";
import { debugs, runTrap } from "./traps.ts";

type Of<T extends Node["type"]> = Extract<Node, { type: T }>;

export function* runCompound(sh: Shell, node: Node): Task<number> {
  sh.line = node.line;
  switch (node.type) {
    case "if":
      return yield* runIf(sh, node);
    case "for":
      return yield* runFor(sh, node);
    case "while":
      return yield* runWhile(sh, node);
    case "arith-for":
      return yield* runArithmeticFor(sh, node);
    case "case":
      return yield* runCase(sh, node);
    case "select":
      return yield* runSelect(sh, node);
    case "arith":
      return yield* runArithmetic(sh, node.expression, node.text);
    case "test":
      return yield* runTest(sh, node);
    default:
      return 0;
  }
}

/** Runs a list whose failure decides something and ends nothing. */
function* condition(sh: Shell, list: List): Task<number> {
  sh.conditionDepth++;
  try {
    return yield* sh.engine.runList(sh, list);
  } finally {
    sh.conditionDepth--;
  }
}
function* runIf(sh: Shell, node: Of<"if">): Task<number> {
  for (const { test, body } of node.branches) {
    const status = yield* condition(sh, test);
    if (sh.flow !== undefined) return sh.status;
    if (status === 0) return yield* sh.engine.runList(sh, body);
  }
  return node.otherwise === undefined ? 0 : yield* sh.engine.runList(sh, node.otherwise);
}

/** Takes what `break` and `continue` in a loop's body mean for this loop: whether it goes on. */
const goesOn = (sh: Shell): boolean => {
  const { flow } = sh;
  if (flow === undefined) return true;
  if (flow.type === "return") return false;
  if (flow.levels > 1 && sh.loopDepth > 1) {
    flow.levels--;
    return false;
  }
  sh.flow = undefined;
  return flow.type === "continue";
};
/** Runs a loop's body once: whether the loop goes on. */
function* round(sh: Shell, body: List): Task<boolean> {
  const slice = sh.process.tick(1);
  if (isPromise(slice)) yield slice;
  yield* sh.engine.runList(sh, body);
  return sh.flow === undefined || goesOn(sh);
}

/** DEBUG before a construct that is no simple command. */
function* debug(sh: Shell, command: string): Task<void> {
  sh.command = command;
  yield* runTrap(sh, "DEBUG");
}
function* runFor(sh: Shell, node: Of<"for">): Task<number> {
  const values = node.words === undefined ? sh.positional : yield* fieldsOf(sh, node.words);
  sh.loopDepth++;
  let status = 0;
  try {
    for (const value of values) {
      sh.line = node.line;
      if (sh.traps.size > 0 && debugs(sh)) yield* debug(sh, node.text);
      sh.vars.set(node.name, value);
      const more = yield* round(sh, node.body);
      status = sh.status;
      if (!more) break;
    }
  } finally {
    sh.loopDepth--;
  }
  return status;
}
function* runWhile(sh: Shell, node: Of<"while">): Task<number> {
  sh.loopDepth++;
  let status = 0;
  try {
    for (;;) {
      const tested = yield* condition(sh, node.test);
      if (sh.flow !== undefined) {
        if (goesOn(sh)) continue;
        break;
      }
      if ((tested === 0) === node.until) break;
      const more = yield* round(sh, node.body);
      status = sh.status;
      if (!more) break;
    }
  } finally {
    sh.loopDepth--;
  }
  return status;
}
function* runArithmeticFor(sh: Shell, node: Of<"arith-for">): Task<number> {
  const value = function* (word: Word | undefined): Task<boolean> {
    return word === undefined || (yield* truth(sh, word));
  };
  sh.loopDepth++;
  let status = 0;
  try {
    yield* value(node.init);
    while (yield* value(node.test)) {
      const more = yield* round(sh, node.body);
      status = sh.status;
      if (!more) break;
      yield* value(node.update);
    }
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    yield* settle(complain(sh, `((: ${error.message}`));
    return 1;
  } finally {
    sh.loopDepth--;
  }
  return status;
}
function* truth(sh: Shell, word: Word): Task<boolean> {
  const expression = word.literal ?? (yield* text(sh, word));
  return Number(evaluateRaw(sh, expression)) !== 0;
}
function* runArithmetic(sh: Shell, word: Word, shown: string): Task<number> {
  if (sh.traps.size > 0 && debugs(sh)) yield* debug(sh, shown);
  const slice = sh.process.tick(1);
  if (isPromise(slice)) yield slice;
  if (sh.options.xtrace) yield* settle(writeError(sh, `${yield* tracePrompt(sh)}${shown}\n`));
  try {
    return (yield* truth(sh, word)) ? 0 : 1;
  } catch (error) {
    if (error instanceof ShellError && error.scope === "line") {
      yield* settle(complain(sh, `((: ${error.message}`));
      return 1;
    }
    if (!(error instanceof ArithmeticError)) throw error;
    yield* settle(complain(sh, `((: ${word.text.trim()}: ${error.message}`));
    return 1;
  }
}
function* runTest(sh: Shell, node: Of<"test">): Task<number> {
  if (sh.traps.size > 0 && debugs(sh)) yield* debug(sh, node.text);
  const slice = sh.process.tick(1);
  if (isPromise(slice)) yield slice;
  if (sh.options.xtrace) yield* settle(writeError(sh, `${yield* tracePrompt(sh)}${node.text}\n`));
  return yield* testExpression(sh, node.expression);
}

function* matches(sh: Shell, item: CaseItem, value: string): Task<boolean> {
  for (const word of item.patterns) {
    if (word.literal !== undefined && !sh.options.nocasematch) {
      if (word.literal === value) return true;
    } else if (patternFor(sh, yield* patternText(sh, word)).matches(value)) return true;
  }
  return false;
}
function* runCase(sh: Shell, node: Of<"case">): Task<number> {
  if (sh.traps.size > 0 && debugs(sh)) yield* debug(sh, node.text);
  const value = yield* text(sh, node.word);
  let status = 0;
  let falls = false;
  for (const item of node.items) {
    if (!falls && !(yield* matches(sh, item, value))) continue;
    sh.status = 0;
    status = yield* sh.engine.runList(sh, item.body);
    if (sh.flow !== undefined || item.next === ";;") return status;
    falls = item.next === ";&";
  }
  return status;
}

/** The numbered menu, in columns as wide as bash makes them on 80 characters. */
const menu = (items: readonly string[]): string => {
  const width = String(items.length).length;
  const longest = items.reduce((max, item) => Math.max(max, item.length), 0) + width + 2;
  const columnWidth = longest + 2;
  const columns = items.length === 0 ? 1 : Math.max(1, Math.min(Math.floor(80 / columnWidth), items.length));
  const rows = columns === items.length && items.length > 1 ? items.length : Math.ceil(items.length / columns);
  const show = (i: number): string => `${String(i + 1).padStart(width)}) ${items[i] as string}`;
  let lines = "";
  for (let row = 0; row < rows; row++) {
    const cells: string[] = [];
    for (let i = row; i < items.length; i += rows) cells.push(show(i));
    lines += cells.map((cell, i) => (i < cells.length - 1 ? cell.padEnd(columnWidth) : cell)).join("") + "\n";
  }
  return lines;
};
function* runSelect(sh: Shell, node: Of<"select">): Task<number> {
  const items = node.words === undefined ? sh.positional : yield* fieldsOf(sh, node.words);
  if (items.length === 0) return 0;
  sh.loopDepth++;
  let status = 0;
  let shows = true;
  try {
    for (;;) {
      if (shows) yield* settle(writeError(sh, menu(items)));
      yield* settle(writeError(sh, sh.vars.get("PS3") ?? "#? "));
      const line = yield* readLine(sh, 0);
      if (line === undefined) {
        yield* settle(writeError(sh, "\n"));
        return 1;
      }
      shows = line === "";
      if (shows) continue;
      sh.vars.set("REPLY", line);
      sh.vars.set(node.name, /^\s*\d+\s*$/.test(line) ? (items[Number(line) - 1] ?? "") : "");
      const more = yield* round(sh, node.body);
      status = sh.status;
      if (!more) return status;
      shows = sh.vars.get("REPLY") === "";
    }
  } finally {
    sh.loopDepth--;
  }
}
