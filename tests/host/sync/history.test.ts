import { afterEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { createNodeClock } from "../../../src/adapters/node/clock.ts";
import { instant } from "../../../src/core/base/brand.ts";
import { openEpoch, serve, type ReplicaEntry, type Space, type SpaceHead } from "../../../src/core/replica/server.ts";
import type { Answer, PageRow, Request } from "../../../src/core/replica/protocol.ts";
import { ok } from "../../../src/core/base/result.ts";
import { startSyncLoop, type SyncLoop } from "../../../src/host/sync/loop.ts";
import { join } from "../../../src/host/sync/session.ts";
import { syncRecovered, syncStatus } from "../../../src/host/sync/views.ts";
import { chooseHistory } from "../../../src/host/sync/watch/history.ts";
import type { Remote } from "../../../src/ports/sync/remote.ts";
import type { Store } from "../../../src/ports/store.ts";
import { bin, ids, shown, write } from "../../kit/sync.ts";

interface Held {
  head: SpaceHead;
  readonly commits: Map<number, string>;
  replicas: Map<string, ReplicaEntry>;
  readonly rows: Map<string, PageRow>;
  readonly log: Set<string>;
}
/** A server in memory that can be set back to what it was, as a restored backup is. */
const createRestorable = () => {
  let held: Held = { head: { chain: [{ id: "E0", restoredAt: 0 }], ord: 0, floor: 0, undeclared: false }, commits: new Map([[0, ""]]), replicas: new Map(), rows: new Map(), log: new Set() };
  const spaceOf = (): Space => ({
    head: held.head, commitAt: (ord) => held.commits.get(ord), replica: (id) => held.replicas.get(id), row: (record) => held.rows.get(record), isLogged: (e) => held.log.has(e),
    rowsAfter: (ord, limit) => [...held.rows.values()].filter((row) => row.ord > ord).sort((a, b) => a.ord - b.ord).slice(0, limit + 1),
  });
  const answer = (request: Request): Answer => {
    const commit = ids.next();
    const served = serve(spaceOf(), request, { commit, pageMax: 2 });
    held.head = served.delta.head;
    if (served.delta.closeReplicas) held.replicas = new Map();
    for (const [id, entry] of served.delta.replicas) held.replicas.set(id, entry);
    for (const row of served.delta.rows) held.rows.set(row.record, row);
    for (const e of served.delta.logged) held.log.add(e);
    for (const ord of served.delta.committed) held.commits.set(ord, commit);
    return served.answer;
  };
  const remote: Remote = {
    chain: async () => ok(held.head.chain), send: async (request) => ok(answer(structuredClone(request))), hints: () => () => undefined, skewMs: () => 0,
    sessions: { open: async () => ok({ id: "s", state: "pending", fence: 1 }), change: async () => ok({ id: "s", state: "syncing", fence: 1 }) },
    blobs: { missing: async () => ok([]), put: async () => ok(undefined), get: async () => ok(undefined) },
  };
  return {
    remote,
    backup: () => structuredClone(held),
    restore: (image: Held) => {
      held = structuredClone(image);
      held.head = openEpoch(held.head, ids.next(), held.head.ord, false).head;
      held.replicas = new Map();
    },
    records: () => [...held.rows.values()].filter((row) => row.siblings.some((sibling) => !sibling.deleted)).map((row) => row.record).filter((record) => record.startsWith("dag/")).sort(),
  };
};

describe("[B3-14] a server that went back in time", () => {
  const loops: SyncLoop[] = [];
  afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));
  const device = async (remote: Remote): Promise<{ readonly store: Store; readonly loop: SyncLoop }> => {
    const store = createMemoryStore();
    const chain = await remote.chain();
    await join({ store, ids }, chain.ok ? chain.value : []);
    await store.transact((tx) => tx.putSetting("sync.connection", JSON.stringify({ origin: "", workspace: "w", workspaceName: "w", role: "admin", user: "ann", token: "secret" })));
    const loop = startSyncLoop({ store, ids, remote, clock: createNodeClock(), onNews: () => undefined });
    loops.push(loop);
    return { store, loop };
  };
  const lost = async () => {
    const server = createRestorable();
    const { store, loop } = await device(server.remote);
    await write(store, "old", "x");
    await loop.now();
    await loop.now();
    const image = server.backup();
    await write(store, "new", "y");
    await loop.now();
    await loop.now();
    server.restore(image);
    await write(store, "unsent", "z");
    await loop.now();
    return { server, store, loop };
  };
  const status = (store: Store) => store.transact(syncStatus, { readonly: true });

  it("rests until a person chooses, and loses nothing meanwhile", async () => {
    const { server, store } = await lost();
    expect(await status(store)).toMatchObject({ state: "paused", choice: { type: "went-back", newer: 2 } });
    expect(Object.keys(await shown(store)).sort()).toEqual(["new", "old", "unsent"]);
    expect(server.records()).toEqual(["dag/old"]);
  });

  it("gives back what is newer here, when that is chosen", async () => {
    const { server, store, loop } = await lost();
    await chooseHistory({ store, ids }, "upload", instant(1));
    await loop.now();
    await loop.now();
    expect(server.records()).toEqual(["dag/new", "dag/old", "dag/unsent"]);
    expect(await status(store)).toMatchObject({ unsent: 0, conflicts: 0, recovered: 0 });
    expect(await store.transact((tx) => tx.replica.archives())).not.toEqual([]);
  });

  it("[rule 34] takes the older history, when that is chosen: own edits of the lost time become recovered items, not pushes", async () => {
    const { server, store, loop } = await lost();
    await chooseHistory({ store, ids }, "accept", instant(1));
    await loop.now();
    await loop.now();
    expect(server.records()).toEqual(["dag/old"]);
    expect(Object.keys(await shown(store))).toEqual(["old"]);
    expect((await store.transact(syncRecovered)).filter((item) => item.kind === "dag").map(({ name, reason }) => [name, reason])).toEqual([["unsent", "lost history"]]);
  });

  it("asks nobody when this device has nothing that the server lost", async () => {
    const server = createRestorable();
    const { store, loop } = await device(server.remote);
    await write(store, "old", "x");
    await loop.now();
    await loop.now();
    server.restore(server.backup());
    await bin(store, "old");
    await loop.now();
    await loop.now();
    expect(await status(store)).toMatchObject({ unsent: 0 });
    expect(server.records()).toEqual([]);
  });
});
