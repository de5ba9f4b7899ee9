/**
 * Owns the two store transactions of replication: cutting a request and applying an answer. Between them nothing is remembered but what
 * is stored, and nothing costs more than what the request or answer is about. Refuses to know the network and when to sync.
 */
import { cutOffer, cutPull, cutPush, newClient, numbering, setApart, uncut, type ClientHead, type Delta, type Recovered, type Slice } from "../../core/replica/client.ts";
import { view, type OwnEdit } from "../../core/replica/own.ts";
import type { Answer, Epoch, Request } from "../../core/replica/protocol.ts";
import { receive, type OnRestored } from "../../core/replica/receive.ts";
import type { CopyRow, Row } from "../../core/replica/row.ts";
import type { ReplicaId } from "../../core/replica/version.ts";
import { editsMax } from "../../core/replica/wire/decode.ts";
import type { Term } from "../../core/base/brand.ts";
import type { Ids } from "../../ports/ids.ts";
import type { PendingRow, Store, Tx } from "../../ports/store.ts";
import { isSharedSetting, type OwnPlace } from "../../ports/sync/replica.ts";
import { localKinds, materialise } from "./kinds.ts";
import { cutMarks, grouped, isEqual, settleMarks } from "./marks.ts";

export interface SyncDep {
  readonly store: Store;
  readonly ids: Ids;
  /** The driver's term under which this is done: a newer one ends it, so that a thawed zombie moves nothing. */
  readonly term?: Term;
  /** May the newest state of a run that goes on wait (`marks.ts`)? */
  readonly mayWait?: (run: string, steps: number) => boolean;
}
/** A newer driver has taken over. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}
/** Edits of a batch at most, characters of a batch, and of a single edit, as JSON. */
export const batchMax = editsMax;
const batchCharsMax = 1_000_000;
export const editCharsMax = 8_000_000;
const windowStep = 250;

/**
 * Turns sync on for this device: everything here that the server may not have is marked. The first pull comes before the first push, so
 * that what both have already is recognised by its content and does not become a conflict.
 */
export const join = ({ store, ids }: SyncDep, chain: readonly Epoch[]): Promise<void> =>
  store.transact(async (tx) => {
    if ((await tx.replica.head()) !== undefined) return;
    await tx.replica.putHead(newClient(ids.next() as ReplicaId, chain));
    const dags = await tx.dags();
    const revisions = await Promise.all(dags.map((dag) => tx.revisions(dag.id)));
    const marks = [...dags.map(({ id }) => ({ kind: "dag", key: id as string })), ...revisions.flat().map(({ id }) => ({ kind: "revision", key: id as string }))];
    for (const { key } of await tx.settings()) if (isSharedSetting(key)) marks.push({ kind: "setting", key });
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page = await tx.runs({ withChildren: true }, batchMax, cursor);
      for (const row of page.rows) if (row.origin === undefined) marks.push({ kind: "run", key: row.id });
      cursor = page.next;
    }
    await tx.replica.putMarks(marks);
  }, { durability: "strict" });
export const leave = (store: Store): Promise<void> => store.transact((tx) => tx.replica.putHead(undefined), { durability: "strict" });

/** Has the copy ever been complete? Before that nothing is pushed. */
export const isFirst = ({ store }: SyncDep): Promise<boolean> =>
  store.transact(async (tx) => {
    const head = await tx.replica.head();
    return head !== undefined && head.acked.n === 0 && head.seen === 0 && head.inflight === undefined;
  }, { readonly: true });

/** Has anything changed here that the server was not offered yet? */
export const hasMarks = (store: Store): Promise<boolean> =>
  store.transact(async (tx) => (await tx.replica.marks(windowStep)).some((mark) => !localKinds.includes(mark.kind)), { readonly: true });

const fencedHead = async (tx: Tx, { term }: SyncDep): Promise<ClientHead | undefined> => {
  if (term !== undefined && (await tx.term()) > term) throw new Fenced("a newer driver has taken over");
  return tx.replica.head();
};

/** The next request of a kind, if there is something to ask; own edits and the in-flight mark are stored before it leaves (rule 13). */
export const cut = (dep: SyncDep, kind: Request["type"]): Promise<Request | undefined> =>
  dep.store.transact(async (tx) => {
    const head = await fencedHead(tx, dep);
    if (head === undefined) return undefined;
    if (kind !== "push") {
      const slice = sliceOf(head, await tx.replica.ownPlace(), { offers: await tx.replica.offers() });
      return kind === "offer" ? cutOffer(slice) : cutPull(slice);
    }
    const { ids, mayWait } = dep;
    await cutMarks(tx, { head, ids, ...(mayWait === undefined ? {} : { mayWait }) }, await tx.replica.marks(batchMax));
    return cutBatch(tx, head);
  }, { durability: "strict" });

/** The batch in flight again, or as many edits as fit; the first one is set apart when it fits in no batch. */
const cutBatch = async (tx: Tx, head: ClientHead): Promise<Request | undefined> => {
  const offers = await tx.replica.offers();
  for (;;) {
    const place = await tx.replica.ownPlace();
    const own = head.inflight === undefined ? await window(tx) : await tx.replica.ownUnsent(head.inflight.n - head.acked.n);
    const slice = sliceOf(head, place, { own, offers });
    if (head.inflight !== undefined || own[0] === undefined || charsOf(own[0]) <= editCharsMax) {
      const made = cutPush(slice, own.length);
      if (made !== undefined) await storeDelta(tx, slice, made.delta);
      return made?.request;
    }
    await storeDelta(tx, slice, setApart(slice, "too large"));
  }
};
const charsOf = (edit: OwnEdit): number => JSON.stringify(edit.body).length;
/** The oldest unsent edits that make one batch: at least one. */
const window = async (tx: Tx): Promise<readonly OwnEdit[]> => {
  let chars = 0;
  for (let size = windowStep; ; size += windowStep) {
    const own = await tx.replica.ownUnsent(Math.min(size, batchMax));
    const fresh = own.slice(size - windowStep);
    for (const [i, edit] of fresh.entries()) {
      chars += charsOf(edit);
      if (chars > batchCharsMax) return own.slice(0, Math.max(1, size - windowStep + i));
    }
    if (own.length < size || size >= batchMax) return own;
  }
};

/**
 * The server refuses to read the batch in flight (too large, or a body it cannot read): the next one is half as large; a batch of one is
 * set apart, so that it never delays another (P13). Answers the record that was set apart.
 */
export const shrink = (dep: SyncDep, reason: Recovered["reason"]): Promise<string | undefined> =>
  dep.store.transact(async (tx) => {
    const head = await fencedHead(tx, dep);
    if (head?.inflight === undefined) return undefined;
    const size = head.inflight.n - head.acked.n;
    const whole = sliceOf(head, await tx.replica.ownPlace(), { own: await tx.replica.ownUnsent(size) });
    const undone = uncut(whole);
    const slice = { ...whole, head: undone.head };
    const made = size > 1 ? cutPush(slice, Math.ceil(size / 2))?.delta : setApart(slice, reason);
    if (made === undefined) return undefined;
    await storeDelta(tx, whole, made);
    return made.recovered[0]?.record;
  }, { durability: "strict" });

/** Applies an answer: copy, own edits and the app's rows move together (rule 19). `choice`: what to do with a history the server has lost. */
export const apply = (dep: SyncDep, answer: Answer, choice: OnRestored = "offer"): Promise<void> =>
  dep.store.transact(async (tx) => {
    const head = await fencedHead(tx, dep);
    if (head === undefined) return;
    const touched = await touchedBy(tx, head, answer);
    const late = answer.type === "page" ? await settleMarks(tx, { head, ids: dep.ids }, answer, touched.records) : [];
    await cutMarks(tx, { head, ids: dep.ids }, await marksAtRisk(tx, head, answer));
    const slice = answer.type === "restored" ? await wholeSlice(tx, head) : await slicedFor(tx, head, answer, touched);
    const delta = receive(slice, answer, () => dep.ids.next() as ReplicaId, choice);
    await storeDelta(tx, slice, delta);
    await cutMarks(tx, { head: delta.head, ids: dep.ids }, late);
    const newer = await tx.replica.ownOf(late.map((mark) => `${mark.kind}/${mark.key}`));
    await refresh(tx, slice, { ...delta, own: [...delta.own, ...newer] });
  });

/** More than there can be, and a count that IndexedDB takes. */
const everyMark = 1_000_000_000;
/** Marks whose rows an answer would draw anew, other than those of a page's own records: they become own edits first. */
const marksAtRisk = async (tx: Tx, head: ClientHead, answer: Answer): Promise<readonly PendingRow[]> => {
  if (answer.type === "fork") return [];
  if (answer.type === "restored") return (await tx.replica.marks(everyMark)).filter((mark) => !localKinds.includes(mark.kind));
  const aside = answer.setAside.length === 0 || head.inflight === undefined ? [] : await tx.replica.ownUnsent(head.inflight.n - head.acked.n);
  const offered = answer.type === "offered" && answer.aside.length > 0 ? (await tx.replica.offers()).slice(0, 1) : [];
  return tx.replica.marksOf([...aside, ...offered].map((one) => one.record));
};
interface Touched {
  readonly records: readonly string[];
  readonly older: readonly CopyRow[];
  readonly dead: readonly CopyRow[];
}
/** Records whose copy an answer is about to change. */
const touchedBy = async (tx: Tx, head: ClientHead, answer: Answer): Promise<Touched> => {
  if (answer.type !== "page") return { records: [], older: [], dead: [] };
  const older = answer.last && head.fetching ? await tx.replica.copyOlderThan(head.generation) : [];
  const dead = answer.last ? await tx.replica.copyDeadUpTo(answer.floor) : [];
  return { records: [...new Set([...answer.rows, ...older, ...dead].map((row) => row.record))], older, dead };
};

interface Parts {
  readonly own?: readonly OwnEdit[];
  readonly offers?: Slice["offers"];
  readonly copy?: readonly CopyRow[];
  readonly older?: readonly CopyRow[];
  readonly dead?: readonly CopyRow[];
}
const sliceOf = (head: ClientHead, place: OwnPlace, { own = [], offers = [], copy = [], older = [], dead = [] }: Parts): Slice => {
  const rows = new Map(copy.map((row) => [row.record, row]));
  return { head, own, place, offers, copyOf: (record) => rows.get(record), copyOlderThan: () => older, copyDeadUpTo: () => dead, copyAll: () => copy };
};
const wholeSlice = async (tx: Tx, head: ClientHead): Promise<Slice> =>
  sliceOf(head, await tx.replica.ownPlace(), { own: await tx.replica.own(), offers: await tx.replica.offers(), copy: await tx.replica.copyAll() });

/** The batch that an answer may acknowledge, own edits of the records it is about, and those that the last page makes done. */
const slicedFor = async (tx: Tx, head: ClientHead, answer: Answer, touched: Touched): Promise<Slice> => {
  const place = await tx.replica.ownPlace();
  const batch = head.inflight === undefined ? [] : await tx.replica.ownUnsent(head.inflight.n - head.acked.n);
  const done = answer.type === "page" && answer.last ? await tx.replica.ownAcked() : [];
  const near = await tx.replica.ownOf([...new Set([...touched.records, ...batch.map((edit) => edit.record)])]);
  const own = [...new Map([...done, ...batch, ...near].map((edit) => [edit.at, edit])).values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  // Before the copy was complete for the first time hardly a row arrives twice: what it said before is not looked up.
  const copy = head.seen === 0 && own.length === 0 ? [] : await tx.replica.copyRows(touched.records);
  return sliceOf(head, place, { own, offers: await tx.replica.offers(), copy, older: touched.older, dead: touched.dead });
};

const storeDelta = async (tx: Tx, slice: Slice, delta: Delta): Promise<void> => {
  if (!isEqual(delta.head as never, slice.head as never)) await tx.replica.putHead(delta.head);
  if (delta.own !== slice.own) await storeOwn(tx, slice.own, delta.own);
  if (delta.offers !== slice.offers) await tx.replica.putOffers(delta.offers);
  if (delta.copyPut.length > 0) await tx.replica.putCopy(delta.copyPut);
  if (delta.copyDrop.length > 0) await tx.replica.dropCopy(delta.copyDrop);
  const kept = delta.recovered.filter((item) => !item.deleted);
  if (kept.length > 0) await tx.replica.putRecovered(kept);
};
const storeOwn = async (tx: Tx, before: readonly OwnEdit[], after: readonly OwnEdit[]): Promise<void> => {
  const known = new Set(before);
  const left = new Set(after.map((edit) => edit.at));
  const drop = before.flatMap(({ at }) => (at === undefined || left.has(at) ? [] : [at]));
  const put = after.filter((edit) => !known.has(edit));
  if (put.length > 0 || drop.length > 0) await tx.replica.changeOwn(put, drop);
};

/** Draws the app's rows of every record whose view changed. They leave no marks: they are not the user's. */
const refresh = async (tx: Tx, before: Slice, delta: Delta): Promise<void> => {
  const changed = new Map<string, CopyRow | undefined>(delta.copyPut.map((row) => [row.record, row]));
  for (const record of delta.copyDrop) changed.set(record, undefined);
  const lost = delta.recovered.map((item) => item.record).filter((record) => !changed.has(record));
  for (const row of await tx.replica.copyRows(lost)) changed.set(row.record, row);
  for (const record of lost) if (!changed.has(record)) changed.set(record, undefined);
  if (changed.size === 0) return;
  const [mine, was] = [grouped(delta.own), grouped(before.own)];
  const by = numbering(delta.head, movedPlace(before, delta));
  const viewed = [...changed].map(([record, row]) => ({ record, view: view(row, mine.get(record) ?? [], by, record) }));
  const isRecovered = new Set(lost);
  const isKnown = (record: string, row: Row | undefined): boolean => {
    const copy = before.copyOf(record);
    if (copy === undefined || isRecovered.has(record)) return false;
    return signature(view(copy, was.get(record) ?? [], numbering(before.head, before.place), record)) === signature(row);
  };
  tx.replica.quiet();
  await materialise(tx, viewed.filter(({ record, view: row }) => !isKnown(record, row)));
};
/** An edit id names one body: the same siblings show the same row. */
const signature = (row: Row | undefined): string => row?.siblings.map((sibling) => sibling.e).sort().join(" ") ?? "";
/** The first unacknowledged place after a batch was taken: numbers stay with their places, unless the replica is a new one. */
const movedPlace = ({ head, place }: Slice, delta: Delta): OwnPlace | undefined =>
  place === undefined || delta.head.replica !== head.replica ? place : { ...place, first: place.first + delta.head.acked.n - head.acked.n };
