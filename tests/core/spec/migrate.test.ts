import { describe, expect, it } from "vitest";
import { migrate } from "../../../src/core/spec/migrate/migrate.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";

const moved = (text: string): string => migrate(text).text;
const old = `# nightly
logDir: /tmp/logs   # where
tags: [a, "b"]
histRetentionDays: 7
handlerOn:
  cancel:
    command: echo stopped
env:
  - workingDir: kept
  - dir: kept
steps:
  - name: one
    dir: &d 'sub'   # quoted
    command: echo one
    continueOn:
      failure: true
      exitCode: [1, 2]
    retryPolicy:
      limit: 2
      backoff: 2
  - name: two
    depends: [one]
    executor:
      type: http   # remote
      config:
        timeout: 10
        headers:
          dir: x
    command: GET http://example.com
  - name: three
    depends: two
    executor: {type: jq, config: {raw: true}}
    command: .
  - name: four
    depends: three
    run: child
    repeatPolicy: {repeat: true, intervalSec: 5, exitCode: 3}
`;
const now = `# nightly
log_dir: /tmp/logs   # where
labels: [a, "b"]
hist_retention_days: 7
handler_on:
  abort:
    command: echo stopped
env:
  - workingDir: kept
  - dir: kept
type: graph
steps:
  - name: one
    working_dir: &d 'sub'   # quoted
    command: echo one
    continue_on:
      failure: true
      exit_code: [1, 2]
    retry_policy:
      limit: 2
      interval_sec: 0
      backoff: 2.0
  - name: two
    depends: [one]
    type: http   # remote
    with:
      timeout: 10
      headers:
        dir: x
    command: GET http://example.com
  - name: three
    depends: two
    type: jq
    with: {raw: true}
    command: .
  - name: four
    depends: three
    call: child
    repeat_policy: {repeat: true, interval_sec: 5, exit_code: [3]}
`;

describe("an older text", () => {
  it("becomes a current one, keeping comments, order, anchors and quoting", () => {
    expect(moved(old)).toBe(now);
    expect(parseSpec(now, { name: "flow" }).issues.filter((issue) => issue.severity === "error")).toEqual([]);
  });
  it("is left alone once it is current", () => {
    expect(migrate(now)).toEqual({ text: now, changes: [], notes: [] });
  });
  it.each([
    ["artifactDir: out\nenableArtifact: true\nsteps: []\n", "artifacts: {dir: out, enabled: true}\nsteps: []\n"],
    ["forwardHeaders:\n  - X-A\nsteps: []\n", "webhook:\n  forward_headers:\n    - X-A\nsteps: []\n"],
    ["params:\n  - {name: A, minLength: 2}\nsteps: []\n", "params:\n  - {name: A, min_length: 2}\nsteps: []\n"],
    ["MaxCleanUpTimeSec: 3\nsteps: []\n", "max_clean_up_time_sec: 3\nsteps: []\n"],
    ["steps:\n  - executor: log\n    precondition: 'true'\n", "steps:\n  - type: log\n    preconditions: 'true'\n"],
    ["steps:\n  - executor:\n      type: log\n      config:\n        message: m\n    name: a\n", "steps:\n  - type: log\n    with:\n      message: m\n    name: a\n"],
    ["defaults: &x {retryPolicy: {limit: 1, intervalSec: 1}}\nsteps: []\n", "defaults: &x {retry_policy: {limit: 1, interval_sec: 1}}\nsteps: []\n"],
  ])("%j", (text, expected) => {
    expect(moved(text)).toBe(expected);
  });
  it("names what it keeps", () => {
    const { text, notes } = migrate("functions: []\nworkingDir: a\nworking_dir: b\nsteps: []\n");
    expect(text).toContain("functions: []");
    expect(notes.map((note) => [note.code, note.path, note.line])).toEqual([["unknown-key", "functions", 1], ["needs-a-look", "workingDir", 2]]);
  });
  it("comes back unchanged when it is no YAML", () => {
    expect(migrate("a: [").text).toBe("a: [");
  });
});
