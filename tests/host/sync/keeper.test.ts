import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpGate } from "../../../src/adapters/http/gate.ts";
import { createMemoryLock } from "../../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { createNodeClock } from "../../../src/adapters/node/clock.ts";
import { instant, type Term } from "../../../src/core/base/brand.ts";
import { createKeeper, type Keeper } from "../../../src/host/sync/keeper.ts";
import { reapExchanges, sessionLock } from "../../../src/host/sync/watch/exchange.ts";
import { syncSessions, syncStatus } from "../../../src/host/sync/views.ts";
import type { Lock } from "../../../src/ports/lock.ts";
import type { Store } from "../../../src/ports/store.ts";
import { ids, shown, startTestServer, write, type TestServer } from "../../kit/sync.ts";

const clock = createNodeClock();
const who = { name: "ann", password: "correct horse", device: "laptop" };

describe("a browser tied to its server", () => {
  let server: TestServer;
  const keepers: Keeper[] = [];
  beforeEach(async () => {
    server = await startTestServer();
    await server.connection();
  });
  afterEach(async () => {
    await Promise.all(keepers.splice(0).map((keeper) => keeper.close()));
    await server.close();
  });
  const tab = (store: Store, lock: Lock): Keeper => {
    const keeper = createKeeper({ store, clock, ids, lock, gate: createHttpGate(), name: "test", wakeDriver: () => undefined, onError: (error) => { throw error; } });
    keepers.push(keeper);
    return keeper;
  };
  const leader = async (store: Store, lock: Lock = createMemoryLock()): Promise<Keeper> => {
    const keeper = tab(store, lock);
    keeper.drive(await store.transact((tx) => tx.nextTerm()));
    return keeper;
  };
  const connected = async (store: Store, lock?: Lock): Promise<Keeper> => {
    const keeper = await leader(store, lock);
    await keeper.connect({ ...who, origin: server.url }, false);
    await expect.poll(() => store.transact(syncStatus, { readonly: true })).toMatchObject({ completeAt: expect.any(Number) });
    return keeper;
  };
  const sessions = (store: Store) => store.transact(syncSessions, { readonly: true });

  it("keeps a row of what it was asked to do and of what moved, and none of an idle look", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    await write(store, "dag", "x");
    await keeper.now();
    const [last] = await sessions(store);
    expect(last).toMatchObject({ state: "completed", cause: "manual", device: "laptop", progress: { sent: 2, unsent: 0 } });
    expect((await sessions(store)).every((row) => row.endedAt !== undefined)).toBe(true);
  });

  it("[B3-09] makes one exchange of two wishes in two tabs", async () => {
    const store = createMemoryStore();
    const lock = createMemoryLock();
    const first = await connected(store, lock);
    const second = tab(store, lock);
    const before = (await sessions(store)).length;
    await write(store, "dag", "x");
    await Promise.all([first.now(), second.now()]);
    const now = await sessions(store);
    expect(now.filter((row) => row.cause === "manual").length + before - now.filter((row) => row.cause !== "manual").length).toBeLessThanOrEqual(2);
    expect(now.reduce((sum, row) => sum + row.progress.sent, 0)).toBe(2);
  });

  it("[B3-01] calls what a dead tab left behind stale as soon as another one leads, and leaves a live one alone", async () => {
    const store = createMemoryStore();
    const lock = createMemoryLock();
    const row = { state: "syncing" as const, cause: "change" as const, startedAt: instant(1), leaseUntil: instant(2), progress: { sent: 1, received: 0, unsent: 3, head: 0, seen: 0 }, attempts: 0, device: "x" };
    await store.transact(async (tx) => {
      await tx.replica.putSession({ ...row, id: "dead" });
      await tx.replica.putSession({ ...row, id: "live" });
    });
    lock.acquire(sessionLock("test", "live"), () => undefined);
    expect(await reapExchanges({ store, clock, lock, name: "test" })).toBe(1);
    const found = new Map((await sessions(store)).map((one) => [one.id, one]));
    expect(found.get("dead")).toMatchObject({ state: "stale", reason: "worker_lost", endedAt: expect.any(Number) });
    expect(found.get("live")).toMatchObject({ state: "syncing" });
    expect(await reapExchanges({ store, clock, lock, name: "test" }), "twice changes nothing").toBe(0);
  });

  it("[B3-06] lets a tab that was overtaken move nothing any more", async () => {
    const store = createMemoryStore();
    await connected(store);
    const term: Term = await store.transact((tx) => tx.nextTerm());
    await write(store, "dag", "x");
    await expect(keepers[0]!.now()).resolves.toBeUndefined();
    expect(await store.transact(async (tx) => (await tx.replica.head())?.acked.n, { readonly: true })).toBe(0);
    keepers[0]!.drive(term);
    await expect.poll(() => store.transact(async (tx) => (await tx.replica.head())?.acked.n, { readonly: true })).toBe(2);
  });

  it("[B3-07] waits for the network without calling it a failure", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    server.spoil = () => new Response("<html>sign in to the Wi-Fi</html>", { headers: { "content-type": "text/html" } });
    await write(store, "dag", "x");
    await keeper.now();
    expect((await sessions(store))[0]).toMatchObject({ state: "pending", waiting: "network", nextTryAt: expect.any(Number), attempts: expect.any(Number) });
    server.spoil = undefined;
    await keeper.now();
    expect((await sessions(store))[0]).toMatchObject({ state: "completed", progress: { unsent: 0 } });
  });

  it("[B3-08] ends an exchange as signed out at once", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    server.spoil = () => Response.json({ error: { code: "signed-out", message: "" } }, { status: 401 });
    await write(store, "dag", "x");
    await keeper.now();
    expect((await sessions(store))[0]).toMatchObject({ state: "failed", reason: "auth" });
    expect(await store.transact(syncStatus, { readonly: true })).toMatchObject({ state: "signed-out", unsent: 2 });
  });

  it("[B3-08] goes on by itself after the server was busy", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    let refusals = 2;
    server.spoil = (request) => (request.method === "POST" && refusals-- > 0 ? Response.json({ error: { code: "busy", message: "" } }, { status: 503, headers: { "retry-after": "0.05" } }) : undefined);
    await write(store, "dag", "x");
    await keeper.now();
    await expect.poll(() => store.transact(syncStatus, { readonly: true }), { timeout: 4_000 }).toMatchObject({ unsent: 0, attempts: 0 });
    await expect.poll(async () => (await sessions(store))[0]).toMatchObject({ state: "completed" });
  });

  it("[B3-18] sends nothing after it was turned off, and turned on again makes no second copy of anything", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    await write(store, "dag", "x");
    await keeper.now();
    await write(store, "late", "y");
    await keeper.disconnect("keep");
    const count = server.requests.length;
    await write(store, "dag", "z");
    await expect(keeper.now()).rejects.toMatchObject({ code: "off" });
    expect(server.requests.length).toBe(count);
    await keeper.connect({ ...who, origin: server.url }, false);
    await expect.poll(() => store.transact(syncStatus, { readonly: true })).toMatchObject({ unsent: 0, conflicts: 0, completeAt: expect.any(Number) });
    expect(Object.keys(await shown(store)).sort()).toEqual(["dag", "late"]);
  });

  it("refuses to turn off before everything was sent, when asked to send first and it cannot", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    server.spoil = () => new Response("", { status: 502 });
    await write(store, "dag", "x");
    await expect(keeper.disconnect("send")).rejects.toMatchObject({ code: "unsent" });
    server.spoil = undefined;
    await keeper.disconnect("send");
    expect(await store.transact(syncStatus, { readonly: true })).toMatchObject({ state: "off" });
  });

  it("brings the driver's answer to another device's wish back into the record of the wish", async () => {
    const store = createMemoryStore();
    const keeper = await connected(store);
    await store.transact((tx) => tx.replica.putShared({ record: "request/w1", body: { v: 1, run: "r", action: "stop", by: "ann", at: 5 } }));
    await store.transact((tx) => tx.putRequest({ id: "sync:w1", at: instant(5), type: "run", body: "{}", answer: '{"ok":true}' }));
    await expect.poll(() => store.transact(async (tx) => [(await tx.replica.shared("request/w1"))?.body, await tx.request("sync:w1")], { readonly: true }))
      .toEqual([{ v: 1, run: "r", action: "stop", by: "ann", at: 5, answer: '{"ok":true}' }, undefined]);
    await keeper.now();
    expect(await store.transact(syncStatus, { readonly: true })).toMatchObject({ unsent: 0 });
  });

  it("[B3-11] tells a clock that is far from the server's", async () => {
    const store = createMemoryStore();
    server.spoil = async (_, go) => {
      const response = await go();
      const headers = new Headers(response.headers);
      headers.set("date", new Date(Date.now() - 26 * 3_600_000).toUTCString());
      return new Response(response.body, { status: response.status, headers });
    };
    await connected(store);
    const { skewMs = 0 } = await store.transact(syncStatus, { readonly: true });
    expect(Math.round(skewMs / 3_600_000)).toBe(26);
  });
});
