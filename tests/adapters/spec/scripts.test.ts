import { describe, expect, it } from "vitest";
import { readSpec } from "../../../src/adapters/spec/read.ts";
import { scriptIssues } from "../../../src/adapters/spec/scripts.ts";

const found = (text: string) => scriptIssues(text).map(({ line, column, code }) => {
  const rest = text.split("\n")[line - 1]?.slice(column - 1) ?? "";
  return [code, line, /^\S+/.exec(rest)?.[0]];
});

describe("what is said about scripts", () => {
  it("stands where the script stands, in every way to write one", () => {
    expect(found("steps:\n  - command: frobnicate a\n")).toEqual([["shell-command-unknown", 2, "frobnicate"]]);
    expect(found('steps:\n  - command: "echo; frobnicate"\n')).toEqual([["shell-command-unknown", 2, 'frobnicate"']]);
    expect(found("steps:\n  - frobnicate\n")).toEqual([["shell-command-unknown", 2, "frobnicate"]]);
    expect(found("steps:\n  - command:\n      - echo a\n      - frobnicate\n")).toEqual([["shell-command-unknown", 4, "frobnicate"]]);
    expect(found("steps:\n  - script: |\n      # c\n\n      if true; then\n        frobnicate\n      fi\n")).toEqual([["shell-command-unknown", 6, "frobnicate"]]);
    expect(found("handler_on:\n  exit:\n    command: frobnicate\nsteps:\n  - echo\n")).toEqual([["shell-command-unknown", 3, "frobnicate"]]);
  });
  it("follows the shell that runs it", () => {
    const script = "script: |\n      [[ a == a ]]\n";
    expect(found(`steps:\n  - ${script}`).map(([code]) => code)).not.toEqual([]);
    expect(found(`steps:\n  - shell: bash\n    ${script}`)).toEqual([]);
    expect(found(`shell: bash\nsteps:\n  - ${script}`)).toEqual([]);
    expect(found("steps:\n  - script: |\n      #!/usr/bin/env node\n      frobnicate()\n")).toEqual([]);
    expect(found("steps:\n  - type: ssh\n    command: frobnicate\n")).toEqual([]);
  });
  it("does not stumble over Dagu's own references", () => {
    expect(found("steps:\n  - command: echo ${a.output.x} ${b[0].c}\n")).toEqual([]);
  });
  it("says it in both languages", () => {
    const [issue] = scriptIssues("steps:\n  - frobnicate\n");
    expect([issue?.severity, issue?.message.includes("frobnicate"), issue?.values["zh"]?.includes("frobnicate")]).toEqual(["warning", true, true]);
  });
  it("leaves alone a script too long or too deep to be read in time", () => {
    const indented = (lines: readonly string[]): string => `steps:\n  - script: |\n${lines.map((line) => `      ${line}\n`).join("")}`;
    expect([found(indented(Array.from({ length: 3000 }, () => "frobnicate"))), found(indented(["frobnicate", "$(".repeat(2000)]))]).toEqual([[], []]);
  });
  it("is silent on a text that is none", () => {
    expect([scriptIssues("a: ["), scriptIssues("\u0000")]).toEqual([[], []]);
  });
});
describe("a reading", () => {
  it("has the spec without the weight of its scripts", () => {
    const { dag, issues } = readSpec(`steps:\n  - name: a\n    script: |\n      echo one\n      echo ${"x".repeat(5000)}\n`, { name: "d" });
    expect([dag?.steps[0]?.script, issues]).toEqual(["echo one", []]);
  });
});
