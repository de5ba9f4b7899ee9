/**
 * Owns which of the app's rows are replicated, under which key, and how a replicated body becomes a row again. The app's tables are the
 * materialised view of copy and own. Refuses to know messages. Unknown kinds stay in the copy, untouched.
 */
import { dagId, revisionId, runId } from "../../core/base/brand.ts";
import type { Row, Sibling } from "../../core/replica/row.ts";
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import type { Json } from "../../core/value/json.ts";
import type { DagRow, PendingRow, RevisionRow, Tx } from "../../ports/store.ts";

/** Shape version of every body. */
const bodyVersion = 1;
export interface Written {
  readonly record: string;
  readonly deleted: boolean;
  readonly body: Json;
}
const wrap = (value: object): Json => ({ v: bodyVersion, ...(value as { readonly [key: string]: Json }) });

/** What a mark stands for now; undefined when its kind is not replicated. */
export const writtenBy = async (tx: Tx, mark: PendingRow): Promise<Written | undefined> => {
  const record = `${mark.kind}/${mark.key}`;
  const of = (value: object | undefined): Written => (value === undefined ? { record, deleted: true, body: null } : { record, deleted: false, body: wrap(value) });
  switch (mark.kind) {
    case "dag":
      return of(withoutOwn(await tx.dag(dagId(mark.key))));
    case "revision":
      return of(await tx.revision(revisionId(mark.key)));
    case "run": {
      const row = await tx.run(runId(mark.key));
      if (row?.origin !== undefined) return undefined;
      return of(row && { row, steps: await tx.steps(row.id) });
    }
    default:
      return undefined;
  }
};
/** A DAG in the bin is deleted for everybody; whether a draft lies over it is this device's own affair. */
const withoutOwn = (row: DagRow | undefined): Omit<DagRow, "hasDraft"> | undefined => {
  if (row === undefined || row.deletedAt !== undefined) return undefined;
  const { hasDraft: _own, ...shared } = row;
  return shared;
};

/** The sibling to show when there are several: the one with the greatest edit id, the same on every device (P24). */
export const shownSibling = (row: Row): Sibling | undefined =>
  row.siblings.filter((sibling) => !sibling.deleted).reduce<Sibling | undefined>((best, one) => (best === undefined || one.e > best.e ? one : best), undefined);

/** Brings a record's row up to its view. The marks this leaves are the caller's to take away again. */
export const materialise = async (tx: Tx, record: string, view: Row | undefined): Promise<void> => {
  const kind = record.slice(0, record.indexOf("/"));
  const key = record.slice(kind.length + 1);
  const body = (view === undefined ? undefined : shownSibling(view))?.body as ({ readonly v?: number } & Record<string, unknown>) | undefined;
  if (kind === "dag") await materialiseDag(tx, key, body as unknown as DagRow | undefined);
  if (kind === "revision" && body !== undefined) await tx.putRevision(withoutVersion(body) as unknown as RevisionRow);
  if (kind === "run") await materialiseRun(tx, key, body as unknown as { readonly row: RunRow; readonly steps: readonly StepRow[] } | undefined);
};
const withoutVersion = ({ v: _v, ...row }: Record<string, unknown>): Record<string, unknown> => row;

const materialiseDag = async (tx: Tx, key: string, body: DagRow | undefined): Promise<void> => {
  const here = await tx.dag(dagId(key));
  if (body === undefined) {
    if (here !== undefined && here.deletedAt === undefined) await tx.putDag({ ...here, deletedAt: here.updatedAt });
    return;
  }
  const { deletedAt: _back, ...live } = withoutVersion(body as unknown as Record<string, unknown>) as unknown as DagRow;
  await tx.putDag({ ...live, hasDraft: here?.hasDraft ?? false });
};
const materialiseRun = async (tx: Tx, key: string, body: { readonly row: RunRow; readonly steps: readonly StepRow[] } | undefined): Promise<void> => {
  const here = await tx.run(runId(key));
  if (here !== undefined && here.origin === undefined) return;
  if (body === undefined) await tx.deleteRuns([runId(key)]);
  else await tx.putForeignRun({ ...body.row, origin: body.row.origin ?? "another device" }, body.steps);
};
