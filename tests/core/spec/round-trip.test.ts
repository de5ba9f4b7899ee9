/** What leaves is what came in: a text of today is stored and exported byte for byte, and migrating it changes nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { instant } from "../../../src/core/base/brand.ts";
import { arrivalsOf } from "../../../src/core/spec/import/arrival.ts";
import { migrate } from "../../../src/core/spec/migrate/migrate.ts";
import { parseSpec } from "../../../src/core/spec/parse.ts";
import { renameStep } from "../../../src/core/spec/rename.ts";
import { createDagCommands } from "../../../src/host/edit/dags.ts";

const root = new URL("../../conformance/corpus/", import.meta.url);
const texts = readdirSync(root).flatMap((topic) => readdirSync(new URL(`${topic}/`, root)).map((slug) => ({ name: slug, file: new URL(`${topic}/${slug}/dag.yaml`, root) })))
  .filter(({ file }) => existsSync(file)).map(({ name, file }) => ({ name, text: readFileSync(file, "utf8") })).filter(({ name, text }) => parseSpec(text, { name }).spec !== undefined);

describe("the corpus' texts", () => {
  it("are many", () => expect(texts.length).toBeGreaterThan(300));
  it("are not touched by a migration", () => {
    expect(texts.filter(({ text }) => migrate(text).text !== text).map(({ name }) => name)).toEqual([]);
  });
  it("arrive as they are", () => {
    expect(texts.filter(({ name, text }) => arrivalsOf({ path: `${name}.yaml`, text }).arrivals.some((one) => one.text !== text || one.state !== "as-is")).map(({ name }) => name)).toEqual([]);
  });
  it("come out of the store with the same bytes", async () => {
    const store = createMemoryStore();
    let last = 0;
    const commands = createDagCommands({ store, clock: { now: () => instant(1) } as never, ids: { next: () => `id${(last += 1)}`, random: () => 0.5 } });
    const changed: string[] = [];
    for (const [n, { name, text }] of texts.entries()) {
      const { dag } = await commands.importYaml(text, { name: `t${n}` });
      const head = await store.transact(async (tx) => tx.revision((await tx.dags()).find((row) => row.id === dag)!.head), { readonly: true });
      if (head?.text !== text) changed.push(name);
    }
    expect(changed).toEqual([]);
  });
  it("come back to themselves when a step is renamed there and back", () => {
    const wrong = texts.flatMap(({ name, text }) => {
      const step = parseSpec(text, { name }).spec!.dag.steps.find((one) => /^\s*(?:-\s+)?name:\s*["']?/m.test(text) && new RegExp(`name:\\s*["']?${one.name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}["']?\\s*$`, "m").test(text));
      if (step === undefined) return [];
      const there = renameStep(text, { from: step.name, to: "renamed-there" });
      const back = there.ok ? renameStep(there.value, { from: "renamed-there", to: step.name }) : there;
      return !back.ok || back.value.replaceAll(/["']/g, "") !== text.replaceAll(/["']/g, "") ? [name] : [];
    });
    expect(wrong).toEqual([]);
  });
});
