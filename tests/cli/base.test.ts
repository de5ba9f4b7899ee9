import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { baseTextFor } from "../../src/cli/base.ts";

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "dagbok-base-"));
  mkdirSync(join(top, "dags"));
});
afterEach(() => {
  delete process.env["DAGU_BASE_CONFIG"];
  rmSync(top, { recursive: true, force: true });
});
const put = (path: string, text: string): string => {
  writeFileSync(join(top, path), text);
  return join(top, path);
};

it("is the one asked for, else the one set, else the one beside the file, else the one above dags", () => {
  const file = put("dags/a.yaml", "steps: []\n");
  expect(baseTextFor(file)).toBeUndefined();
  put("base.yaml", "env:\n  - A: above\n");
  expect(baseTextFor(file)).toContain("above");
  put("dags/base.yaml", "env:\n  - A: beside\n");
  expect(baseTextFor(file)).toContain("beside");
  process.env["DAGU_BASE_CONFIG"] = put("set.yaml", "env:\n  - A: set\n");
  expect(baseTextFor(file)).toContain("set");
  expect(baseTextFor(file, put("asked.yaml", "env:\n  - A: asked\n"))).toContain("asked");
});
it("is no DAG that happens to have the name, and never the file itself", () => {
  const base = put("base.yaml", "steps:\n  - echo\n");
  expect([baseTextFor(put("a.yaml", "steps: []\n")), baseTextFor(base)]).toEqual([undefined, undefined]);
});
it("is refused by name when it cannot lie under a DAG", () => {
  const file = put("a.yaml", "steps: []\n");
  put("base.yaml", "enf: []\n");
  expect(() => baseTextFor(file)).toThrow(/base\.yaml: 1:1: unknown key "enf"/);
});
