import { describe, expect, it } from "vitest";
import { bench, exit } from "../../kit/engine.ts";
import { chain, graph, handlers, noContinue, onFailure, step } from "../../kit/dag.ts";

const retry = (limit: number, intervalSec = 1, fields = {}) => ({ limit, intervalSec, backoff: 0, maxIntervalSec: 0, exitCodes: [], ...fields });

describe("a chain", () => {
  it("ends one step and starts the next in one turn", () => {
    const b = bench(chain([step("a"), step("b")]));
    expect(b.running()).toEqual(["a"]);
    const done = b.end("a");
    expect(done.events.map((event) => event.type)).toEqual(["step-exited", "step-started"]);
    expect(done.touched).toEqual([0, 1]);
    b.end("b");
    expect(b.statuses()).toEqual({ run: "succeeded", a: "succeeded", b: "succeeded" });
  });
  it("[R3] ignores doubled and late reports", () => {
    const b = bench(chain([step("a"), step("b")]));
    const report = { token: "run/1/a/1", end: exit(), conditions: [], stdoutBytes: 0, stderrBytes: 0 };
    b.feed({ type: "report", report }, { type: "report", report: { ...report, end: exit(1) } });
    expect(b.feed({ type: "report", report }).events).toEqual([]);
    expect(b.statuses()).toEqual({ run: "running", a: "succeeded", b: "running" });
  });
  it("aborts everything below a failure", () => {
    const b = bench(chain([step("a"), step("b"), step("c")], { handlers: handlers("failure", "success", "exit") }));
    b.end("a", exit(3));
    expect(b.running()).toEqual(["onFailure"]);
    b.end("onFailure");
    b.end("onExit");
    expect(b.statuses()).toEqual({ run: "failed", a: "failed", b: "aborted", c: "aborted", onFailure: "succeeded", onSuccess: "not_started", onExit: "succeeded" });
    expect(b.node("b").error).toBe("upstream failed");
    expect(b.node("c").error).toBeUndefined();
  });
  it("skips on, and a continued skip lets pass", () => {
    const b = bench(chain([step("a"), step("b"), step("c", { continueOn: { ...noContinue, skipped: true } }), step("d")]));
    b.end("a", { type: "skipped" });
    expect(b.statuses()).toEqual({ run: "running", a: "skipped", b: "skipped", c: "skipped", d: "running" });
  });
});

describe("propagation", () => {
  it("lets the first blocking dependency in listed order decide, also while others run", () => {
    const b = bench(graph([step("bad"), step("slow"), step("x", { depends: ["bad", "slow"] }), step("y", { depends: ["slow", "bad"] })]));
    b.end("bad", exit(1));
    expect(b.statuses()).toEqual({ run: "running", bad: "failed", slow: "running", x: "aborted", y: "not_started" });
    b.end("slow");
    expect(b.statuses().y).toBe("aborted");
  });
  it("keeps to max_active_steps, in file order", () => {
    const b = bench(graph([step("a"), step("b"), step("c")], { maxActiveSteps: 2 }));
    expect(b.running()).toEqual(["a", "b"]);
    b.end("b");
    expect(b.running()).toEqual(["a", "c"]);
  });
  it("spaces launches by delay_sec", () => {
    const b = bench(graph([step("a"), step("b")], { delaySec: 2 }));
    expect(b.running()).toEqual(["a"]);
    expect(b.work().find((work) => work.type === "alarm")).toEqual({ type: "alarm", at: b.now + 2000 });
    b.wait(2000);
    expect(b.running()).toEqual(["a", "b"]);
  });
});

describe("final status", () => {
  const run = (first: Parameters<typeof step>[1], end: ReturnType<typeof exit>, second = true): string => {
    const b = bench(chain([step("a", first), ...(second ? [step("b")] : [])]));
    b.end("a", end);
    if (second && b.running().includes("b")) b.end("b");
    return b.state.status;
  };
  it("is failed for a lone continued failure, partial beside a success", () => {
    expect(run({ continueOn: onFailure }, exit(1), false)).toBe("failed");
    expect(run({ continueOn: onFailure }, exit(1))).toBe("partially_succeeded");
  });
  it("is succeeded with mark_success, failed when it could not be applied", () => {
    const marked = { ...onFailure, markSuccess: true };
    expect(run({ continueOn: marked }, exit(1), false)).toBe("succeeded");
    expect(run({ continueOn: marked, retry: retry(1, 1, { exitCodes: [9] }) }, exit(1))).toBe("failed");
  });
  it("is succeeded when there is nothing to do", () => {
    expect(bench(graph([])).state.status).toBe("succeeded");
  });
  it("runs no handler and no step when a secret is missing", () => {
    const b = bench(chain([step("a")], { handlers: handlers("failure", "exit") }), { prepared: false });
    b.prepare({ secretError: "no such file" });
    expect(b.statuses()).toEqual({ run: "failed", a: "not_started", onFailure: "not_started", onExit: "not_started" });
    expect(b.state.reason).toBe("secret");
  });
  it("is aborted with abort and exit handlers when a precondition is unmet", () => {
    const b = bench(chain([step("a")], { handlers: handlers("init", "abort", "exit") }), { prepared: false });
    b.prepare({ met: false });
    b.end("onAbort");
    b.end("onExit");
    expect(b.statuses()).toEqual({ run: "aborted", a: "not_started", onInit: "not_started", onAbort: "succeeded", onExit: "succeeded" });
  });
  it("is aborted when the init handler fails, failed when the exit handler does", () => {
    const b = bench(chain([step("a")], { handlers: handlers("init", "exit") }));
    b.end("onInit", exit(1));
    b.end("onExit");
    expect(b.statuses()).toEqual({ run: "aborted", a: "not_started", onInit: "failed", onExit: "succeeded" });
    const c = bench(chain([step("a")], { handlers: handlers("exit") }));
    c.end("a");
    c.end("onExit", exit(1));
    expect(c.state.status).toBe("failed");
  });
});

describe("retry and repeat", () => {
  it("waits and tries again until the limit, then mark_success may apply", () => {
    const b = bench(chain([step("a", { retry: retry(2, 1, { backoff: 2 }), continueOn: { ...onFailure, markSuccess: true } })]));
    b.end("a", exit(1));
    expect(b.statuses().a).toBe("retrying");
    b.wait(999);
    expect(b.running()).toEqual([]);
    b.wait(1);
    b.end("a", exit(1));
    b.wait(1999);
    expect(b.running()).toEqual([]);
    b.wait(1);
    b.end("a", exit(1));
    expect(b.statuses()).toEqual({ run: "succeeded", a: "succeeded" });
    expect(b.node("a")).toMatchObject({ retryCount: 2, doneCount: 1, exitCode: 1 });
  });
  it("[R4] a lost attempt spends its retry budget", () => {
    const b = bench(chain([step("a", { retry: retry(1, 0) })]));
    b.end("a", { type: "lost" });
    expect(b.running()).toEqual(["a"]);
    b.end("a", { type: "lost" });
    expect(b.statuses()).toEqual({ run: "failed", a: "failed" });
    expect(b.state.reason).toBe("worker_lost");
  });
  it("repeats while it succeeds, counting executions", () => {
    const policy = { mode: "while" as const, exitCodes: [], limit: 3, intervalSec: 1, backoff: 2, maxIntervalSec: 0 };
    const b = bench(chain([step("a", { repeat: policy })]));
    b.end("a");
    expect(b.node("a").wakesAt).toBe(b.now + 2000);
    b.wait(2000);
    b.end("a");
    b.wait(4000);
    b.end("a");
    expect(b.statuses()).toEqual({ run: "succeeded", a: "succeeded" });
    expect(b.node("a").doneCount).toBe(3);
  });
});

describe("time", () => {
  it("fails a step that runs out of time, without a retry", () => {
    const b = bench(chain([step("a", { timeoutSec: 1, retry: retry(3) })]));
    b.wait(1000);
    expect(b.statuses().a).toBe("failed");
    expect(b.state.status).toBe("running");
    b.silent("a");
    expect(b.state.status).toBe("failed");
    expect(b.node("a")).toMatchObject({ exitCode: 124, doneCount: 1, retryCount: 0 });
  });
  it("ends a DAG at its deadline: its steps aborted, one with an own timeout failed, handlers attempted", () => {
    const b = bench(graph([step("slow", { timeoutSec: 10, continueOn: onFailure }), step("child", { depends: ["slow"] }), step("other")], { timeoutSec: 1, maxActiveSteps: 1, handlers: handlers("failure", "exit", "abort") }));
    b.wait(1000);
    b.silent("slow");
    expect(b.statuses()).toEqual({ run: "failed", slow: "failed", child: "aborted", other: "aborted", onFailure: "failed", onExit: "failed", onAbort: "not_started" });
  });
});

describe("stop", () => {
  it("aborts what runs at once and ends when it is silent", () => {
    const b = bench(chain([step("a"), step("b")], { handlers: handlers("abort", "exit") }));
    expect(b.ask({ do: "stop" })).toBeUndefined();
    expect(b.statuses()).toMatchObject({ run: "running", a: "aborted", b: "not_started" });
    expect(b.running()).toEqual([]);
    b.silent("a");
    b.end("onAbort");
    b.end("onExit");
    expect(b.statuses()).toMatchObject({ run: "aborted", a: "aborted", b: "not_started" });
    expect(b.ask({ do: "stop" })?.code).toBe("not_running");
  });
  it("lets a repeating step finish its round within the clean-up time", () => {
    const policy = { mode: "while" as const, exitCodes: [], limit: 0, intervalSec: 0, backoff: 0, maxIntervalSec: 0 };
    const b = bench(chain([step("a", { repeat: policy })]));
    b.ask({ do: "stop" });
    expect(b.running()).toEqual(["a"]);
    b.end("a");
    expect(b.statuses()).toEqual({ run: "succeeded", a: "succeeded" });
    const c = bench(chain([step("a", { repeat: policy })]));
    c.ask({ do: "stop" });
    c.wait(5000);
    c.silent("a");
    expect(c.statuses()).toEqual({ run: "aborted", a: "aborted" });
  });
  it("cuts a retry's wait short", () => {
    const b = bench(chain([step("a", { retry: retry(3, 60) })]));
    b.end("a", exit(1));
    b.ask({ do: "stop" });
    expect(b.statuses()).toEqual({ run: "aborted", a: "aborted" });
    expect(b.node("a").retryCount).toBe(1);
  });
  it("works before the run is prepared", () => {
    const b = bench(chain([step("a")]), { prepared: false });
    b.ask({ do: "stop" });
    expect(b.statuses()).toEqual({ run: "aborted", a: "not_started" });
  });
});
