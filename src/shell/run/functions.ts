/** Owns function calls: parameters, locals, RETURN, the depth that is allowed. */
import { LimitExceeded } from "../contract.ts";
import type { FunctionDef, Shell } from "../state/shell.ts";
import type { Task } from "../state/thread.ts";
import { debugs, runTrap } from "./traps.ts";

export function* callFunction(sh: Shell, fn: FunctionDef, argv: readonly string[]): Task<number> {
  const max = sh.kernel.world.limits.callDepthMax;
  if (sh.calls.length >= max) throw new LimitExceeded("callDepthMax", max);
  const { positional, loopDepth } = sh;
  sh.positional = argv.slice(1);
  sh.loopDepth = 0;
  sh.calls.push({ name: fn.name, line: sh.line, source: fn.source, isFunction: true });
  sh.vars.pushFrame();
  const depth = sh.calls.length;
  try {
    if (debugs(sh)) yield* runTrap(sh, "DEBUG");
    sh.status = yield* sh.engine.runNode(sh, fn.body);
    const flow = sh.flow as Shell["flow"];
    if (flow?.type === "return") sh.flow = undefined;
    if (sh.traps.has("RETURN") && (sh.options.functrace || sh.trapFrames.has(`RETURN${depth}`))) {
      const { status } = sh;
      // The handler sees the status from before `return`.
      if (flow?.type === "return") sh.status = flow.before;
      yield* runTrap(sh, "RETURN");
      sh.status = status;
    }
    return sh.status;
  } finally {
    sh.trapFrames.delete(`RETURN${depth}`);
    sh.trapFrames.delete(`ERR${depth}`);
    sh.line = sh.calls.pop()?.line ?? sh.line;
    sh.vars.popFrame();
    sh.positional = positional;
    sh.loopDepth = loopDepth;
  }
}
