/**
 * Owns how marks become own edits: before the copy of their record changes and before a push, so that an edit's context is what its author
 * saw. What says nothing new is no edit. Refuses to know the network.
 */
import { numbering, type ClientHead } from "../../core/replica/client.ts";
import { addEdit, view, type OwnEdit } from "../../core/replica/own.ts";
import type { PullAnswer } from "../../core/replica/protocol.ts";
import type { EditId, Row } from "../../core/replica/row.ts";
import { dagId, revisionId, runId, type RevisionId } from "../../core/base/brand.ts";
import type { RunRow } from "../../core/run/rows.ts";
import { isRunSettled } from "../../core/run/status.ts";
import type { Json } from "../../core/value/json.ts";
import type { Ids } from "../../ports/ids.ts";
import type { DagRow, PendingRow, RevisionRow, Tx } from "../../ports/store.ts";
import { ancestorsOf } from "./ancestors.ts";
import { localKinds, shownSibling, withUnknown, writtenBy, type Written } from "./kinds.ts";

export interface Author {
  readonly head: ClientHead;
  readonly ids: Ids;
  /** A run that goes on changes with every step: may its newest state wait for the next time? */
  readonly mayWait?: (run: string, steps: number) => boolean;
}

/** Makes an own edit of each mark of a replicated kind; the marks are then done (C2). */
export const cutMarks = async (tx: Tx, { head, ids, mayWait }: Author, all: readonly PendingRow[]): Promise<void> => {
  const marks = await due(tx, all.filter((mark) => mark.kind !== "ship"), mayWait);
  if (marks.length === 0) return;
  const written = await Promise.all([...marks].sort((a, b) => a.csn - b.csn).map((mark) => writtenBy(tx, mark)));
  const records = written.flatMap((one) => (one === undefined ? [] : [one.record]));
  const [place, copies, owns] = await Promise.all([tx.replica.ownPlace(), tx.replica.copyRows(records), tx.replica.ownOf(records)]);
  const copy = new Map(copies.map((row) => [row.record, row]));
  const own = grouped(owns);
  const put: OwnEdit[] = [];
  let { end } = place;
  // Random once per transaction and counted within it (rule 1): a thousand edits made together share all but their last characters on the wire.
  const origin = ids.next();
  let number = 1;
  for (const found of written) {
    if (found === undefined) continue;
    const mine = own.get(found.record) ?? [];
    const by = numbering(head, { ...place, end });
    const shown = view(copy.get(found.record), mine, by, found.record);
    const one = withUnknown(found, shown && shownSibling(shown)?.body);
    if (!(await isNews(tx, one, shown))) continue;
    const after = addEdit(copy.get(one.record), mine, { ...by, seen: head.seen, offered: head.inflight?.n ?? head.acked.n, absorb: true }, { ...one, e: `${origin}.${number++}` as EditId });
    own.set(one.record, after);
    const made = after.find((edit) => !mine.includes(edit));
    if (made === undefined) continue;
    put.push(made);
    if (made.at === end) end += 1;
  }
  if (put.length > 0) await tx.replica.changeOwn(put, []);
  await forgetTooLarge(tx, new Set(records));
  await tx.replica.putMarks(await toShip(tx, marks));
  await tx.replica.dropPending(marks);
};
/** Without runs that go on and may wait. */
const due = async (tx: Tx, marks: readonly PendingRow[], mayWait: Author["mayWait"]): Promise<readonly PendingRow[]> => {
  if (mayWait === undefined || !marks.some((mark) => mark.kind === "run")) return marks;
  const rows = await Promise.all(marks.map((mark) => (mark.kind === "run" ? tx.run(runId(mark.key)) : undefined)));
  const waits = (row: RunRow | undefined): boolean =>
    row !== undefined && !isRunSettled(row.status) && mayWait(row.id, Object.values(row.stepCounts).reduce((sum, count) => sum + count, 0));
  return marks.filter((_, i) => !waits(rows[i]));
};
export const grouped = (edits: readonly OwnEdit[]): Map<string, readonly OwnEdit[]> => {
  const map = new Map<string, OwnEdit[]>();
  for (const edit of edits) {
    const known = map.get(edit.record);
    if (known === undefined) map.set(edit.record, [edit]);
    else known.push(edit);
  }
  return map;
};

/** A mark that says what the view says already is no edit; nor is one made while a conflict is only being shown. */
const isNews = async (tx: Tx, written: Written, shown: Row | undefined): Promise<boolean> => {
  const isGone = shown === undefined || shown.siblings.every((sibling) => sibling.deleted);
  if (written.deleted) return !isGone;
  const [only] = shown?.siblings ?? [];
  if (shown?.siblings.length === 1 && only !== undefined && !only.deleted) return !isEqual(only.body, written.body);
  if (isGone || !written.record.startsWith("dag/")) return true;
  const row: DagRow | undefined = await tx.dag(dagId(written.record.slice(4)));
  return row?.conflict === undefined || row.conflict.shown !== row.head;
};
/** What was too large has been changed: its newest state gets another chance. */
const forgetTooLarge = async (tx: Tx, records: ReadonlySet<string>): Promise<void> => {
  for (const item of await tx.replica.recovered()) if (item.reason === "too large" && records.has(item.record)) await tx.replica.dropRecovered(item.e);
};
/** Own runs that have ended: their logs and events go to the server as pages, when the rows have gone. */
const toShip = async (tx: Tx, marks: readonly PendingRow[]): Promise<readonly Pick<PendingRow, "kind" | "key">[]> => {
  const rows = await Promise.all(marks.filter((mark) => mark.kind === "run").map((mark) => tx.run(runId(mark.key))));
  return rows.flatMap((row) => (row !== undefined && row.origin === undefined && isRunSettled(row.status) ? [{ kind: "ship", key: row.id }] : []));
};

/**
 * Marks of records that a page is about to change become own edits first; one that says just what the page says is no edit. Answers those
 * that are to be cut after the page: what this device knows, without a common past, to be newer than what arrives.
 */
export const settleMarks = async (tx: Tx, author: Author, page: PullAnswer, touched: readonly string[]): Promise<readonly PendingRow[]> => {
  const marks = (await tx.replica.marksOf(touched)).filter((mark) => !localKinds.includes(mark.kind));
  if (marks.length === 0) return [];
  const arriving = new Map<string, Row>(page.rows.map((row) => [row.record, row]));
  const todo: PendingRow[] = [];
  const done: PendingRow[] = [];
  const late: PendingRow[] = [];
  const isJoining = author.head.seen === 0 && author.head.acked.n === 0;
  for (const mark of marks) {
    const written = await writtenBy(tx, mark);
    const live = arriving.get(`${mark.kind}/${mark.key}`)?.siblings.filter((sibling) => !sibling.deleted) ?? [];
    const isSame = written !== undefined && !written.deleted && live.length === 1 && isEqual(live[0]?.body, written.body);
    const age = isSame || !isJoining || live.length !== 1 ? "unknown" : await ageOf(tx, mark, { written, arriving: live[0]?.body ?? null, page });
    (isSame || age === "older" ? done : age === "newer" ? late : todo).push(mark);
  }
  await tx.replica.dropPending(done);
  await cutMarks(tx, author, todo);
  return late;
};
interface Met {
  readonly written: Written | undefined;
  readonly arriving: Json;
  readonly page: PullAnswer;
}
/** How what is here stands to what arrives, where sync is turned on again and no vector tells: by the DAG's own history; a run is its owner's to tell. */
const ageOf = async (tx: Tx, mark: PendingRow, { written, arriving, page }: Met): Promise<"older" | "newer" | "unknown"> => {
  if (written === undefined || written.deleted) return "unknown";
  if (mark.kind === "run") return "newer";
  if (mark.kind !== "dag") return "unknown";
  const heads = [written.body, arriving].map((body) => (body as { readonly head?: string } | null)?.head);
  const [mine, theirs] = heads;
  if (mine === undefined || theirs === undefined || mine === theirs) return "unknown";
  const coming = new Map(page.rows.filter((row) => row.record.startsWith("revision/")).map((row) => [row.record.slice(9), row.siblings[0]?.body as unknown as RevisionRow | undefined]));
  const revision = async (id: RevisionId): Promise<RevisionRow | undefined> => (await tx.revision(id)) ?? coming.get(id);
  if ((await ancestorsOf(revision, revisionId(mine))).has(revisionId(theirs))) return "newer";
  return (await ancestorsOf(revision, revisionId(theirs))).has(revisionId(mine)) ? "older" : "unknown";
};
export const isEqual = (a: Json | undefined, b: Json): boolean => a === b || JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: Json | undefined): unknown => {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item as Json)]);
};
