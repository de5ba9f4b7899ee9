import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { instant, dagId } from "../../../src/core/base/brand.ts";
import { conflictOf, keepBoth, settle, showConflicts } from "../../../src/host/sync/conflict.ts";
import { createDagCommands } from "../../../src/host/edit/dags.ts";
import { syncConflicts } from "../../../src/host/sync/views.ts";
import type { Store } from "../../../src/ports/store.ts";
import { bin, connectDevice, ids, shown, startTestServer, write, type TestDevice, type TestServer } from "../../kit/sync.ts";

const clock = { now: () => instant(5_000), alarm: () => () => undefined };
const worldOf = (store: Store) => ({ store, clock, ids });
const long = (first: string, last: string): string =>
  `type: graph\nsteps:\n  - name: fetch\n    command: ${first}\n  - name: clean\n    command: sort\n    depends: fetch\n  - name: store\n    command: ${last}\n    depends: clean\n`;

describe("a conflict of two devices", () => {
  let server: TestServer;
  let a: TestDevice;
  let b: TestDevice;
  beforeEach(async () => {
    server = await startTestServer();
    [a, b] = [await connectDevice(server), await connectDevice(server)];
    await a.loop.now();
    await b.loop.now();
  });
  afterEach(async () => {
    await Promise.all([a.loop.stop(), b.loop.stop()]);
    await server.close();
  });
  const both = async (): Promise<void> => {
    for (const one of [a, b, a, b]) await one.loop.now();
    await showConflicts(a.store);
    await showConflicts(b.store);
  };
  const publish = (device: TestDevice, dag: string, text: string) => createDagCommands(worldOf(device.store)).publish(dag, text);
  const imported = async (text: string): Promise<string> => {
    const { dag } = await createDagCommands(worldOf(a.store)).importYaml(text, { name: "report" });
    await both();
    return dag;
  };
  const open = (device: TestDevice) => device.store.transact(syncConflicts, { readonly: true });
  const dagOf = (device: TestDevice, dag: string) => device.store.transact((tx) => tx.dag(dagId(dag)), { readonly: true });

  it("[P24] shows a clean merge on both devices, byte for byte, without writing it anywhere", async () => {
    const dag = await imported(long("curl x", "load"));
    await publish(a, dag, long("curl y", "load"));
    await publish(b, dag, long("curl x", "load --fast"));
    await both();
    const merged = long("curl y", "load --fast");
    expect([await shown(a.store), await shown(b.store)]).toEqual([{ report: merged }, { report: merged }]);
    expect((await dagOf(a, dag))?.conflict?.merged).toBe("clean");
    expect(await a.store.transact(async (tx) => [await tx.pending(), (await tx.replica.ownPlace()).end], { readonly: true })).toEqual([[], expect.any(Number)]);
    expect((await open(a)).map(({ name, type, sides }) => ({ name, type, sides }))).toEqual([{ name: "report", type: "text", sides: 2 }]);
  });

  it("closes a clean merge with the next save, whose parents are all sides", async () => {
    const dag = await imported(long("curl x", "load"));
    await publish(a, dag, long("curl y", "load"));
    await publish(b, dag, long("curl x", "load --fast"));
    await both();
    await createDagCommands(worldOf(b.store)).saveDraft(dag, long("curl z", "load"));
    await both();
    expect(await open(b), "a draft decides nothing").toHaveLength(1);
    await publish(b, dag, long("curl z", "load --fast"));
    await both();
    expect([await open(a), await open(b)]).toEqual([[], []]);
    expect(await shown(a.store)).toEqual({ report: long("curl z", "load --fast") });
    const [head] = await a.store.transact((tx) => tx.revisions(dagId(dag)), { readonly: true });
    expect(head?.parents).toHaveLength(2);
  });

  it("runs what both come from where they differ in the same place, and gives base and both texts", async () => {
    const dag = await imported(long("curl x", "load"));
    await publish(a, dag, long("curl y", "load"));
    await publish(b, dag, long("curl z", "load"));
    await both();
    expect([await shown(a.store), await shown(b.store)]).toEqual([{ report: long("curl x", "load") }, { report: long("curl x", "load") }]);
    const found = await a.store.transact((tx) => conflictOf(tx, `dag/${dag}`), { readonly: true });
    expect(found).toMatchObject({
      type: "text", merged: "base", base: { text: long("curl x", "load") }, outcome: { type: "conflict" },
      sides: [{ isThis: true, text: long("curl y", "load") }, { isThis: false, text: long("curl z", "load") }],
    });
    await settle(worldOf(a.store), `dag/${dag}`, { text: long("curl both", "load") });
    await both();
    expect([await shown(a.store), await shown(b.store), await open(b)]).toEqual([{ report: long("curl both", "load") }, { report: long("curl both", "load") }, []]);
  });

  it("makes two DAGs of two sides when asked to keep both", async () => {
    const dag = await imported(long("curl x", "load"));
    await publish(a, dag, long("curl y", "load"));
    await publish(b, dag, long("curl z", "load"));
    await both();
    await keepBoth(worldOf(a.store), `dag/${dag}`);
    await both();
    expect(await shown(b.store)).toEqual({ report: long("curl y", "load"), "report-2": long("curl z", "load") });
    expect(await open(b)).toEqual([]);
  });

  it("[B3-12] neither revives nor drops in silence what one deleted and the other edited", async () => {
    await write(a.store, "one", "x");
    await write(a.store, "two", "x");
    await both();
    for (const id of ["one", "two"]) {
      await bin(a.store, id);
      await write(b.store, id, "edited");
    }
    await both();
    expect((await open(a)).map(({ name, type }) => [name, type])).toEqual([["one", "delete-edit"], ["two", "delete-edit"]]);
    await settle(worldOf(a.store), "dag/one", { keep: "deleted" });
    const kept = await a.store.transact((tx) => conflictOf(tx, "dag/two"), { readonly: true });
    await settle(worldOf(a.store), "dag/two", kept?.sides.find((side) => !side.deleted)?.edit ?? "");
    await both();
    expect(Object.keys(await shown(b.store))).toEqual(["two"]);
    expect([await open(a), await open(b)]).toEqual([[], []]);
  });
});
