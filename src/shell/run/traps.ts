/** Owns when handlers run: signals between commands, ERR, DEBUG, RETURN, EXIT. */
import { ExitShell } from "../state/errors.ts";
import type { Shell } from "../state/shell.ts";
import { signalNumbers } from "../state/signals.ts";
import type { Task } from "../state/thread.ts";

/** Runs a handler; `$?` and the pipeline statuses are as before afterwards. */
export function* runTrap(sh: Shell, name: string): Task<void> {
  const handler = sh.traps.get(name);
  if (handler === undefined || handler === "" || sh.inTrap === name) return;
  const { status, pipeStatus, inTrap, line } = sh;
  sh.inTrap = name;
  try {
    yield* sh.engine.runText(sh, handler, name === "EXIT" ? 1 : line);
  } finally {
    sh.inTrap = inTrap;
  }
  if (sh.flow?.type !== "return") sh.status = status;
  sh.pipeStatus = pipeStatus;
  sh.line = line;
}
/** Runs the handlers of signals that have come. */
export function* runTraps(sh: Shell): Task<void> {
  while (sh.process.pending.length > 0) {
    // Those that are there now, by number; one that comes meanwhile interrupts a handler.
    const batch = sh.process.pending.splice(0).sort((a, b) => (signalNumbers[a] ?? 0) - (signalNumbers[b] ?? 0));
    for (const name of batch) {
      yield* runTrap(sh, name);
      if (sh.flow !== undefined) return;
    }
  }
}
const inherits = (sh: Shell, option: boolean): boolean => option || !sh.calls.some((call) => call.isFunction);

/** ERR, then errexit, after a failure that no condition covers. */
export function* onFailure(sh: Shell, status: number): Task<void> {
  if (sh.conditionDepth > 0 || sh.flow !== undefined) return;
  if (sh.traps.size > 0) yield* handleFailure(sh);
  if (sh.options.errexit) throw new ExitShell(status);
}
function* handleFailure(sh: Shell): Task<void> {
  if (sh.traps.has("ERR") && !sh.trapsLost("ERR") && (inherits(sh, sh.options.errtrace) || sh.trapFrames.has(`ERR${sh.calls.length}`))) yield* runTrap(sh, "ERR");
}
export const debugs = (sh: Shell): boolean =>
  sh.traps.has("DEBUG") && !sh.trapsLost("DEBUG") && sh.inTrap === undefined && inherits(sh, sh.options.functrace);
