import { serve } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpRemote } from "../../src/adapters/http/remote.ts";
import { createMemoryStore } from "../../src/adapters/memory/store.ts";
import { createNodeClock } from "../../src/adapters/node/clock.ts";
import { openSqlite } from "../../src/adapters/sql/sqlite.ts";
import { dagId, instant, revisionId, runId, seq, term } from "../../src/core/base/brand.ts";
import type { RunRow } from "../../src/core/run/rows.ts";
import { join, leave } from "../../src/host/sync/session.ts";
import { startSyncLoop, type SyncLoop, type SyncNews } from "../../src/host/sync/loop.ts";
import type { Remote } from "../../src/ports/sync/remote.ts";
import type { Store } from "../../src/ports/store.ts";
import { createApp } from "../../src/server/app.ts";
import { serverDep } from "../kit/server.ts";

interface Device {
  readonly store: Store;
  readonly loop: SyncLoop;
  readonly news: SyncNews[];
  readonly remote: Remote;
}
let made = 0;
const ids = { next: () => `id-${String(++made).padStart(6, "0")}`, random: () => 0.5 };
const at = instant(1_000);

describe("two devices and a server", () => {
  let server: Server;
  let url = "";
  let token = "";
  let workspace = "";
  const loops: SyncLoop[] = [];
  let isDown = false;
  beforeEach(async () => {
    isDown = false;
    const db = await openSqlite(":memory:", 0);
    const app = createApp(serverDep(db, { ids, addressOf: () => "" }));
    const portal = new Response("<html>Sign in to the Wi-Fi</html>", { headers: { "content-type": "text/html" } });
    server = serve({ fetch: (request) => (isDown ? portal.clone() : app.fetch(request)), port: 0 }) as Server;
    await new Promise((listening) => server.once("listening", listening));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const post = (path: string, body: unknown): Promise<Response> => fetch(`${url}/api/v1${path}`, { method: "POST", body: JSON.stringify(body) });
    token = ((await (await post("/setup", { name: "ann", password: "correct horse", device: "a" })).json()) as { token: string }).token;
    const mine = await fetch(`${url}/api/v1/me/workspaces`, { headers: { authorization: `Bearer ${token}` } });
    workspace = ((await mine.json()) as { id: string }[])[0]?.id ?? "";
  });
  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const connect = async (store: Store): Promise<Device> => {
    const remote = createHttpRemote({ origin: url, workspace, token });
    const chain = await remote.chain();
    if (!chain.ok) throw new Error(chain.error.type);
    await join({ store, ids }, chain.value);
    const news: SyncNews[] = [];
    const loop = startSyncLoop({ store, ids, remote, clock: createNodeClock(), onNews: (one) => news.push(one) });
    loops.push(loop);
    return { store, loop, news, remote };
  };
  const device = (): Promise<Device> => connect(createMemoryStore());
  const write = (store: Store, id: string, text: string, n = 1): Promise<void> =>
    store.transact(async (tx) => {
      const revision = revisionId(`${id}-${text}`);
      await tx.putRevision({ id: revision, dag: dagId(id), number: n, text, at, note: "", draft: false });
      const before = await tx.dag(dagId(id));
      const row = { id: dagId(id), name: id, head: revision, description: text, group: "", labels: [], hasSchedule: false, stepCount: 1, errorCount: 0, hasDraft: false, createdAt: at, updatedAt: at };
      await tx.putDag({ ...before, ...row });
    });
  const shown = (store: Store): Promise<Record<string, string>> =>
    store.transact(async (tx) => {
      const out: Record<string, string> = {};
      for (const dag of await tx.dags()) if (dag.deletedAt === undefined) out[dag.name] = (await tx.revision(dag.head))?.text ?? "?";
      return out;
    }, { readonly: true });
  const both = async (a: Device, b: Device): Promise<void> => {
    for (const one of [a, b, a, b]) await one.loop.now();
  };

  it("shows on one what was written on the other, and what was there before sync was turned on", async () => {
    const early = createMemoryStore();
    await write(early, "old", "one");
    const a = await connect(early);
    const b = await device();
    await write(a.store, "new", "two");
    await both(a, b);
    expect(await shown(b.store)).toEqual({ old: "one", new: "two" });
    await write(b.store, "new", "three", 2);
    await both(b, a);
    expect(await shown(a.store)).toEqual({ old: "one", new: "three" });
  });

  it("tells the other by a hint, without waiting for the poll", async () => {
    const [a, b] = [await device(), await device()];
    await both(a, b);
    await write(a.store, "quick", "x");
    a.loop.nudge();
    await expect.poll(() => shown(b.store), { timeout: 3_000 }).toEqual({ quick: "x" });
  });

  it("keeps both sides of a concurrent edit, shows the same one on both devices, and closes the conflict by the next save", async () => {
    const [a, b] = [await device(), await device()];
    await write(a.store, "dag", "base");
    await both(a, b);
    await write(a.store, "dag", "mine", 2);
    await write(b.store, "dag", "theirs", 2);
    await both(a, b);
    expect(await shown(a.store)).toEqual(await shown(b.store));
    const conflicts = await a.store.transact((tx) => tx.replica.conflicts(), { readonly: true });
    expect(conflicts.map((row) => row.siblings.map((s) => (s.body as { description: string }).description).sort())).toEqual([["mine", "theirs"]]);
    await write(a.store, "dag", "settled", 3);
    await both(a, b);
    expect([await shown(a.store), await shown(b.store)]).toEqual([{ dag: "settled" }, { dag: "settled" }]);
    expect(await b.store.transact((tx) => tx.replica.conflicts(), { readonly: true })).toEqual([]);
  });

  it("loses nothing that was written while the server was away, and says what answers instead of it", async () => {
    const [a, b] = [await device(), await device()];
    await both(a, b);
    isDown = true;
    await write(a.store, "offline", "x");
    await a.loop.now();
    expect(a.news.at(-1)).toMatchObject({ state: "waiting", trouble: { type: "not-dagbok" } });
    isDown = false;
    await both(a, b);
    expect(await shown(b.store)).toEqual({ offline: "x" });
    expect(a.news.at(-1)).toMatchObject({ state: "idle" });
  });

  it("carries a delete, and brings a row back that the other went on editing", async () => {
    const [a, b] = [await device(), await device()];
    await write(a.store, "gone", "x");
    await write(a.store, "kept", "x");
    await both(a, b);
    const bin = (store: Store, id: string): Promise<void> => store.transact(async (tx) => {
      const row = await tx.dag(dagId(id));
      if (row !== undefined) await tx.putDag({ ...row, deletedAt: at });
    });
    await bin(a.store, "gone");
    await bin(a.store, "kept");
    await write(b.store, "kept", "edited", 2);
    await both(a, b);
    expect([await shown(a.store), await shown(b.store)]).toEqual([{ kept: "edited" }, { kept: "edited" }]);
  });

  it("shows a run of another device, and never takes it for its own", async () => {
    const [a, b] = [await device(), await device()];
    const id = runId("run-1");
    const row: RunRow = {
      id, dag: "dag", dagName: "dag", revision: revisionId("r"), draft: false, status: "running", trigger: "manual", params: [], paramsText: "", attempt: 1,
      createdAt: at, startedAt: at, labels: [], term: term(0), seq: seq(1), stepCounts: {},
    };
    await a.store.transact((tx) => tx.createRun({ run: id, revision: row.revision, start: "{}" }, { run: id, expected: seq(0), term: term(0), at, events: [], row, steps: [] }));
    await both(a, b);
    const there = await b.store.transact(async (tx) => ({ row: await tx.run(id), active: await tx.activeRuns() }), { readonly: true });
    expect(there).toMatchObject({ row: { id, status: "running", origin: expect.any(String) }, active: [] });
    await a.store.transact((tx) => tx.append({ run: id, expected: seq(0), term: term(0), at, events: [], row: { ...row, status: "succeeded" }, before: "running", steps: [] }));
    await both(a, b);
    expect(await b.store.transact((tx) => tx.run(id), { readonly: true })).toMatchObject({ status: "succeeded" });
  });

  it("turned off keeps every row, and turned on again meets its own edits without a conflict", async () => {
    const a = await device();
    await write(a.store, "dag", "one");
    await a.loop.now();
    await a.loop.stop();
    await leave(a.store);
    expect(await shown(a.store)).toEqual({ dag: "one" });
    const again = await connect(a.store);
    await again.loop.now();
    await again.loop.now();
    expect(await shown(a.store)).toEqual({ dag: "one" });
    expect(await a.store.transact(async (tx) => [await tx.replica.conflicts(), await tx.replica.own(), await tx.pending()], { readonly: true })).toEqual([[], [], []]);
  });
});
