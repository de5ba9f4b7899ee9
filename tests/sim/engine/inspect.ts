/** Reads the store when everything is at rest and knows only what must hold: I1 to I7 of the failure study. */
import { runId } from "../../../src/core/base/brand.ts";
import { planOf } from "../../../src/core/plan/plan.ts";
import { fold } from "../../../src/core/run/state/reduce.ts";
import { emptyState, nodeAt } from "../../../src/core/run/state/state.ts";
import { isRunSettled } from "../../../src/core/run/status.ts";
import type { RunEvent } from "../../../src/core/run/event.ts";
import type { AttemptEnd } from "../../../src/core/run/fact.ts";
import type { Spec } from "../../../src/core/spec/dag.ts";
import type { Store } from "../../../src/ports/store.ts";

export const inspect = async (store: Store, specs: readonly Spec[], ended: ReadonlyMap<string, AttemptEnd>): Promise<readonly string[]> => {
  const faults: string[] = [];
  await store.transact(async (tx) => {
    const { rows } = await tx.runs({ withChildren: true }, 100_000);
    for (const row of rows) {
      if (row.broken !== undefined) faults.push(`run ${row.id} is broken: ${row.broken}`);
      if (!isRunSettled(row.status)) faults.push(`run ${row.id} is stuck in ${row.status}`);
      const made = planOf(specs.find((spec) => spec.dag.name === row.dagName)!.dag);
      if (!made.ok) throw new Error("cycle");
      const events = await tx.events(row.id);
      events.forEach((one, at) => {
        if (one.seq !== at + 1) faults.push(`run ${row.id} has a gap at ${one.seq}`);
      });
      faults.push(...falseEnds(row.id, events.map((one) => one.event), ended));
      const state = fold(made.value, emptyState(made.value, runId(row.id)), events.map((one) => one.event));
      if (state.status !== row.status || state.attempt !== row.attempt) faults.push(`run ${row.id}: the log says ${state.status}, the row ${row.status}`);
      for (const step of await tx.steps(row.id)) {
        const node = nodeAt(state, step.index);
        if (node.status !== step.status || node.doneCount !== step.doneCount) faults.push(`step ${row.id}/${step.name}: the log says ${node.status}, the row ${step.status}`);
        if (node.status === "running" || node.status === "retrying") faults.push(`step ${row.id}/${step.name} is left ${node.status}`);
      }
    }
    for (const request of await tx.requests(true)) faults.push(`request ${request.id} was never answered: ${request.body}`);
  }, { readonly: true });
  return faults;
};

/** Every recorded end is what an executor said of exactly that execution (or that it was lost). */
const falseEnds = (run: string, events: readonly RunEvent[], ended: ReadonlyMap<string, AttemptEnd>): readonly string[] => {
  const faults: string[] = [];
  let attempt = 0;
  for (const event of events) {
    if (event.type === "attempt-started") attempt = event.attempt;
    if (event.type !== "step-exited" || event.reason === "worker_lost") continue;
    const token = `${run}/${attempt}/${event.step}/${event.execution}`;
    const said = [ended.get(token), ended.get(`${token}+`)].some((end) => end?.type === "exited" && end.error === event.error && (event.exitCode === undefined || end.exitCode === event.exitCode));
    if (!said) faults.push(`nobody said that ${token} ended with ${event.exitCode ?? event.error}`);
  }
  return faults;
};
