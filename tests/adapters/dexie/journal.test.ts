/** The journal: turns that are one entry each, read over the tables by every door, folded by whoever looks. */
import "fake-indexeddb/auto";
import { afterEach, describe, expect, it } from "vitest";
import { openDexieStore, type DexieStore } from "../../../src/adapters/dexie/store.ts";
import { dagId, instant, revisionId, runId, seq, term } from "../../../src/core/base/brand.ts";
import type { RunAppend, Store } from "../../../src/ports/store.ts";
import { runRow, stepRow } from "../../contracts/store.contract.ts";

const run = runId("r");
const row = (at: number, fields: Parameters<typeof runRow>[1] = {}): ReturnType<typeof runRow> => runRow("r", { seq: seq(at), stepCounts: { running: at }, ...fields });
const turn = (expected: number, fields: Partial<RunAppend> = {}): RunAppend => ({
  run, expected: seq(expected), term: term(1), at: instant(1000 + expected), events: [{ type: "adopted", term: expected + 1, at: instant(1000 + expected) }], row: row(expected + 1), before: "running",
  steps: [stepRow("r", expected % 3, { doneCount: expected })], ...fields,
});
const create = (store: Store): Promise<unknown> => {
  const { before: _none, ...first } = turn(0);
  return store.transact((tx) => tx.createRun({ run, revision: revisionId("rev"), start: "{}" }, { ...first, steps: [0, 1, 2].map((index) => stepRow("r", index)) }));
};
const append = (store: Store, expected: number, fields: Partial<RunAppend> = {}): ReturnType<Parameters<Parameters<Store["transact"]>[0]>[0]["append"]> =>
  store.transact((tx) => tx.append(turn(expected, fields)));
const shown = (store: Store): Promise<unknown> =>
  store.transact(async (tx) => ({
    row: await tx.run(run), csn: await tx.csn(), events: (await tx.events(run)).map((one) => [one.seq, one.at]), tail: (await tx.events(run, seq(3), 2)).map((one) => one.seq),
    steps: (await tx.steps(run)).map((step) => [step.index, step.doneCount]), listed: (await tx.runs({ statuses: ["running"] }, 9)).rows.map((one) => one.seq),
    active: (await tx.activeRuns()).map((one) => one.seq),
  }), { readonly: true });
const tables = (name: string): Promise<Readonly<Record<string, number>>> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onerror = () => reject(request.error ?? new Error("not opened"));
    request.onsuccess = () => {
      const tx = request.result.transaction(["journal", "events"]);
      const [journal, events] = [tx.objectStore("journal").count(), tx.objectStore("events").count()];
      tx.oncomplete = () => {
        request.result.close();
        resolve({ journal: journal.result, events: events.result });
      };
    };
  });

describe("the journal", () => {
  const opened: DexieStore[] = [];
  let last = 0;
  const fresh = async (): Promise<{ readonly name: string; readonly store: DexieStore; readonly other: () => Promise<DexieStore> }> => {
    const name = `journal-${(last += 1)}`;
    const door = async (): Promise<DexieStore> => {
      const store = await openDexieStore({ name });
      opened.push(store);
      return store;
    };
    return { name, store: await door(), other: door };
  };
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close();
  });

  it("[J2] shows turns that are not folded yet through every door, and the same ones after a look has folded them", async () => {
    const { name, store, other } = await fresh();
    await create(store);
    for (let n = 1; n <= 5; n += 1) expect(await append(store, n)).toEqual({ ok: true, value: n + 1 });
    const wanted = {
      row: row(6), csn: 6, events: [1, 2, 3, 4, 5, 6].map((n) => [n, 999 + n]), tail: [4, 5], steps: [[0, 3], [1, 4], [2, 5]], listed: [6], active: [6],
    };
    expect(await tables(name)).toEqual({ journal: 6, events: 1 });
    const far = await other();
    const steps = [3, 4, 5].map((doneCount, index) => stepRow("r", index, { doneCount }));
    expect(await far.transact((tx) => tx.steps(run), { readonly: true })).toEqual(steps);
    expect(await shown(store)).toEqual(wanted);
    expect(await shown(far)).toEqual(wanted);
    await far.transact((tx) => tx.putSetting("k", "v"));
    expect(await tables(name)).toEqual({ journal: 2, events: 2 });
    expect(await shown(store)).toEqual({ ...wanted, csn: 7 });
    expect(await store.transact((tx) => tx.steps(run), { readonly: true })).toEqual(steps);
  });
  it("folds by itself, so that a reader has little to lay over", async () => {
    const { name, store } = await fresh();
    await create(store);
    for (let n = 1; n <= 200; n += 1) await append(store, n);
    expect((await tables(name)).journal).toBeLessThanOrEqual(66);
    expect(await store.transact((tx) => tx.events(run), { readonly: true })).toHaveLength(201);
    expect((await store.transact((tx) => tx.run(run), { readonly: true }))?.seq).toBe(201);
  });
  it("folds when the status changes, and counts it", async () => {
    const { name, store } = await fresh();
    await create(store);
    await append(store, 1);
    await append(store, 2, { row: row(3, { status: "failed" }) });
    expect(await tables(name)).toEqual({ journal: 2, events: 3 });
    expect((await store.transact((tx) => tx.tallies("0000", "9999"), { readonly: true })).map((one) => [one.status, one.count])).toEqual([["failed", 1]]);
  });
  it("[J1] [S3] a turn written without a look misses no newer term of another door, though no news came", async () => {
    const { store, other } = await fresh();
    const far = await other();
    await create(store);
    await append(store, 1);
    const refused = far.transact(async (tx) => {
      await tx.nextTerm();
      await tx.nextTerm();
    }).then(() => append(store, 2));
    expect(await refused).toMatchObject({ ok: false, error: { type: "fenced", found: 2 } });
  });
  it("[J1] [S3] nor an event of another door", async () => {
    const { store, other } = await fresh();
    const far = await other();
    await create(store);
    await append(store, 1);
    await append(far, 2);
    expect(await append(store, 2)).toEqual({ ok: false, error: { type: "seq-taken", expected: 2, found: 3 } });
    expect(await append(store, 3)).toEqual({ ok: true, value: 4 });
  });
  it("[J1] and one that only reads shows what another door wrote, and leaves the journal as it was", async () => {
    const { name, store, other } = await fresh();
    const far = await other();
    await create(store);
    await append(store, 1);
    await append(far, 2);
    await append(far, 3);
    const before = await tables(name);
    const seen = await far.transact((tx) => tx.putLog([])).then(() => store.transact(async (tx) => [(await tx.run(run))?.seq, (await tx.events(run)).length]));
    expect(seen).toEqual([4, 4]);
    expect(await tables(name)).toEqual(before);
  });
  it("[J1] nor a mark that sync took away through another door", async () => {
    const { store, other } = await fresh();
    const far = await other();
    await create(store);
    await append(store, 1);
    await far.transact(async (tx) => tx.replica.dropPending(await tx.pending()));
    expect(await store.transact((tx) => tx.pending(), { readonly: true })).toEqual([]);
    await append(store, 2);
    expect((await store.transact((tx) => tx.pending(), { readonly: true })).map((mark) => [mark.kind, mark.key])).toEqual([["run", "r"]]);
  });
  it("begins again with everything where more is asked than a turn needs", async () => {
    const { store } = await fresh();
    await create(store);
    const bytes = new TextEncoder().encode("x");
    const found = await store.transact(async (tx) => {
      await tx.append(turn(1));
      await tx.putLog([{ run, attempt: 1, step: "s", stream: "stdout", n: 0, offset: 0, bytes, at: instant(1) }]);
      await tx.putRequest({ id: "q", at: instant(1), type: "run", body: "{}" });
      return [(await tx.events(run)).length, (await tx.replica.archives()).length, (await tx.requests(true)).length];
    }, { expects: "turn" });
    expect(found).toEqual([2, 0, 1]);
    expect(await store.transact(async (tx) => (await tx.logs({ run, attempt: 1, step: "s", stream: "stdout" })).length, { readonly: true })).toBe(1);
    expect(await store.transact((tx) => tx.append(turn(2)), { expects: "turn" })).toEqual({ ok: true, value: 3 });
    expect(await store.transact((tx) => tx.append(turn(3, { row: row(4, { status: "failed" }) })), { expects: "turn" })).toEqual({ ok: true, value: 4 });
  });
  it("[S2] keeps nothing of a transaction that fails after its append", async () => {
    const { store } = await fresh();
    await create(store);
    const failed = store.transact(async (tx) => {
      await tx.append(turn(1));
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect(await append(store, 1)).toEqual({ ok: true, value: 2 });
  });
  it("reads its own append in the same transaction, and deletes what is not folded", async () => {
    const { store } = await fresh();
    await create(store);
    await append(store, 1);
    const seen = await store.transact(async (tx) => {
      await tx.append(turn(2));
      return (await tx.events(run)).length;
    });
    expect(seen).toBe(3);
    await append(store, 3);
    await store.transact((tx) => tx.purgeDag(dagId("dag")));
    expect(await store.transact(async (tx) => [await tx.run(run), await tx.events(run), await tx.steps(run)], { readonly: true })).toEqual([undefined, [], []]);
  });
});
