/** Owns the operations of a transaction over tables in memory. Keys join their parts with "\u0000". */
import { seq, term, type Csn, type RunId, type Term } from "../../core/base/brand.ts";
import { err, ok } from "../../core/base/result.ts";
import { utcDay } from "../../core/base/rfc3339.ts";
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import { isRunSettled, type RunStatus } from "../../core/run/status.ts";
import type {
  BinRow, DagRow, DraftRow, EventRow, GrantRow, LogChunk, PendingRow, RequestRow, RevisionRow, RunAppend, RunFilter, RunStartRow, SettingRow, TallyRow, Tx,
} from "../../ports/store.ts";
import { isSharedSetting } from "../../ports/sync/replica.ts";
import { createReplicaTx, type ReplicaTables } from "./replica.ts";
import type { Journal, Lists, Table } from "./table.ts";

export interface Tables {
  readonly journal: Journal;
  readonly runs: Table<RunRow>;
  readonly starts: Table<RunStartRow>;
  readonly events: Lists<EventRow>;
  readonly steps: Table<StepRow>;
  readonly stepKeys: Lists<string>;
  readonly logs: Lists<LogChunk>;
  readonly dags: Table<DagRow>;
  readonly revisions: Table<RevisionRow>;
  readonly drafts: Table<DraftRow>;
  readonly requests: Table<RequestRow>;
  readonly tallies: Table<TallyRow>;
  readonly grants: Table<GrantRow>;
  readonly settings: Table<SettingRow>;
  readonly pending: Table<PendingRow>;
  readonly bin: Table<BinRow>;
  readonly binned: Table<RunRow>;
  /** Runs that a driver must look at. */
  readonly active: Table<RunRow>;
  readonly replica: ReplicaTables;
  /** `quiet`: rows leave no marks in this transaction. */
  readonly head: { csn: Csn; term: Term; dirty: boolean; quiet: boolean };
}
const keyOf = (...parts: readonly (string | number)[]): string => parts.join("\u0000");

const byAge = (a: RunRow, b: RunRow): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
const cursorOf = (row: RunRow): string => `${row.createdAt}|${row.id}`;
const isPast = (row: RunRow, cursor: string): boolean => {
  const cut = cursor.indexOf("|");
  const at = Number(cursor.slice(0, cut));
  return row.createdAt < at || (row.createdAt === at && row.id < cursor.slice(cut + 1));
};
const matches = (row: RunRow, filter: RunFilter): boolean =>
  (filter.statuses === undefined || filter.statuses.length === 0 || filter.statuses.includes(row.status)) &&
  (filter.dag === undefined || row.dag === filter.dag) &&
  (filter.parent === undefined ? filter.withChildren === true || row.parent === undefined : row.parent?.run === filter.parent);

export const createTx = (tables: Tables): Tx => ({
  replica: createReplicaTx(tables),
  csn: async () => tables.head.csn,
  ...runOperations(tables),
  ...dagOperations(tables),
  ...hostOperations(tables),
});

const marker = (tables: Tables) => (kind: string, key: string): void => {
  tables.head.dirty = true;
  if (!tables.head.quiet) tables.pending.put(keyOf(kind, key), { kind, key, csn: tables.head.csn });
};

/** One more run of this status on its day; only runs that nobody called are counted. */
const tally = (tables: Tables, row: RunRow, status: RunStatus | undefined, by: number): void => {
  if (status === undefined || row.parent !== undefined) return;
  const day = utcDay(row.createdAt);
  const key = keyOf(day, row.dag, status);
  const count = (tables.tallies.get(key)?.count ?? 0) + by;
  if (count === 0) tables.tallies.remove(key);
  else tables.tallies.put(key, { day, dag: row.dag, status, count });
};

const writeRun = (tables: Tables, append: RunAppend): void => {
  const { run, row, before, expected, events, steps, at } = append;
  tables.events.push(run, events.map((event, n) => ({ run, seq: seq(expected + n + 1), at, event })));
  if (before !== row.status) {
    tally(tables, row, before, -1);
    tally(tables, row, row.status, 1);
  }
  tables.runs.put(run, row);
  if (isRunSettled(row.status) || row.broken !== undefined) tables.active.remove(run);
  else tables.active.put(run, row);
  for (const step of steps) {
    const key = keyOf(run, step.index);
    if (tables.steps.get(key) === undefined) tables.stepKeys.push(run, [key]);
    tables.steps.put(key, step);
  }
  marker(tables)("run", run);
};

type RunOperations = Pick<
  Tx,
  "append" | "createRun" | "putForeignRuns" | "run" | "runStatus" | "runStart" | "runs" | "childRuns" | "activeRuns" | "events" | "steps" | "putLog" | "logs" | "deleteRuns" | "tallies" | "binRuns" | "unbinRuns"
>;
const runOperations = (tables: Tables): RunOperations => ({
  append: async (append) => {
    if (append.term < tables.head.term) return err({ type: "fenced", term: append.term, found: tables.head.term });
    const found = seq(tables.events.get(append.run).length);
    if (found !== append.expected) return err({ type: "seq-taken", expected: append.expected, found });
    writeRun(tables, append);
    return ok(seq(found + append.events.length));
  },
  createRun: async (start, append) => {
    if (append.term < tables.head.term) return err({ type: "fenced", term: append.term, found: tables.head.term });
    if ((tables.runs.get(start.run) ?? tables.binned.get(start.run)) !== undefined) return err({ type: "run-exists" });
    tables.starts.put(start.run, start);
    writeRun(tables, append);
    return ok(seq(append.events.length));
  },
  putForeignRuns: async (runs) => {
    for (const { row, steps } of runs) {
      tally(tables, row, tables.runs.get(row.id)?.status, -1);
      tally(tables, row, row.status, 1);
      tables.runs.put(row.id, row);
      for (const step of steps) {
        const key = keyOf(row.id, step.index);
        if (tables.steps.get(key) === undefined) tables.stepKeys.push(row.id, [key]);
        tables.steps.put(key, step);
      }
      marker(tables)("run", row.id);
    }
  },
  run: async (id) => tables.runs.get(id),
  runStatus: async (id) => {
    const row = tables.runs.get(id);
    return row === undefined || row.broken === undefined ? row?.status : "broken";
  },
  runStart: async (id) => tables.starts.get(id),
  runs: async (filter, limit, cursor) => {
    const found = tables.runs.rows().filter((row) => matches(row, filter) && (cursor === undefined || isPast(row, cursor))).sort(byAge);
    const rows = found.slice(0, limit);
    return { rows, csn: tables.head.csn, ...(found.length > limit && rows.length > 0 ? { next: cursorOf(rows.at(-1)!) } : {}) };
  },
  childRuns: async (parent) => tables.runs.rows().filter((row) => row.parent?.run === parent).sort(byAge),
  activeRuns: async () => tables.active.rows(),
  events: async (run, after = seq(0), limit = Infinity) => tables.events.get(run).slice(after, after + limit),
  steps: async (run) => tables.stepKeys.get(run).map((key) => tables.steps.get(key)!).sort((a, b) => a.index - b.index),
  putLog: async (chunks) => {
    tables.head.dirty = true;
    for (const chunk of chunks) tables.logs.push(keyOf(chunk.run, chunk.attempt, chunk.step, chunk.stream), [chunk]);
  },
  logs: async ({ run, attempt, step, stream }, from = 0, limit = Infinity) =>
    tables.logs.get(keyOf(run, attempt, step, stream)).filter((chunk) => chunk.n >= from).slice(0, limit),
  deleteRuns: async (ids) => {
    for (const id of ids) {
      unbinRun(tables, id);
      deleteRun(tables, id);
    }
  },
  binRuns: async (ids) => ids.flatMap((id) => binRun(tables, id)),
  unbinRuns: async (ids) => {
    for (const id of ids) unbinRun(tables, id);
  },
  tallies: async (fromDay, toDay, dag) =>
    tables.tallies.rows().filter((row) => row.day >= fromDay && row.day <= toDay && (dag === undefined || row.dag === dag)),
});

const deleteRun = (tables: Tables, id: RunId): void => {
  const row = tables.runs.get(id);
  if (row === undefined) return;
  tally(tables, row, row.status, -1);
  tables.runs.remove(id);
  tables.starts.remove(id);
  tables.active.remove(id);
  tables.events.remove(id);
  for (const key of tables.stepKeys.get(id)) tables.steps.remove(key);
  tables.stepKeys.remove(id);
  for (const key of tables.logs.keys()) if (key.startsWith(keyOf(id, ""))) tables.logs.remove(key);
  for (const child of tables.runs.rows()) if (child.parent?.run === id) deleteRun(tables, child.id);
  marker(tables)("run", id);
};

const binRun = (tables: Tables, id: RunId): RunId[] => {
  const row = tables.runs.get(id);
  if (row === undefined) return [];
  tally(tables, row, row.status, -1);
  tables.runs.remove(id);
  tables.active.remove(id);
  tables.binned.put(id, row);
  marker(tables)("run", id);
  return [id, ...tables.runs.rows().filter((child) => child.parent?.run === id).flatMap((child) => binRun(tables, child.id))];
};
const unbinRun = (tables: Tables, id: RunId): void => {
  const row = tables.binned.get(id);
  if (row === undefined) return;
  tables.binned.remove(id);
  tables.runs.put(id, row);
  if (!isRunSettled(row.status) && row.broken === undefined) tables.active.put(id, row);
  tally(tables, row, row.status, 1);
  marker(tables)("run", id);
};

type DagOperations = Pick<
  Tx,
  "dags" | "dag" | "dagByName" | "putDag" | "revision" | "revisions" | "putRevision" | "draft" | "putDraft" | "deleteDraft" | "grants" | "putGrant" | "deleteGrant" | "purgeDag"
>;
const dagOperations = (tables: Tables): DagOperations => {
  const mark = marker(tables);
  return {
    dags: async () => tables.dags.rows(),
    dag: async (id) => tables.dags.get(id),
    dagByName: async (name) => tables.dags.rows().find((row) => row.name === name && row.deletedAt === undefined),
    putDag: async (row) => {
      tables.dags.put(row.id, row);
      mark("dag", row.id);
    },
    revision: async (id) => tables.revisions.get(id),
    revisions: async (dag) => tables.revisions.rows().filter((row) => row.dag === dag).sort((a, b) => b.number - a.number),
    putRevision: async (row) => {
      tables.revisions.put(row.id, row);
      mark("revision", row.id);
    },
    draft: async (dag) => tables.drafts.get(dag),
    putDraft: async (row) => {
      tables.drafts.put(row.dag, row);
      mark("draft", row.dag);
    },
    deleteDraft: async (dag) => {
      tables.drafts.remove(dag);
      mark("draft", dag);
    },
    grants: async (dag) => tables.grants.rows().filter((row) => dag === undefined || row.dag === dag),
    putGrant: async (row) => {
      tables.head.dirty = true;
      tables.grants.put(keyOf(row.dag, row.host), row);
    },
    deleteGrant: async (dag, host) => {
      tables.head.dirty = true;
      tables.grants.remove(keyOf(dag, host));
    },
    purgeDag: async (id) => {
      for (const row of tables.binned.rows()) if (row.dag === id) unbinRun(tables, row.id);
      for (const row of tables.runs.rows()) if (row.dag === id) deleteRun(tables, row.id);
      for (const row of tables.revisions.rows()) if (row.dag === id) tables.revisions.remove(row.id);
      for (const row of tables.grants.rows()) if (row.dag === id) tables.grants.remove(keyOf(id, row.host));
      tables.drafts.remove(id);
      tables.dags.remove(id);
      mark("dag", id);
    },
  };
};

type HostOperations = Pick<
  Tx,
  "requests" | "request" | "putRequest" | "deleteRequest" | "setting" | "settings" | "putSetting" | "deleteSetting" | "nextTerm" | "term" | "pending" | "counts" | "bins" | "putBin" | "deleteBin"
>;
const hostOperations = (tables: Tables): HostOperations => ({
  requests: async (onlyOpen) => tables.requests.rows().filter((row) => !onlyOpen || row.answer === undefined).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
  request: async (id) => tables.requests.get(id),
  putRequest: async (row) => {
    tables.head.dirty = true;
    tables.requests.put(row.id, row);
  },
  deleteRequest: async (id) => {
    tables.head.dirty = true;
    tables.requests.remove(id);
  },
  setting: async (key) => tables.settings.get(key)?.value,
  settings: async () => tables.settings.rows(),
  putSetting: async (key, value) => {
    tables.head.dirty = true;
    tables.settings.put(key, { key, value });
    if (isSharedSetting(key)) marker(tables)("setting", key);
  },
  deleteSetting: async (key) => {
    tables.head.dirty = true;
    tables.settings.remove(key);
    if (isSharedSetting(key)) marker(tables)("setting", key);
  },
  nextTerm: async () => {
    tables.head.dirty = true;
    tables.head.term = term(tables.head.term + 1);
    return tables.head.term;
  },
  term: async () => tables.head.term,
  pending: async () => tables.pending.rows(),
  bins: async () => tables.bin.rows(),
  putBin: async (row) => {
    tables.head.dirty = true;
    tables.bin.put(row.id, row);
  },
  deleteBin: async (id) => {
    tables.head.dirty = true;
    tables.bin.remove(id);
  },
  counts: async () => ({
    dags: tables.dags.size(), revisions: tables.revisions.size(), drafts: tables.drafts.size(), runs: tables.runs.size(),
    requests: tables.requests.size(), grants: tables.grants.size(), settings: tables.settings.size(),
  }),
});
