/** Owns how the server answers a replica: loads what a request touches, lets the rules decide, stores what they say. Knows no HTTP, no role. */
import { invariant } from "../core/base/invariant.ts";
import type { Answer, Request, SentEdit } from "../core/replica/protocol.ts";
import { collect, collectableUpTo, serve } from "../core/replica/server.ts";
import type { Ids } from "../ports/ids.ts";
import { foreignReplica, type Caller, type Need, type Spaces } from "../ports/server/spaces.ts";

export interface ReplicationDep {
  readonly spaces: Spaces;
  readonly ids: Ids;
  readonly now: () => number;
}
/** Rows of a page at most. */
const pageMax = 2_000;
/** Bytes of a page's rows at most, save that one row always fits. */
const pageBytes = 1 << 20;
/** A delete can be undone this long before its tombstone may be collected. */
const undoWindowMs = 24 * 3_600_000;

const needOf = (request: Request): Need => {
  const { proof } = request;
  const base: Need = { replicas: [proof.replica], records: [], edits: [], ordinals: [proof.token[0]] };
  switch (request.type) {
    case "push":
      return { ...base, records: [...new Set(request.edits.map((edit) => edit.record))], edits: request.edits.flatMap((edit) => [edit.e, ...edit.absorbed]) };
    case "pull":
      return { ...base, after: { ord: request.cursor, limit: pageMax, bytes: pageBytes } };
    case "offer":
      return { ...base, records: [request.offer.record], edits: request.offer.siblings.map((sibling) => sibling.e) };
  }
};

export interface Sender {
  readonly space: string;
  /** May the sender make this edit, with the role held now? */
  readonly isAllowed: (edit: SentEdit) => boolean;
  readonly caller?: Caller;
}
/** Undefined when there is no such space. */
export const answer = async (dep: ReplicationDep, sender: Omit<Sender, "caller">, request: Request): Promise<Answer | undefined> => {
  const answered = await answerCaller(dep, sender, request);
  invariant(answered !== foreignReplica, "11", { space: sender.space });
  return answered;
};
/** As `answer`, for the user of a token: a replica of another user is not served. */
export const answerCaller = (dep: ReplicationDep, { space, isAllowed, caller }: Sender, request: Request): Promise<Answer | typeof foreignReplica | undefined> => {
  const commit = dep.ids.next();
  return dep.spaces.transact(space, needOf(request), {
    commit,
    ...(caller === undefined ? {} : { caller }),
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
