/** Owns reading a run back: start row and log → plan and state. The log is the truth; rows are not read except for what never changes. */
import type { RunId } from "../../../core/base/brand.ts";
import type { RunStart } from "../../../core/run/event.ts";
import { fold } from "../../../core/run/state/reduce.ts";
import { emptyState } from "../../../core/run/state/state.ts";
import type { RunIdentity } from "../../../core/run/view/rows.ts";
import type { Store } from "../../../ports/store.ts";
import type { LiveSeed } from "../live.ts";
import type { Plans } from "./plans.ts";

/** The run's text no longer plans: it cannot be driven, however often it is tried. */
export class UnplannableError extends Error {
  override readonly name = "UnplannableError";
}

/** Undefined: there is no such run. Throws `UnplannableError` and, when its log breaks a rule, `InvariantError`; else what storage throws. */
export const loadRun = async (store: Store, plans: Plans, run: RunId): Promise<LiveSeed | undefined> => {
  const found = await store.transact(async (tx) => {
    const row = await tx.run(run);
    const start = await tx.runStart(run);
    return row === undefined || start === undefined ? undefined : { row, start, events: await tx.events(run) };
  }, { readonly: true });
  if (found === undefined) return undefined;
  const { row, start, events } = found;
  const started = JSON.parse(start.start) as RunStart;
  const planned = await plans.plan({
    revision: start.revision, ...(start.document === undefined ? {} : { document: start.document }), ...(started.base === undefined ? {} : { base: started.base }),
  });
  if (!planned.ok) throw new UnplannableError(`run ${run} cannot be planned: ${planned.error.message}`);
  const { id, dag, dagName, revision, draft, trigger, params, paramsText, labels, parent } = row;
  const identity: RunIdentity = { id, dag, dagName, revision, draft, trigger, params, paramsText, labels, ...(parent === undefined ? {} : { parent }) };
  return {
    identity,
    start: started,
    plan: planned.value,
    state: fold(planned.value, emptyState(planned.value, run), events.map((one) => one.event)),
  };
};
