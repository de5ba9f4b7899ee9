/** Owns what a three-pane merge is about: one DAG, the text both sides started from, and the versions that were made of it. Refuses to know where they come from. */
export interface Version {
  /** Who made it, as far as known: a device, a person. */
  readonly by: string;
  readonly text: string;
  /** Milliseconds; absent where nobody noted it. */
  readonly at?: number;
  readonly number?: number;
}
export interface MergeCase {
  /** "dag/…": what commands about it take. */
  readonly record: string;
  readonly name: string;
  /** The merge is clean: it is shown and run already. */
  readonly isClean: boolean;
  /** Absent: the versions share no ancestor. */
  readonly base?: Version;
  readonly mine: Version;
  /** At least one; each is merged in its turn. */
  readonly others: readonly Version[];
}
