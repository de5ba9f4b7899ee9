import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseSpec } from "../../../src/core/spec/parse.ts";
import { badgesOf } from "../../../src/core/spec/portability.ts";
import { samples } from "../../../src/ui/samples/list.ts";

const folder = join(import.meta.dirname, "../../../src/ui/samples");

describe("the bundled samples", () => {
  it("are ten, each with a folder of its own", () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    expect([...samples].map((sample) => sample.id).sort()).toEqual(folders.sort());
    expect(samples.length).toBe(10);
  });
  it.each(samples.map((sample) => sample.id))("%s loads without a word and runs here", (id) => {
    const { spec, issues } = parseSpec(readFileSync(join(folder, id, "dag.yaml"), "utf8"), { name: id });
    expect(issues).toEqual([]);
    expect(spec?.dag.name).toBe(id);
    expect(badgesOf(spec!.dag).filter((badge) => badge.home !== "here")).toEqual([]);
  });
  it.each(samples.map((sample) => sample.id))("%s brings the data it reads", (id) => {
    const text = readFileSync(join(folder, id, "dag.yaml"), "utf8");
    for (const [, path] of text.matchAll(/\.\/(data\/[\w.-]+)/g)) expect(existsSync(join(folder, id, path ?? "")), path).toBe(true);
  });
  it("have words in both languages", () => {
    for (const sample of samples) for (const words of [sample.en, sample["zh-CN"]]) expect(Object.values(words).every((word) => word !== "")).toBe(true);
  });
});
