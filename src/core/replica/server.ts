/**
 * Owns what the server decides: identity, acceptance, pages, offers, collection. Pure over a `Space` that a caller has loaded inside one
 * transaction; answers the change to store in that same transaction. Refuses to know SQL, HTTP, roles and time.
 * Rules 8, 11, 12, 14 to 16, 18, 20, 22, 25, 29, 32 and 33.
 */
import { apply } from "./apply.ts";
import { offerInto } from "./offer.ts";
import { noMark, type Answer, type Epoch, type Mark, type OfferRequest, type PageRow, type Proof, type PullRequest, type PushRequest, type Request, type SentEdit, type Standing, type Token } from "./protocol.ts";
import { isDead, type EditId, type Row } from "./row.ts";
import type { Dot } from "./version.ts";

export interface ReplicaEntry {
  readonly mark: Mark;
  /** Set-aside numbers of its last batch; the refused ones among them are also in `denied`. */
  readonly setAside: readonly number[];
  readonly denied: readonly number[];
  readonly acknowledged: number;
  readonly retired: boolean;
}
export interface SpaceHead {
  readonly chain: readonly Epoch[];
  readonly ord: number;
  /** Highest ordinal ever collected. */
  readonly floor: number;
  /** The present epoch was opened on the spot: dots of before may have been reused (rule 33). */
  readonly undeclared: boolean;
}
/** One space as loaded. `rowsAfter` is ascending by ordinal, at most `limit` + 1 rows so that the caller sees whether more follow. */
export interface Space {
  readonly head: SpaceHead;
  /** Commit id at an ordinal; undefined where no commit was. Ordinal 0 is "". */
  readonly commitAt: (ord: number) => string | undefined;
  readonly replica: (id: string) => ReplicaEntry | undefined;
  readonly row: (record: string) => Row | undefined;
  readonly isLogged: (e: string) => boolean;
  readonly rowsAfter: (ord: number, limit: number) => readonly PageRow[];
  /** `rowsAfter` stopped at a limit of bytes: more rows follow. */
  readonly isCut?: boolean;
}
export interface SpaceDelta {
  readonly head: SpaceHead;
  readonly rows: readonly PageRow[];
  readonly dropRows: readonly string[];
  readonly logged: readonly EditId[];
  readonly replicas: ReadonlyMap<string, ReplicaEntry>;
  /** All replica entries are closed (a new epoch began). */
  readonly closeReplicas: boolean;
  /** Ordinals that this transaction committed; all carry its commit id. */
  readonly committed: readonly number[];
}
export interface Served {
  readonly answer: Answer;
  readonly delta: SpaceDelta;
}
export interface Serving {
  /** Random; names this transaction's commits, and the epoch if one must be opened. */
  readonly commit: string;
  readonly pageMax: number;
  /** May the sender make this edit? A refused one is consumed and set aside, so that it never holds up the others (P13). */
  readonly isAllowed?: (edit: SentEdit) => boolean;
}

const nothing = (head: SpaceHead): SpaceDelta => ({
  head, rows: [], dropRows: [], logged: [], replicas: new Map(), closeReplicas: false, committed: [],
});
const newEntry: ReplicaEntry = { mark: noMark, setAside: [], denied: [], acknowledged: 0, retired: false };
const isMark = (a: Mark, b: Mark | undefined): boolean => b !== undefined && a.n === b.n && a.e === b.e;

/** A new history from `at` on: all replica entries closed, dots of the lost one are never issued twice (rules 29 and 33). */
export const openEpoch = (head: SpaceHead, id: string, at: number, undeclared: boolean): SpaceDelta => ({
  ...nothing({ ...head, chain: [...head.chain, { id, restoredAt: at }], undeclared }),
  closeReplicas: true,
});

export const serve = (space: Space, request: Request, by: Serving): Served => {
  const gate = admit(space, request.proof, by);
  if ("answer" in gate) return gate;
  switch (request.type) {
    case "push":
      return push(space, request, gate, by);
    case "pull":
      return pull(space, request, gate, by);
    case "offer":
      return offer(space, request, gate, by);
  }
};

interface Gate {
  readonly entry: ReplicaEntry;
  /** The batch in flight is already here. */
  readonly accepted: boolean;
}

/** Epoch and token first, then identity by the last edit id; a fenced request gets no data (rule 11). */
const admit = (space: Space, proof: Proof, by: Serving): Gate | Served => {
  const { head } = space;
  const epoch = head.chain.at(-1)?.id ?? "";
  if (proof.epoch !== epoch) return { answer: { type: "restored", epoch, chain: head.chain }, delta: nothing(head) };
  if (space.commitAt(proof.token[0]) !== proof.token[1]) {
    const delta = openEpoch(head, by.commit, 0, true);
    return { answer: { type: "restored", epoch: by.commit, chain: delta.head.chain }, delta };
  }
  const known = space.replica(proof.replica);
  if (known === undefined && proof.acked.n !== 0) return { answer: { type: "fork" }, delta: nothing(head) };
  const entry = { ...(known ?? newEntry), retired: false };
  if (isMark(entry.mark, proof.acked)) return { entry, accepted: false };
  if (isMark(entry.mark, proof.inflight)) return { entry, accepted: true };
  return { answer: { type: "fork" }, delta: nothing(head) };
};

const tokenAt = (space: Space, ord: number, committed: readonly number[], by: Serving): Token =>
  [ord, committed.includes(ord) ? by.commit : (space.commitAt(ord) ?? "")];
const standing = (space: Space, request: Request, gate: Gate, done: { readonly delta: SpaceDelta; readonly by: Serving }): Standing => ({
  proof: request.proof,
  accepted: gate.accepted,
  setAside: gate.entry.setAside,
  denied: gate.entry.denied,
  head: done.delta.head.ord,
  token: tokenAt(space, done.delta.head.ord, done.delta.committed, done.by),
});

/** A batch, applied whole; each touched row gets an ordinal of its own (rule 14). */
const push = (space: Space, request: PushRequest, gate: Gate, by: Serving): Served => {
  const { replica } = request.proof;
  let entry = gate.entry;
  let delta: SpaceDelta = { ...nothing(space.head), replicas: new Map([[replica, entry]]) };
  const last = request.edits.at(-1);
  if (!gate.accepted && last !== undefined) {
    const taken = takeBatch(space, request, by);
    entry = { ...entry, mark: { n: request.proof.acked.n + request.edits.length, e: last.e }, setAside: taken.setAside, denied: taken.denied };
    delta = { ...taken.delta, replicas: new Map([[replica, entry]]) };
  }
  return { answer: { type: "pushed", ...standing(space, request, { ...gate, entry }, { delta, by }), accepted: true }, delta };
};

interface Batch {
  readonly setAside: readonly number[];
  readonly denied: readonly number[];
  readonly delta: SpaceDelta;
}
const takeBatch = (space: Space, request: PushRequest, by: Serving): Batch => {
  const rows = new Map<string, Row>();
  const logged = new Set<EditId>();
  const isLogged = (e: EditId): boolean => logged.has(e) || space.isLogged(e);
  const setAside: number[] = [];
  const denied: number[] = [];
  const committed: number[] = [];
  let { n } = request.proof.acked;
  let { ord } = space.head;
  for (const edit of request.edits) {
    const dot: Dot = [request.proof.replica, ++n];
    if (by.isAllowed?.(edit) === false) {
      setAside.push(n);
      denied.push(n);
      continue;
    }
    const row = rows.get(edit.record) ?? space.row(edit.record);
    const known = isLogged(edit.e);
    if (row === undefined && known) continue;
    const isCreate = edit.create && !edit.absorbed.some(isLogged);
    if (row === undefined && !isCreate && edit.seen < space.head.floor) {
      setAside.push(n);
      continue;
    }
    committed.push(++ord);
    rows.set(edit.record, { ...apply(row, edit, dot, { ctx: edit.ctx, known }), ord });
    for (const e of [edit.e, ...edit.absorbed]) logged.add(e);
  }
  const put = [...rows].map(([record, row]) => ({ ...row, record }));
  return { setAside, denied, delta: { ...nothing({ ...space.head, ord }), rows: put, logged: [...logged], committed } };
};

/** Rows past the cursor in order; the last page is the one that reaches the head in its own transaction (rule 18). */
const pull = (space: Space, request: PullRequest, gate: Gate, by: Serving): Served => {
  const entry = { ...gate.entry, acknowledged: request.acknowledged };
  const delta: SpaceDelta = { ...nothing(space.head), replicas: new Map([[request.proof.replica, entry]]) };
  const base = standing(space, request, gate, { delta, by });
  const { cursor, floor } = request;
  if (cursor > 0 && space.head.floor > Math.max(cursor, floor)) return { answer: { type: "rebase", ...base, from: cursor }, delta };
  const found = space.rowsAfter(cursor, by.pageMax);
  const rows = found.slice(0, by.pageMax);
  const last = found.length <= by.pageMax && space.isCut !== true;
  const reached = last ? space.head.ord : (rows.at(-1)?.ord ?? space.head.ord);
  return { answer: { type: "page", ...base, from: cursor, floor: space.head.floor, rows, last, cursor: reached }, delta };
};

const offer = (space: Space, request: OfferRequest, gate: Gate, by: Serving): Served => {
  const taken = offerInto(space, request.offer);
  const ord = space.head.ord + 1;
  const changed = taken.row === undefined ? nothing(space.head) : {
    ...nothing({ ...space.head, ord }),
    rows: [{ ...taken.row, ord, record: request.offer.record }],
    committed: [ord],
  };
  const delta: SpaceDelta = { ...changed, logged: taken.logged, replicas: new Map([[request.proof.replica, gate.entry]]) };
  return { answer: { type: "offered", ...standing(space, request, gate, { delta, by }), left: request.left, aside: taken.aside }, delta };
};

/** Up to where every replica that is not retired has seen (rule 22); undefined while there is none. Computed now, never remembered. */
export const collectableUpTo = (replicas: Iterable<ReplicaEntry>): number | undefined => {
  const low = [...replicas].filter((entry) => !entry.retired).map((entry) => entry.acknowledged);
  return low.length === 0 ? undefined : Math.min(...low);
};
/** Which of `rows` the collection takes, and the floor after it. Undefined: nothing to collect. */
export const collect = (head: SpaceHead, rows: Iterable<PageRow>, upTo: number): SpaceDelta | undefined => {
  const gone = [...rows].filter((row) => isDead(row) && row.ord <= upTo);
  if (gone.length === 0) return undefined;
  const floor = gone.reduce((high, row) => Math.max(high, row.ord), head.floor);
  return { ...nothing({ ...head, floor }), dropRows: gone.map((row) => row.record) };
};
