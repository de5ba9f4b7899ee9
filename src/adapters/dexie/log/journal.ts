/**
 * Owns the journal: one entry per commit, keyed by its commit number. A turn that changes no run's status is nothing but its entry: one
 * request, with the events, what changed of the row and the steps in it. Entries are folded into the tables now and then, and by whoever
 * writes with a look first; readers lay what is not folded yet over the tables. Refuses to know statuses.
 *
 * J1 A commit number is chosen by the writer, one above the newest it knows. Whoever does not know of the newest commit finds its number
 * taken: the transaction aborts and is tried again with a look. So nothing that is written without a look has missed anything: not a
 * newer term, not an event, not a mark that sync took away. J2 The newest entry always stays: it is the store's commit number.
 */
import { seq, type RunId, type Seq } from "../../../core/base/brand.ts";
import type { RunEvent } from "../../../core/run/event.ts";
import type { RunRow, StepRow } from "../../../core/run/rows.ts";
import type { EventRow, RunAppend } from "../../../ports/store.ts";
import type { Session } from "../session.ts";
import { changePages, pageOf } from "./steps.ts";

/** Events of one record at most: a long batch would be read whole for its last event. */
export const batchMax = 256;

/** Consecutive events of one run; `ats` where not all were recorded at `at`. */
export interface EventBatch {
  readonly run: RunId;
  readonly first: Seq;
  readonly at: EventRow["at"];
  readonly ats?: readonly EventRow["at"][];
  readonly events: readonly RunEvent[];
}
type Lasting = "id" | "dag" | "dagName" | "revision" | "draft" | "trigger" | "params" | "paramsText" | "labels" | "parent" | "createdAt" | "origin";
type RowChange = Omit<RunRow, Lasting>;
type LastingOfStep = "run" | "name" | "handler" | "id" | "type" | "depends";
/** Of a step that has a row: what may have changed. */
type StepChange = Omit<StepRow, LastingOfStep> & Partial<Pick<StepRow, LastingOfStep>>;
export interface RunDelta {
  readonly run: RunId;
  readonly first: Seq;
  readonly at: EventRow["at"];
  readonly events: readonly RunEvent[];
  readonly row: RowChange;
  readonly steps: readonly StepChange[];
}
export interface Entry {
  readonly csn: number;
  readonly deltas?: readonly RunDelta[];
}
export interface StoredRow {
  readonly row: RunRow;
  readonly binned?: 1;
}
/** What the tables do not hold yet. */
export interface Overlay {
  /** The newest commit number on disk. */
  readonly newest: number;
  readonly runs: ReadonlyMap<RunId, readonly RunDelta[]>;
}

/** `stepRows`: the steps before this index have rows. */
export const deltaOf = ({ run, expected, at, events, row, steps }: RunAppend, stepRows: number): RunDelta => {
  const { id: _id, dag: _dag, dagName: _name, revision: _rev, draft: _draft, trigger: _trigger, params: _params, paramsText: _text, labels: _labels, parent: _parent, createdAt: _at, origin: _origin, ...change } = row;
  return { run, first: seq(expected + 1), at, events, row: change, steps: steps.map((step) => (step.index < stepRows ? changeOf(step) : step)) };
};
const changeOf = ({ run: _run, name: _name, handler: _handler, id: _id, type: _type, depends: _depends, ...change }: StepRow): StepChange => change;
export const overlayOf = (entries: readonly Entry[]): Overlay => {
  const runs = new Map<RunId, RunDelta[]>();
  for (const { deltas = [] } of entries) {
    for (const delta of deltas) {
      const known = runs.get(delta.run);
      if (known === undefined) runs.set(delta.run, [delta]);
      else known.push(delta);
    }
  }
  return { newest: entries.at(-1)?.csn ?? 0, runs };
};

// ---------------------------------------------------------------------------------------------------------------- over the tables

const none: readonly RunDelta[] = [];
export const deltasOf = (overlay: Overlay, run: RunId): readonly RunDelta[] => overlay.runs.get(run) ?? none;

export const rowOver = (stored: StoredRow, deltas: readonly RunDelta[]): StoredRow => {
  const change = deltas.at(-1)?.row;
  if (change === undefined) return stored;
  const { id, dag, dagName, revision, draft, trigger, params, paramsText, labels, parent, createdAt, origin } = stored.row;
  const lasting = { id, dag, dagName, revision, draft, trigger, params, paramsText, labels, createdAt, ...(parent === undefined ? {} : { parent }), ...(origin === undefined ? {} : { origin }) };
  return { ...stored, row: { ...lasting, ...change } };
};
/** By plan position. */
export const stepsOver = (stored: readonly StepRow[], deltas: readonly RunDelta[]): StepRow[] => {
  if (deltas.length === 0) return [...stored];
  const steps = new Map(stored.map((step) => [step.index, step]));
  const before = steps.size;
  for (const delta of deltas) for (const change of delta.steps) steps.set(change.index, stepOver(steps.get(change.index), change));
  const all = [...steps.values()];
  return steps.size === before ? all : all.sort((a, b) => a.index - b.index);
};
const stepOver = (stored: StepRow | undefined, change: StepChange): StepRow => {
  if (stored === undefined) return change as StepRow; // it came whole
  const { run, name, type, depends, handler, id } = stored;
  return { run, name, type, depends, ...(handler === undefined ? {} : { handler }), ...(id === undefined ? {} : { id }), ...change };
};
export const eventsOf = ({ run, first, at, ats, events }: EventBatch): EventRow[] =>
  events.map((event, offset) => ({ run, seq: seq(first + offset), at: ats?.[offset] ?? at, event }));

// ------------------------------------------------------------------------------------------------------------------------ folding

export const putEvents = (session: Session, { run, first, at, ats, events }: EventBatch): void => {
  for (let from = 0; from < events.length; from += batchMax) {
    const times = ats?.slice(from, from + batchMax);
    const isMixed = times?.some((time) => time !== times[0]) === true;
    session.add("events", {
      run, first: seq(first + from), at: times?.[0] ?? at, events: events.slice(from, from + batchMax), ...(isMixed ? { ats: times } : {}),
    } satisfies EventBatch);
  }
};

/** Writes into the tables what the journal holds, and empties it down to the newest number. Events are kept even where no row is left. */
export const fold = async (session: Session, overlay: Overlay): Promise<void> => {
  const found = await Promise.all([...overlay.runs.keys()].map((run) => session.get<StoredRow>("rows", run)));
  await Promise.all([...overlay.runs.values()].map((deltas, at) => foldRun(session, found[at], deltas)));
  session.remove("journal", IDBKeyRange.upperBound(overlay.newest));
  session.put("journal", { csn: overlay.newest } satisfies Entry, overlay.newest);
};
const foldRun = (session: Session, stored: StoredRow | undefined, deltas: readonly RunDelta[]): Promise<void> => {
  const [{ run, first, at }] = deltas as readonly [RunDelta];
  const events = deltas.flatMap((delta) => delta.events);
  const ats = deltas.flatMap((delta) => delta.events.map(() => delta.at));
  putEvents(session, { run, first, at, ats, events });
  if (stored !== undefined) session.put("rows", rowOver(stored, deltas));
  const isOf = new Map<number, RunDelta[]>();
  for (const delta of deltas) {
    for (const page of new Set(delta.steps.map((step) => pageOf(step.index)))) {
      const steps = delta.steps.filter((step) => pageOf(step.index) === page);
      const known = isOf.get(page);
      if (known === undefined) isOf.set(page, [{ ...delta, steps }]);
      else known.push({ ...delta, steps });
    }
  }
  return changePages(session, run, isOf.keys(), (page, stored) => stepsOver(stored, isOf.get(page)!));
};
