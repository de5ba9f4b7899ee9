/** Devices of one workspace and a real server on SQLite in memory, over HTTP; its answers can be spoilt. */
import { serve } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createHttpGate } from "../../src/adapters/http/gate.ts";
import { createMemoryLock } from "../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../src/adapters/memory/store.ts";
import { createNodeClock } from "../../src/adapters/node/clock.ts";
import { openSqlite } from "../../src/adapters/sql/sqlite.ts";
import { dagId, instant, revisionId, type RevisionId } from "../../src/core/base/brand.ts";
import { startSyncLoop, type SyncLoop, type SyncNews } from "../../src/host/sync/loop.ts";
import { join } from "../../src/host/sync/session.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Lock } from "../../src/ports/lock.ts";
import type { Connection, Remote } from "../../src/ports/sync/remote.ts";
import type { Store } from "../../src/ports/store.ts";
import { createApp } from "../../src/server/app.ts";
import { serverDep } from "./server.ts";

let made = 0;
export const ids = { next: () => `id-${String(++made).padStart(6, "0")}`, random: () => 0.5 };
export const at = instant(1_000);
export const spec = (text: string): string => `steps:\n  - name: say\n    command: echo ${text}\n`;

export interface TestDevice {
  readonly store: Store;
  readonly loop: SyncLoop;
  readonly news: SyncNews[];
  readonly remote: Remote;
  readonly connection: Connection;
}
export type Spoil = (request: Request, go: () => Promise<Response>) => Promise<Response | undefined> | Response | undefined;
export interface TestServer {
  readonly url: string;
  /** Undefined: as it is. */
  spoil: Spoil | undefined;
  readonly requests: string[];
  readonly connection: () => Promise<Connection>;
  readonly close: () => Promise<void>;
}
export const startTestServer = async (): Promise<TestServer> => {
  const db = await openSqlite(":memory:", 0);
  const app = createApp(serverDep(db, { ids, addressOf: () => "" }));
  const self: TestServer = {
    url: "", spoil: undefined, requests: [],
    connection: async () => {
      const gate = createHttpGate();
      const isNew = await gate.isNew(self.url);
      const entered = await gate.enter(self.url, { name: "ann", password: "correct horse", device: "test" }, isNew.ok && isNew.value);
      if (!entered.ok) throw new Error(JSON.stringify(entered.error));
      return entered.value;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  const server = serve({
    fetch: async (request) => {
      self.requests.push(`${request.method} ${new URL(request.url).pathname}`);
      const go = (): Promise<Response> => Promise.resolve(app.fetch(request));
      return (await self.spoil?.(request, go)) ?? go();
    },
    port: 0,
  }) as Server;
  await new Promise((listening) => server.once("listening", listening));
  return Object.assign(self, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
};

export interface DeviceHow {
  readonly store?: Store;
  readonly clock?: Clock;
  readonly lock?: Lock;
  /** Without a loop of its own: the test drives it. */
  readonly onPage?: () => Promise<void>;
}
export const connectDevice = async (server: TestServer, how: DeviceHow = {}): Promise<TestDevice> => {
  const store = how.store ?? createMemoryStore();
  const connection = await server.connection();
  const remote = createHttpGate().open(connection);
  const chain = await remote.chain();
  if (!chain.ok) throw new Error(chain.error.type);
  await join({ store, ids }, chain.value);
  const news: SyncNews[] = [];
  const loop = startSyncLoop({ store, ids, remote, clock: how.clock ?? createNodeClock(), onNews: (one) => news.push(one), ...(how.onPage === undefined ? {} : { onPage: how.onPage }) });
  return { store, loop, news, remote, connection };
};

/** Publishes a text of the DAG as the command does: a revision over the head, and the row. */
export const write = (store: Store, id: string, text: string, name = id): Promise<void> =>
  store.transact(async (tx) => {
    const before = await tx.dag(dagId(id));
    const revision: RevisionId = revisionId(`${id}-${text}`);
    const number = ((await tx.revisions(dagId(id)))[0]?.number ?? 0) + 1;
    await tx.putRevision({ id: revision, dag: dagId(id), number, text: spec(text), at, note: "", draft: false, ...(before === undefined ? {} : { parent: before.head }) });
    await tx.putDag({
      id: dagId(id), name, head: revision, description: text, group: "", labels: [], hasSchedule: false, stepCount: 1, errorCount: 0, hasDraft: false, createdAt: at, updatedAt: at,
    });
  });
export const shown = (store: Store): Promise<Record<string, string>> =>
  store.transact(async (tx) => {
    const out: Record<string, string> = {};
    for (const dag of await tx.dags()) if (dag.deletedAt === undefined) out[dag.name] = (await tx.revision(dag.head))?.text ?? "?";
    return out;
  }, { readonly: true });
export const bin = (store: Store, id: string): Promise<void> =>
  store.transact(async (tx) => {
    const row = await tx.dag(dagId(id));
    if (row !== undefined) await tx.putDag({ ...row, deletedAt: at });
  });
export const testLock = createMemoryLock;
