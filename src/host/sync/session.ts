/**
 * Owns the two store transactions of replication: cutting a request and applying an answer. Between them nothing is remembered but what
 * is stored. Pending marks become own edits here, before the copy of their record changes and before a push, so that an edit's context
 * is what its author saw. Refuses to know the network and when to sync.
 */
import { cutOffer, cutPull, cutPush, newClient, numbering, recordEdit, unchanged, type ClientHead, type Delta, type Slice } from "../../core/replica/client.ts";
import { view } from "../../core/replica/own.ts";
import type { Answer, Epoch, PullAnswer, Request } from "../../core/replica/protocol.ts";
import { receive } from "../../core/replica/receive.ts";
import type { CopyRow, EditId } from "../../core/replica/row.ts";
import type { ReplicaId } from "../../core/replica/version.ts";
import type { Json } from "../../core/value/json.ts";
import type { Ids } from "../../ports/ids.ts";
import type { PendingRow, Store, Tx } from "../../ports/store.ts";
import { materialise, writtenBy } from "./kinds.ts";

export interface SyncDep {
  readonly store: Store;
  readonly ids: Ids;
}
/** Edits of a batch at most. */
export const batchMax = 500;

/**
 * Turns sync on for this device: everything here that the server may not have is marked. The first pull comes before the first push, so
 * that what both have already is recognised by its content and does not become a conflict.
 */
export const join = ({ store, ids }: SyncDep, chain: readonly Epoch[]): Promise<void> =>
  store.transact(async (tx) => {
    if ((await tx.replica.head()) !== undefined) return;
    await tx.replica.putHead(newClient(ids.next() as ReplicaId, chain));
    for (const dag of await tx.dags()) {
      for (const revision of (await tx.revisions(dag.id)).toReversed()) await tx.putRevision(revision);
      await tx.putDag(dag);
    }
  }, { durability: "strict" });
export const leave = (store: Store): Promise<void> => store.transact((tx) => tx.replica.putHead(undefined), { durability: "strict" });

/** Has the copy ever been complete? Before that nothing is pushed. */
export const isFirst = ({ store }: SyncDep): Promise<boolean> =>
  store.transact(async (tx) => {
    const head = await tx.replica.head();
    return head !== undefined && head.acked.n === 0 && head.seen === 0 && head.inflight === undefined;
  }, { readonly: true });

/** Has anything changed here that the server was not offered yet? */
export const hasMarks = (store: Store): Promise<boolean> => store.transact(async (tx) => (await tx.pending()).length > 0, { readonly: true });

/** The next request of a kind, if there is something to ask; own edits and the in-flight mark are stored before it leaves (rule 13). */
export const cut = ({ store, ids }: SyncDep, kind: Request["type"]): Promise<Request | undefined> =>
  store.transact(async (tx) => {
    const head = await tx.replica.head();
    if (head === undefined) return undefined;
    if (kind === "push") await cutMarks(tx, { head, ids }, await tx.pending());
    const slice = await loadSlice(tx, head, []);
    if (kind === "offer") return cutOffer(slice);
    if (kind === "pull") return cutPull(slice);
    const made = cutPush(slice, batchMax);
    if (made !== undefined) await storeDelta(tx, slice, made.delta);
    return made?.request;
  }, { durability: "strict" });

/** Applies an answer: copy, own edits and the app's rows move together (rule 19). */
export const apply = ({ store, ids }: SyncDep, answer: Answer): Promise<void> =>
  store.transact(async (tx) => {
    const head = await tx.replica.head();
    if (head === undefined) return;
    const records = await touchedBy(tx, head, answer);
    if (answer.type === "page") await settleMarks(tx, { head, ids }, answer, new Set(records));
    const slice = await loadSlice(tx, head, records, answer);
    const delta = receive(slice, answer, () => ids.next() as ReplicaId);
    await storeDelta(tx, slice, delta);
    await refresh(tx, slice, delta);
  });

/** Records whose copy an answer is about to change. */
const touchedBy = async (tx: Tx, head: ClientHead, answer: Answer): Promise<readonly string[]> => {
  if (answer.type !== "page") return [];
  const older = answer.last && head.fetching ? await tx.replica.copyOlderThan(head.generation) : [];
  const dead = answer.last ? await tx.replica.copyDeadUpTo(answer.floor) : [];
  return [...answer.rows, ...older, ...dead].map((row) => row.record);
};
interface Author {
  readonly head: ClientHead;
  readonly ids: Ids;
}
/** Marks of records that a page is about to change become own edits first; one that says just what the page says is no edit. */
const settleMarks = async (tx: Tx, author: Author, page: PullAnswer, touched: ReadonlySet<string>): Promise<void> => {
  const arriving = new Map(page.rows.map((row) => [row.record, row]));
  const todo: PendingRow[] = [];
  for (const mark of await tx.pending()) {
    const record = `${mark.kind}/${mark.key}`;
    if (!touched.has(record)) continue;
    const written = await writtenBy(tx, mark);
    const live = arriving.get(record)?.siblings.filter((sibling) => !sibling.deleted) ?? [];
    const isSame = written !== undefined && !written.deleted && live.length === 1 && isEqual(live[0]?.body, written.body);
    if (isSame) await tx.replica.dropPending([mark]);
    else todo.push(mark);
  }
  await cutMarks(tx, author, todo);
};
const isEqual = (a: Json | undefined, b: Json): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
const sorted = (value: Json | undefined): unknown => {
  if (Array.isArray(value)) return value.map((item: Json) => sorted(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item as Json)]);
};

/** Makes an own edit of each mark of a replicated kind; the marks are then done (C2). */
const cutMarks = async (tx: Tx, { head, ids }: Author, marks: readonly PendingRow[]): Promise<void> => {
  if (marks.length === 0) return;
  const slice = await loadSlice(tx, head, marks.map((mark) => `${mark.kind}/${mark.key}`));
  let delta = unchanged(slice);
  for (const mark of [...marks].sort((a, b) => a.csn - b.csn)) {
    const written = await writtenBy(tx, mark);
    if (written === undefined) continue;
    const now: Slice = { ...slice, own: delta.own };
    const shown = view(slice.copyOf(written.record), now.own, numbering(head), written.record);
    const isGone = shown === undefined || shown.siblings.every((sibling) => sibling.deleted);
    if (written.deleted && isGone) continue;
    delta = recordEdit(now, { ...written, e: ids.next() as EditId }, true);
  }
  await storeDelta(tx, slice, delta);
  await tx.replica.dropPending(marks);
};

const loadSlice = async (tx: Tx, head: ClientHead, records: readonly string[], answer?: Answer): Promise<Slice> => {
  const own = await tx.replica.own();
  const offers = await tx.replica.offers();
  const isRestored = answer?.type === "restored";
  const all = isRestored ? await tx.replica.copyAll() : [];
  const wanted = isRestored ? all : await tx.replica.copyRows([...new Set([...records, ...own.map((edit) => edit.record)])]);
  const isLast = answer?.type === "page" && answer.last;
  const older = isLast && head.fetching ? await tx.replica.copyOlderThan(head.generation) : [];
  const dead = isLast ? await tx.replica.copyDeadUpTo(answer.floor) : [];
  const copy = new Map(wanted.map((row) => [row.record, row]));
  return { head, own, offers, copyOf: (record) => copy.get(record), copyOlderThan: () => older, copyDeadUpTo: () => dead, copyAll: () => all };
};
const storeDelta = async (tx: Tx, slice: Slice, delta: Delta): Promise<void> => {
  if (!isEqual(delta.head as unknown as Json, slice.head as unknown as Json)) await tx.replica.putHead(delta.head);
  if (delta.own !== slice.own) await tx.replica.putOwn(delta.own);
  if (delta.offers !== slice.offers) await tx.replica.putOffers(delta.offers);
  if (delta.copyPut.length > 0) await tx.replica.putCopy(delta.copyPut);
  if (delta.copyDrop.length > 0) await tx.replica.dropCopy(delta.copyDrop);
  const kept = delta.recovered.filter((item) => !item.deleted);
  if (kept.length > 0) await tx.replica.putRecovered(kept);
};
/** Draws the app's rows of every record whose copy changed; the marks that leaves are ours, not the user's. */
const refresh = async (tx: Tx, before: Slice, delta: Delta): Promise<void> => {
  const changed = new Map<string, CopyRow | undefined>(delta.copyPut.map((row) => [row.record, row]));
  for (const record of delta.copyDrop) changed.set(record, undefined);
  for (const item of delta.recovered) if (!changed.has(item.record)) changed.set(item.record, before.copyOf(item.record));
  if (changed.size === 0) return;
  for (const [record, row] of changed) await materialise(tx, record, view(row, delta.own, numbering(delta.head), record));
  const ours = new Set(changed.keys());
  await tx.replica.dropPending((await tx.pending()).filter((mark) => ours.has(`${mark.kind}/${mark.key}`)));
};
