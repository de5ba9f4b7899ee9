/**
 * Owns the walk over the tree: lists, and-or lists, what a failure does. Statuses come back as values; `sh.flow` says that
 * statements are being skipped (break, continue, return); `exit` and failed expansions unwind as errors.
 */
import { ExitShell, ShellError } from "../state/errors.ts";
import { complain } from "../state/shell.ts";
import type { Shell } from "../state/shell.ts";
import { settle } from "../state/thread.ts";
import type { Task } from "../state/thread.ts";
import type { AndOrNode, List, Node, Program, Statement, SyntaxFault } from "../syntax/tree.ts";
import { runCompound } from "./compound.ts";
import { runCoproc, runPipeline, startBackground } from "./process/pipeline.ts";
import { runSubshell } from "./process/fork.ts";
import { applyRedirects, undoRedirects } from "./redirect.ts";
import type { Saved } from "./redirect.ts";
import { runSimple } from "./simple.ts";
import { onFailure, runTraps } from "./traps.ts";

/** Runs one command of any kind; answers and records its status. */
export function* runNode(sh: Shell, node: Node): Task<number> {
  let status: number;
  switch (node.type) {
    case "simple":
      status = yield* runSimple(sh, node);
      sh.pipeStatus = [status];
      break;
    case "pipeline":
      return yield* runPipeline(sh, node);
    case "and-or":
      return yield* runAndOr(sh, node);
    case "subshell":
      sh.line = node.line;
      status = yield* runSubshell(sh, node.body);
      sh.pipeStatus = [status];
      break;
    case "redirected":
      return yield* runRedirected(sh, node);
    case "function":
      return defineFunction(sh, node);
    case "group":
      return yield* runList(sh, node.body);
    case "coproc":
      return (sh.status = yield* runCoproc(sh, node));
    case "arith":
    case "test":
      status = yield* runCompound(sh, node);
      sh.pipeStatus = [status];
      break;
    default:
      return (sh.status = yield* runCompound(sh, node));
  }
  sh.status = status;
  if (status !== 0 && (sh.options.errexit || sh.traps.size > 0)) yield* onFailure(sh, status);
  return sh.status;
}
const defineFunction = (sh: Shell, node: Extract<Node, { type: "function" }>): number => {
  if (sh.functionsShared) {
    sh.functions = new Map(sh.functions);
    sh.functionsShared = false;
  }
  sh.functions.set(node.name, { name: node.name, body: node.body, text: node.text, line: node.line, source: sh.fromText ? "environment" : sh.name });
  return (sh.status = 0);
};
function* runRedirected(sh: Shell, node: Extract<Node, { type: "redirected" }>): Task<number> {
  const saved: Saved[] = [];
  sh.line = node.line;
  try {
    if (yield* applyRedirects(sh, node.redirects, saved)) return yield* runNode(sh, node.command);
  } catch (error) {
    throw yield* said(sh, error);
  } finally {
    undoRedirects(sh, saved);
  }
  sh.status = sh.dialect === "sh" ? 2 : 1;
  yield* onFailure(sh, sh.status);
  return sh.status;
}
/** A failed expansion is said where it happened, before redirections are undone; then it unwinds without words. */
export function* said(sh: Shell, error: unknown): Task<unknown> {
  if (!(error instanceof ShellError) || error.message === "") return error;
  yield* settle(complain(sh, error.message));
  return new ShellError("", error.scope, error.status);
}
function* runAndOr(sh: Shell, node: AndOrNode): Task<number> {
  const last = node.commands.length - 1;
  let status = 0;
  for (let i = 0; i <= last; i++) {
    if (i > 0 && (node.operators[i - 1] === "&&") !== (status === 0)) continue;
    if (i === last) return yield* runNode(sh, node.commands[i] as Node);
    sh.conditionDepth++;
    try {
      status = yield* runNode(sh, node.commands[i] as Node);
    } finally {
      sh.conditionDepth--;
    }
    if (sh.flow !== undefined) return status;
  }
  return status;
}

function* runStatement(sh: Shell, statement: Statement): Task<number> {
  if (!statement.background) return yield* runNode(sh, statement.command);
  sh.line = statement.line;
  return (sh.status = yield* startBackground(sh, statement));
}
export function* runList(sh: Shell, list: List): Task<number> {
  if (list.length === 1) return yield* runStatement(sh, list[0] as Statement);
  for (const statement of list) {
    yield* runStatement(sh, statement);
    if (sh.flow !== undefined) break;
  }
  return sh.status;
}

/** Runs a parsed text line by line; a fault in its syntax comes when the lines before have run. */
export function* runProgram(sh: Shell, program: Program, keepsStatus = false): Task<number> {
  if (program.groups.length === 0 && !keepsStatus) sh.status = 0;
  for (let i = 0; i < program.groups.length; i++) {
    const extglobLine = program.extglobLines[i];
    if (extglobLine !== undefined && !sh.options.extglob) return yield* refuseSyntax(sh, { message: "unexpected token `('", line: extglobLine });
    if (sh.options.noexec) return 0;
    yield* runGroup(sh, program.groups[i] as List);
    if (sh.flow !== undefined) return sh.status;
  }
  if (sh.process.pending.length > 0) yield* runTraps(sh);
  return program.error === undefined ? sh.status : yield* refuseSyntax(sh, program.error);
}
function* refuseSyntax(sh: Shell, fault: SyntaxFault): Task<number> {
  sh.line = fault.line;
  yield* settle(complain(sh, `syntax error: ${fault.message}`));
  // bash goes on after broken text in eval, source and handlers.
  if (sh.dialect === "bash" && sh.textDepth > 1) return (sh.status = 2);
  throw new ExitShell(2);
}
/** A failed expansion drops the rest of its line; the next line runs. */
function* runGroup(sh: Shell, group: List): Task<void> {
  try {
    yield* runList(sh, group);
  } catch (error) {
    if (!(error instanceof ShellError) || error.scope === "shell" || sh.dialect === "sh" || sh.subshellDepth > 0) throw error;
    if (error.message !== "") yield* settle(complain(sh, error.message));
    sh.status = error.status ?? 1;
    sh.conditionDepth = 0;
    if (sh.options.errexit) throw new ExitShell(sh.status);
  }
}
