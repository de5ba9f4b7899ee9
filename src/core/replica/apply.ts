/** Owns the one merge of the protocol (rule 9): on the server at push, on the client only to draw its own edits over the copy. */
import { emptyRow, type EditId, type Row, type Sibling } from "./row.ts";
import { bump, covers, join, type Dot, type VersionVector } from "./version.ts";
import type { Json } from "../value/json.ts";

/** What of an edit the merge needs. */
export interface Applied {
  readonly e: EditId;
  readonly deleted: boolean;
  readonly body: Json;
  readonly absorbed: readonly EditId[];
}

const union = (mine: readonly EditId[], theirs: readonly EditId[]): readonly EditId[] =>
  theirs.length === 0 ? mine : [...new Set([...mine, ...theirs])];

/**
 * The row after one edit. `ctx` is the edit's own context, never the row's (rule 4). `known` = its id was accepted before, under
 * whatever dot. The context always applies; only becoming a sibling is conditional: equal content is never collapsed here (rule 10).
 */
export const apply = (row: Row | undefined, edit: Applied, dot: Dot, how: { readonly ctx: VersionVector; readonly known: boolean }): Row => {
  const before = row ?? emptyRow;
  const isSuperseded = (sibling: Sibling): boolean =>
    sibling.e !== edit.e && (sibling.dots.some((d) => covers(how.ctx, d)) || edit.absorbed.includes(sibling.e));
  const kept = before.siblings.filter((sibling) => !isSuperseded(sibling));
  const removed = before.siblings.filter(isSuperseded).map((sibling) => sibling.e);
  const live = kept.some((sibling) => sibling.e === edit.e);
  const siblings = live
    ? kept.map((sibling) => (sibling.e === edit.e ? { ...sibling, dots: [...sibling.dots, dot] } : sibling))
    : how.known
      ? kept
      : [...kept, { e: edit.e, dots: [dot], deleted: edit.deleted, body: edit.body }];
  return {
    ord: before.ord,
    vv: bump(join(before.vv, how.ctx), dot),
    siblings,
    dead: union(before.dead, [...removed, ...edit.absorbed]),
  };
};
