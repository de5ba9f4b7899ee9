import { describe, expect, it } from "vitest";
import type { Dag, Step } from "../../../src/core/spec/dag.ts";
import { refusalText } from "../../../src/core/spec/issue.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";

const read = (text: string, base?: string): Dag => {
  const { spec, issues } = parseSpec(text, { name: "flow", ...(base === undefined ? {} : { base }) });
  if (spec === undefined) throw new Error(issues.map((issue) => issue.refusal).join("\n"));
  return spec.dag;
};
const step = (body: string): Step => read(`steps:\n  - name: a\n${body.split("\n").map((line) => `    ${line}`).join("\n")}\n`).steps[0]!;
const refusal = (text: string): string => refusalText(parseSpec(text, { name: "flow" }).issues, "F") ?? "taken";
const edges = (text: string): Record<string, readonly string[]> => Object.fromEntries(read(text).steps.map((one) => [one.name, one.depends]));

describe("the shape of steps", () => {
  it("chains the items of a list and gives them names by kind and place", () => {
    expect(edges("steps:\n  - echo a\n  - script: echo b\n  - {type: noop}\n  - {call: kid}\n  - {output: {k: v}}\n")).toEqual({
      cmd_1: [], script_2: ["cmd_1"], noop_3: ["script_2"], dag_4: ["noop_3"], noop_5: ["dag_4"],
    });
  });
  it("makes nested lists parallel groups", () => {
    expect(edges("steps:\n  - echo a\n  - [echo b, echo c]\n  - echo d\n")).toEqual({ cmd_1: [], cmd_2: ["cmd_1"], cmd_3: ["cmd_1"], cmd_4: ["cmd_2", "cmd_3"] });
  });
  it("sorts map steps by name and leaves them unchained", () => {
    expect(edges("steps:\n  b: echo b\n  a: {command: echo a}\n")).toEqual({ a: [], b: [] });
  });
  it("resolves ids in depends", () => {
    expect(edges("type: graph\nsteps:\n  - {id: x, name: first, command: echo}\n  - {name: b, depends: x, command: echo}\n")).toEqual({ first: [], b: ["first"] });
  });
  it("writes router edges, conditions and continue_on into the targets", () => {
    const { steps } = read('type: graph\nsteps:\n  - {name: r, type: router, value: "$X", routes: {"re:.*": [b], one: [a]}}\n  - {name: a, command: echo}\n  - {name: b, command: echo}\n');
    expect(steps[0]!.router!.routes.map((route) => route.pattern)).toEqual(["one", "re:.*"]);
    expect(steps.map((one) => one.continueOn.skipped)).toEqual([true, true, true]);
    expect(steps[1]).toMatchObject({ depends: ["r"], preconditions: [{ condition: "$X", expected: "one", negate: false }] });
  });
  it("reads a prototype's member names as plain names", () => {
    expect(Object.keys(edges("steps: {constructor: echo, toString: echo}"))).toEqual(["constructor", "toString"]);
  });
});

describe("values", () => {
  it.each([
    ["1.50", "1.5"], ["10000000", "10000000"], ["007", "7"], ["true", "true"], ["1.0e7", "1e+07"], ["1000000.5", "1.0000005e+06"], ["null", "<nil>"],
    ["[1, 2]", "[1 2]"], ["yes", "yes"], ["0x10", "16"], ["1_000", "1000"], ["1e3", "1e3"], ["089", "089"], ["~", "<nil>"], ["0o17", "15"], ["!!str 5", "5"],
  ])("env %s becomes %s", (written, text) => {
    expect(read(`env:\n  - A: ${written}\nsteps: [echo]\n`).env).toEqual([{ name: "A", value: text }]);
  });
  it("lets a later key win over a merge and a merge over an earlier key", () => {
    expect(read("env: &e {A: 1, B: 1}\nhandler_on:\n  exit:\n    command: echo\nsteps:\n  - name: s\n    command: echo\n    env:\n      B: 0\n      <<: *e\n      A: 2\n").steps[0]!.env)
      .toEqual([{ name: "B", value: "1" }, { name: "A", value: "2" }]);
  });
  it.each([
    ["backoff: true", 2], ["backoff: 1.5", 1.5], ["backoff: 0.0", 0], ["backoff: -3", 0],
  ])("retry %s", (line, backoff) => {
    expect(step(`command: echo\nretry_policy:\n  limit: "\${N}"\n  interval_sec: 2\n  ${line}`).retry).toEqual({ limit: "${N}", intervalSec: 2, backoff, maxIntervalSec: 0, exitCodes: [] });
  });
  it.each([
    ["repeat: true", { mode: "while", exitCodes: [] }],
    ['condition: "$X"\nexpected: y', { mode: "until", condition: { condition: "$X", expected: "y", negate: false } }],
    ["condition: test -f x", { mode: "while" }],
    ["exit_code: [1]", { mode: "while", exitCodes: [1] }],
    ["repeat: until\nexit_code: [0]\nbackoff: 3", { mode: "until", backoff: 3 }],
  ])("repeat %s", (lines, expected) => {
    expect(step(`command: echo\nrepeat_policy:\n  ${lines.replaceAll("\n", "\n  ")}`).repeat).toMatchObject(expected);
  });
  it.each([
    ["repeat: false", undefined], ["condition: a\nexit_code: [1]", undefined],
  ])("repeat %s is no policy", (lines) => {
    expect(step(`command: echo\nrepeat_policy:\n  ${lines.replaceAll("\n", "\n  ")}`).repeat).toBeUndefined();
  });
  it.each([
    ["label text", 'labels: "team=Core tier=2"', [{ key: "team", value: "core" }, { key: "tier", value: "2" }]],
    ["label commas", "labels: a, b=1", [{ key: "a", value: "" }, { key: "b", value: "1" }]],
    ["label map", "labels: {b: 1, a: x}", [{ key: "a", value: "x" }, { key: "b", value: "1" }]],
  ])("%s", (_, line, labels) => {
    expect(read(`${line}\nsteps: [echo]\n`).labels).toEqual(labels);
  });
  it("merges the base config: env first, the DAG's keys over it, lists of labels joined", () => {
    const dag = read("env: {B: 2}\nlabels: [b]\ntimeout_sec: 5\nsteps: [echo]\n", "env: {A: 1}\nlabels: [a]\ntimeout_sec: 9\ntype: graph\n");
    expect(dag).toMatchObject({ type: "graph", timeoutSec: 5, labels: [{ key: "a" }, { key: "b" }], env: [{ name: "A" }, { name: "B" }] });
  });
  it("gives defaults to steps, only timeout and preconditions to handlers", () => {
    const dag = read("defaults: {timeout_sec: 3, env: [A: 1], continue_on: failed, preconditions: ['true']}\nhandler_on: {exit: {command: echo}}\nsteps:\n  - {name: s, command: echo, timeout_sec: 0}\n");
    expect(dag.steps[0]).toMatchObject({ timeoutSec: 0, env: [{ name: "A", value: "1" }], continueOn: { failure: true }, preconditions: [{ condition: "true" }] });
    expect(dag.handlers.exit).toMatchObject({ name: "onExit", timeoutSec: 3, env: [], continueOn: { failure: false }, preconditions: [{ condition: "true" }] });
  });
  it("keeps what it does not model", () => {
    expect(read("queue: q\nsteps:\n  - {name: a, type: docker, container: {image: x}, command: ls}\n")).toMatchObject({ foreign: { queue: "q" }, steps: [{ type: "docker", foreign: { container: { image: "x" } } }] });
  });
});

describe("params", () => {
  it.each([
    ['"a KEY=v Q=\\"two words\\""', [{ default: "a" }, { name: "KEY", default: "v" }, { name: "Q", default: "two words" }]],
    ["{ZED: last, ABLE: 1.50}", [{ name: "ABLE", default: "1.5" }, { name: "ZED", default: "last" }]],
    ["[A: 3, B: true]", [{ name: "A", default: "3" }, { name: "B", default: "true" }]],
    ["[{name: N, type: integer, default: 2, minimum: 1}]", [{ name: "N", type: "integer", default: "2", minimum: 1 }]],
    ["{type: object, properties: {n: {type: integer, default: 1}}, required: [n]}", [{ name: "n", default: "1", required: true }]],
  ])("%s", (text, declared) => {
    expect(read(`params: ${text}\nsteps: [echo]\n`).params.declared).toMatchObject(declared);
  });
});

describe("refusals", () => {
  it.each([
    ["steps:\n  - {name: a, command: echo, depends: []}\n", "not allowed for DAGs with type 'chain'"],
    ["steps: [5]\n", "invalid step data"], ["steps:\n  - ~\n", "invalid step data"],
    ["steps:\n  - {name: a, command: ''}\n", "step command is empty"],
    ["steps:\n  - {name: a, script: x, type: log, with: {message: m}}\n", 'step type "log" does not support script field'],
    ["steps:\n  - {name: a, type: jq, command: [a, b]}\n", "supports only one command"],
    ["steps:\n  - {name: a, command: echo, signal_on_stop: TERM}\n", "invalid signal"],
    ["steps:\n  - {name: a, call: k, parallel: []}\n", "parallel must have either items"],
    ["steps:\n  - {name: a, call: k, parallel: [true]}\n", "parallel items must be"],
    ["name: 2024\nsteps: [echo]\n", "'name' expected type 'string', got unconvertible type 'uint64'"],
    ["env: 5\nsteps: [echo]\n", "'env' failed to unmarshal"], ["env: [A]\nsteps: [echo]\n", 'env[0]: invalid format "A" (expected KEY=value)'],
    ["a: 1\na: 2\n", 'mapping key "a" already defined'], ["- a\n", "must be a map"], ["", "no DAGs found"],
    ["steps: [echo]\n---\nname: k\nsteps: [echo]\n---\nname: k\nsteps: [echo]\n", "duplicate"],
    ["params: [{name: S, enum: [a], default: b}]\nsteps: [echo]\n", "default must be one of enum values"],
    ["params: [{name: S, minLength: 3}]\nsteps: [echo]\n", 'invalid inline param field "minLength"; use min_length'],
    ["retry_policy: {limit: 1.5}\nsteps: [echo]\n", "retry_policy.limit"],
    ["steps:\n  - {name: a, command: e, repeat_policy: {repeat: maybe}}\n", "invalid value for repeat: 'maybe'"],
    ["steps:\n  - {name: a, command: e, output: {k: {value: 1, from: stdout}}}\n", "value and from cannot be used together"],
    ["steps:\n  - {name: a, command: [a, {b: c, d: e}]}\n", "wrap it in quotes"], ["steps:\n  - {name: a, command: e, stdout: x, stderr: x}\n", "cannot point to the same file"],
    ["params: [{name: A}]\nsteps: [echo]\n", "at least one field in addition to name"], ["params: [{A: {type: string}}]\nsteps: [echo]\n", "must use object form with name"],
    ["params: [{name: N, type: integer, default: x}]\nsteps: [echo]\n", "default is invalid"], ["params: [{name: N, type: integer, default: 5, maximum: 3}]\nsteps: [echo]\n", "above maximum"],
    ["schedule: {start: [{at: 2026-01-01}]}\nsteps: [echo]\n", "RFC 3339"],
    ["steps:\n  - {name: a, command: e, approval: {required: [x]}}\n", "is not in input list"],
    ["steps:\n  - {name: a, command: e, approval: {rewind_to: b}}\n  - {name: b, command: e}\n", "upstream dependency"],
  ])("%j", (text, part) => {
    expect(refusal(text)).toContain(part);
  });
  it("gives line, column, path and a fix", () => {
    const [issue] = parseSpec("steps:\n  - name: a\n    comand: echo\n", { name: "f" }).issues;
    expect(issue).toMatchObject({ code: "unknown-key-near", path: "steps[0].comand", line: 3, column: 5, endColumn: 11, fix: { from: 23, to: 29, text: "command" } });
  });
});

describe("poison", () => {
  it.each([
    ["deep flow", `a: ${"[".repeat(100_000)}`, "too-deep"], ["deep block", "- ".repeat(100_000), "too-deep"], ["too long", "a".repeat(2_000_000), "text-too-long"],
    ["binary", "\u0000\u0001", "text-binary"], ["quotes", '"'.repeat(1_000_000), "too-many-tokens"], ["steps", `steps:\n${"  - echo\n".repeat(10_001)}`, "too-many-steps"],
    ["aliases", `a: &a [1,1,1,1,1,1,1,1,1]\n${[..."bcdefgh"].map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefgh"[i]!}`).join(",")}]`).join("\n")}`, "too-many-nodes"],
    ["a cycle of aliases", "a: &a [*a]\n", "alias-cycle"], ["__proto__", "__proto__: 1\n", "forbidden-key"],
    ["wide groups", `steps:\n${`  - [${Array(2_000).fill("echo").join(",")}]\n`.repeat(2)}`, "too-many-edges"],
  ])("%s", (_, text, code) => {
    expect(parseSpec(text, { name: "x" }).issues[0]).toMatchObject({ code, severity: "error" });
  }, 20_000);
  it("reads ten thousand steps", () => {
    const text = `type: graph\nsteps:\n${Array.from({ length: 10_000 }, (_, i) => `  - name: s${i}\n    command: echo ${i}\n    depends: [${i === 0 ? "" : `s${i - 1}`}]`).join("\n")}\n`;
    expect(read(text).steps).toHaveLength(10_000);
  }, 20_000);
});
