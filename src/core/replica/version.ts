/**
 * Owns version vectors and dots: who has seen what. Refuses to know rows, edits and messages.
 * A vector is a plain record replica → highest number; a missing replica counts as 0.
 */
import type { Brand } from "../base/brand.ts";

/** One device's line of edits. Random; replaced by a fresh one when its identity is in doubt (rule 27). */
export type ReplicaId = Brand<string, "ReplicaId">;
export type VersionVector = Readonly<Record<string, number>>;
/** The n-th edit of one replica, n from 1. Names one edit for ever within one server history (P2). */
export type Dot = readonly [replica: string, n: number];

export const emptyVersion: VersionVector = Object.freeze({});

export const covers = (vector: VersionVector, dot: Dot): boolean => (vector[dot[0]] ?? 0) >= dot[1];

/** The smallest vector that covers both. Commutative, associative, idempotent. */
export const join = (mine: VersionVector, theirs: VersionVector): VersionVector => {
  const joined: Record<string, number> = { ...mine };
  for (const [replica, n] of Object.entries(theirs)) if (n > (joined[replica] ?? 0)) joined[replica] = n;
  return joined;
};

/** The vector that covers `dot` as well; the same object when it already does. */
export const bump = (vector: VersionVector, dot: Dot): VersionVector =>
  covers(vector, dot) ? vector : { ...vector, [dot[0]]: dot[1] };

const isWithin = (mine: VersionVector, theirs: VersionVector): boolean =>
  Object.entries(mine).every((dot) => covers(theirs, dot));

export const compare = (mine: VersionVector, theirs: VersionVector): "equal" | "before" | "after" | "concurrent" => {
  const below = isWithin(mine, theirs);
  const above = isWithin(theirs, mine);
  if (below) return above ? "equal" : "before";
  return above ? "after" : "concurrent";
};
