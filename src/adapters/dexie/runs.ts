/**
 * Owns runs on disk: rows with their indexes, logs of events, steps, tallies. One step's end is one head read, one row read and a handful
 * of puts, none of them awaited. Events lie in batches keyed by the last sequence number, so that a turn costs one record.
 */
import { csn, seq, type RunId, type Seq } from "../../core/base/brand.ts";
import { err, ok } from "../../core/base/result.ts";
import { utcDay } from "../../core/base/rfc3339.ts";
import type { RunEvent } from "../../core/run/event.ts";
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import { isRunSettled, type RunStatus } from "../../core/run/status.ts";
import type { EventRow, LogChunk, RunAppend, RunFilter, RunStartRow, TallyRow, Tx } from "../../ports/store.ts";
import type { Session } from "./session.ts";

/** Events of one record at most: a long batch would be read whole for its last event. */
const batchMax = 256;

interface RunRecord {
  readonly row: RunRow;
  readonly top: 0 | 1;
  readonly any: 1;
  readonly live?: 1;
  readonly parent?: RunId;
}
/** In the bin: no key of an index but the DAG's. */
interface BinnedRecord {
  readonly row: RunRow;
  readonly binned: 1;
}
type StoredRun = RunRecord | BinnedRecord;
interface EventBatch {
  readonly run: RunId;
  readonly last: Seq;
  readonly at: EventRow["at"];
  readonly events: readonly RunEvent[];
}

const isBinned = (stored: StoredRun): stored is BinnedRecord => "binned" in stored;
const recordOf = (row: RunRow): RunRecord => ({
  row,
  top: row.parent === undefined ? 1 : 0,
  any: 1,
  ...(isRunSettled(row.status) || row.broken !== undefined ? {} : { live: 1 as const }),
  ...(row.parent === undefined ? {} : { parent: row.parent.run }),
});
/** Everything whose key starts with these parts. */
export const under = (...parts: readonly (string | number)[]): IDBKeyRange => IDBKeyRange.bound([...parts], [...parts, []]);

type RunOperations = Pick<
  Tx,
  | "append" | "createRun" | "putForeignRun" | "run" | "runStart" | "runs" | "childRuns" | "activeRuns" | "events" | "steps" | "putLog" | "logs" | "tallies"
  | "deleteRuns" | "binRuns" | "unbinRuns"
>;
export const runOperations = (session: Session, mark: (kind: string, key: string) => Promise<void>): RunOperations => {
  const stored = (id: RunId): Promise<StoredRun | undefined> => session.get<StoredRun>("runs", id);
  return {
    append: async (append) => {
      const [head, found] = await Promise.all([session.head(), stored(append.run)]);
      if (append.term < head.term) return err({ type: "fenced", term: append.term, found: head.term as typeof append.term });
      const last = found === undefined ? seq(0) : found.row.seq;
      if (last !== append.expected) return err({ type: "seq-taken", expected: append.expected, found: last });
      await writeRun(session, append);
      await mark("run", append.run);
      return ok(seq(last + append.events.length));
    },
    createRun: async (start, append) => {
      const [head, found] = await Promise.all([session.head(), stored(append.run)]);
      if (append.term < head.term) return err({ type: "fenced", term: append.term, found: head.term as typeof append.term });
      if (found !== undefined) return err({ type: "run-exists" });
      session.put("starts", start);
      await writeRun(session, append);
      await mark("run", append.run);
      return ok(seq(append.events.length));
    },
    putForeignRun: async (row, steps) => {
      const found = await stored(row.id);
      if (found !== undefined && !isBinned(found)) await tally(session, row, { status: found.row.status, by: -1 });
      await tally(session, row, { status: row.status, by: 1 });
      const { live: _never, ...record } = recordOf(row);
      session.put("runs", record);
      for (const step of steps) session.put("steps", step);
      await touchRun(session, row, mark);
    },
    run: async (id) => {
      session.saw(`runs/${id}`);
      const found = await stored(id);
      return found === undefined || isBinned(found) ? undefined : found.row;
    },
    runStart: (id) => session.get<RunStartRow>("starts", id),
    runs: (filter, limit, cursor) => pageOfRuns(session, { filter, limit, cursor }),
    childRuns: async (parent) => {
      session.saw(`children/${parent}`);
      const found = await session.list<RunRecord>("runs", { index: "parent", range: IDBKeyRange.only(parent) });
      return found.map((record) => record.row).sort(byAge);
    },
    activeRuns: async () => {
      session.saw("runs");
      return (await session.list<RunRecord>("runs", { index: "live" })).map((record) => record.row);
    },
    events: async (run, after = seq(0), limit = Infinity) => {
      session.saw(`runs/${run}`);
      return eventsAfter(session, run, { after, limit });
    },
    steps: async (run) => {
      session.saw(`runs/${run}`);
      return session.list<StepRow>("steps", { range: under(run) });
    },
    putLog: async (chunks) => {
      for (const chunk of chunks) {
        session.changed(`logs/${chunk.run}`);
        session.put("logs", chunk);
      }
    },
    logs: async (...[run, attempt, step, stream, from = 0, limit = Infinity]) => {
      session.saw(`logs/${run}`);
      const range = IDBKeyRange.bound([run, attempt, step, stream, from], [run, attempt, step, stream, []]);
      return session.list<LogChunk>("logs", { range, ...(Number.isFinite(limit) ? { limit } : {}) });
    },
    tallies: async (fromDay, toDay, dag) => {
      session.saw("tallies");
      const rows = await session.list<TallyRow>("tallies", { range: IDBKeyRange.bound([fromDay], [toDay, []]) });
      return dag === undefined ? rows : rows.filter((row) => row.dag === dag);
    },
    deleteRuns: async (ids) => {
      for (const id of ids) await eachOfFamily(session, id, (record) => removeRun(session, record, mark));
    },
    binRuns: async (ids) => {
      const binned: RunId[] = [];
      for (const id of ids) await eachOfFamily(session, id, async (record) => void ((await binRun(session, record, mark)) && binned.push(record.row.id)));
      return binned;
    },
    unbinRuns: async (ids) => {
      for (const id of ids) await unbinRun(session, id, mark);
    },
  };
};

const writeRun = async (session: Session, append: RunAppend): Promise<void> => {
  const { run, row, before, expected, events, steps, at } = append;
  for (let from = 0; from < events.length; from += batchMax) {
    const part = events.slice(from, from + batchMax);
    session.put("events", { run, last: seq(expected + from + part.length), at, events: part } satisfies EventBatch);
  }
  for (const step of steps) session.put("steps", step);
  session.put("runs", recordOf(row));
  session.changed(`runs/${run}`);
  session.changed("runs");
  if (row.parent !== undefined) session.changed(`children/${row.parent.run}`);
  if (before !== row.status) {
    await tally(session, row, { status: before, by: -1 });
    await tally(session, row, { status: row.status, by: 1 });
  }
};

/** Only runs that nobody called are counted. */
const tally = async (session: Session, row: RunRow, change: { readonly status: RunStatus | undefined; readonly by: number }): Promise<void> => {
  if (change.status === undefined || row.parent !== undefined) return;
  const key = [utcDay(row.createdAt), row.dag, change.status];
  const found = await session.get<TallyRow>("tallies", key);
  const count = (found?.count ?? 0) + change.by;
  if (count === 0) session.remove("tallies", key);
  else session.put("tallies", { day: key[0], dag: row.dag, status: change.status, count });
  session.changed("tallies");
};

const eventsAfter = async (session: Session, run: RunId, how: { readonly after: Seq; readonly limit: number }): Promise<EventRow[]> => {
  const rows: EventRow[] = [];
  const limit = Number.isFinite(how.limit) ? { limit: how.limit } : {};
  const batches = await session.list<EventBatch>("events", { range: IDBKeyRange.bound([run, how.after], [run, []], true), ...limit });
  for (const batch of batches) {
    const first = batch.last - batch.events.length + 1;
    batch.events.forEach((event, offset) => {
      if (first + offset > how.after && rows.length < how.limit) rows.push({ run, seq: seq(first + offset), at: batch.at, event });
    });
  }
  return rows;
};

const byAge = (a: RunRow, b: RunRow): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
const cursorOf = (row: RunRow): string => `${row.createdAt}|${row.id}`;
const cursorKey = (cursor: string): readonly [number, string] => {
  const cut = cursor.indexOf("|");
  return [Number(cursor.slice(0, cut)), cursor.slice(cut + 1)];
};

interface Page {
  readonly filter: RunFilter;
  readonly limit: number;
  readonly cursor?: string;
}
/** One bounded walk per status, newest first, merged: never an offset, never a count. */
const pageOfRuns = async (session: Session, page: Page): ReturnType<Tx["runs"]> => {
  session.saw("runs");
  const lists = await Promise.all(walksOf(page.filter).map((walk) => walkIndex(session, walk, page)));
  const found = lists.flat().sort(byAge).slice(0, page.limit + 1);
  const rows = found.slice(0, page.limit);
  const last = rows.at(-1);
  const head = await session.head();
  return { rows, csn: csn(head.csn), ...(found.length > page.limit && last !== undefined ? { next: cursorOf(last) } : {}) };
};

interface Walk {
  readonly index: string;
  readonly prefix: readonly (string | number)[];
  readonly keep?: (row: RunRow) => boolean;
}
const walksOf = ({ statuses = [], dag, parent, withChildren }: RunFilter): Walk[] => {
  const keep = (row: RunRow): boolean => (statuses.length === 0 || statuses.includes(row.status)) && (dag === undefined || row.dag === dag);
  if (parent !== undefined) return [{ index: "parent", prefix: [parent], keep }];
  const tops = withChildren === true ? [1, 0] : [1];
  const wanted = [...new Set(statuses)];
  return tops.flatMap((top): Walk[] => {
    if (wanted.length === 0 && dag === undefined) return [{ index: "[top+row.createdAt+row.id]", prefix: [top] }];
    if (wanted.length === 0) return [{ index: "[top+row.dag+row.createdAt+row.id]", prefix: [top, dag!] }];
    if (dag === undefined) return wanted.map((status) => ({ index: "[top+row.status+row.createdAt+row.id]", prefix: [top, status] }));
    return wanted.map((status) => ({ index: "[top+row.dag+row.status+row.createdAt+row.id]", prefix: [top, dag, status] }));
  });
};
const walkIndex = async (session: Session, walk: Walk, page: Page): Promise<RunRow[]> => {
  if (walk.keep !== undefined) {
    const children = await session.list<RunRecord>("runs", { index: walk.index, range: IDBKeyRange.only(walk.prefix[0]) });
    const rows = children.map((record) => record.row).filter(walk.keep);
    const cut = page.cursor === undefined ? undefined : cursorKey(page.cursor);
    return cut === undefined ? rows : rows.filter((row) => row.createdAt < cut[0] || (row.createdAt === cut[0] && row.id < cut[1]));
  }
  const range = page.cursor === undefined
    ? under(...walk.prefix)
    : IDBKeyRange.bound([...walk.prefix], [...walk.prefix, ...cursorKey(page.cursor)], false, true);
  const found = await session.list<RunRecord>("runs", { index: walk.index, range, limit: page.limit + 1, newestFirst: true });
  return found.map((record) => record.row);
};

/** A run and every run below it, whether binned or not; nearest first. */
const eachOfFamily = async (session: Session, id: RunId, act: (record: StoredRun) => Promise<void>): Promise<void> => {
  const todo: RunId[] = [id];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const record = await session.get<StoredRun>("runs", next);
    if (record === undefined) continue;
    const children = await session.list<RunRecord>("runs", { index: "parent", range: IDBKeyRange.only(next) });
    todo.push(...children.map((child) => child.row.id));
    await act(record);
  }
};
type Mark = (kind: string, key: string) => Promise<void>;
const touchRun = async (session: Session, row: RunRow, mark: Mark): Promise<void> => {
  session.changed("runs");
  session.changed(`runs/${row.id}`);
  if (row.parent !== undefined) session.changed(`children/${row.parent.run}`);
  await mark("run", row.id);
};
const removeRun = async (session: Session, record: StoredRun, mark: Mark): Promise<void> => {
  const { row } = record;
  if (!isBinned(record)) await tally(session, row, { status: row.status, by: -1 });
  session.remove("runs", row.id);
  session.remove("starts", row.id);
  for (const table of ["events", "steps", "logs"] as const) session.remove(table, under(row.id));
  await touchRun(session, row, mark);
};
const binRun = async (session: Session, record: StoredRun, mark: Mark): Promise<boolean> => {
  if (isBinned(record)) return false;
  await tally(session, record.row, { status: record.row.status, by: -1 });
  session.put("runs", { row: record.row, binned: 1 } satisfies BinnedRecord);
  await touchRun(session, record.row, mark);
  return true;
};
const unbinRun = async (session: Session, id: RunId, mark: Mark): Promise<void> => {
  const record = await session.get<StoredRun>("runs", id);
  if (record === undefined || !isBinned(record)) return;
  session.put("runs", recordOf(record.row));
  await tally(session, record.row, { status: record.row.status, by: 1 });
  await touchRun(session, record.row, mark);
};
