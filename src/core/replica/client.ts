/**
 * Owns what a client keeps of its identity and progress, and the requests it cuts from that. Pure: a caller loads a `Slice`, stores a
 * `Delta`, both in one transaction. Refuses to know the network and the store. Rules 11 to 13, 17 and 21.
 */
import { invariant } from "../base/invariant.ts";
import { addEdit, dotsOf, type Draft, type Numbering, type OwnEdit } from "./own.ts";
import { noMark, noToken, type Epoch, type Mark, type Offer, type OfferRequest, type Proof, type PullRequest, type PushRequest, type Token } from "./protocol.ts";
import type { CopyRow, EditId } from "./row.ts";
import { bump, type Dot, type ReplicaId } from "./version.ts";
import type { Json } from "../value/json.ts";

export interface ClientHead {
  readonly epoch: string;
  readonly chain: readonly Epoch[];
  readonly replica: ReplicaId;
  /** Everything up to this ordinal has been paged in. */
  readonly cursor: number;
  /** The server's floor when this full fetch began (rule 20). */
  readonly floor: number;
  /** Ordinal to which the copy was last complete (rule 5). */
  readonly seen: number;
  readonly generation: number;
  /** A re-base is under way: acknowledge nothing (rule 21). */
  readonly fetching: boolean;
  readonly acked: Mark;
  readonly inflight?: Mark;
  readonly token: Token;
}
export interface Slice {
  readonly head: ClientHead;
  /** In order of making. Whole, unless `place` is given: then those that the request or answer is about, each with its place. */
  readonly own: readonly OwnEdit[];
  /** Where the unacknowledged edits lie in the whole list, and the lowest `seen` among them. */
  readonly place?: { readonly first: number; readonly end: number; readonly low?: number };
  /** Rows still to be given back after a restore (rule 31). */
  readonly offers: readonly Offer[];
  readonly copyOf: (record: string) => CopyRow | undefined;
  /** Only the last page and a restore ask for these. */
  readonly copyOlderThan: (generation: number) => Iterable<CopyRow>;
  readonly copyDeadUpTo: (ord: number) => Iterable<CopyRow>;
  readonly copyAll: () => Iterable<CopyRow>;
}
/**
 * An edit that is on no server and waits for a person: set aside ("deleted elsewhere: restore?", rule 15), refused, larger than the
 * server takes, or made in a history that was given up (rule 34).
 */
export interface Recovered {
  readonly e: EditId;
  readonly record: string;
  readonly body: Json;
  readonly deleted: boolean;
  readonly reason: "deleted elsewhere" | "denied" | "too large" | "lost history";
}
export interface Delta {
  readonly head: ClientHead;
  readonly own: readonly OwnEdit[];
  readonly offers: readonly Offer[];
  readonly copyPut: readonly CopyRow[];
  readonly copyDrop: readonly string[];
  /** Set-aside edits to show; set-aside deletes have `deleted` and are only counted. */
  readonly recovered: readonly Recovered[];
}

export const newClient = (replica: ReplicaId, chain: readonly Epoch[]): ClientHead => ({
  epoch: chain.at(-1)?.id ?? "",
  chain,
  replica,
  cursor: 0,
  floor: 0,
  seen: 0,
  generation: 0,
  fetching: false,
  acked: noMark,
  token: noToken,
});

export const unchanged = (slice: Slice): Delta => ({
  head: slice.head, own: slice.own, offers: slice.offers, copyPut: [], copyDrop: [], recovered: [],
});

export const numbering = (head: ClientHead, place?: Slice["place"]): Numbering => ({
  replica: head.replica,
  acked: head.acked.n,
  ...(place === undefined ? {} : { place }),
});

/** The own list after the user changed a record; the caller writes it in the transaction of the change itself. */
export const recordEdit = (slice: Slice, draft: Draft, absorb: boolean): Delta => ({
  ...unchanged(slice),
  own: addEdit(slice.copyOf(draft.record), slice.own, {
    ...numbering(slice.head, slice.place),
    seen: slice.head.seen,
    offered: slice.head.inflight?.n ?? slice.head.acked.n,
    absorb,
  }, draft),
});

const proofOf = (head: ClientHead): Proof => ({
  epoch: head.epoch,
  token: head.token,
  replica: head.replica,
  acked: head.acked,
  ...(head.inflight === undefined ? {} : { inflight: head.inflight }),
});

export interface CutPush {
  readonly delta: Delta;
  readonly request: PushRequest;
}
/**
 * The next batch: the one in flight again, byte for byte, or the first `batchMax` unsent edits (0 = all). The in-flight mark in `delta`
 * is stored before the request leaves (rule 13). Nothing while offers are queued (rule 31).
 */
export const cutPush = (slice: Slice, batchMax: number): CutPush | undefined => {
  const { head, own } = slice;
  const unsent = own.filter((edit) => edit.acked === undefined);
  if (unsent.length === 0 || slice.offers.length > 0) return undefined;
  const size = head.inflight === undefined
    ? (batchMax > 0 ? Math.min(batchMax, unsent.length) : unsent.length)
    : head.inflight.n - head.acked.n;
  const last = unsent[size - 1];
  invariant(last !== undefined, "13", { size, unsent: unsent.length });
  const inflight = head.inflight ?? { n: head.acked.n + size, e: last.e };
  const sent: ClientHead = { ...head, inflight };
  return {
    delta: { ...unchanged(slice), head: sent },
    request: { type: "push", proof: proofOf(sent), edits: sentEdits(own, numbering(sent, slice.place), size) },
  };
};

/** Each with its own context and the dots of every earlier own edit of that record. */
const sentEdits = (own: readonly OwnEdit[], by: Numbering, size: number): PushRequest["edits"] => {
  const dots = dotsOf(own, by);
  const before = new Map<string, Dot[]>();
  const edits: PushRequest["edits"][number][] = [];
  for (let i = 0; i < own.length && edits.length < size; i++) {
    const [edit, dot] = [own[i], dots[i]];
    if (edit === undefined || dot === undefined) continue;
    const earlier = before.get(edit.record);
    if (edit.acked === undefined) {
      const { e, record, deleted, body, seen, create, absorbed } = edit;
      edits.push({ e, record, deleted, body, seen, create, absorbed, ctx: (earlier ?? []).reduce(bump, edit.ctx) });
    }
    if (earlier === undefined) before.set(edit.record, [dot]);
    else earlier.push(dot);
  }
  return edits;
};

/**
 * The batch in flight was refused before anything was read of it (too large): it was never taken, so that its range may be cut anew. Were
 * it on the server after all, the next request would be answered by a fork, and nothing lost.
 */
export const uncut = (slice: Slice): Delta => {
  const { inflight: _refused, ...head } = slice.head;
  return { ...unchanged(slice), head };
};
/** The first unsent edit can be sent by no means: it becomes a recovered item, and the ones behind it move up. Only while nothing is in flight. */
export const setApart = (slice: Slice, reason: Recovered["reason"]): Delta => {
  const index = slice.own.findIndex((edit) => edit.acked === undefined);
  const edit = slice.own[index];
  if (edit === undefined || slice.head.inflight !== undefined) return unchanged(slice);
  const { e, record, body, deleted } = edit;
  return { ...unchanged(slice), own: slice.own.filter((_, i) => i !== index), recovered: [{ e, record, body, deleted, reason }] };
};

/** What this replica lets the server collect: nothing concurrent with it is still on its way from here (rule 21). */
export const acknowledged = (slice: Slice): number => {
  if (slice.head.fetching || slice.offers.length > 0) return 0;
  if (slice.place !== undefined) return Math.min(slice.head.seen, slice.place.low ?? slice.head.seen);
  return slice.own.reduce((low, edit) => (edit.acked === undefined ? Math.min(low, edit.seen) : low), slice.head.seen);
};

export const cutPull = (slice: Slice): PullRequest => ({
  type: "pull",
  proof: proofOf(slice.head),
  cursor: slice.head.cursor,
  floor: slice.head.floor,
  acknowledged: acknowledged(slice),
});

export const cutOffer = (slice: Slice): OfferRequest | undefined => {
  const offer = slice.offers[0];
  return offer === undefined ? undefined : { type: "offer", proof: proofOf(slice.head), offer, left: slice.offers.length };
};
