import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../src/adapters/memory/store.ts";
import { createWebClock } from "../../src/adapters/web/clock.ts";
import { createWebIds } from "../../src/adapters/web/ids.ts";
import type { Commands } from "../../src/host/commands.ts";
import { createDagCommands } from "../../src/host/edit/dags.ts";
import type { Store } from "../../src/ports/store.ts";
import type { Door } from "../../src/ui/door.ts";
import { words } from "../../src/ui/i18n/words.svelte.ts";
import { showApp } from "../../src/ui/mount.ts";
import { router } from "../../src/ui/router.svelte.ts";

const news = { driving: true, offlineReady: true, updateReady: false, questions: [], storeLost: false };
const doorOver = (store: Store): Door => {
  const edit = createDagCommands({ store, clock: createWebClock(), ids: createWebIds() });
  // Only the commands of these stories exist; any other would throw.
  const commands = { ...edit, files: async () => [], artifacts: async () => [] } as unknown as Commands;
  return {
    store, commands, facts: { secure: true, locks: true, indexedDb: true, opfs: true, serviceWorker: true, isolated: true },
    news: (tell) => (tell(news), () => undefined), answer: () => undefined, update: () => undefined, persist: async () => true, estimate: async () => undefined,
  };
};
const seen = (test: () => boolean): Promise<void> => expect.poll(test, { timeout: 5000 }).toBe(true);
const view = (): HTMLElement | null => document.querySelector("[data-view]");

describe("the app over a store", () => {
  let store: Store;
  let stop: () => void;
  let door: Door;
  beforeEach(() => {
    words.choose("en");
    router.go("/");
    store = createMemoryStore();
    door = doorOver(store);
    const target = document.createElement("div");
    document.body.replaceChildren(target);
    stop = showApp(target, door);
  });
  afterEach(() => stop());

  it("opens an empty book with three samples to run", async () => {
    await seen(() => document.querySelectorAll(".first li").length === 3);
    expect(view()?.dataset["view"]).toBe("home");
  });
  it("follows a commit and says the entry it was drawn from", async () => {
    await seen(() => view() !== null);
    router.go("/dags");
    await seen(() => view()?.dataset["view"] === "dags");
    await door.commands.importYaml("name: hello\nsteps:\n  - echo hi\n");
    await seen(() => document.querySelector("[data-dag=hello]") !== null);
    const entry = await store.transact((tx) => tx.csn());
    await seen(() => Number(view()?.dataset["csn"]) === entry);
  });
  it("changes its language without a reload", async () => {
    router.go("/settings");
    await seen(() => document.querySelector("h1")?.textContent === "Settings");
    words.choose("zh-CN");
    await seen(() => document.querySelector("h1")?.textContent === "设置");
    expect(document.documentElement.lang).toBe("zh-CN");
  });
  it("opens a dialog by its address, and Escape closes it", async () => {
    router.go("/dags?dialog=new");
    await seen(() => document.querySelector("dialog[open]") !== null);
    document.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
    await seen(() => document.querySelector("dialog") === null && !location.search.includes("dialog"));
  });
  it("tells what an unknown address is", async () => {
    router.go("/no/such/place");
    await seen(() => view()?.dataset["view"] === "lost");
  });
  it.each(["/", "/dags", "/runs", "/settings", "/settings/compatibility"])("has no accessibility fault on %s", async (path) => {
    await door.commands.importYaml("name: hello\nsteps:\n  - echo hi\n");
    router.go(path);
    await seen(() => view() !== null && document.querySelector("h1") !== null);
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`)).toEqual([]);
  });
});
