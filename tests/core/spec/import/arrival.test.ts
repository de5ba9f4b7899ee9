import { describe, expect, it } from "vitest";
import { arrivalsOf, formOf } from "../../../../src/core/spec/import/arrival.ts";
import { companionsOf, isBaseText, rolesOf, safePath } from "../../../../src/core/spec/import/home.ts";

const arrive = (text: string, path = "", base?: string) => arrivalsOf({ path, text, ...(base === undefined ? {} : { base }) });

describe("what a text is", () => {
  it.each([
    ["", "steps:\n  - echo hi\n", "dagu"],
    ["", "name: a\nschedule: '0 * * * *'\nsteps: []\n", "dagu"],
    ["x.yaml", "0 * * * * a", "dagu"],
    ["", "0 4 * * * /bin/backup\n", "crontab"],
    ["", "# m h\nPATH=/bin\n@daily run-parts /etc\n", "crontab"],
    ["etc/crontab", "SHELL=/bin/sh\n17 * * * * root cd /\n", "crontab"],
    ["", "curl -s https://example.com", "curl"],
    ["", "$ curl -X POST \\\n  https://example.com \\\n  -d a=1", "curl"],
    ["", "curl a\necho done\n", "script"],
    ["", "#!/bin/bash\necho hi\n", "script"],
    ["go.sh", "echo hi\n", "script"],
    ["", "cd /tmp\nfor f in *; do echo \"$f\"; done\n", "script"],
    ["", "echo \"a: b\"\n", "script"],
    ["", "stpes:\n  - echo\n", "dagu"],
    ["", "- a\n- b\n", "dagu"],
    ["", "a: [\n", "dagu"],
  ])("%j %j: %s", (path, text, form) => {
    expect(formOf(path, text)).toBe(form);
  });
});

describe("an arrival", () => {
  it("stays byte for byte when it is of today, a byte order mark left out", () => {
    const text = "# c\nname:   odd-spaces # x\nsteps: [{command: 'echo hi'}]\n";
    expect(arrive(`\uFEFF${text}`).arrivals).toMatchObject([{ form: "dagu", name: "odd-spaces", text, state: "as-is", changes: [], notes: [], loadsAsIs: true }]);
  });
  it("is migrated from older words, keeping comments, and says what changed", () => {
    const [one] = arrive("# c\nmaxActiveSteps: 2 # two\nsteps:\n  - command: echo\n", "dags/Night Job.yaml").arrivals;
    expect(one).toMatchObject({ name: "Night-Job", state: "migrated", text: "# c\nmax_active_steps: 2 # two\nsteps:\n  - command: echo\n", loadsAsIs: false });
    expect(one?.changes.map(({ from, to }) => [from, to])).toEqual([["maxActiveSteps", "max_active_steps"]]);
  });
  it("may be kept in words that are old but still read", () => {
    expect(arrive("tags: a\nsteps:\n  - echo\n").arrivals).toMatchObject([{ state: "migrated", loadsAsIs: true }]);
  });
  it("keeps and names an unknown key", () => {
    expect(arrive("functions: []\nsteps:\n  - echo\n").arrivals).toMatchObject([{ state: "problems", notes: [{ code: "unknown-key", values: { key: "functions" }, line: 1 }] }]);
  });
  it("is read with the base configuration under it", () => {
    const base = "step_types:\n  greet:\n    type: command\n    input_schema: {type: object, additionalProperties: true}\n    template: {command: echo hi}\n";
    const text = "steps:\n  - type: greet\n";
    expect(arrive(text).arrivals[0]?.state).toBe("problems");
    expect(arrive(text, "", base).arrivals[0]?.state).toBe("as-is");
  });
  it("is one per job of a crontab, with the notes of lines that make none", () => {
    const { arrivals, notes } = arrive("MAILTO=a\n0 4 * * * root /bin/backup\n@reboot up\n");
    expect(arrivals.map(({ name, state, notes: own }) => [name, state, own.map((note) => note.code)])).toEqual([["backup", "made", ["user"]], ["up", "made", ["no-schedule"]]]);
    expect(notes.map((note) => note.code)).toEqual(["mail"]);
  });
  it("of a damaged curl line is a text with problems, not an error", () => {
    expect(arrive("curl -s").arrivals).toMatchObject([{ form: "dagu", state: "problems" }]);
  });
  it("without a name is untitled", () => {
    expect(arrive("steps:\n  - echo\n").arrivals[0]?.name).toBe("untitled");
  });
});

describe("a Dagu home", () => {
  it("has DAGs, a base configuration, a server's configuration, and what is not ours", () => {
    const roles = rolesOf(["h/dags/a.yaml", "h/dags/etl/b.yml", "h/dags/etl/data/in.csv", "h/base.yaml", "h/config.yaml", "h/logs/a.log", "h/data/a/x.json", "h/.git/HEAD", "__MACOSX/h/._a.yaml", "h/dags/config.yaml"]);
    expect(roles.map(({ role }) => role)).toEqual(["yaml", "yaml", "file", "base", "server", "noise", "noise", "noise", "noise", "yaml"]);
  });
  it("gives a DAG the files of its own folder, the .env beside it and those its text names", () => {
    const files = ["d/a/in.csv", "d/.env", "d/go.sh", "d/other.txt", "e/.env"];
    expect(companionsOf("d/a.yaml", "steps:\n  - sh go.sh\n", files, false)).toEqual([{ from: "d/a/in.csv", to: "in.csv" }, { from: "d/.env", to: ".env" }, { from: "d/go.sh", to: "go.sh" }]);
    expect(companionsOf("d/a.yaml", "steps: []", ["d/x/y.txt"], true)).toEqual([{ from: "d/x/y.txt", to: "x/y.txt" }]);
  });
  it("knows a base configuration by having no steps", () => {
    expect([isBaseText("env: []\n"), isBaseText("steps:\n  - a\n")]).toEqual([true, false]);
  });
  it("never leads outside", () => {
    expect([safePath("a/./b"), safePath("..\\x"), safePath("/etc/passwd"), safePath("a/../../b")]).toEqual(["a/b", undefined, "etc/passwd", undefined]);
  });
});
