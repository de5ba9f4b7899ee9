import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpGate } from "../../../src/adapters/http/gate.ts";
import { createMemoryLock } from "../../../src/adapters/memory/lock.ts";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { createNodeClock } from "../../../src/adapters/node/clock.ts";
import { createSyncCommands, type SyncCommands } from "../../../src/host/sync/commands.ts";
import { createKeeper, type Keeper } from "../../../src/host/sync/keeper.ts";
import type { Store } from "../../../src/ports/store.ts";
import { ids, startTestServer, write, type TestServer } from "../../kit/sync.ts";

const clock = createNodeClock();

describe("what a person asks the server", () => {
  let server: TestServer;
  let store: Store;
  let keeper: Keeper;
  let commands: SyncCommands;
  beforeEach(async () => {
    server = await startTestServer();
    store = createMemoryStore();
    keeper = createKeeper({ store, clock, ids, lock: createMemoryLock(), gate: createHttpGate(), name: "test", wakeDriver: () => undefined, onError: (error) => { throw error; } });
    keeper.drive(await store.transact((tx) => tx.nextTerm()));
    commands = createSyncCommands({ store, clock, ids, keeper });
    await commands.connect({ name: "ann", password: "correct horse", device: "laptop", origin: server.url }, true);
    await write(store, "dag", "x");
    await commands.syncNow();
    await commands.syncNow();
  });
  afterEach(async () => {
    await keeper.close();
    await server.close();
  });

  it("proves that the copy equals the server's, finds what does not, and fetches it again", async () => {
    expect(await commands.verify()).toMatchObject({ differing: [] });
    await store.transact(async (tx) => {
      const [row] = await tx.replica.copyRows(["dag/dag"]);
      if (row !== undefined) await tx.replica.putCopy([{ ...row, dead: ["rotten" as never] }]);
    });
    const plan = await commands.verify();
    expect(plan.differing).toEqual([0]);
    await commands.repair(plan);
    expect(await commands.verify()).toMatchObject({ differing: [] });
  });

  it("lists devices with this one marked, tokens, members and workspaces", async () => {
    const { devices } = await commands.devices();
    expect(devices.map(({ label, isThis }) => [label, isThis])).toEqual([["laptop", true]]);
    expect((await commands.tokens()).map(({ label, isThis }) => [label, isThis])).toEqual([["laptop", true]]);
    await commands.addUser("bob", "correct horse");
    const members = await commands.members();
    expect(members.map(({ name, role }) => [name, role]).sort()).toEqual([["ann", "admin"], ["bob", "viewer"]]);
    await expect(commands.setMember(members.find((one) => one.name === "ann")?.user ?? "", null)).rejects.toMatchObject({ code: "last-admin" });
    expect((await commands.workspaces()).map((one) => one.role)).toEqual(["admin"]);
  });

  it("changes the password, and is told when the present one is wrong", async () => {
    await expect(commands.changePassword("not this one", "quite another one")).rejects.toMatchObject({ code: "wrong-password" });
    await commands.changePassword("correct horse", "quite another one");
    await commands.syncNow();
    await expect(commands.connect({ name: "ann", password: "correct horse", device: "x", origin: server.url })).rejects.toMatchObject({ code: "wrong-name-or-password" });
  });

  it("leaves a row of its exchanges on the server", async () => {
    const { workspace, token } = await keeper.connection();
    const listed = async (): Promise<readonly { readonly state: string; readonly device: string }[]> => {
      const said = await fetch(`${server.url}/api/v1/sync/${workspace}/sessions`, { headers: { authorization: `Bearer ${token}` } });
      return ((await said.json()) as { readonly sessions: readonly { readonly state: string; readonly device: string }[] }).sessions;
    };
    await expect.poll(async () => (await listed()).map(({ state, device }) => [state, device])).toContainEqual(["completed", "laptop"]);
  });

  it("gives a report without secrets or contents", async () => {
    const { token } = await keeper.connection();
    const report = await commands.syncReport();
    expect(report).not.toContain(token);
    expect(report).not.toContain("command: echo");
    expect(JSON.parse(report)).toMatchObject({ format: 1, status: { unsent: 0 } });
  });
});
