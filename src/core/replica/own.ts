/**
 * Owns this device's edits that the copy does not contain yet: how one is made, what it has seen, and the view they give.
 * Refuses to know messages. Rules 3 to 7 and 17.
 */
import type { Json } from "../value/json.ts";
import { apply } from "./apply.ts";
import type { CopyRow, EditId, Row } from "./row.ts";
import { bump, covers, emptyVersion, join, type Dot, type ReplicaId, type VersionVector } from "./version.ts";

/** Immutable once offered, except that acknowledged dots of its predecessors are folded into `ctx` (rule 4). */
export interface OwnEdit {
  readonly e: EditId;
  readonly record: string;
  readonly deleted: boolean;
  readonly body: Json;
  /** Acknowledged dots only; unsent predecessors are implied by order. */
  readonly ctx: VersionVector;
  /** Ordinal to which its author's copy was complete, lowered to the `seen` of the own edits it builds on (rule 5). */
  readonly seen: number;
  /** No row was shown at all when it was made, not even a tombstone. */
  readonly create: boolean;
  readonly absorbed: readonly EditId[];
  /** Set when the server has it: its dot, and the head of the answer that said so. Listed until the copy is complete to there (rule 17). */
  readonly acked?: { readonly dot: Dot; readonly head: number };
  /** Its place in the whole list, where only a part of it is at hand. Places of unacknowledged edits have no gaps. */
  readonly at?: number;
}
/** Who makes and numbers the edits: dots are implied by position (rule 6). */
export interface Numbering {
  readonly replica: ReplicaId;
  readonly acked: number;
  /** Place of the first unacknowledged edit, and of the next one to be made: where only a part of the list is at hand. */
  readonly place?: { readonly first: number; readonly end: number };
}

/** The dot of each own edit, in order: the k-th unacknowledged one is (replica, acked + k). */
export const dotsOf = (own: readonly OwnEdit[], by: Numbering): readonly Dot[] => {
  let n = by.acked;
  return own.map((edit) => edit.acked?.dot ?? ([by.replica, by.place === undefined || edit.at === undefined ? ++n : by.acked + 1 + edit.at - by.place.first] as const));
};

/** Context to send or draw with: the stored one and every earlier own edit of that record. */
export const effectiveContext = (own: readonly OwnEdit[], dots: readonly Dot[], index: number): VersionVector => {
  const edit = own[index];
  let ctx = edit?.ctx ?? emptyVersion;
  for (let i = 0; i < index; i++) {
    const dot = dots[i];
    if (own[i]?.record === edit?.record && dot !== undefined) ctx = bump(ctx, dot);
  }
  return ctx;
};

/** The record as the user sees it: the copy with own edits applied. `own` may hold other records; they are passed over. */
export const view = (copy: CopyRow | undefined, own: readonly OwnEdit[], by: Numbering, record: string): Row | undefined => {
  const dots = dotsOf(own, by);
  let row: Row | undefined = copy;
  own.forEach((edit, index) => {
    const dot = dots[index];
    if (edit.record !== record || dot === undefined || (row !== undefined && covers(row.vv, dot))) return;
    row = apply(row, edit, dot, { ctx: effectiveContext(own, dots, index), known: false });
  });
  return row;
};

export interface Draft {
  readonly e: EditId;
  readonly record: string;
  readonly deleted: boolean;
  readonly body: Json;
}
export interface Making extends Numbering {
  /** Ordinal to which the copy is complete. */
  readonly seen: number;
  /** Highest number that was ever offered: own edits up to it are immutable. */
  readonly offered: number;
  /** May a never-offered predecessor be folded into this edit (rule 7)? */
  readonly absorb: boolean;
}

/** The own list (or that part of it which is about this record) with one more edit. */
export const addEdit = (copy: CopyRow | undefined, own: readonly OwnEdit[], by: Making, draft: Draft): readonly OwnEdit[] => {
  const shown = view(copy, own, by, draft.record);
  let ctx = copy?.vv ?? emptyVersion;
  let seen = by.seen;
  for (const edit of own) {
    if (edit.record !== draft.record) continue;
    ctx = join(ctx, edit.ctx);
    if (edit.acked !== undefined) ctx = bump(ctx, edit.acked.dot);
    seen = Math.min(seen, edit.seen);
  }
  const made: OwnEdit = { ...draft, ctx, seen, create: shown === undefined, absorbed: [], ...(by.place === undefined ? {} : { at: by.place.end }) };
  return by.absorb ? absorbInto(own, by, made) : [...own, made];
};

/**
 * Only the newest edit of all is folded into: then the batch ends in another edit id than one that a copy of this profile may have sent, and
 * is told apart from it (rule 11). Folded into an earlier place it would pass for that batch, and its own content would be lost.
 */
const absorbInto = (own: readonly OwnEdit[], by: Making, made: OwnEdit): readonly OwnEdit[] => {
  const index = own.length - 1;
  const last = own[index];
  const dot = dotsOf(own, by)[index];
  const isNewest = last?.at === undefined || by.place === undefined || last.at === by.place.end - 1;
  if (last === undefined || dot === undefined || last.record !== made.record || !isNewest || last.acked !== undefined || dot[1] <= by.offered) return [...own, made];
  const merged = { ...made, absorbed: [...last.absorbed, last.e], create: last.create, ...(last.at === undefined ? {} : { at: last.at }) };
  return [...own.slice(0, index), merged];
};
