import { describe, expect, it } from "vitest";
import { importCrontab } from "../../../src/core/spec/import/crontab.ts";
import { importCurl } from "../../../src/core/spec/import/curl.ts";
import { importScript } from "../../../src/core/spec/import/script.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";
import { renameStep } from "../../../src/core/spec/rename.ts";

const valid = (text: string) => {
  const { spec, issues } = parseSpec(text, { name: "x" });
  expect(issues.filter((issue) => issue.severity === "error")).toEqual([]);
  return spec!.dag;
};

describe("a crontab", () => {
  it("becomes one DAG per job, with the variables above it", () => {
    const { dags, notes } = importCrontab("# jobs\nMAILTO=me\nCRON_TZ=Europe/Oslo\nA=1\n*/5 * * * 7 /opt/backup.sh --all\n@daily echo hi\n@reboot echo up\n0 0 L * * x\nnonsense\n");
    expect(notes.map((note) => [note.code, note.line])).toEqual([["mail", 2], ["no-job", 9]]);
    expect(dags.map((dag) => dag.name)).toEqual(["backup", "echo", "echo-2", "x"]);
    const first = valid(dags[0]!.text);
    expect([first.schedule.start[0]!.expression, first.env, first.steps[0]!.commands]).toEqual(["CRON_TZ=Europe/Oslo */5 * * * 0", [{ name: "A", value: "1" }], ["/opt/backup.sh --all"]]);
    expect(valid(dags[2]!.text).schedule.start).toEqual([]);
    expect(dags.map((dag) => dag.notes.map((note) => note.code))).toEqual([["sunday"], [], ["no-schedule"], ["schedule"]]);
  });
  it("turns % into standard input", () => {
    const [dag] = importCrontab("0 0 * * * mail -s 'a\\%b' me%hello%you\n").dags;
    expect(valid(dag!.text).steps[0]!.commands[0] ?? valid(dag!.text).steps[0]!.script).toBe("printf '%s\\n' 'hello\nyou' | mail -s 'a%b' me");
  });
});

describe("a script", () => {
  it("becomes one step, its arguments params", () => {
    const { name, text, notes } = importScript("#!/bin/bash\nset -e\necho \"$1 ${2}\"\n", "Night job.sh");
    const dag = valid(text);
    expect([name, dag.steps[0]!.script, dag.params.declared.length]).toEqual(["night-job", '#!/bin/bash\nset -e\necho "$1 ${2}"', 2]);
    expect(notes.map((note) => note.code)).toEqual(["arguments"]);
  });
});

describe("a curl line", () => {
  it("becomes an http step", () => {
    const result = importCurl(`curl -sSL -XPOST 'https://api.example.com/v1?x=1' \\\n -H "Accept: application/json" -d '{"a": 1}' --max-time 5 -F f=@x`);
    if (!result.ok) throw new Error(result.error.message);
    expect(valid(result.value.text).steps[0]).toMatchObject({
      type: "http", commands: ["POST https://api.example.com/v1?x=1"],
      with: { silent: true, timeout: 5, body: '{"a": 1}', headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" } },
    });
    expect(result.value.notes.map((note) => note.code)).toEqual(["option", "cors"]);
  });
  it("is refused when it is none", () => {
    expect(importCurl("wget x")).toMatchObject({ ok: false });
    expect(importCurl("curl -s")).toMatchObject({ ok: false });
  });
});

describe("renaming a step", () => {
  it("reaches every place that names it and leaves the rest alone", () => {
    const text = 'type: graph\nsteps:\n  - name: "a"  # first\n    command: echo a\n  - {name: b, depends: [a, \'a\'], command: echo a}\n  - {name: r, type: router, value: x, routes: {x: [b], y: [a]}}\n  - {name: g, depends: a, command: e, approval: {rewind_to: a}}\n';
    expect(renameStep(text, { from: "a", to: "build it" })).toEqual({ ok: true, value: text.replace('name: "a"', 'name: "build it"').replace("[a, 'a']", "[build it, 'build it']").replace("y: [a]", "y: [build it]").replace("depends: a,", "depends: build it,").replace("rewind_to: a", "rewind_to: build it") });
  });
  it("gives a step with only an id a name of its own", () => {
    expect(renameStep("steps:\n  - id: a\n    command: echo\n", { from: "a", to: "first" })).toEqual({ ok: true, value: "steps:\n  - id: a\n    name: first\n    command: echo\n" });
  });
  it("is refused for an unknown step, a taken and an empty name", () => {
    const text = "steps: {a: echo, b: echo}\n";
    expect([renameStep(text, { from: "z", to: "c" }), renameStep(text, { from: "a", to: "b" }), renameStep(text, { from: "a", to: " " })].map((result) => !result.ok && result.error.type)).toEqual(["unknown-step", "name-taken", "bad-name"]);
    expect(renameStep(text, { from: "a", to: "c" })).toEqual({ ok: true, value: "steps: {c: echo, b: echo}\n" });
  });
});
