/**
 * Owns the shape of one replicated record: its live siblings, what superseded ones it remembers, and the vector that covers them all.
 * Refuses to know what a body means.
 */
import type { Brand } from "../base/brand.ts";
import type { Json } from "../value/json.ts";
import { emptyVersion, type Dot, type VersionVector } from "./version.ts";

/** Random 128 bits given when the edit is made; never changes, whatever id or number it travels under (rule 1). */
export type EditId = Brand<string, "EditId">;

/** A value nobody has superseded. More than one is a conflict. It may carry several dots and is covered when any is (rule 9). */
export interface Sibling {
  readonly e: EditId;
  readonly dots: readonly Dot[];
  readonly deleted: boolean;
  readonly body: Json;
}
export interface Row {
  /** Commit ordinal of its last change; 0 in a view that the server has not seen. */
  readonly ord: number;
  readonly vv: VersionVector;
  readonly siblings: readonly Sibling[];
  /** Edit ids superseded in this row (rule 8). */
  readonly dead: readonly EditId[];
}
/** A row as the copy keeps it: exact server content (rule 2), tagged with the fetch generation that brought it (rule 26). */
export interface CopyRow extends Row {
  readonly record: string;
  readonly generation: number;
}

export const emptyRow: Row = Object.freeze({ ord: 0, vv: emptyVersion, siblings: [], dead: [] });

/** Tombstones only: nothing to show, collectable once everybody knows (rule 22). */
export const isDead = (row: Row): boolean => row.siblings.every((sibling) => sibling.deleted);
