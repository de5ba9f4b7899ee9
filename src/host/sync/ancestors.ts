/** Owns a DAG's line of revisions: what a text was written over, and what several texts have in common. */
import type { RevisionId } from "../../core/base/brand.ts";
import type { RevisionRow } from "../../ports/store.ts";

/** Revisions that are looked at for one answer, at most. */
const walkMax = 2_000;
export type FindRevision = (id: RevisionId) => Promise<RevisionRow | undefined>;

const parentsOf = (row: RevisionRow): readonly RevisionId[] => row.parents ?? (row.parent === undefined ? [] : [row.parent]);
/** The revision and everything it was written over, as far as it is known here: also the name of the first one that is not. */
export const ancestorsOf = async (find: FindRevision, from: RevisionId): Promise<ReadonlyMap<RevisionId, RevisionRow | undefined>> => {
  const found = new Map<RevisionId, RevisionRow | undefined>();
  const todo = [from];
  for (let next = todo.pop(); next !== undefined && found.size < walkMax; next = todo.pop()) {
    if (found.has(next)) continue;
    const row = await find(next);
    found.set(next, row);
    if (row !== undefined) todo.push(...parentsOf(row));
  }
  return found;
};
/** The lowest common ancestor; none where there are several (no recursive merge), or where it is not here. */
export const commonBase = async (find: FindRevision, heads: readonly RevisionId[]): Promise<RevisionRow | undefined> => {
  const lines = await Promise.all([...new Set(heads)].map((head) => ancestorsOf(find, head)));
  const [first, ...others] = lines;
  if (first === undefined) return undefined;
  if (others.length === 0) return heads[0] === undefined ? undefined : first.get(heads[0]);
  const common = [...first].filter(([id]) => others.every((line) => line.has(id)));
  const above = new Set(common.flatMap(([, row]) => (row === undefined ? [] : parentsOf(row))));
  const lowest = common.filter(([id]) => !above.has(id));
  return lowest.length === 1 ? lowest[0]?.[1] : undefined;
};
