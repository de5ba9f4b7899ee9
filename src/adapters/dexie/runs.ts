/**
 * Owns runs on disk: rows with their indexes, logs of events, steps, tallies. Events lie in batches keyed by the first sequence number.
 * While a run's newest append was ours and its status stays, the next one reads nothing and writes one entry of the journal (J1).
 */
import { csn, seq, type RunId, type Seq } from "../../core/base/brand.ts";
import { err, ok } from "../../core/base/result.ts";
import { utcDay } from "../../core/base/rfc3339.ts";
import type { RunRow } from "../../core/run/rows.ts";
import { isRunSettled, type RunStatus } from "../../core/run/status.ts";
import type { EventRow, LogChunk, RunAppend, RunFilter, RunStartRow, TallyRow, Tx } from "../../ports/store.ts";
import { deltaOf, deltasOf, eventsOf, putEvents, rowOver, stepsOver, type EventBatch, type StoredRow } from "./log/journal.ts";
import { listSteps, putFirstSteps, putSteps } from "./log/steps.ts";
import type { Session } from "./session.ts";

interface RunKeys {
  readonly id: RunId;
  readonly top: 0 | 1;
  readonly status: RunStatus;
  readonly dag: string;
  readonly createdAt: RunRow["createdAt"];
  readonly live?: 1;
  readonly parent?: RunId;
}
const keysOf = (row: RunRow): RunKeys => ({
  id: row.id,
  top: row.parent === undefined ? 1 : 0,
  status: row.status,
  dag: row.dag,
  createdAt: row.createdAt,
  ...(isRunSettled(row.status) || row.broken !== undefined ? {} : { live: 1 as const }),
  ...(row.parent === undefined ? {} : { parent: row.parent.run }),
});
/** Index keys of a binned run: found by its DAG (to purge it) and by nothing else. */
const binnedKeys = ({ id, dag }: RunRow): Pick<RunKeys, "id" | "dag"> => ({ id, dag });
export type Mark = (kind: string, key: string) => void;
export const newestTerm = async (session: Session): Promise<number> => ((await session.keys("terms", {})).at(-1) as number | undefined) ?? 0;
/** Everything whose key starts with these parts. */
export const under = (...parts: readonly (string | number)[]): IDBKeyRange => IDBKeyRange.bound([...parts], [...parts, []]);

type RunOperations = Pick<
  Tx,
  | "append" | "createRun" | "putForeignRuns" | "run" | "runStatus" | "runStart" | "runs" | "childRuns" | "activeRuns" | "events" | "steps" | "putLog" | "logs" | "tallies"
  | "deleteRuns" | "binRuns" | "unbinRuns"
>;
export const runOperations = (session: Session, mark: Mark): RunOperations => {
  const stored = (id: RunId): Promise<StoredRow | undefined> => storedRun(session, id);
  const rowsOf = async (keys: readonly Pick<RunKeys, "id">[]): Promise<RunRow[]> =>
    (await Promise.all(keys.map(({ id }) => stored(id)))).flatMap((found) => (found === undefined ? [] : [found.row]));
  return {
    append: (append) => appendRun(session, mark, append),
    createRun: async (start, append) => {
      const [newest, found] = await Promise.all([newestTerm(session), stored(append.run)]);
      if (append.term < newest) return err({ type: "fenced", term: append.term, found: newest as typeof append.term });
      if (found !== undefined) return err({ type: "run-exists" });
      session.put("starts", start);
      await writeRun(session, append);
      mark("run", append.run);
      noteRun(session, append);
      if (append.steps.every((step, at) => step.index === at)) session.after(() => void session.known.stepRows.set(append.run, append.steps.length));
      return ok(seq(append.events.length));
    },
    putForeignRuns: async (runs) => {
      const before = await Promise.all(runs.map(({ row }) => stored(row.id)));
      const counts = new Map<string, { readonly row: RunRow; readonly status: RunStatus; by: number }>();
      const count = (row: RunRow, status: RunStatus, by: number): void => {
        const key = `${utcDay(row.createdAt)} ${row.dag} ${status}`;
        const known = counts.get(key);
        if (known === undefined) counts.set(key, { row, status, by });
        else known.by += by;
      };
      runs.forEach(({ row }, i) => {
        const found = before[i];
        if (row.parent === undefined && found !== undefined && found.binned === undefined) count(row, found.row.status, -1);
        if (row.parent === undefined) count(row, row.status, 1);
        const { live: _never, ...keys } = keysOf(row);
        session.put("rows", { row } satisfies StoredRow);
        session.put("runs", keys);
        touchRun(session, row, mark);
      });
      await Promise.all(runs.map(({ row, steps }) => putSteps(session, row.id, steps)));
      await Promise.all([...counts.values()].map(({ row, status, by }) => (by === 0 ? undefined : tally(session, row, { status, by }))));
    },
    run: async (id) => {
      session.saw(`runs/${id}`);
      const found = await stored(id);
      return found === undefined || found.binned !== undefined ? undefined : found.row;
    },
    runStatus: async (id) => {
      session.saw(`status/${id}`);
      const found = await session.get<StoredRow>("rows", id);
      if (found === undefined || found.binned !== undefined) return undefined;
      return found.row.broken === undefined ? found.row.status : "broken";
    },
    runStart: (id) => session.get<RunStartRow>("starts", id),
    runs: (filter, limit, cursor) => pageOfRuns(session, { filter, limit, cursor, rowsOf }),
    childRuns: async (parent) => {
      session.saw(`children/${parent}`);
      return (await rowsOf(await session.list<RunKeys>("runs", { index: "parent", range: IDBKeyRange.only(parent) }))).sort(byAge);
    },
    activeRuns: async () => {
      session.saw("runs");
      return rowsOf(await session.list<RunKeys>("runs", { index: "live" }));
    },
    events: async (run, after = seq(0), limit = Infinity) => {
      session.saw(`runs/${run}`);
      return eventsAfter(session, run, { after, limit });
    },
    steps: async (run) => {
      session.saw(`runs/${run}`);
      const [overlay, rows] = await session.beside(() => listSteps(session, run));
      return stepsOver(rows, deltasOf(overlay, run));
    },
    putLog: async (chunks) => putLogs(session, chunks),
    logs: async ({ run, attempt, step, stream }, from = 0, limit = Infinity) => {
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

export const appendRun = async (session: Session, mark: Mark, append: RunAppend): ReturnType<Tx["append"]> => {
  if (isQuiet(append) && session.isBlind() && session.known.tails.get(append.run) === append.expected) session.enter(deltaOf(append, session.known.stepRows.get(append.run) ?? 0));
  else {
    const [newest, found] = await Promise.all([newestTerm(session), storedRun(session, append.run)]);
    if (append.term < newest) return err({ type: "fenced", term: append.term, found: newest as typeof append.term });
    const last = found?.row.seq ?? seq(0);
    if (last !== append.expected) return err({ type: "seq-taken", expected: append.expected, found: last });
    await writeRun(session, append);
  }
  mark("run", append.run);
  noteRun(session, append);
  return ok(seq(append.expected + append.events.length));
};
export const putLogs = (session: Session, chunks: readonly LogChunk[]): void => {
  session.kept.push(...chunks);
  for (const chunk of chunks) {
    session.changed(`logs/${chunk.run}`);
    session.put("logs", chunk);
  }
};
const storedRun = async (session: Session, id: RunId): Promise<StoredRow | undefined> => {
  const [overlay, found] = await session.beside(() => session.get<StoredRow>("rows", id));
  return found && rowOver(found, deltasOf(overlay, id));
};

/** No list and no count changes with it. */
const isQuiet = ({ before, row }: RunAppend): boolean => before === row.status && row.broken === undefined;

const writeRun = async (session: Session, append: RunAppend): Promise<void> => {
  const { run, row, before, expected, events, steps, at } = append;
  putEvents(session, { run, first: seq(expected + 1), at, events });
  if (expected === 0) putFirstSteps(session, run, steps);
  else await putSteps(session, run, steps);
  session.put("rows", { row } satisfies StoredRow);
  if (!isQuiet(append)) session.put("runs", keysOf(row));
  if (before === row.status) return;
  await tally(session, row, { status: before, by: -1 });
  await tally(session, row, { status: row.status, by: 1 });
};
const noteRun = (session: Session, append: RunAppend): void => {
  const { run, row, expected, events } = append;
  session.after(() => {
    if (!isRunSettled(row.status)) return void session.known.tails.set(run, expected + events.length);
    session.known.tails.delete(run);
    session.known.stepRows.delete(run);
    session.known.marked.delete(run);
  });
  session.changed(`runs/${run}`);
  session.changed("runs");
  if (row.parent !== undefined) session.changed(`children/${row.parent.run}`);
  if (isQuiet(append)) return;
  session.changed(`status/${run}`);
  session.urge();
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
  const limit = Number.isFinite(how.limit) ? { limit: how.limit + 1 } : {};
  const holding = how.after === 0 ? [] : await session.list<EventBatch>("events", { range: IDBKeyRange.bound([run], [run, how.after + 1]), limit: 1, newestFirst: true });
  const from = holding[0] === undefined ? [run] : [run, holding[0].first];
  const [overlay, batches] = await session.beside(() => session.list<EventBatch>("events", { range: IDBKeyRange.bound(from, [run, []]), ...limit }));
  for (const batch of [...batches, ...deltasOf(overlay, run)]) {
    for (const row of eventsOf(batch)) if (row.seq > how.after && rows.length < how.limit) rows.push(row);
  }
  return rows;
};

type Aged = Pick<RunRow, "createdAt" | "id">;
const byAge = (a: Aged, b: Aged): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
const cursorOf = (row: RunRow): string => `${row.createdAt}|${row.id}`;
const cursorKey = (cursor: string): readonly [number, string] => {
  const cut = cursor.indexOf("|");
  return [Number(cursor.slice(0, cut)), cursor.slice(cut + 1)];
};

interface Page {
  readonly filter: RunFilter;
  readonly limit: number;
  readonly cursor?: string;
  readonly rowsOf: (keys: readonly Pick<RunKeys, "id">[]) => Promise<RunRow[]>;
}
/** One bounded walk per status, newest first, merged: never an offset, never a count. */
const pageOfRuns = async (session: Session, page: Page): ReturnType<Tx["runs"]> => {
  session.saw("runs");
  const lists = await Promise.all(walksOf(page.filter).map((walk) => walkIndex(session, walk, page)));
  const found = lists.flat().sort(byAge).slice(0, page.limit + 1);
  const rows = await page.rowsOf(found.slice(0, page.limit));
  const last = rows.at(-1);
  return { rows, csn: csn((await session.journal()).newest), ...(found.length > page.limit && last !== undefined ? { next: cursorOf(last) } : {}) };
};

interface Walk {
  readonly index: string;
  readonly prefix: readonly (string | number)[];
  readonly keep?: (row: RunKeys) => boolean;
}
const walksOf = ({ statuses = [], dag, parent, withChildren }: RunFilter): Walk[] => {
  const keep = (row: RunKeys): boolean => (statuses.length === 0 || statuses.includes(row.status)) && (dag === undefined || row.dag === dag);
  if (parent !== undefined) return [{ index: "parent", prefix: [parent], keep }];
  const tops = withChildren === true ? [1, 0] : [1];
  const wanted = [...new Set(statuses)];
  return tops.flatMap((top): Walk[] => {
    if (wanted.length === 0 && dag === undefined) return [{ index: "[top+createdAt+id]", prefix: [top] }];
    if (wanted.length === 0) return [{ index: "[top+dag+createdAt+id]", prefix: [top, dag!] }];
    if (dag === undefined) return wanted.map((status) => ({ index: "[top+status+createdAt+id]", prefix: [top, status] }));
    return wanted.map((status) => ({ index: "[top+dag+status+createdAt+id]", prefix: [top, dag, status] }));
  });
};
const walkIndex = async (session: Session, walk: Walk, page: Page): Promise<RunKeys[]> => {
  if (walk.keep !== undefined) {
    const children = await session.list<RunKeys>("runs", { index: walk.index, range: IDBKeyRange.only(walk.prefix[0]) });
    const rows = children.filter(walk.keep);
    const cut = page.cursor === undefined ? undefined : cursorKey(page.cursor);
    return cut === undefined ? rows : rows.filter((row) => row.createdAt < cut[0] || (row.createdAt === cut[0] && row.id < cut[1]));
  }
  const range = page.cursor === undefined
    ? under(...walk.prefix)
    : IDBKeyRange.bound([...walk.prefix], [...walk.prefix, ...cursorKey(page.cursor)], false, true);
  return session.list<RunKeys>("runs", { index: walk.index, range, limit: page.limit + 1, newestFirst: true });
};

/** A run and every run below it, whether binned or not; nearest first. */
const eachOfFamily = async (session: Session, id: RunId, act: (record: StoredRow) => Promise<void>): Promise<void> => {
  await session.journal();
  const todo: RunId[] = [id];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const record = await session.get<StoredRow>("rows", next);
    if (record === undefined) continue;
    todo.push(...((await session.keys("runs", { index: "parent", range: IDBKeyRange.only(next) })) as unknown as RunId[]));
    await act(record);
  }
};
const touchRun = (session: Session, row: RunRow, mark: Mark): void => {
  session.after(() => {
    session.known.tails.delete(row.id);
    session.known.stepRows.delete(row.id);
  });
  session.changed("runs");
  session.changed(`runs/${row.id}`);
  session.changed(`status/${row.id}`);
  session.urge();
  if (row.parent !== undefined) session.changed(`children/${row.parent.run}`);
  mark("run", row.id);
};
const removeRun = async (session: Session, { row, binned }: StoredRow, mark: Mark): Promise<void> => {
  if (binned === undefined) await tally(session, row, { status: row.status, by: -1 });
  for (const table of ["rows", "runs", "starts"] as const) session.remove(table, row.id);
  for (const table of ["events", "steps", "logs"] as const) session.remove(table, under(row.id));
  touchRun(session, row, mark);
};
const binRun = async (session: Session, { row, binned }: StoredRow, mark: Mark): Promise<boolean> => {
  if (binned !== undefined) return false;
  await tally(session, row, { status: row.status, by: -1 });
  session.put("rows", { row, binned: 1 } satisfies StoredRow);
  session.put("runs", binnedKeys(row));
  touchRun(session, row, mark);
  return true;
};
const unbinRun = async (session: Session, id: RunId, mark: Mark): Promise<void> => {
  await session.journal();
  const record = await session.get<StoredRow>("rows", id);
  if (record?.binned === undefined) return;
  session.put("rows", { row: record.row } satisfies StoredRow);
  session.put("runs", keysOf(record.row));
  await tally(session, record.row, { status: record.row.status, by: 1 });
  touchRun(session, record.row, mark);
};
