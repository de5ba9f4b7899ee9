/**
 * Owns which of the app's rows are replicated, under which key, and how a replicated body becomes a row again. The app's tables are the
 * materialised view of copy and own. Refuses to know messages. What has no table of its own, and kinds this version does not know, are kept
 * as they came (P19).
 */
import { dagId, instant, revisionId, runId } from "../../core/base/brand.ts";
import { kindOf } from "../../core/replica/wire/roles.ts";
import type { Row, Sibling } from "../../core/replica/row.ts";
import type { RunRow, StepRow } from "../../core/run/rows.ts";
import type { Json } from "../../core/value/json.ts";
import type { DagRow, ForeignRun, PendingRow, RevisionRow, Tx } from "../../ports/store.ts";
import { isSharedSetting } from "../../ports/sync/replica.ts";

/** Shape version of every body. */
const bodyVersion = 1;
/** Marks of these kinds are about this device alone. */
export const localKinds: readonly string[] = ["draft", "ship"];
export interface Written {
  readonly record: string;
  readonly deleted: boolean;
  readonly body: Json;
}
type Fields = Readonly<Record<string, unknown>>;
const wrap = (value: object): Json => ({ v: bodyVersion, ...(value as { readonly [key: string]: Json }) });

/** What a mark stands for now; undefined when it is not replicated. */
export const writtenBy = async (tx: Tx, mark: PendingRow): Promise<Written | undefined> => {
  const record = `${mark.kind}/${mark.key}`;
  const of = (value: object | undefined): Written => (value === undefined ? { record, deleted: true, body: null } : { record, deleted: false, body: wrap(value) });
  switch (mark.kind) {
    case "draft":
    case "ship":
      return undefined;
    case "dag":
      return of(withoutOwn(await tx.dag(dagId(mark.key))));
    case "revision":
      return of(await tx.revision(revisionId(mark.key)));
    case "run": {
      const row = await tx.run(runId(mark.key));
      if (row?.origin !== undefined) return undefined;
      return of(row && { row, steps: await tx.steps(row.id) });
    }
    case "setting":
      // Well-known ids are emptied, never deleted (rule 24).
      return isSharedSetting(mark.key) ? of({ key: mark.key, value: (await tx.setting(mark.key)) ?? null }) : undefined;
    default: {
      const row = await tx.replica.shared(record);
      return row === undefined ? of(undefined) : { record, deleted: false, body: row.body };
    }
  }
};
/** A DAG in the bin is deleted for everybody; whether a draft lies over it, and how a conflict is shown, is this device's own affair. */
const withoutOwn = (row: DagRow | undefined): Omit<DagRow, "hasDraft" | "conflict"> | undefined => {
  if (row === undefined || row.deletedAt !== undefined) return undefined;
  const { hasDraft: _own, conflict: _shown, ...shared } = row;
  return shared;
};

const dagFields: Readonly<Record<keyof DagRow | "v", true>> = {
  v: true, id: true, name: true, head: true, description: true, group: true, labels: true, hasSchedule: true, stepCount: true, errorCount: true, hasDraft: true, createdAt: true,
  updatedAt: true, sample: true, deletedAt: true, conflict: true,
};
/** The body with what a newer version has put into it: a row is written anew by those who know only their own fields (P19). */
export const withUnknown = (written: Written, before: Json | undefined): Written => {
  const isFields = (body: Json | undefined): body is { readonly [key: string]: Json } => typeof body === "object" && body !== null && !Array.isArray(body);
  if (!written.record.startsWith("dag/") || !isFields(before) || !isFields(written.body)) return written;
  const unknown = Object.entries(before).filter(([key]) => !Object.hasOwn(dagFields, key));
  return unknown.length === 0 ? written : { ...written, body: { ...Object.fromEntries(unknown), ...written.body } };
};

/** The sibling to show when there are several: the one with the greatest edit id, the same on every device (P24). */
export const shownSibling = (row: Row): Sibling | undefined =>
  row.siblings.filter((sibling) => !sibling.deleted).reduce<Sibling | undefined>((best, one) => (best === undefined || one.e > best.e ? one : best), undefined);
/** The heads of a DAG's live sides, in order of edit id. */
export const headsOf = (row: Row): readonly string[] =>
  [...row.siblings].filter((sibling) => !sibling.deleted).sort((a, b) => (a.e < b.e ? -1 : 1)).map((sibling) => (sibling.body as { readonly head: string }).head);

export interface Viewed {
  readonly record: string;
  readonly view: Row | undefined;
}
/** Brings the rows of these records up to their views. Leaves no marks: the caller has made the transaction quiet. */
export const materialise = async (tx: Tx, viewed: readonly Viewed[]): Promise<void> => {
  const runs: (ForeignRun | undefined)[] = [];
  const drafted = await tx.replica.drafted();
  await Promise.all(viewed.map(async ({ record, view }) => {
    const kind = kindOf(record);
    const key = record.slice(kind.length + 1);
    const body = (view === undefined ? undefined : shownSibling(view)?.body) as Fields | undefined;
    if (kind === "dag") await materialiseDag(tx, key, view, drafted);
    else if (kind === "revision") await (body === undefined ? undefined : tx.putRevision(withoutVersion(body) as unknown as RevisionRow));
    else if (kind === "run") runs.push(await foreignRun(tx, key, body as unknown as { readonly row: RunRow; readonly steps: readonly StepRow[] } | undefined));
    else if (kind === "setting") await materialiseSetting(tx, key, body);
    else if (body === undefined) await tx.replica.dropShared(record);
    else await tx.replica.putShared({ record, body: body as Json });
    if (kind === "request" && body !== undefined) await takeRequest(tx, key, body);
  }));
  await tx.putForeignRuns(runs.filter((run) => run !== undefined));
};
const withoutVersion = ({ v: _v, ...row }: Fields): Fields => row;

/** Several sides: what runs is what all of them come from, until a person (or a clean merge) decides; `conflict.ts` looks at it after the transaction. */
const materialiseDag = async (tx: Tx, key: string, view: Row | undefined, drafted: ReadonlySet<string>): Promise<void> => {
  const body = (view === undefined ? undefined : shownSibling(view)?.body) as Fields | undefined;
  if (body === undefined || view === undefined) {
    const here = await tx.dag(dagId(key));
    if (here !== undefined && here.deletedAt === undefined) await tx.putDag({ ...here, deletedAt: here.updatedAt });
    return;
  }
  const { deletedAt: _back, conflict: _old, ...live } = withoutVersion(body) as unknown as DagRow;
  const row: DagRow = { ...live, hasDraft: drafted.has(key) };
  if (view.siblings.length === 1) return tx.putDag(row);
  await tx.putDag({ ...row, conflict: { shown: row.head, heads: [...new Set(headsOf(view))].map((head) => revisionId(head)), merged: "open", deleted: view.siblings.some((sibling) => sibling.deleted) } });
};
const foreignRun = async (tx: Tx, key: string, body: { readonly row: RunRow; readonly steps: readonly StepRow[] } | undefined): Promise<ForeignRun | undefined> => {
  const here = await tx.run(runId(key));
  if (here !== undefined && here.origin === undefined) return undefined;
  if (body !== undefined) return { row: { ...body.row, origin: body.row.origin ?? "another device" }, steps: body.steps };
  await tx.deleteRuns([runId(key)]);
  return undefined;
};
const materialiseSetting = async (tx: Tx, key: string, body: Fields | undefined): Promise<void> => {
  if (!isSharedSetting(key)) return;
  if (typeof body?.["value"] === "string") await tx.putSetting(key, body["value"]);
  else await tx.deleteSetting(key);
};
/** Another device asks for something about a run of this one: the driver answers it like a wish of another tab. */
const takeRequest = async (tx: Tx, key: string, body: Fields): Promise<void> => {
  const { run, action, at, answer } = body;
  if (typeof run !== "string" || (action !== "stop" && action !== "retry") || answer !== undefined) return;
  const row = await tx.run(runId(run));
  const id = `${foreignRequest}${key}`;
  if (row === undefined || row.origin !== undefined || (await tx.request(id)) !== undefined) return;
  await tx.putRequest({ id, at: instant(Number(at) || 0), type: "run", body: JSON.stringify({ type: "run", run, request: { do: action } }) });
};
/** Ids of request rows that stand for another device's wish. */
export const foreignRequest = "sync:";
