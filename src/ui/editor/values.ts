/** Owns the last real values of a DAG's names: outputs and parameters of its newest run that has any. Reads rows; secrets in them are masked as stored. */
import { oneRun, type DagRows, type RunRows } from "../../host/views.ts";
import type { Tx } from "../../ports/store.ts";
import type { LastValue, LastValues } from "./know/hover.ts";

/** Newest runs that are looked at. */
const runsMax = 3;

export const lastRuns = (runs: DagRows["runs"]) => async (tx: Tx): Promise<readonly RunRows[]> => {
  const found: RunRows[] = [];
  for (const run of runs.slice(0, runsMax)) found.push(await oneRun(run.id)(tx));
  return found;
};
/** The newest run's value wins; a name the newest run has not given comes from the one before. */
export const lastValues = (runs: readonly RunRows[]): LastValues => {
  const values = new Map<string, LastValue>();
  const put = (name: string, value: LastValue): void => void (values.has(name) || values.set(name, value));
  for (const { run, steps } of runs) {
    if (run === undefined) continue;
    for (const step of [...steps].reverse()) {
      const at = step.finishedAt ?? step.startedAt ?? run.createdAt;
      if (step.output !== undefined) {
        put(step.output.name, { value: step.output.value, step: step.name, at });
        if (step.id !== undefined) put(step.id, { value: step.output.value, step: step.name, at });
      }
    }
    for (const { name, value } of run.params) put(name, { value, step: "", at: run.createdAt });
  }
  return values;
};
