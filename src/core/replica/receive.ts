/**
 * Owns what an answer changes at the client: acknowledgements, pages, forks, re-bases, restores. Every answer is applied in one
 * transaction or not at all; a late or repeated one changes nothing. Rules 15 to 20, 23, 26, 27, 30 and 31.
 */
import { apply } from "./apply.ts";
import { unchanged, type ClientHead, type Delta, type Recovered, type Slice } from "./client.ts";
import type { OwnEdit } from "./own.ts";
import { commonOrdinal, noMark, noToken, type Answer, type Offer, type OfferAnswer, type PullAnswer, type Restored, type Standing, type Token } from "./protocol.ts";
import type { CopyRow } from "./row.ts";
import { bump, covers, type ReplicaId } from "./version.ts";

/** What to do with a history that the server has lost: give it back row by row (rule 30), or let it go (rule 34). */
export type OnRestored = "offer" | "accept";

/** The state after an answer. `fresh` gives a new random replica id, used when identity is in doubt. */
export const receive = (slice: Slice, answer: Answer, fresh: () => ReplicaId, choice: OnRestored = "offer"): Delta => {
  switch (answer.type) {
    case "restored":
      if (answer.epoch === slice.head.epoch) return unchanged(slice);
      return choice === "accept" ? onAcceptedOlder(slice, answer, fresh) : onRestored(slice, answer, fresh);
    case "fork":
      return onFork(slice, fresh);
    case "pushed":
      return isForUs(slice, answer) && slice.head.inflight?.n === answer.proof.inflight?.n ? onAccepted(slice, answer) : unchanged(slice);
    case "page":
    case "rebase":
      return isForUs(slice, answer) ? onPulled(slice, answer) : unchanged(slice);
    case "offered":
      return isForUs(slice, answer) ? onOffered(slice, answer) : unchanged(slice);
  }
};

const isForUs = ({ head }: Slice, { proof }: Standing): boolean => proof.replica === head.replica && proof.epoch === head.epoch;
const newer = (mine: Token, theirs: Token): Token => (theirs[0] >= mine[0] ? theirs : mine);
const withDelta = (slice: Slice, delta: Delta): Slice => ({ ...slice, head: delta.head, own: delta.own, offers: delta.offers });

/** The batch in flight is on the server: number its edits, fold their dots into later own edits, drop what was set aside. */
const onAccepted = (slice: Slice, answer: Standing): Delta => {
  const { head } = slice;
  const inflight = head.inflight;
  if (inflight === undefined) return unchanged(slice);
  const aside = new Set(answer.setAside);
  const recovered: Recovered[] = [];
  let n = head.acked.n;
  const own: OwnEdit[] = [];
  const newDots = new Map<string, number>();
  for (const edit of slice.own) {
    if (edit.acked === undefined && n < inflight.n) {
      n++;
      if (aside.has(n)) {
        const reason = answer.denied.includes(n) ? "denied" : "deleted elsewhere";
        recovered.push({ e: edit.e, record: edit.record, body: edit.body, deleted: edit.deleted, reason });
        continue;
      }
      own.push({ ...folded(edit, newDots.get(edit.record), head.replica), acked: { dot: [head.replica, n], head: answer.head } });
      newDots.set(edit.record, n);
    } else own.push(edit.acked === undefined ? folded(edit, newDots.get(edit.record), head.replica) : edit);
  }
  const { inflight: _answered, ...rest } = head;
  return { ...unchanged(slice), head: { ...rest, acked: inflight, token: newer(head.token, answer.token) }, own, recovered };
};

const folded = (edit: OwnEdit, n: number | undefined, replica: ReplicaId): OwnEdit =>
  n === undefined ? edit : { ...edit, ctx: bump(edit.ctx, [replica, n]) };

/** The standing that every answer repeats may tell that a batch whose own answer was lost has arrived (rule 16). */
const withStanding = (slice: Slice, answer: Standing): Delta =>
  answer.accepted && slice.head.inflight !== undefined && slice.head.inflight.n === answer.proof.inflight?.n
    ? onAccepted(slice, answer)
    : unchanged(slice);

const onPulled = (slice: Slice, answer: Extract<Answer, { type: "page" | "rebase" }>): Delta => {
  const delta = withStanding(slice, answer);
  if (answer.from !== slice.head.cursor) return delta;
  if (answer.type === "rebase") return { ...delta, head: { ...delta.head, ...refetch(delta.head) } };
  return onPage(withDelta(slice, delta), delta, answer);
};

/** A full fetch: a new generation from ordinal 0; old rows stay visible until the sweep at the last page (rule 26). */
export const refetch = (head: ClientHead): Pick<ClientHead, "generation" | "cursor" | "floor" | "fetching"> => ({
  generation: head.generation + 1, cursor: 0, floor: 0, fetching: true,
});

const onPage = (slice: Slice, delta: Delta, page: PullAnswer): Delta => {
  const generation = delta.head.generation;
  const copyPut: CopyRow[] = page.rows.map((row) => ({ ...row, generation }));
  const head: ClientHead = {
    ...delta.head,
    floor: page.from === 0 ? page.floor : delta.head.floor,
    cursor: page.cursor,
    token: newer(delta.head.token, page.token),
  };
  if (!page.last) return { ...delta, head, copyPut };
  return {
    ...delta,
    head: { ...head, fetching: false, seen: page.cursor },
    own: delta.own.filter((edit) => edit.acked === undefined || edit.acked.head > page.cursor),
    ...settled(slice, copyPut, generation, page.floor),
  };
};

/** At the last page: rows of older generations go (26), and tombstones the server has collected (23). */
const settled = (slice: Slice, put: readonly CopyRow[], generation: number, floor: number): Pick<Delta, "copyPut" | "copyDrop"> => {
  const arrived = new Map(put.map((row) => [row.record, row]));
  const isCollected = (row: CopyRow): boolean => row.ord <= floor && row.siblings.every((sibling) => sibling.deleted);
  const drop = new Set<string>();
  for (const row of slice.copyOlderThan(generation)) if (!arrived.has(row.record)) drop.add(row.record);
  for (const row of slice.copyDeadUpTo(floor)) if (!arrived.has(row.record)) drop.add(row.record);
  for (const row of put) if (isCollected(row)) drop.add(row.record);
  return { copyPut: put.filter((row) => !drop.has(row.record)), copyDrop: [...drop] };
};

/** Identity in doubt: a fresh replica id, the same edits with the same contexts; the server recognises what it has (rule 27). */
const onFork = (slice: Slice, fresh: () => ReplicaId): Delta => {
  const { inflight: _doubtful, ...rest } = slice.head;
  return { ...unchanged(slice), head: { ...rest, replica: fresh(), acked: noMark } };
};

/** The server lives in another history: give back what we hold, be someone new, fetch all (rule 30). */
const onRestored = (slice: Slice, answer: Restored, fresh: () => ReplicaId): Delta => {
  const common = commonOrdinal(slice.head.chain, answer.chain);
  const copyPut = foldedCopy(slice);
  const rows = new Map<string, CopyRow>();
  for (const row of slice.copyAll()) rows.set(row.record, row);
  for (const row of copyPut) rows.set(row.record, row);
  const offers: Offer[] = slice.offers.map((offer) => ({ ...offer, common: Math.min(offer.common, common) }));
  for (const record of [...rows.keys()].sort()) {
    const row = rows.get(record);
    if (row !== undefined) offers.push({ record, common, ord: row.ord, vv: row.vv, siblings: row.siblings, dead: row.dead });
  }
  const { inflight: _lost, ...rest } = slice.head;
  return {
    head: { ...rest, ...refetch(slice.head), epoch: answer.epoch, chain: answer.chain, replica: fresh(), acked: noMark, token: noToken, seen: Math.min(slice.head.seen, common) },
    own: slice.own.filter((edit) => edit.acked === undefined).map((edit) => ({ ...edit, seen: Math.min(edit.seen, common) })),
    offers,
    copyPut,
    copyDrop: [],
    recovered: [],
  };
};

/** The lost history is given up: nothing is offered; own edits of it become recovered items, not pushes (rule 34). Those that the server has all the same come back with the fetch. */
const onAcceptedOlder = (slice: Slice, answer: Restored, fresh: () => ReplicaId): Delta => {
  const given = onRestored(slice, answer, fresh);
  const recovered = slice.own.map(({ e, record, body, deleted }): Recovered => ({ e, record, body, deleted, reason: "lost history" }));
  return { ...given, own: [], offers: [], copyPut: [], recovered };
};

/** Acknowledged own edits that the copy does not hold yet, applied to it under their own dots. */
const foldedCopy = (slice: Slice): readonly CopyRow[] => {
  const changed = new Map<string, CopyRow>();
  for (const edit of slice.own) {
    if (edit.acked === undefined) continue;
    const row = changed.get(edit.record) ?? slice.copyOf(edit.record);
    if (row !== undefined && covers(row.vv, edit.acked.dot)) continue;
    const merged = apply(row, edit, edit.acked.dot, { ctx: edit.ctx, known: false });
    changed.set(edit.record, { ...merged, record: edit.record, generation: row?.generation ?? slice.head.generation });
  }
  return [...changed.values()];
};

const onOffered = (slice: Slice, answer: OfferAnswer): Delta => {
  const delta = withStanding(slice, answer);
  if (answer.left !== delta.offers.length) return delta;
  const [offered, ...offers] = delta.offers;
  const aside = (offered?.siblings ?? []).filter((sibling) => answer.aside.includes(sibling.e));
  return {
    ...delta,
    head: { ...delta.head, token: newer(delta.head.token, answer.token) },
    offers,
    recovered: [
      ...delta.recovered,
      ...aside.map(({ e, body, deleted }) => ({ e, record: offered?.record ?? "", body, deleted, reason: "deleted elsewhere" as const })),
    ],
  };
};
