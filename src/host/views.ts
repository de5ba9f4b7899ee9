/**
 * Owns the reads that screens are drawn from: each is one function over `Tx`, so that all rows of a view share one commit.
 * Refuses to know words, colours, addresses. Every read is bounded (`…Max`).
 */
import type { DagId, RevisionId, RunId } from "../core/base/brand.ts";
import type { Recovered } from "../core/replica/client.ts";
import type { CopyRow } from "../core/replica/row.ts";
import type { RunRow, StepRow } from "../core/run/rows.ts";
import type { RunStatus } from "../core/run/status.ts";
import { baseOf } from "./edit/base.ts";
import { unsentCount } from "./sync/views.ts";
import type { DagRow, DraftRow, EventRow, GrantRow, PageOf, RevisionRow, RunFilter, SettingRow, TallyRow, Tx } from "../ports/store.ts";

const latestMax = 40;
const waitingMax = 20;
const sinceMax = 400;
const trendDays = 14;
const stripMax = 7;
const dagRunsMax = 50;
export const pageSize = 50;
export const eventsPage = 500;

export interface Waiting {
  readonly run: RunRow;
  readonly steps: readonly StepRow[];
}
export interface HomeRows {
  readonly dags: readonly DagRow[];
  readonly latest: readonly RunRow[];
  /** Newest run of a DAG, failed or rejected, and nothing has run since. */
  readonly failing: readonly RunRow[];
  readonly waiting: readonly Waiting[];
  readonly running: readonly RunRow[];
}
export const homeRows = async (tx: Tx): Promise<HomeRows> => {
  const dags = await visibleDags(tx);
  const latest = (await tx.runs({}, latestMax)).rows;
  const newest = new Map<string, RunRow>();
  for (const run of latest) if (!newest.has(run.dag)) newest.set(run.dag, run);
  const waiting: Waiting[] = [];
  for (const run of (await tx.runs({ statuses: ["waiting"] }, waitingMax)).rows) {
    waiting.push({ run, steps: (await tx.steps(run.id)).filter((step) => step.status === "waiting") });
  }
  return {
    dags,
    latest,
    failing: [...newest.values()].filter((run) => run.status === "failed" || run.status === "rejected"),
    waiting,
    running: latest.filter((run) => run.status === "running" || run.status === "queued"),
  };
};

/** Runs that began at or after an instant, newest first. */
export const runsSince = (from: number) => async (tx: Tx): Promise<readonly RunRow[]> => {
  const { rows } = await tx.runs({}, sinceMax);
  const end = rows.findIndex((run) => run.createdAt < from);
  return end < 0 ? rows : rows.slice(0, end);
};

const visibleDags = async (tx: Tx): Promise<readonly DagRow[]> =>
  [...(await tx.dags())].filter((dag) => dag.deletedAt === undefined).sort((a, b) => (a.name < b.name ? -1 : 1));

export interface DagEntry {
  readonly dag: DagRow;
  /** Oldest first, at most seven. */
  readonly strip: readonly RunRow[];
}
export const dagRows = async (tx: Tx): Promise<readonly DagEntry[]> => {
  const entries: DagEntry[] = [];
  for (const dag of await visibleDags(tx)) {
    const runs = (await tx.runs({ dag: dag.id }, stripMax)).rows;
    entries.push({ dag, strip: [...runs].reverse() });
  }
  return entries;
};

export interface DagRows {
  readonly dag: DagRow | undefined;
  readonly head: RevisionRow | undefined;
  readonly draft: DraftRow | undefined;
  /** Newest first; run drafts left out. */
  readonly revisions: readonly RevisionRow[];
  readonly runs: readonly RunRow[];
  readonly grants: readonly GrantRow[];
  /** Text of the base configuration under every DAG. */
  readonly base?: string;
}
/** `name` may be an id as well: what a command answers opens the same page. */
export const oneDag = (name: string) => async (tx: Tx): Promise<DagRows> => {
  const dag = (await tx.dagByName(name)) ?? (await tx.dag(name as DagId));
  if (dag === undefined || dag.deletedAt !== undefined) return { dag: undefined, head: undefined, draft: undefined, revisions: [], runs: [], grants: [] };
  const revisions = await tx.revisions(dag.id);
  const base = await baseOf(tx);
  return {
    ...(base === undefined ? {} : { base }),
    dag,
    head: await tx.revision(dag.head),
    draft: await tx.draft(dag.id),
    revisions: revisions.filter((revision) => !revision.draft).sort((a, b) => b.number - a.number),
    runs: (await tx.runs({ dag: dag.id }, dagRunsMax)).rows,
    grants: await tx.grants(dag.id),
  };
};

export interface RunRows {
  readonly run: RunRow | undefined;
  readonly steps: readonly StepRow[];
  readonly revision: RevisionRow | undefined;
  readonly dag: DagRow | undefined;
  readonly children: readonly RunRow[];
  /** The newest earlier run of this DAG that succeeded. */
  readonly lastGood: RunRow | undefined;
}
export const oneRun = (id: string) => async (tx: Tx): Promise<RunRows> => {
  const run = await tx.run(id as RunId);
  if (run === undefined) return { run: undefined, steps: [], revision: undefined, dag: undefined, children: [], lastGood: undefined };
  const steps = [...(await tx.steps(run.id))].sort((a, b) => a.index - b.index);
  const good = (await tx.runs({ dag: run.dag, statuses: ["succeeded"] }, 2)).rows;
  return {
    run,
    steps,
    revision: await tx.revision(run.revision),
    dag: await tx.dag(run.dag as DagId),
    children: await tx.childRuns(run.id),
    lastGood: good.find((other) => other.id !== run.id && other.createdAt < run.createdAt),
  };
};
export const revisionText = (id: RevisionId) => async (tx: Tx): Promise<string | undefined> => (await tx.revision(id))?.text;

export const runEvents = (id: string, after: number) => async (tx: Tx): Promise<readonly EventRow[]> =>
  tx.events(id as RunId, after as EventRow["seq"], eventsPage);

/** One UTC day. */
export interface DayTally {
  readonly day: string;
  readonly counts: Readonly<Partial<Record<RunStatus, number>>>;
}
export interface RunsPage {
  readonly page: PageOf<RunRow>;
  readonly counts: Readonly<Partial<Record<RunStatus, number>>>;
  readonly dags: readonly DagRow[];
  /** The newest days up to the newest run, oldest first, empty ones among them; none without runs. */
  readonly trend: readonly DayTally[];
}
/** One page, newest first, and how many runs of each status there are in all (from the tallies, never by a scan). */
export const runsPage = (filter: RunFilter, cursor: string | undefined) => async (tx: Tx): Promise<RunsPage> => {
  const page = await tx.runs(filter, pageSize, cursor);
  const tallies = await tx.tallies("0000-01-01", "9999-12-31", filter.dag);
  return { page, counts: sumOf(tallies), dags: await visibleDags(tx), trend: trendOf(tallies) };
};
const sumOf = (tallies: readonly TallyRow[]): Partial<Record<RunStatus, number>> => {
  const counts: Partial<Record<RunStatus, number>> = {};
  for (const { status, count } of tallies) counts[status] = (counts[status] ?? 0) + count;
  return counts;
};
const dayMs = 86_400_000;
const trendOf = (tallies: readonly TallyRow[]): readonly DayTally[] => {
  const newest = tallies.filter((tally) => tally.count > 0).reduce((last, { day }) => (day > last ? day : last), "");
  if (newest === "") return [];
  const days = Array.from({ length: trendDays }, (_, n) => new Date(Date.parse(newest) - (trendDays - 1 - n) * dayMs).toISOString().slice(0, 10));
  const recent = tallies.filter(({ day }) => day >= (days[0] ?? ""));
  return days.map((day) => ({ day, counts: sumOf(recent.filter((tally) => tally.day === day)) }));
};

export interface SettingsRows {
  readonly settings: readonly SettingRow[];
  readonly grants: readonly GrantRow[];
  readonly dags: readonly DagRow[];
  readonly counts: Readonly<Record<string, number>>;
}
export const settingsRows = async (tx: Tx): Promise<SettingsRows> => ({
  settings: await tx.settings(),
  grants: await tx.grants(),
  dags: await visibleDags(tx),
  counts: await tx.counts(),
});

export interface SyncRows {
  /** JSON of the connection; absent = sync is off. */
  readonly connection: string | undefined;
  readonly news: string | undefined;
  /** Own edits the server has not acknowledged, and marks not cut yet. */
  readonly unsent: number;
  readonly conflicts: readonly CopyRow[];
  readonly recovered: readonly Recovered[];
}
/** What the frame shows of sync. */
export const syncBrief = async (tx: Tx): Promise<{ readonly isOn: boolean; readonly news: string | undefined }> => ({
  isOn: (await tx.setting("sync.connection")) !== undefined,
  news: await tx.setting("sync.news"),
});
export const syncRows = async (tx: Tx): Promise<SyncRows> => ({
  connection: await tx.setting("sync.connection"),
  news: await tx.setting("sync.news"),
  unsent: await unsentCount(tx),
  conflicts: await tx.replica.conflicts(),
  recovered: await tx.replica.recovered(),
});
