import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { dagId, runId, seq, term, revisionId } from "../../../src/core/base/brand.ts";
import type { RunRow } from "../../../src/core/run/rows.ts";
import { fetchRun, shipRuns } from "../../../src/host/sync/files/pages.ts";
import { editCharsMax } from "../../../src/host/sync/session.ts";
import { syncPending, syncRecovered } from "../../../src/host/sync/views.ts";
import { writtenBy } from "../../../src/host/sync/kinds.ts";
import type { Store } from "../../../src/ports/store.ts";
import { stepRow } from "../../contracts/store.contract.ts";
import { at, connectDevice, shown, startTestServer, write, type TestDevice, type TestServer } from "../../kit/sync.ts";

const runOf = (id: string, over: Partial<RunRow> = {}): RunRow => ({
  id: runId(id), dag: "dag", dagName: "dag", revision: revisionId("r"), draft: false, status: "succeeded", trigger: "manual", params: [], paramsText: "", attempt: 1,
  createdAt: at, startedAt: at, labels: [], term: term(0), seq: seq(0), stepCounts: {}, ...over,
});
const createRun = (store: Store, row: RunRow): Promise<unknown> =>
  store.transact((tx) => tx.createRun({ run: row.id, revision: row.revision, start: "{}" }, { run: row.id, expected: seq(0), term: term(0), at, events: [], row, steps: [stepRow(row.id, 0)] }));

describe("what travels between devices", () => {
  let server: TestServer;
  let a: TestDevice;
  let b: TestDevice;
  beforeEach(async () => {
    server = await startTestServer();
    [a, b] = [await connectDevice(server), await connectDevice(server)];
  });
  afterEach(async () => {
    server.spoil = undefined;
    await Promise.all([a.loop.stop(), b.loop.stop()]);
    await server.close();
  });
  const both = async (): Promise<void> => {
    for (const one of [a, b, a, b]) await one.loop.now();
  };
  const read = <T>(device: TestDevice, work: Parameters<Store["transact"]>[0]): Promise<T> => device.store.transact(work, { readonly: true }) as Promise<T>;

  it("carries the workspace's settings, empties them, and leaves this device's own at home", async () => {
    await a.store.transact(async (tx) => {
      await tx.putSetting("workspace.artifacts", "10");
      await tx.putSetting("base.yaml", "env: []\n");
      await tx.putSetting("host.env", "secret");
      await tx.putSetting("sync.x", "mine");
    });
    await both();
    expect(await read(b, async (tx) => [await tx.setting("workspace.artifacts"), await tx.setting("base.yaml"), await tx.setting("host.env"), await tx.setting("sync.x")])).toEqual(["10", "env: []\n", undefined, undefined]);
    await b.store.transact((tx) => tx.deleteSetting("workspace.artifacts"));
    await both();
    expect(await read(a, (tx) => tx.setting("workspace.artifacts"))).toBeUndefined();
    expect(await read(a, (tx) => tx.pending())).toEqual([]);
  });

  it("asks the owner of a run to stop it, and brings the answer back", async () => {
    await createRun(a.store, runOf("run-1", { status: "running" }));
    await both();
    await b.store.transact((tx) => tx.replica.putShared({ record: "request/w1", body: { v: 1, run: "run-1", action: "stop", by: "ann", at: 5 } }));
    await both();
    const wishes = await read<readonly { id: string; body: string }[]>(a, (tx) => tx.requests(true));
    expect(wishes.map(({ id, body }) => [id, JSON.parse(body)])).toEqual([["sync:w1", { type: "run", run: "run-1", request: { do: "stop" } }]]);
    expect(await read(b, (tx) => tx.requests(true)), "only the owner carries it out").toEqual([]);
  });

  it("[P21] uploads the log of an ended run in pages, and gives another device the same bytes when somebody looks", async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => `line ${i} of a long log\n`).join("");
    const bytes = new TextEncoder().encode(text);
    await createRun(a.store, runOf("run-1"));
    const chunk = 64 << 10;
    await a.store.transact((tx) => tx.putLog(Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, n) => ({
      run: runId("run-1"), attempt: 1, step: "s0", stream: "stdout" as const, n, offset: n * chunk, bytes: bytes.slice(n * chunk, (n + 1) * chunk), at,
    }))));
    await both();
    expect(await shipRuns(a)).toBe(true);
    expect(await shipRuns(a), "once").toBe(false);
    await both();
    expect(await fetchRun(b, "run-1")).toEqual({ complete: true, bytes: bytes.length });
    const chunks = await read<readonly { bytes: Uint8Array }[]>(b, (tx) => tx.logs({ run: runId("run-1"), attempt: 1, step: "s0", stream: "stdout" }));
    expect(chunks.map((one) => new TextDecoder().decode(one.bytes)).join("")).toBe(text);
    expect(await fetchRun(b, "run-1"), "nothing twice").toEqual({ complete: true, bytes: 0 });
    expect(server.requests.filter((one) => one.startsWith("PUT")).length).toBe(1);
  });

  it("[P13] sets an edit apart that is too large for any batch, names it, and sends the others", async () => {
    await both();
    await a.store.transact((tx) => tx.replica.putShared({ record: "note/huge", body: "x".repeat(editCharsMax + 1) }));
    await write(a.store, "small", "x");
    await both();
    expect(Object.keys(await shown(b.store))).toEqual(["small"]);
    expect(await read(a, syncPending)).toMatchObject([{ record: "note/huge", reason: "too-large" }]);
    await a.store.transact((tx) => tx.replica.putShared({ record: "note/huge", body: "smaller" }));
    await both();
    expect(await read(b, (tx) => tx.replica.shared("note/huge"))).toEqual({ record: "note/huge", body: "smaller" });
    expect(await read(a, syncRecovered)).toEqual([]);
  });

  it("[P13] finds the one edit that the server refuses to read, whichever batch it lies in", async () => {
    await both();
    server.spoil = async (request, go) => {
      if (request.method !== "POST") return undefined;
      const text = await request.clone().text();
      return text.includes("poison") ? Response.json({ error: { code: "too-large", message: "" } }, { status: 413 }) : go();
    };
    for (const id of ["a", "b", "c", "d", "e"]) await a.store.transact((tx) => tx.replica.putShared({ record: `note/${id}`, body: id === "d" ? "poison" : id }));
    await both();
    expect(await read(b, async (tx) => (await tx.replica.sharedUnder("note/")).map((row) => row.record))).toEqual(["note/a", "note/b", "note/c", "note/e"]);
    expect(await read(a, syncRecovered)).toMatchObject([{ record: "note/d", reason: "too large" }]);
  });

  it("pulls while a push hangs", async () => {
    await both();
    let release: () => void = () => undefined;
    server.spoil = async (request, go) => {
      if (request.method !== "POST" || !(await request.clone().text()).includes('"type":"push"')) return undefined;
      await new Promise<void>((done) => { release = done; });
      return go();
    };
    await write(a.store, "mine", "x");
    const going = a.loop.now();
    await expect.poll(() => server.requests.length).toBeGreaterThan(0);
    server.spoil = ((held) => async (request, go) => ((await request.clone().text()).includes("theirs") ? go() : held?.(request, go)))(server.spoil);
    await write(b.store, "theirs", "y");
    await b.loop.now();
    await expect.poll(() => shown(a.store), { timeout: 6_000 }).toHaveProperty("theirs");
    release();
    await going;
  });

  it("[P19] keeps kinds and fields that it does not know, also when it edits the record", async () => {
    await both();
    await a.store.transact((tx) => tx.replica.putShared({ record: "widget/1", body: { v: 7, colour: "blue" } }));
    await write(a.store, "dag", "x");
    await a.store.transact(async (tx) => {
      const row = await tx.dag(dagId("dag"));
      if (row !== undefined) await tx.putDag({ ...row, invented: { later: [1, 2] } } as typeof row);
    });
    await both();
    expect(await read(b, (tx) => tx.replica.shared("widget/1"))).toEqual({ record: "widget/1", body: { v: 7, colour: "blue" } });
    await b.store.transact(async (tx) => {
      const row = await tx.dag(dagId("dag"));
      if (row !== undefined) await tx.putDag({ id: row.id, name: row.name, head: row.head, description: "edited by an older version", group: "", labels: [], hasSchedule: false, stepCount: 1, errorCount: 0, hasDraft: false, createdAt: at, updatedAt: at });
    });
    await both();
    expect(await read(a, (tx) => tx.dag(dagId("dag")))).toMatchObject({ description: "edited by an older version", invented: { later: [1, 2] } });
  });

  it("sends runs and settings that were there before sync was turned on", async () => {
    const store = createMemoryStore();
    await createRun(store, runOf("old-run"));
    await store.transact((tx) => tx.putSetting("workspace.x", "1"));
    const c = await connectDevice(server, { store });
    await c.loop.now();
    await both();
    await c.loop.stop();
    expect(await read(b, async (tx) => [(await tx.run(runId("old-run")))?.origin !== undefined, await tx.setting("workspace.x")])).toEqual([true, "1"]);
  });

  it("makes no edit of what says nothing new", async () => {
    await write(a.store, "dag", "x");
    await both();
    const before = await read(a, async (tx) => (await tx.replica.head())?.acked.n);
    await a.store.transact(async (tx) => {
      const row = await tx.dag(dagId("dag"));
      if (row !== undefined) await tx.putDag({ ...row, hasDraft: true });
    });
    expect(await read(a, async (tx) => (await writtenBy(tx, { kind: "dag", key: "dag", csn: 0 as never }))?.deleted)).toBe(false);
    await a.loop.now();
    expect(await read(a, async (tx) => [(await tx.replica.head())?.acked.n, await tx.pending()])).toEqual([before, []]);
  });
});
