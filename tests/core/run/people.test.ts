import { describe, expect, it } from "vitest";
import { runId } from "../../../src/core/base/brand.ts";
import { pushBackVariables, visibleOutputs } from "../../../src/core/run/view/outputs.ts";
import { bench, exit } from "../../kit/engine.ts";
import { chain, graph, handlers, onFailure, step } from "../../kit/dag.ts";

const approval = { prompt: "", input: [], required: [] };

describe("approval", () => {
  it("waits after its work, runs the wait handler, and resumes as a new attempt", () => {
    const b = bench(chain([step("a", { approval }), step("b")], { handlers: handlers("wait", "exit") }));
    b.end("a");
    expect(b.running()).toEqual(["onWait"]);
    b.end("onWait");
    expect(b.statuses()).toMatchObject({ run: "waiting", a: "waiting", b: "not_started", onExit: "not_started" });
    expect(b.ask({ do: "approve", step: "a", inputs: { WHO: "ann" } })).toBeUndefined();
    b.prepare();
    expect(b.running()).toEqual(["b"]);
    expect(visibleOutputs(b.plan, b.state, 1)).toEqual([{ name: "WHO", value: "ann" }]);
    b.end("b");
    b.end("onExit");
    expect(b.statuses()).toMatchObject({ run: "succeeded", a: "succeeded", b: "succeeded" });
    expect(b.state.attempt).toBe(2);
    expect(b.node("a").doneCount).toBe(1);
  });
  it("resumes only when nobody else waits", () => {
    const b = bench(graph([step("a", { approval }), step("b", { approval }), step("c", { depends: ["a", "b"] })]));
    b.end("a");
    b.end("b");
    b.ask({ do: "approve", step: "a", inputs: {} });
    expect(b.statuses()).toEqual({ run: "waiting", a: "succeeded", b: "waiting", c: "not_started" });
    b.ask({ do: "approve", step: "b", inputs: {} });
    b.prepare();
    expect(b.running()).toEqual(["c"]);
  });
  it("refuses with Dagu's words and changes nothing", () => {
    const b = bench(chain([step("a"), step("b", { approval: { ...approval, input: ["X", "Y"], required: ["X", "Y"] } })]));
    expect(b.ask({ do: "approve", step: "a", inputs: {} })).toEqual({ code: "bad_request", message: "run is still running" });
    b.end("a");
    b.end("b");
    const before = b.state;
    expect(b.ask({ do: "approve", step: "z", inputs: {} })).toEqual({ code: "not_found", message: "step z not found in DAG dag" });
    expect(b.ask({ do: "approve", step: "a", inputs: {} })).toEqual({ code: "bad_request", message: "step a is not waiting for approval (status: succeeded)" });
    expect(b.ask({ do: "approve", step: "b", inputs: { X: " " } })).toEqual({ code: "bad_request", message: "missing required inputs: [X Y]" });
    expect(b.state.seq).toBe(before.seq);
  });
  it("rejects without running anything; another gate may still resume the run", () => {
    const b = bench(graph([step("a", { approval }), step("b", { approval })], { handlers: handlers("failure", "exit") }));
    b.end("a");
    b.end("b");
    b.ask({ do: "reject", step: "a", reason: "no" });
    expect(b.statuses()).toMatchObject({ run: "rejected", a: "rejected", b: "waiting", onFailure: "not_started" });
    b.ask({ do: "approve", step: "b", inputs: {} });
    b.prepare();
    expect(b.running()).toEqual(["a"]);
    b.end("a");
    expect(b.statuses()).toMatchObject({ run: "waiting", a: "waiting", b: "succeeded" });
  });
  it("pushes back to rewind_to and everything below it, with inputs and history", () => {
    const gate = { ...approval, input: ["HINT"], rewindTo: "draw" };
    const b = bench(graph([step("root"), step("draw", { depends: ["root"] }), step("side", { depends: ["draw"] }), step("review", { depends: ["draw"], approval: gate }), step("ship", { depends: ["review", "side"] })]));
    for (const name of ["root", "draw", "side", "review"]) b.end(name);
    expect(b.ask({ do: "push-back", step: "review", inputs: { HINT: "blue", OTHER: "x" } })).toBeUndefined();
    b.prepare();
    expect(b.statuses()).toEqual({ run: "running", root: "succeeded", draw: "running", side: "not_started", review: "not_started", ship: "not_started" });
    expect(pushBackVariables(b.plan, b.state, 1)).toEqual([
      { name: "HINT", value: "blue" },
      { name: "DAG_PUSHBACK", value: '{"iteration":1,"at":"1970-01-01T00:16:40.000Z","inputs":{"HINT":"blue"},"history":[{"iteration":1,"at":"1970-01-01T00:16:40.000Z","inputs":{"HINT":"blue"}}]}' },
      { name: "DAG_PUSHBACK_ITERATION", value: "1" },
    ]);
    for (const name of ["draw", "side", "review"]) b.end(name);
    b.ask({ do: "push-back", step: "review", inputs: {} });
    expect(b.node("ship").pushBacks.map((one) => one.iteration)).toEqual([1, 2]);
  });
});

describe("retry", () => {
  it("runs failed steps and everything below them again, keeps the rest", () => {
    const b = bench(graph([step("ok"), step("bad", { continueOn: onFailure }), step("below", { depends: ["bad"] })]));
    b.end("ok");
    b.end("bad", exit(1));
    b.end("below");
    expect(b.state.status).toBe("partially_succeeded");
    b.ask({ do: "retry" });
    b.prepare();
    expect(b.statuses()).toEqual({ run: "running", ok: "succeeded", bad: "running", below: "not_started" });
    b.end("bad");
    b.end("below");
    expect(b.state.status).toBe("succeeded");
  });
  it("of a step resets only that step, and keeps its retry count", () => {
    const retry = { limit: 1, intervalSec: 0, backoff: 0, maxIntervalSec: 0, exitCodes: [] };
    const b = bench(graph([step("a", { retry }), step("b"), step("c", { depends: ["a"] })]));
    b.end("a", exit(1));
    b.end("a", exit(1));
    b.end("b", exit(1));
    b.ask({ do: "retry-step", step: "a" });
    b.prepare();
    b.end("a");
    expect(b.statuses()).toEqual({ run: "succeeded", a: "succeeded", b: "failed", c: "aborted" });
    expect(b.node("a")).toMatchObject({ retryCount: 1, doneCount: 1 });
  });
  it("of a run in which nothing is left runs only the handlers", () => {
    const b = bench(chain([step("a")], { handlers: handlers("success") }));
    b.end("a");
    b.end("onSuccess");
    b.ask({ do: "retry" });
    b.prepare();
    expect(b.running()).toEqual(["onSuccess"]);
  });
});

describe("children", () => {
  const call = (name: string, params: string) => ({ dag: name, params, workingDir: "/w" });
  const result = (outputs = {}) => ({ name: "kid", params: "", outputs });
  const called = (...children: ReturnType<typeof call>[]) => ({ type: "called" as const, children, maxConcurrent: 2, parallel: children.length > 1 });

  it("collapse when equal, keep to max_concurrent, and end in a result to write", () => {
    const b = bench(chain([step("p", { call: { name: "kid", params: { type: "none" } } })]));
    b.end("p", called(call("kid", "1"), call("kid", "2"), call("kid", "1"), call("kid", "3")));
    expect(b.work()).toHaveLength(2);
    const ids = b.node("p").children.map((child) => child.run);
    expect(ids).toEqual(["run.1.1", "run.1.2", "run.1.3"]);
    for (const id of ids) b.feed({ type: "child", step: "p", child: id, news: { status: "succeeded", attempt: 1, result: result() } });
    expect(b.node("p").phase).toBe("finishing");
    expect(b.work()).toEqual([{ type: "attempt", token: "run/1/p/1+", index: 0 }]);
    b.end("p");
    expect(b.statuses()).toEqual({ run: "succeeded", p: "succeeded" });
    expect(b.node("p").doneCount).toBe(1);
  });
  it("are called again by the same id as their next attempt", () => {
    const b = bench(chain([step("p", { call: { name: "kid", params: { type: "none" } } })]));
    b.end("p", called(call("kid", "1")));
    b.feed({ type: "child", step: "p", child: runId("run.1.1"), news: { status: "failed", attempt: 1, result: result() } });
    b.end("p", exit(1));
    b.ask({ do: "retry" });
    b.prepare();
    b.end("p", called(call("kid", "1")));
    expect(b.work()).toMatchObject([{ type: "child", child: { run: "run.1.1", attempt: 2 } }]);
  });
  it("that wait make their caller wait; resumed and ended they resume it", () => {
    const b = bench(chain([step("p", { call: { name: "kid", params: { type: "none" } } }), step("after")]));
    b.end("p", called(call("kid", "1")));
    b.feed({ type: "child", step: "p", child: runId("run.1.1"), news: { status: "waiting", attempt: 1, result: result() } });
    b.end("p");
    expect(b.statuses()).toEqual({ run: "waiting", p: "waiting", after: "not_started" });
    b.feed({ type: "child", step: "p", child: runId("run.1.1"), news: { status: "succeeded", attempt: 2, result: result() } });
    b.prepare();
    expect(b.work()).toEqual([{ type: "attempt", token: "run/2/p/2+", index: 0 }]);
    b.end("p");
    b.end("after");
    expect(b.statuses()).toEqual({ run: "succeeded", p: "succeeded", after: "succeeded" });
    expect(b.node("p").doneCount).toBe(1);
  });
  it("that go on while their caller runs its wait handler resume it afterwards", () => {
    const b = bench(chain([step("p", { call: { name: "kid", params: { type: "none" } } }), step("after")], { handlers: handlers("wait") }));
    b.end("p", called(call("kid", "1")));
    b.feed({ type: "child", step: "p", child: runId("run.1.1"), news: { status: "waiting", attempt: 1, result: result() } });
    b.end("p");
    b.feed({ type: "child", step: "p", child: runId("run.1.1"), news: { status: "succeeded", attempt: 2, result: result() } });
    expect(b.running()).toEqual(["onWait"]);
    b.end("onWait");
    b.prepare();
    b.end("p");
    expect(b.statuses()).toMatchObject({ run: "running", p: "succeeded", after: "running" });
  });
  it("are ended before a stopped run ends", () => {
    const b = bench(chain([step("p", { call: { name: "kid", params: { type: "none" } } })]));
    b.end("p", called(call("kid", "1")));
    b.ask({ do: "stop" });
    expect(b.state.phase).toBe("steps");
    b.feed({ type: "child", step: "p", child: runId("run.1.1"), news: { status: "aborted", attempt: 1, result: result() } });
    expect(b.statuses()).toEqual({ run: "aborted", p: "aborted" });
  });
});
