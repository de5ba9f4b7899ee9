import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { refusalText } from "../../../src/core/spec/issue.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";

/** Every workflow of the recorded corpus is read or refused as Dagu does, in Dagu's words. */
const root = new URL("../../conformance/corpus/", import.meta.url);
const cases = readdirSync(root).flatMap((topic) => readdirSync(new URL(`${topic}/`, root)).map((slug) => `${topic}/${slug}`)).filter((name) => existsSync(new URL(`${name}/dag.yaml`, root)));

describe("the recorded corpus", () => {
  it.each(cases)("%s", (name) => {
    const slug = name.split("/")[1]!;
    const expected = JSON.parse(readFileSync(new URL(`${name}/expect.json`, root), "utf8")) as { startError: string | null; validateError: string | null };
    const { spec, issues } = parseSpec(readFileSync(new URL(`${name}/dag.yaml`, root), "utf8"), { name: slug });
    const refused = refusalText(issues, `<WORK>/${slug}.yaml`);
    expect(spec === undefined).toBe(refused !== undefined);
    if (expected.validateError === null) expect(refused).toBeUndefined();
    else if (slug === "yaml-syntax") expect(refused).toContain("failed to decode document 0");
    else expect(refused?.trim()).toBe(expected.startError!.replace(/^Error: /, "").trim());
  });
});
