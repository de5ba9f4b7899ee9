/**
 * Owns deleting, taking it back, and the end of what stayed in the bin. B1 A delete is one transaction and hides at once; files stay where
 * they are until the purge, which may be cut off and goes on at the next start. B2 What runs is not deleted.
 */
import { dagId, instant, runId, type Instant, type RunId } from "../../core/base/brand.ts";
import type { RunRow } from "../../core/run/rows.ts";
import { isRunSettled } from "../../core/run/status.ts";
import { folderPath, type Files } from "../../ports/files.ts";
import type { BinRow, Store, Tx } from "../../ports/store.ts";
import { CommandError, type Commands } from "../commands.ts";
import { existing, freeName, type EditWorld } from "./dags.ts";

export type BinCommands = Pick<Commands, "deleteDag" | "deleteRun" | "undo">;
/** What a bin row holds. */
interface Binned {
  readonly dag?: string;
  readonly runs: readonly RunId[];
}
/** Days in the bin before the purge. */
const binDaysMax = 30;
const runsPage = 500;

export const createBinCommands = ({ store, clock, ids }: EditWorld): BinCommands => {
  const put = (tx: Tx, what: string, binned: Binned): Promise<void> =>
    tx.putBin({ id: ids.next(), at: clock.now(), what, rows: JSON.stringify(binned) });
  return {
    deleteDag: (dag) =>
      store.transact(async (tx) => {
        const row = await existing(tx, dag);
        const runs = await runsOf(tx, row.id);
        refuseActive(runs);
        const binned = await tx.binRuns(runs.map((run) => run.id));
        await tx.putDag({ ...row, deletedAt: clock.now() });
        await put(tx, "dag", { dag: row.id, runs: binned });
      }, { durability: "strict" }),
    deleteRun: (run) =>
      store.transact(async (tx) => {
        const row = await tx.run(runId(run));
        if (row === undefined) throw new CommandError("not_found", `run ${run} not found`);
        refuseActive([row]);
        await put(tx, "run", { runs: await tx.binRuns([row.id]) });
      }, { durability: "strict" }),
    undo: (id) =>
      store.transact(async (tx) => {
        const bins = [...(await tx.bins())].sort(newestFirst);
        const bin = id === undefined ? bins[0] : bins.find((row) => row.id === id);
        if (bin === undefined) throw new CommandError("nothing_to_undo", "there is nothing to take back");
        await restore(tx, JSON.parse(bin.rows) as Binned, clock.now());
        await tx.deleteBin(bin.id);
      }, { durability: "strict" }),
  };
};
const newestFirst = (a: BinRow, b: BinRow): number => b.at - a.at || (a.id < b.id ? 1 : -1);

/** If the name has been given away meanwhile, the restored DAG gets a number. */
const restore = async (tx: Tx, { dag, runs }: Binned, now: Instant): Promise<void> => {
  await tx.unbinRuns(runs);
  const row = dag === undefined ? undefined : await tx.dag(dagId(dag));
  if (row === undefined) return;
  const { deletedAt: _, ...kept } = row;
  await tx.putDag({ ...kept, name: await freeName(tx, row.name), updatedAt: now });
};

const runsOf = async (tx: Tx, dag: string): Promise<RunRow[]> => {
  const found: RunRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await tx.runs({ dag, withChildren: true }, runsPage, cursor);
    found.push(...page.rows);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
};
const refuseActive = (runs: readonly RunRow[]): void => {
  const active = runs.find((run) => !isRunSettled(run.status) && run.broken === undefined);
  if (active !== undefined) throw new CommandError("still_running", `run ${active.id} is under way: stop it first`);
};

/** Deletes for good what has lain in the bin too long, files included. Answers how many deletes were made final. */
export const purgeBin = async (store: Store, files: Files, now: Instant): Promise<number> => {
  const before = instant(now - binDaysMax * 86_400_000);
  const old = (await store.transact((tx) => tx.bins(), { readonly: true })).filter((row) => row.at < before);
  for (const bin of old) {
    const { dag, runs } = JSON.parse(bin.rows) as Binned;
    for (const run of runs) await files.removeTree(`/runs/${run}`);
    if (dag !== undefined) await files.removeTree(folderPath(dag));
    await store.transact(async (tx) => {
      await tx.deleteRuns(runs);
      if (dag !== undefined) await tx.purgeDag(dagId(dag));
      await tx.deleteBin(bin.id);
    });
  }
  return old.length;
};
