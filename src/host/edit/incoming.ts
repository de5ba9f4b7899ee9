/** Owns the read an import is compared with: the DAGs there are, by name, with the text that stands. Refuses to know what comes in. */
import type { DagId, RevisionId } from "../../core/base/brand.ts";
import type { Tx } from "../../ports/store.ts";
import { baseOf } from "./base.ts";

export interface Standing {
  readonly id: DagId;
  readonly text: string;
  readonly number: number;
}
export interface StandingRows {
  readonly byName: ReadonlyMap<string, Standing>;
  readonly base: string | undefined;
}
/** A read that remembers texts: a revision never changes, and an import of many would else read all of them after each. */
export const createStandingRows = (): ((tx: Tx) => Promise<StandingRows>) => {
  const known = new Map<RevisionId, { readonly text: string; readonly number: number }>();
  return async (tx) => {
    const byName = new Map<string, Standing>();
    for (const dag of await tx.dags()) {
      if (dag.deletedAt !== undefined) continue;
      const head = known.get(dag.head) ?? (await tx.revision(dag.head));
      if (head !== undefined) known.set(dag.head, { text: head.text, number: head.number });
      byName.set(dag.name, { id: dag.id, text: head?.text ?? "", number: head?.number ?? 0 });
    }
    return { byName, base: await baseOf(tx) };
  };
};
