/**
 * Owns the choice between pools: steps that mention Python and postgres steps go to workers that carry the runtime, all others to the light
 * ones. Refuses to know what a worker is; all sides are executors.
 */
import type { AttemptOrder, Executor } from "../../../ports/executor.ts";

const pythonWord = /\bpython3?\b/;
/** Whether a step may call Python: its shell, its commands or its script say so. */
export const mentionsPython = ({ step, dag }: Pick<AttemptOrder, "step" | "dag">): boolean =>
  [step.script ?? "", ...step.commands, step.exec?.command ?? "", ...(step.exec?.args ?? []), ...(step.shell ?? dag.shell ?? [])].some((text) => pythonWord.test(text));

export interface Sides {
  readonly light: Executor;
  readonly python: Executor;
  readonly postgres: Executor;
}
export const createFork = ({ light, python, postgres }: Sides): Executor => {
  const all = [light, python, postgres];
  const sideOf = (order: AttemptOrder): Executor => (order.step.type === "postgres" ? postgres : mentionsPython(order) ? python : light);
  return {
    start: (order) => sideOf(order).start(order),
    prepare: light.prepare,
    evaluateStart: light.evaluateStart,
    cancel: async (token, how) => {
      await Promise.all(all.map((side) => side.cancel(token, how)));
    },
    running: () => all.flatMap((side) => side.running()),
    onReport: (listener) => {
      for (const side of all) side.onReport(listener);
    },
    onLog: (listener) => {
      for (const side of all) side.onLog(listener);
    },
    close: async () => {
      await Promise.all(all.map((side) => side.close()));
    },
  };
};
