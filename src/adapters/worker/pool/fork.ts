/**
 * Owns the choice between two pools: steps that mention Python go to workers that carry it, all others to the light ones.
 * Refuses to know what a worker is; both sides are executors.
 */
import type { AttemptOrder, Executor } from "../../../ports/executor.ts";

const pythonWord = /\bpython3?\b/;
/** Whether a step may call Python: its shell, its commands or its script say so. */
export const mentionsPython = ({ step, dag }: Pick<AttemptOrder, "step" | "dag">): boolean =>
  [step.script ?? "", ...step.commands, step.exec?.command ?? "", ...(step.exec?.args ?? []), ...(step.shell ?? dag.shell ?? [])].some((text) => pythonWord.test(text));

export const createFork = (light: Executor, python: Executor): Executor => ({
  start: (order) => (mentionsPython(order) ? python : light).start(order),
  prepare: light.prepare,
  evaluateStart: light.evaluateStart,
  cancel: async (token, how) => {
    await Promise.all([light, python].map((side) => side.cancel(token, how)));
  },
  running: () => [...light.running(), ...python.running()],
  onReport: (listener) => {
    for (const side of [light, python]) side.onReport(listener);
  },
  onLog: (listener) => {
    for (const side of [light, python]) side.onLog(listener);
  },
  close: async () => {
    await Promise.all([light.close(), python.close()]);
  },
});
