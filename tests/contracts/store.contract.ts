/** What every Store must do. Each adapter's test gives a fresh, empty store (and, where it has one, a second door to the same data). */
import { afterEach, describe, expect, it } from "vitest";
import { csn, dagId, instant, revisionId, runId, seq, term, type RunId } from "../../src/core/base/brand.ts";
import type { RunRow, StepRow } from "../../src/core/run/rows.ts";
import type { RunStatus } from "../../src/core/run/status.ts";
import type { DagRow, LogChunk, RunAppend, RunStartRow, Store } from "../../src/ports/store.ts";

export interface StoreUnderTest {
  readonly store: Store;
  /** Another tab's store over the same data; absent when the adapter has no such thing. */
  readonly other?: () => Promise<Store>;
  readonly dispose?: () => Promise<void>;
}
const day = Date.UTC(2026, 10, 24);

export const runRow = (id: string, fields: Partial<RunRow> = {}): RunRow => ({
  id: runId(id), dag: "dag", dagName: "dag", revision: revisionId("rev"), draft: false, status: "running", trigger: "manual", params: [], paramsText: "",
  attempt: 1, createdAt: instant(day), startedAt: instant(day), labels: [], term: term(1), seq: seq(1), stepCounts: {}, ...fields,
});
export const stepRow = (run: string, index: number, fields: Partial<StepRow> = {}): StepRow => ({
  run: runId(run), name: `s${index}`, index, type: "noop", depends: [], status: "not_started", retryCount: 0, doneCount: 0, executions: [],
  logAttempt: 0, stdoutBytes: 0, stderrBytes: 0, conditions: [], children: [], ...fields,
});
const append = (row: RunRow, expected: number, fields: Partial<RunAppend> = {}): RunAppend => ({
  run: row.id, expected: seq(expected), term: row.term, at: row.createdAt,
  events: [{ type: "stop-requested", at: row.createdAt }], row, steps: [], ...fields,
});
const start = (run: RunId): RunStartRow => ({ run, revision: revisionId("rev"), start: "{}" });
const chunk = (run: string, n: number, text: string): LogChunk => ({
  run: runId(run), attempt: 1, step: "s0", stream: "stdout", n, offset: n * 10, bytes: new TextEncoder().encode(text), at: instant(day),
});
const dagRow = (id: string, fields: Partial<DagRow> = {}): DagRow => ({
  id: dagId(id), name: id, head: revisionId("rev"), description: "", group: "", labels: [], hasSchedule: false, stepCount: 1, errorCount: 0,
  hasDraft: false, createdAt: instant(day), updatedAt: instant(day), ...fields,
});
const create = async (store: Store, row: RunRow, steps: readonly StepRow[] = []): Promise<void> => {
  const made = await store.transact((tx) => tx.createRun(start(row.id), append(row, 0, { steps })));
  expect(made.ok).toBe(true);
};
const moved = async (store: Store, row: RunRow, status: RunStatus): Promise<void> => {
  const answer = await store.transact((tx) => tx.append(append({ ...row, status, seq: seq(2) }, 1, { before: row.status })));
  expect(answer).toEqual({ ok: true, value: 2 });
};

export const storeContract = (name: string, open: () => Promise<StoreUnderTest>): void =>
  void describe(`the store contract over ${name}`, () => {
    const opened: StoreUnderTest[] = [];
    const fresh = async (): Promise<StoreUnderTest> => {
      const under = await open();
      opened.push(under);
      return under;
    };
    afterEach(async () => {
      for (const under of opened.splice(0)) {
        await under.store.close();
        await under.dispose?.();
      }
    });

    it("[S2] commits all or nothing and counts commits", async () => {
      const { store } = await fresh();
      const first = await store.transact(async (tx) => (await tx.putSetting("a", "1"), tx.csn()));
      const failing = store.transact(async (tx) => {
        await tx.putSetting("a", "2");
        await tx.putDag(dagRow("x"));
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      const { value, dags, second } = await store.transact(async (tx) => {
        await tx.putSetting("b", "1");
        return { value: await tx.setting("a"), dags: await tx.dags(), second: await tx.csn() };
      });
      expect({ value, dags }).toEqual({ value: "1", dags: [] });
      expect(second).toBe(csn(first + 1));
    });
    it("keeps a run's start, log, row and steps together", async () => {
      const { store } = await fresh();
      await create(store, runRow("r"), [stepRow("r", 0), stepRow("r", 1)]);
      const row = runRow("r", { seq: seq(3) });
      await store.transact((tx) => tx.append(append(row, 1, { before: "running", events: [{ type: "stop-requested", at: instant(day) }, { type: "adopted", term: 1, at: instant(day) }], steps: [stepRow("r", 1, { status: "running" })] })));
      const found = await store.transact(async (tx) => ({ row: await tx.run(runId("r")), start: await tx.runStart(runId("r")), events: await tx.events(runId("r")), tail: await tx.events(runId("r"), seq(1), 1), steps: await tx.steps(runId("r")) }));
      expect(found.row).toEqual(row);
      expect(found.start).toEqual(start(runId("r")));
      expect(found.events.map((one) => [one.seq, one.event.type])).toEqual([[1, "stop-requested"], [2, "stop-requested"], [3, "adopted"]]);
      expect(found.tail.map((one) => one.seq)).toEqual([2]);
      expect(found.steps).toEqual([stepRow("r", 0), stepRow("r", 1, { status: "running" })]);
    });
    it("[S3] refuses an append to a log that has grown, a second creation, and an older term", async () => {
      const { store } = await fresh();
      const row = runRow("r");
      await create(store, row);
      expect(await store.transact((tx) => tx.append(append(row, 0, { before: "running" })))).toEqual({ ok: false, error: { type: "seq-taken", expected: 0, found: 1 } });
      expect(await store.transact((tx) => tx.createRun(start(row.id), append(row, 0)))).toEqual({ ok: false, error: { type: "run-exists" } });
      await store.transact((tx) => tx.nextTerm());
      expect(await store.transact((tx) => tx.nextTerm())).toBe(term(2));
      expect(await store.transact((tx) => tx.append(append(row, 1, { before: "running" })))).toMatchObject({ ok: false, error: { type: "fenced", found: 2 } });
      const late = runRow("late");
      expect(await store.transact((tx) => tx.createRun(start(late.id), append(late, 0)))).toMatchObject({ ok: false, error: { type: "fenced" } });
    });
    it("[S4] tells who watches a run's status when it changes", async () => {
      const { store } = await fresh();
      const row = runRow("r");
      await create(store, row);
      const seen: (string | undefined)[] = [];
      const close = store.watch((tx) => tx.runStatus(runId("r")), (status) => void seen.push(status));
      const until = async (status: string): Promise<void> => {
        for (let n = 0; n < 400 && seen.at(-1) !== status; n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
        expect(seen.at(-1)).toBe(status);
      };
      await until("running");
      for (let n = 1; n < 5; n += 1) await store.transact((tx) => tx.append(append({ ...row, seq: seq(n + 1) }, n, { before: "running", steps: [stepRow("r", 0)] })));
      await store.transact((tx) => tx.append(append({ ...row, status: "waiting", seq: seq(6) }, 5, { before: "running" })));
      await until("waiting");
      await store.transact((tx) => tx.append(append({ ...row, status: "waiting", seq: seq(7), broken: "no plan" }, 6, { before: "waiting" })));
      await until("broken");
      await store.transact((tx) => tx.deleteRuns([runId("r")]));
      for (let n = 0; n < 400 && seen.at(-1) !== undefined; n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(seen.at(-1)).toBeUndefined();
      close();
    });
    it("lists what a driver must look at", async () => {
      const { store } = await fresh();
      for (const id of ["a", "b", "c"]) await create(store, runRow(id));
      await moved(store, runRow("a"), "succeeded");
      await moved(store, runRow("b"), "waiting");
      expect((await store.transact((tx) => tx.activeRuns())).map((row) => row.id)).toEqual(["c"]);
    });
    it("pages runs newest first, by status, DAG and parent, children only when asked for", async () => {
      const { store } = await fresh();
      for (let n = 0; n < 7; n += 1) await create(store, runRow(`r${n}`, { createdAt: instant(day + Math.floor(n / 2)), dag: n % 2 === 0 ? "even" : "odd" }));
      await create(store, runRow("kid", { parent: { run: runId("r0"), step: "s", root: runId("r0") }, dag: "even" }));
      await moved(store, runRow("r4", { dag: "even", createdAt: instant(day + 2) }), "failed");
      const ids = async (...args: Parameters<Parameters<Parameters<Store["transact"]>[0]>[0]["runs"]>) => {
        const page = await store.transact((tx) => tx.runs(...args));
        return { ids: page.rows.map((row) => row.id), next: page.next };
      };
      const first = await ids({}, 3);
      expect(first.ids).toEqual(["r6", "r5", "r4"]);
      const second = await ids({}, 3, first.next);
      expect(second.ids).toEqual(["r3", "r2", "r1"]);
      const third = await ids({}, 3, second.next);
      expect(third).toEqual({ ids: ["r0"], next: undefined });
      expect((await ids({ dag: "even", statuses: ["running"] }, 9)).ids).toEqual(["r6", "r2", "r0"]);
      expect((await ids({ statuses: ["failed", "aborted"] }, 9)).ids).toEqual(["r4"]);
      expect((await ids({ parent: runId("r0") }, 9)).ids).toEqual(["kid"]);
      expect((await ids({ withChildren: true }, 99)).ids).toHaveLength(8);
      expect((await store.transact((tx) => tx.childRuns(runId("r0")))).map((row) => row.id)).toEqual(["kid"]);
    });
    it("counts statuses per day, in the same commit, without children", async () => {
      const { store } = await fresh();
      await create(store, runRow("a"));
      await create(store, runRow("b"));
      await create(store, runRow("kid", { parent: { run: runId("a"), step: "s", root: runId("a") } }));
      await moved(store, runRow("a"), "failed");
      const tallies = () => store.transact(async (tx) => [...(await tx.tallies("2026-11-24", "2026-11-24"))].filter((row) => row.count > 0).map((row) => `${row.dag} ${row.status} ${row.count}`).sort());
      expect(await tallies()).toEqual(["dag failed 1", "dag running 1"]);
      await store.transact((tx) => tx.deleteRuns([runId("a")]));
      expect(await tallies()).toEqual(["dag running 1"]);
      expect(await store.transact((tx) => tx.tallies("2026-11-25", "2026-12-01"))).toEqual([]);
    });
    it("deletes a run with everything it owns", async () => {
      const { store } = await fresh();
      await create(store, runRow("a"), [stepRow("a", 0)]);
      await store.transact((tx) => tx.putLog([chunk("a", 0, "x")]));
      await store.transact((tx) => tx.deleteRuns([runId("a")]));
      const left = await store.transact(async (tx) => [await tx.run(runId("a")), await tx.runStart(runId("a")), await tx.events(runId("a")), await tx.steps(runId("a")), await tx.logs({ run: runId("a"), attempt: 1, step: "s0", stream: "stdout" })]);
      expect(left).toEqual([undefined, undefined, [], [], []]);
    });
    it("keeps log chunks in order and reads a range of them", async () => {
      const { store } = await fresh();
      await store.transact((tx) => tx.putLog([chunk("a", 0, "zero"), chunk("a", 1, "one")]));
      await store.transact((tx) => tx.putLog([chunk("a", 2, "two")]));
      const text = async (from?: number, limit?: number) => (await store.transact((tx) => tx.logs({ run: runId("a"), attempt: 1, step: "s0", stream: "stdout" }, from, limit))).map((one) => new TextDecoder().decode(one.bytes));
      expect(await text()).toEqual(["zero", "one", "two"]);
      expect(await text(1, 1)).toEqual(["one"]);
      expect(await store.transact((tx) => tx.logs({ run: runId("a"), attempt: 2, step: "s0", stream: "stdout" }))).toEqual([]);
    });
    it("keeps DAGs by name while they are not in the bin, revisions newest first, drafts", async () => {
      const { store } = await fresh();
      const rev = (id: string, number: number) => ({ id: revisionId(id), dag: dagId("a"), number, text: id, at: instant(day), note: "", draft: false });
      await store.transact(async (tx) => {
        await tx.putDag(dagRow("a"));
        await tx.putRevision(rev("one", 1));
        await tx.putRevision(rev("two", 2));
        await tx.putDraft({ dag: dagId("a"), text: "t", base: revisionId("two"), at: instant(day) });
      });
      const found = await store.transact(async (tx) => ({ named: (await tx.dagByName("a"))?.id, revisions: (await tx.revisions(dagId("a"))).map((row) => row.id), draft: (await tx.draft(dagId("a")))?.text }));
      expect(found).toEqual({ named: "a", revisions: ["two", "one"], draft: "t" });
      await store.transact(async (tx) => (await tx.putDag(dagRow("a", { deletedAt: instant(day) })), tx.deleteDraft(dagId("a"))));
      expect(await store.transact(async (tx) => [await tx.dagByName("a"), await tx.draft(dagId("a"))])).toEqual([undefined, undefined]);
      await store.transact((tx) => tx.purgeDag(dagId("a")));
      expect(await store.transact(async (tx) => [await tx.dag(dagId("a")), await tx.revision(revisionId("one"))])).toEqual([undefined, undefined]);
    });
    it("keeps requests until they are answered, settings, grants", async () => {
      const { store } = await fresh();
      await store.transact(async (tx) => {
        await tx.putRequest({ id: "q2", at: instant(2), type: "run", body: "{}" });
        await tx.putRequest({ id: "q1", at: instant(1), type: "run", body: "{}" });
        await tx.putSetting("k", "v");
        await tx.putGrant({ dag: dagId("a"), host: "h", at: instant(1) });
      });
      expect((await store.transact((tx) => tx.requests(true))).map((row) => row.id)).toEqual(["q1", "q2"]);
      await store.transact((tx) => tx.putRequest({ id: "q1", at: instant(1), type: "run", body: "{}", answer: "{}" }));
      expect((await store.transact((tx) => tx.requests(true))).map((row) => row.id)).toEqual(["q2"]);
      await store.transact(async (tx) => (await tx.deleteRequest("q1"), await tx.deleteGrant(dagId("a"), "h"), tx.deleteSetting("k")));
      expect(await store.transact(async (tx) => [await tx.request("q1"), await tx.grants(), await tx.setting("k")])).toEqual([undefined, [], undefined]);
    });
    it("marks each changed record once for sync, however often it changed", async () => {
      const { store } = await fresh();
      await create(store, runRow("a"));
      await moved(store, runRow("a"), "failed");
      expect((await store.transact((tx) => tx.pending())).filter((row) => row.kind === "run").map((row) => row.key)).toEqual(["a"]);
    });
    it("[S4] tells watchers after each commit, never an older answer after a newer one", async () => {
      const { store, other } = await fresh();
      const seen: (readonly [string | undefined, number])[] = [];
      const close = store.watch((tx) => tx.setting("k"), (value, at) => void seen.push([value, at]));
      const until = async (value: string): Promise<void> => {
        for (let n = 0; n < 200 && seen.at(-1)?.[0] !== value; n += 1) await new Promise((resolve) => setTimeout(resolve, 5));
        expect(seen.at(-1)?.[0]).toBe(value);
      };
      for (let n = 0; n < 20; n += 1) await store.transact((tx) => tx.putSetting("k", String(n)));
      await until("19");
      const far = await other?.();
      if (far !== undefined) {
        await far.transact((tx) => tx.putSetting("k", "far"));
        await until("far");
        await far.close();
      }
      close();
      expect(seen.map(([, at]) => at)).toEqual([...seen.map(([, at]) => at)].sort((a, b) => a - b));
    });
    it("runs transactions one after the other", async () => {
      const { store } = await fresh();
      const bump = () => store.transact(async (tx) => tx.putSetting("n", String(Number((await tx.setting("n")) ?? "0") + 1)));
      await Promise.all(Array.from({ length: 20 }, bump));
      expect(await store.transact((tx) => tx.setting("n"))).toBe("20");
    });
  });
