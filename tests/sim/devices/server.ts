/**
 * Owns the server of the device simulation: the shipped answering over a space kept as plain data, so that a backup is a copy and a crash
 * is an answer that never left. Passes what a transaction may see just as the SQL adapters do.
 */
import type { Epoch, PageRow } from "../../../src/core/replica/protocol.ts";
import { isDead } from "../../../src/core/replica/row.ts";
import { openEpoch, type ReplicaEntry, type Space, type SpaceDelta, type SpaceHead } from "../../../src/core/replica/server.ts";
import type { Need, Spaces } from "../../../src/ports/server/spaces.ts";

export interface SpaceState {
  head: SpaceHead;
  commits: Map<number, string>;
  replicas: Map<string, ReplicaEntry>;
  rows: Map<string, PageRow>;
  edits: Set<string>;
}
export const newSpace = (epoch: string): SpaceState => ({
  head: { chain: [{ id: epoch, restoredAt: 0 }], ord: 0, floor: 0, undeclared: false },
  commits: new Map([[0, ""]]), replicas: new Map(), rows: new Map(), edits: new Set(),
});

const seen = (state: SpaceState, need: Need): Space => {
  const rows = (ord: number, limit: number): readonly PageRow[] =>
    [...state.rows.values()].filter((row) => row.ord > ord).sort((a, b) => a.ord - b.ord).slice(0, limit + 1);
  return {
    head: state.head,
    commitAt: (ord) => (need.ordinals.includes(ord) || ord === state.head.ord || ord === 0 ? state.commits.get(ord) : undefined),
    replica: (id) => (need.replicas.includes(id) ? state.replicas.get(id) : undefined),
    row: (record) => (need.records.includes(record) ? state.rows.get(record) : undefined),
    isLogged: (e) => need.edits.includes(e) && state.edits.has(e),
    rowsAfter: () => (need.after === undefined ? [] : rows(need.after.ord, need.after.limit)),
  };
};
const store = (state: SpaceState, commit: string, delta: SpaceDelta): void => {
  state.head = delta.head;
  if (delta.closeReplicas) state.replicas.clear();
  for (const [id, entry] of delta.replicas) state.replicas.set(id, entry);
  for (const record of delta.dropRows) state.rows.delete(record);
  for (const row of delta.rows) state.rows.set(row.record, row);
  for (const e of delta.logged) state.edits.add(e);
  for (const ord of delta.committed) state.commits.set(ord, commit);
};

/** One space under any name. `held` is read and written in place. */
type Used = Pick<Spaces, "create" | "names" | "transact" | "collect" | "retire" | "chain" | "head">;
export const spacesOf = (held: { state: SpaceState }): Spaces => (used(held) as unknown as Spaces);
const used = (held: { state: SpaceState }): Used => ({
  create: async () => undefined,
  names: async () => ["sim"],
  transact: async (_space, need, { commit, work }) => {
    const done = work(seen(held.state, need));
    store(held.state, commit, done.delta);
    return done.value;
  },
  collect: async (_space, _before, work) => {
    const { state } = held;
    const delta = work({
      space: seen(state, { replicas: [], records: [], edits: [], ordinals: [] }),
      acknowledged: [...state.replicas].map(([replica, entry]) => ({ replica, acknowledged: entry.acknowledged, retired: entry.retired })),
      deadRows: [...state.rows.values()].filter(isDead),
    });
    if (delta === undefined) return 0;
    store(state, "", delta);
    return delta.dropRows.length;
  },
  retire: async (_space, replica) => {
    const entry = held.state.replicas.get(replica);
    if (entry !== undefined) held.state.replicas.set(replica, { ...entry, retired: true });
    return entry !== undefined;
  },
  chain: async (): Promise<readonly Epoch[]> => held.state.head.chain,
  head: async () => held.state.head.ord,
});

/** Brings a backup back; declared by the restore command, or done by hand and noticed by nobody. */
export const restore = (held: { state: SpaceState }, backup: SpaceState, declared: string | undefined): void => {
  held.state = structuredClone(backup);
  if (declared !== undefined) store(held.state, "", openEpoch(held.state.head, declared, held.state.head.ord, false));
};
