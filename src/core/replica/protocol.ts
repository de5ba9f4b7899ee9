/**
 * Owns the messages between a replica and the server, and who must be what when one is sent. Every request is fenced by a `Proof`
 * (rule 11), every answer of a request that was not fenced off carries a `Token` (rule 12).
 */
import type { Json } from "../value/json.ts";
import type { EditId, Row } from "./row.ts";
import type { ReplicaId, VersionVector } from "./version.ts";

/** Commit id of the server's head at an ordinal: proves which history an answer came from. */
export type Token = readonly [ord: number, commit: string];
export const noToken: Token = Object.freeze([0, ""]) as Token;
/** One unbroken server history; the chain lists every one with the ordinal it was restored at. */
export interface Epoch {
  readonly id: string;
  readonly restoredAt: number;
}
/** The last number a replica used and the edit that carried it: the nonce of its history. */
export interface Mark {
  readonly n: number;
  readonly e: string;
}
export const noMark: Mark = Object.freeze({ n: 0, e: "" });

export interface Proof {
  readonly epoch: string;
  readonly token: Token;
  readonly replica: ReplicaId;
  readonly acked: Mark;
  /** The end of the batch in flight, when there is one. */
  readonly inflight?: Mark;
}
/** An edit as it travels: immutable once offered (rule 3). */
export interface SentEdit {
  readonly e: EditId;
  readonly record: string;
  readonly deleted: boolean;
  readonly body: Json;
  readonly ctx: VersionVector;
  readonly seen: number;
  readonly create: boolean;
  readonly absorbed: readonly EditId[];
}
export interface PushRequest {
  readonly type: "push";
  readonly proof: Proof;
  readonly edits: readonly SentEdit[];
}
export interface PullRequest {
  readonly type: "pull";
  readonly proof: Proof;
  readonly cursor: number;
  readonly floor: number;
  readonly acknowledged: number;
}
/** A row of the copy given back to a server that was restored (rule 30). `common` = last ordinal both histories share. */
export interface Offer extends Row {
  readonly record: string;
  readonly common: number;
}
export interface OfferRequest {
  readonly type: "offer";
  readonly proof: Proof;
  readonly offer: Offer;
  /** Offers left in the queue, this one included: an answer that comes twice shifts it once. */
  readonly left: number;
}
export type Request = PushRequest | PullRequest | OfferRequest;

export interface Restored {
  readonly type: "restored";
  readonly epoch: string;
  readonly chain: readonly Epoch[];
}
export interface Fork {
  readonly type: "fork";
}
/** What every accepted request answers: the state of the batch in flight is repeated until the next batch (rule 16). */
export interface Standing {
  readonly proof: Proof;
  /** The batch in flight is on the server. */
  readonly accepted: boolean;
  /** Numbers of the last batch that were set aside (rule 15). */
  readonly setAside: readonly number[];
  /** The set-aside ones that were refused: the sender's role does not allow them. */
  readonly denied: readonly number[];
  readonly head: number;
  readonly token: Token;
}
export interface PushAnswer extends Standing {
  readonly type: "pushed";
}
export interface PageRow extends Row {
  readonly record: string;
}
export interface PullAnswer extends Standing {
  readonly type: "page";
  readonly from: number;
  readonly floor: number;
  readonly rows: readonly PageRow[];
  readonly cursor: number;
  readonly last: boolean;
}
export interface RebaseAnswer extends Standing {
  readonly type: "rebase";
  readonly from: number;
}
export interface OfferAnswer extends Standing {
  readonly type: "offered";
  readonly left: number;
  /** Siblings that were not taken: the donor keeps them as recovered items (rule 32). */
  readonly aside: readonly EditId[];
}
export type Answer = Restored | Fork | PushAnswer | PullAnswer | RebaseAnswer | OfferAnswer;

/** Last ordinal that two chains share. */
export const commonOrdinal = (mine: readonly Epoch[], theirs: readonly Epoch[]): number => {
  let same = 0;
  while (same < mine.length && same < theirs.length && mine[same]?.id === theirs[same]?.id) same++;
  return Math.min(mine[same]?.restoredAt ?? Infinity, theirs[same]?.restoredAt ?? Infinity);
};
