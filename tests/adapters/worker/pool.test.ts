/** The pool's rules, with workers that do exactly what the test says. */
import { describe, expect, it, vi } from "vitest";
import { createPool } from "../../../src/adapters/worker/pool/pool.ts";
import type { FromWorker, ToWorker } from "../../../src/adapters/worker/pool/protocol.ts";
import type { Thread } from "../../../src/adapters/worker/pool/seat.ts";
import type { AttemptOrder, AttemptReport, Executor, Report } from "../../../src/ports/executor.ts";

interface FakeThread extends Thread {
  readonly heard: ToWorker[];
  readonly say: (message: FromWorker) => void;
  readonly fail: () => void;
  isGone: boolean;
}
const place = { folder: "/folders/d", work: "/runs/r/work", stdoutLog: "/runs/r/o", stderrLog: "/runs/r/e" };
const order = (token: string): AttemptOrder => ({ token, places: place }) as unknown as AttemptOrder;
const report = (token: string): AttemptReport => ({
  token, end: { type: "exited", exitCode: 0, outputMatched: false, ran: true }, conditions: [], stdoutBytes: 0, stderrBytes: 0,
});
const pool = (size: number): { readonly executor: Executor; readonly threads: FakeThread[]; readonly reports: Report[] } => {
  const threads: FakeThread[] = [];
  const reports: Report[] = [];
  const executor = createPool({
    size, sizeMax: 8, newId: () => "id", assets: () => Promise.reject(new Error("none")),
    spawn: () => {
      const { port1, port2 } = new MessageChannel();
      [port1, port2].forEach((port) => port.close());
      const thread: FakeThread = {
        heard: [], isGone: false, onmessage: null, onerror: null,
        postMessage: (message) => void thread.heard.push(message),
        terminate: () => {
          thread.isGone = true;
        },
        say: (message) => thread.onmessage?.({ data: message } as MessageEvent<FromWorker>),
        fail: () => thread.onerror?.({ preventDefault: () => undefined } as unknown as ErrorEvent),
      };
      threads.push(thread);
      return { thread, files: port1 as never, network: port2 as never };
    },
  });
  executor.onReport((said) => void reports.push(said));
  return { executor, threads, reports };
};
const orders = (thread: FakeThread): readonly string[] => thread.heard.flatMap((message) => (message.type === "attempt" ? [message.order.token] : []));
const tokens = (reports: readonly Report[]): readonly string[] => reports.map((said) => (said.type === "attempt" ? `${said.report.token} ${said.report.end.type}` : said.prepared.token));

describe("the pool", () => {
  it("[X1] gives a token to one worker once", () => {
    const { executor, threads } = pool(2);
    threads.forEach((thread) => thread.say({ type: "ready" }));
    executor.start(order("r/1/a/1"));
    executor.start(order("r/1/a/1"));
    expect(threads.flatMap(orders)).toEqual(["r/1/a/1"]);
    expect(executor.running()).toEqual(["r/1/a/1"]);
  });

  it("queues what it has no worker for and hands it out as workers come free", () => {
    const { executor, threads, reports } = pool(1);
    threads[0]!.say({ type: "ready" });
    executor.start(order("r/1/a/1"));
    executor.start(order("r/1/b/1"));
    expect(orders(threads[0]!)).toEqual(["r/1/a/1"]);
    threads[0]!.say({ type: "attempt", report: report("r/1/a/1"), retire: false });
    expect(orders(threads[0]!)).toEqual(["r/1/a/1", "r/1/b/1"]);
    expect(tokens(reports)).toEqual(["r/1/a/1 exited"]);
  });

  it("[X2] ends a worker that does not acknowledge, replaces it, and hears no more of it", async () => {
    vi.useFakeTimers();
    const { executor, threads, reports } = pool(1);
    threads[0]!.say({ type: "ready" });
    executor.start(order("r/1/a/1"));
    const silent = executor.cancel("r/1/a/1", { signal: "SIGTERM", graceMs: 5000, reason: "stop" });
    await vi.advanceTimersByTimeAsync(250);
    await silent;
    expect({ gone: threads[0]!.isGone, threads: threads.length, running: executor.running() }).toEqual({ gone: true, threads: 2, running: [] });
    threads[0]!.say({ type: "attempt", report: report("r/1/a/1"), retire: false });
    expect(reports).toEqual([]);
    vi.useRealTimers();
  });

  it("[X2] waits for a worker that acknowledges, and keeps it", async () => {
    vi.useFakeTimers();
    const { executor, threads, reports } = pool(1);
    threads[0]!.say({ type: "ready" });
    executor.start(order("r/1/a/1"));
    let settled = false;
    const silent = executor.cancel("r/1/a/1", { signal: "SIGTERM", graceMs: 5000, reason: "stop" }).then(() => {
      settled = true;
    });
    threads[0]!.say({ type: "aborting", token: "r/1/a/1" });
    await vi.advanceTimersByTimeAsync(3000);
    expect({ settled, gone: threads[0]!.isGone }).toEqual({ settled: false, gone: false });
    threads[0]!.say({ type: "attempt", report: report("r/1/a/1"), retire: false });
    await silent;
    expect({ gone: threads[0]!.isGone, reports }).toEqual({ gone: false, reports: [] });
    vi.useRealTimers();
  });

  it("[X3] reports the job of a worker that died as lost, and has another worker", () => {
    const { executor, threads, reports } = pool(1);
    threads[0]!.say({ type: "ready" });
    executor.start(order("r/1/a/1"));
    threads[0]!.fail();
    expect(tokens(reports)).toEqual(["r/1/a/1 lost"]);
    expect(threads).toHaveLength(2);
  });

  it("throws a spoilt worker away and starts no step in it", () => {
    const { executor, threads } = pool(1);
    threads[0]!.say({ type: "ready" });
    executor.start(order("r/1/a/1"));
    executor.start(order("r/1/b/1"));
    threads[0]!.say({ type: "attempt", report: report("r/1/a/1"), retire: true });
    expect({ gone: threads[0]!.isGone, first: orders(threads[0]!) }).toEqual({ gone: true, first: ["r/1/a/1"] });
    threads[1]!.say({ type: "ready" });
    expect(orders(threads[1]!)).toEqual(["r/1/b/1"]);
  });

  it("does not start workers for ever that die before they are ready", () => {
    const { executor, threads, reports } = pool(1);
    executor.start(order("r/1/a/1"));
    for (let n = 0; n < 20; n += 1) threads.at(-1)!.fail();
    expect(threads.length).toBeLessThan(10);
    expect(tokens(reports)).toEqual(["r/1/a/1 lost"]);
  });

  it("hires while jobs wait and nothing moves", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const { executor, threads } = pool(1);
    threads[0]!.say({ type: "ready" });
    executor.start(order("r/1/a/1"));
    executor.start(order("r/1/b/1"));
    await vi.advanceTimersByTimeAsync(60);
    expect(threads.length).toBe(2);
    threads[1]!.say({ type: "ready" });
    expect(orders(threads[1]!)).toEqual(["r/1/b/1"]);
    vi.useRealTimers();
  });
});
