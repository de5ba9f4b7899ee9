/** Owns Dagbok's page of the sync bench: the store, the replication and the HTTP of the product, without its screens. */
import { openDexieStore, type DexieStore } from "../../../src/adapters/dexie/store.ts";
import { createHttpRemote } from "../../../src/adapters/http/remote.ts";
import { createWebClock } from "../../../src/adapters/web/clock.ts";
import { dagId, instant, revisionId } from "../../../src/core/base/brand.ts";
import { apply, cut, isFirst, join } from "../../../src/host/sync/session.ts";
import { startSyncLoop } from "../../../src/host/sync/loop.ts";
import type { Remote } from "../../../src/ports/sync/remote.ts";
import type { Ids } from "../../../src/ports/ids.ts";
import type { PagePeer } from "./contender.ts";
import { idOf, recordOf } from "./records.ts";

const ids: Ids = { next: () => crypto.randomUUID(), random: Math.random };
let store: DexieStore;
let remote: Remote;
const editsAtOnce = 500;

const exchange = async (): Promise<void> => {
  const dep = { store, ids };
  const order = (await isFirst(dep)) ? (["offer", "pull", "push", "pull"] as const) : (["offer", "push", "pull"] as const);
  for (const kind of order)
    for (;;) {
      const request = await cut(dep, kind);
      if (request === undefined) break;
      const answered = await remote.send(request);
      if (!answered.ok) throw new Error(JSON.stringify(answered.error));
      await apply(dep, answered.value);
      if (answered.value.type === "page" && answered.value.last) break;
    }
};
const peer: PagePeer = {
  open: async (how) => {
    const { workspace, token } = how as { workspace: string; token: string };
    store = await openDexieStore({ name: "bench" });
    remote = createHttpRemote({ origin: "", workspace, token });
    const chain = await remote.chain();
    if (!chain.ok) throw new Error(chain.error.type);
    await join({ store, ids }, chain.value);
  },
  sync: exchange,
  count: () => store.transact(async (tx) => (await tx.dags()).length, { readonly: true }),
  edit: async (from, to, version) => {
    for (let at = from; at < to; at += editsAtOnce)
      await store.transact(async (tx) => {
        for (let n = at; n < Math.min(to, at + editsAtOnce); n++) {
          const row = recordOf(n, version);
          await tx.putDag({ ...row, id: dagId(row.id), head: revisionId(row.head), createdAt: instant(row.createdAt), updatedAt: instant(row.updatedAt), hasDraft: false });
        }
      });
  },
  live: async () => {
    startSyncLoop({ store, ids, remote, clock: createWebClock(), onNews: () => undefined });
  },
  seen: (n, version) =>
    new Promise((resolve) => {
      const stop = store.watch((tx) => tx.dag(dagId(idOf(n))), (row) => {
        if (row?.description.startsWith(version) !== true) return;
        resolve(Date.now());
        queueMicrotask(() => stop());
      });
    }),
  conflicts: () => store.transact(async (tx) => (await tx.replica.conflicts()).length, { readonly: true }),
};
Object.assign(window, { peer });
