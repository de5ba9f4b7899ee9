/** Owns what a restored server takes from a donated row (rules 32 and 33). Additive: absence never deletes. */
import { invariant } from "../base/invariant.ts";
import type { Offer } from "./protocol.ts";
import { emptyRow, type EditId, type Row, type Sibling } from "./row.ts";
import type { Space } from "./server.ts";
import { covers, join, type Dot } from "./version.ts";

export interface Taken {
  /** The new row; absent when the offer changed nothing. Its ordinal is the caller's. */
  readonly row?: Row;
  readonly logged: readonly EditId[];
  /** Siblings that a blind donor must not revive: its recovered items. */
  readonly aside: readonly EditId[];
}

const hasDot = (dots: readonly Dot[], dot: Dot): boolean => dots.some((d) => d[0] === dot[0] && d[1] === dot[1]);
const isSame = (a: Row, b: Row): boolean => JSON.stringify(a) === JSON.stringify(b);

export const offerInto = (space: Space, offer: Offer): Taken => {
  const here = space.row(offer.record);
  if (here === undefined && space.head.floor > offer.common)
    return { logged: [], aside: offer.siblings.map((s) => s.e).filter((e) => !space.isLogged(e)) };
  const byDot = !space.head.undeclared;
  const before = here ?? emptyRow;
  const offered = new Set(offer.siblings.map((sibling) => sibling.e));
  const arrivals = sortArrivals(space, before, offer, byDot);
  const isKept = (sibling: Sibling): boolean =>
    offered.has(sibling.e) ||
    !(offer.dead.includes(sibling.e) || (byDot && sibling.dots.some((dot) => covers(offer.vv, dot))));
  const siblings = [...before.siblings.filter(isKept).map((sibling) => withDotsOf(sibling, offer)), ...arrivals.added];
  invariant(here === undefined || siblings.length > 0, "32", { record: offer.record });
  const row: Row = {
    ord: before.ord,
    vv: siblings.length > 0 ? join(before.vv, offer.vv) : before.vv,
    siblings,
    dead: [...new Set([...before.dead, ...offer.dead, ...arrivals.dead])],
  };
  const logged = [...offer.dead, ...arrivals.added.map((s) => s.e), ...arrivals.dead];
  return siblings.length > 0 && !isSame(row, before) ? { row, logged, aside: [] } : { logged, aside: [] };
};

/** Offered siblings that are not live here: new ones to add, and ones this row already knows to be superseded. */
const sortArrivals = (space: Space, before: Row, offer: Offer, byDot: boolean): { readonly added: readonly Sibling[]; readonly dead: readonly EditId[] } => {
  const added: Sibling[] = [];
  const dead: EditId[] = [];
  for (const sibling of offer.siblings) {
    if (before.siblings.some((live) => live.e === sibling.e)) continue;
    if (space.isLogged(sibling.e) || offer.dead.includes(sibling.e)) continue;
    if (byDot && sibling.dots.some((dot) => covers(before.vv, dot))) dead.push(sibling.e);
    else added.push(sibling);
  }
  return { added, dead };
};

const withDotsOf = (sibling: Sibling, offer: Offer): Sibling => {
  const fresh = offer.siblings.find((s) => s.e === sibling.e)?.dots.filter((dot) => !hasDot(sibling.dots, dot)) ?? [];
  return fresh.length === 0 ? sibling : { ...sibling, dots: [...sibling.dots, ...fresh] };
};
