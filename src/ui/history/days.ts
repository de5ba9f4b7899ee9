/** Owns the grouping of runs by local day, newest first. Refuses to know how a day is drawn. */
import type { RunRow } from "../../core/run/rows.ts";
import { dayKey } from "../format/time.ts";

export interface Day {
  readonly key: string;
  readonly at: number;
  readonly runs: readonly RunRow[];
}
export const days = (runs: readonly RunRow[]): readonly Day[] => {
  const found = new Map<string, { key: string; at: number; runs: RunRow[] }>();
  for (const run of runs) {
    const key = dayKey(run.createdAt);
    const day = found.get(key);
    if (day === undefined) found.set(key, { key, at: run.createdAt, runs: [run] });
    else day.runs.push(run);
  }
  return [...found.values()];
};
