import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { createWebClock } from "../../../src/adapters/web/clock.ts";
import { createWebIds } from "../../../src/adapters/web/ids.ts";
import type { Commands } from "../../../src/host/commands.ts";
import { createBinCommands } from "../../../src/host/edit/bin.ts";
import { createDagCommands } from "../../../src/host/edit/dags.ts";
import { createStandingRows } from "../../../src/host/edit/incoming.ts";
import type { Store } from "../../../src/ports/store.ts";
import { incoming, takeBack } from "../../../src/ui/import/incoming.svelte.ts";

const standingRows = createStandingRows();
const text = (word: string): string => `steps:\n  - echo ${word}\n`;
const file = (path: string, data: string) => ({ path, file: new File([data], path) });
const openWorld = (): { readonly store: Store; readonly commands: Commands } => {
  const store = createMemoryStore();
  const world = { store, clock: createWebClock(), ids: createWebIds() };
  const commands = { ...createDagCommands(world), ...createBinCommands(world), files: async () => [], putFile: async () => undefined, setSetting: (key: string, value: string) => store.transact((tx) => tx.putSetting(key, value)) };
  return { store, commands: commands as unknown as Commands };
};
const stand = async (store: Store): Promise<void> => incoming.stand(await store.transact(standingRows, { readonly: true }));
const names = async (store: Store): Promise<Record<string, string>> => Object.fromEntries([...(await store.transact(standingRows, { readonly: true })).byName].map(([name, row]) => [name, row.text]));
const plan = () => incoming.items.map((item) => [incoming.choice(item).name, incoming.choice(item).how, incoming.nameFault(item)]);

describe("an import", () => {
  let world: ReturnType<typeof openWorld>;
  beforeEach(async () => {
    incoming.clear();
    world = openWorld();
    await world.commands.importYaml(text("old"), { name: "taken" });
    await world.commands.importYaml(text("same"), { name: "same" });
    await stand(world.store);
  });
  it("proposes: new as new, taken as a revision, equal left out, twice under another name", async () => {
    await incoming.take([file("new.yaml", text("a")), file("taken.yaml", text("b")), file("same.yaml", text("same")), file("etl/new.yaml", text("c"))]);
    expect(plan()).toEqual([["new", "store", ""], ["taken", "replace", ""], ["same", "skip", ""], ["etl-new", "store", ""]]);
  });
  it("stores what is chosen and takes all of it back", async () => {
    await incoming.take([file("new.yaml", text("a")), file("taken.yaml", text("b")), file("bad.yaml", "steps:\n  - comand: x\n"), file("base.yaml", "env: []\n")]);
    const before = await names(world.store);
    const outcome = await incoming.store(world.commands);
    expect([outcome.done.map(({ name }) => name), outcome.failed, incoming.items]).toEqual([["new", "taken", "bad"], 0, []]);
    expect(await names(world.store)).toEqual({ ...before, new: text("a"), taken: text("b"), bad: "steps:\n  - comand: x\n" });
    expect((await world.store.transact(standingRows, { readonly: true })).base).toBe("env: []\n");
    await takeBack(world.commands, outcome);
    expect(await names(world.store)).toEqual(before);
    expect((await world.store.transact(standingRows, { readonly: true })).base).toBeUndefined();
  });
  it("keeps what could not be stored, with the reason, and stores the rest", async () => {
    await incoming.take([file("a.yaml", text("a")), file("b.yaml", text("b"))]);
    const failing = { ...world.commands, importYaml: async (source: string, options: object) => (source === text("a") ? Promise.reject(new Error("disk full")) : world.commands.importYaml(source, options)) } as Commands;
    const outcome = await incoming.store(failing);
    expect([outcome.failed, incoming.items.map((item) => [item.arrival.name, incoming.choice(item).problem])]).toEqual([1, [["a", "disk full"]]]);
  });
  it("says what is wrong with a name, and keeps a decision when the store moves", async () => {
    await incoming.take([file("one.yaml", text("1")), file("two.yaml", text("2"))]);
    const [one] = incoming.items;
    const choice = incoming.choice(one!);
    choice.decided = true;
    choice.name = "no good";
    expect(incoming.nameFault(one!)).toBe("bad");
    choice.name = "two";
    expect(incoming.nameFault(one!)).toBe("twice");
    choice.name = "taken";
    expect(incoming.nameFault(one!)).toBe("taken");
    await world.commands.importYaml(text("x"), { name: "two" });
    await stand(world.store);
    expect(plan()).toEqual([["taken", "store", "taken"], ["two", "replace", ""]]);
  });
  it("refuses a paste that is too big or no text, in words", async () => {
    await incoming.paste("a".repeat(10 << 20));
    await incoming.paste("a\0b");
    expect([incoming.refused.map(({ why }) => why), incoming.items]).toEqual([["too-big", "binary"], []]);
  });
});
