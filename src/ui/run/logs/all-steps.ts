/** Owns the name that stands for the log of all steps in an address, and a step's status by the name its log is stored under. */
import type { StepRow } from "../../../core/run/rows.ts";
import type { StepStatus } from "../../../core/run/status.ts";
import { handlerStepName } from "../../../core/spec/dag.ts";

/** No step can be called this. */
export const allSteps = "*";

export const statusOf = (steps: readonly StepRow[]): ((name: string) => StepStatus | undefined) => {
  const found = new Map(steps.map((step) => [step.handler === undefined ? step.name : handlerStepName[step.handler], step.status]));
  return (name) => found.get(name);
};
