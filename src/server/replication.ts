/** Owns how the server answers a replica: loads what a request touches, lets the rules decide, stores what they say. Knows no HTTP, no role. */
import type { Answer, Request, SentEdit } from "../core/replica/protocol.ts";
import { collect, collectableUpTo, serve } from "../core/replica/server.ts";
import type { Ids } from "../ports/ids.ts";
import type { Need, Spaces } from "../ports/server/spaces.ts";

export interface ReplicationDep {
  readonly spaces: Spaces;
  readonly ids: Ids;
  readonly now: () => number;
}
/** Rows of a page at most. */
const pageMax = 2_000;
/** A delete can be undone this long before its tombstone may be collected. */
const undoWindowMs = 24 * 3_600_000;

const needOf = (request: Request): Need => {
  const { proof } = request;
  const base: Need = { replicas: [proof.replica], records: [], edits: [], ordinals: [proof.token[0]] };
  switch (request.type) {
    case "push":
      return { ...base, records: [...new Set(request.edits.map((edit) => edit.record))], edits: request.edits.flatMap((edit) => [edit.e, ...edit.absorbed]) };
    case "pull":
      return { ...base, after: { ord: request.cursor, limit: pageMax } };
    case "offer":
      return { ...base, records: [request.offer.record], edits: request.offer.siblings.map((sibling) => sibling.e) };
  }
};

export interface Sender {
  readonly space: string;
  /** May the sender make this edit, with the role held now? */
  readonly isAllowed: (edit: SentEdit) => boolean;
}
/** Undefined when there is no such space. */
export const answer = (dep: ReplicationDep, { space, isAllowed }: Sender, request: Request): Promise<Answer | undefined> => {
  const commit = dep.ids.next();
  return dep.spaces.transact(space, needOf(request), {
    commit,
    work: (loaded) => {
      const served = serve(loaded, request, { commit, pageMax, isAllowed });
      return { delta: served.delta, value: served.answer };
    },
  });
};

/** Collects what every replica that is not retired has seen deleted (rule 22). Answers how many rows went. */
export const sweepTombstones = (dep: ReplicationDep, space: string): Promise<number> =>
  dep.spaces.collect(space, dep.now() - undoWindowMs, ({ space: loaded, acknowledged, deadRows }) => {
    const upTo = collectableUpTo(acknowledged.map((entry) => ({ mark: { n: 0, e: "" }, setAside: [], denied: [], ...entry })));
    return upTo === undefined ? undefined : collect(loaded.head, deadRows, upTo);
  });
