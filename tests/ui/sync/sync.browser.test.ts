import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { createWebClock } from "../../../src/adapters/web/clock.ts";
import { createWebIds } from "../../../src/adapters/web/ids.ts";
import { dagId, instant, revisionId } from "../../../src/core/base/brand.ts";
import { newClient } from "../../../src/core/replica/client.ts";
import type { CopyRow, EditId } from "../../../src/core/replica/row.ts";
import type { ReplicaId } from "../../../src/core/replica/version.ts";
import type { Json } from "../../../src/core/value/json.ts";
import type { Commands } from "../../../src/host/commands.ts";
import { createDagCommands } from "../../../src/host/edit/dags.ts";
import { keepBoth, settle } from "../../../src/host/sync/conflict.ts";
import type { DevicesView } from "../../../src/ports/sync/office.ts";
import type { Store } from "../../../src/ports/store.ts";
import type { Door } from "../../../src/ui/door.ts";
import { words } from "../../../src/ui/i18n/words.svelte.ts";
import { showApp } from "../../../src/ui/mount.ts";
import { notices } from "../../../src/ui/parts/state/notices.svelte.ts";
import { router } from "../../../src/ui/router.svelte.ts";

const news = { driving: true, offlineReady: true, updateReady: false, questions: [], storeLost: false };
const base = "steps:\n  - id: load\n    retry_policy:\n      limit: 2\n      interval_sec: 5\n    timeout_sec: 1800\n    command: ./load.sh\n";
const mine = base.replace("limit: 2", "limit: 4").replace("1800", "3600");
const theirs = base.replace("limit: 2", "limit: 3");
const here = "here" as ReplicaId;
const clock = createWebClock();
const ids = createWebIds();
const daysMs = 86_400_000;

/** A workspace of two devices as the server tells it; the other has been silent for 80 days. */
const devices = (): DevicesView => ({
  head: 9, floor: 3, tombstones: 1, rows: 5, serverTime: Date.now(),
  devices: [
    { replica: "here", label: "Laptop", user: "ann", state: "active", seenAt: Date.now(), acknowledged: 9, behind: 0, holdsBack: false, token: "t1", isThis: true },
    { replica: "there", label: "Phone", user: "ann", state: "active", seenAt: Date.now() - 80 * daysMs, acknowledged: 2, behind: 7, holdsBack: true, token: "t2", isThis: false },
  ],
});
const connection = (role = "admin"): string => JSON.stringify({ origin: "", workspace: "w", workspaceName: "Team", role, user: "ann", token: "secret" });

const connect = (store: Store, role?: string): Promise<void> =>
  store.transact(async (tx) => {
    await tx.replica.putHead(newClient(here, [{ id: "e1", parent: "", at: 0 }] as never));
    await tx.putSetting("sync.connection", connection(role));
    await tx.putSetting("sync.news", JSON.stringify({ state: "idle", completeAt: Date.now() - 1_000, head: 9 }));
  });
/** The same DAG published here and elsewhere over one revision, as an exchange leaves it. */
const fork = async (store: Store, deleted = false, third?: string): Promise<string> => {
  const edit = createDagCommands({ store, clock, ids });
  const { dag } = await edit.importYaml(base, { name: "etl" });
  await store.transact(async (tx) => {
    const row = await tx.dag(dagId(dag));
    if (row === undefined) throw new Error("no DAG");
    const side = async (id: string, text: string, by: ReplicaId): Promise<CopyRow["siblings"][number]> => {
      await tx.putRevision({ id: revisionId(id), dag: row.id, number: 2, text, parent: row.head, at: instant(Date.now()), note: "", draft: false });
      const { hasDraft: _own, ...shared } = row;
      return { e: id as EditId, dots: [[by, 1]], deleted: false, body: { v: 1, ...shared, head: id } as unknown as Json };
    };
    const second: CopyRow["siblings"][number] = deleted ? { e: "b" as EditId, dots: [["there" as ReplicaId, 1]], deleted: true, body: null } : await side("b", theirs, "there" as ReplicaId);
    await tx.replica.putCopy([{ record: `dag/${dag}`, generation: 0, ord: 9, vv: { here: 1, there: 1 } as never, dead: [], siblings: [await side("a", mine, here), second, ...(third === undefined ? [] : [await side("c", third, "tablet" as ReplicaId)])] }]);
    await tx.putDag({ ...row, conflict: { shown: row.head, heads: deleted ? [revisionId("a")] : [revisionId("a"), revisionId("b")], merged: "base", deleted } });
  });
  return dag;
};
const seen = (test: () => boolean): Promise<void> => expect.poll(test, { timeout: 5000 }).toBe(true);
const text = (): string => document.querySelector("main")?.textContent ?? "";
const press = (key: string): void => { document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })); };
const button = (name: string | RegExp): HTMLElement | undefined => [...document.querySelectorAll<HTMLElement>("main button, dialog button")].find((one) => {
  const label = (one.getAttribute("aria-label") ?? one.querySelector("span")?.textContent ?? "").trim();
  return typeof name === "string" ? label === name : name.test(label);
});
const faults = async (): Promise<readonly string[]> => {
  const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
};

describe("the Sync screen", () => {
  let store: Store;
  let stop: () => void;
  let sent: (readonly [string, ...unknown[]])[];
  const doorOver = (): Door => {
    const told = <T>(name: string, answer: T) => (...args: unknown[]): Promise<T> => { sent.push([name, ...args]); return Promise.resolve(answer); };
    const world = { store, clock, ids };
    const commands = {
      ...createDagCommands(world), files: async () => [], settleConflict: (record: string, choice: Parameters<Commands["settleConflict"]>[1]) => settle(world, record, choice), keepBoth: (record: string) => keepBoth(world, record),
      devices: async () => devices(), members: async () => [{ user: "u1", name: "ann", role: "admin" }, { user: "u2", name: "bob", role: "viewer" }], workspaces: async () => [{ id: "w", name: "Team", role: "admin" }],
      syncNow: told("syncNow", undefined), retireDevice: told("retireDevice", undefined), revokeToken: told("revokeToken", undefined), setMember: told("setMember", undefined), disconnect: told("disconnect", undefined),
      verify: told("verify", { checked: 2, differing: [1], head: 9 }), repair: told("repair", undefined), chooseHistory: told("chooseHistory", undefined), isNewServer: async () => true,
    } as unknown as Commands;
    return {
      store, commands, facts: { secure: true, locks: true, indexedDb: true, opfs: true, serviceWorker: true, isolated: true },
      news: (tell) => (tell(news), () => undefined), answer: () => undefined, update: () => undefined, persist: async () => true, estimate: async () => undefined,
    } as Door;
  };
  const open = (path: string): void => {
    router.go(path);
    const target = document.createElement("div");
    document.body.replaceChildren(target);
    stop = showApp(target, doorOver());
  };
  beforeEach(() => {
    words.choose("en");
    for (const { id } of notices.items) notices.drop(id);
    store = createMemoryStore();
    sent = [];
  });
  afterEach(() => {
    stop();
    router.go("/");
  });

  it("asks a browser without a server's tie to sign in, and says that nothing leaves", async () => {
    open("/sync/log");
    await seen(() => text().includes("Sync is off") && button("Set up this server") !== undefined);
    expect(await faults()).toEqual([]);
  });
  it("says up to date only on evidence, and says when it was", async () => {
    await connect(store);
    open("/sync/status");
    await seen(() => text().includes("Up to date with the server") && text().includes("Verified"));
    await store.transact((tx) => tx.putSetting("sync.news", JSON.stringify({ state: "idle", completeAt: Date.now() - 91_000 })));
    await seen(() => text().includes("Stale: last verified 1 min ago"));
    expect(text()).not.toContain("Up to date");
  });
  it("takes mine by 1, theirs by 2, gives it back by u, writes another by e, and publishes what was chosen", async () => {
    await connect(store);
    const dag = await fork(store);
    open("/sync/conflicts");
    await seen(() => text().includes("etl was edited on two devices"));
    expect(button("Publish result")?.getAttribute("aria-disabled")).toBe("true");
    press("2");
    await seen(() => text().includes("limit: 3your choice: theirs"));
    press("u");
    await seen(() => text().includes("open: choose above"));
    press("e");
    await seen(() => document.activeElement instanceof HTMLTextAreaElement);
    const field = document.activeElement as HTMLTextAreaElement;
    expect(field.value).toBe("4");
    field.value = "7";
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    await seen(() => text().includes("your choice: written"));
    expect(await faults()).toEqual([]);
    button("Publish result")?.click();
    const head = async (): Promise<string | undefined> => store.transact(async (tx) => (await tx.revision((await tx.dag(dagId(dag)))?.head ?? revisionId("")))?.text, { readonly: true });
    await expect.poll(head).toBe(mine.replace("limit: 4", "limit: 7"));
  });
  it("merges a third version into the result of the first two, and undo goes back across", async () => {
    await connect(store);
    const dag = await fork(store, false, base.replace("interval_sec: 5", "interval_sec: 9"));
    open("/sync/conflicts");
    await seen(() => text().includes("Version 1 of 2"));
    press("2");
    await seen(() => button("Next version")?.getAttribute("aria-disabled") !== "true");
    button("Next version")?.click();
    await seen(() => text().includes("Version 2 of 2") && text().includes("merged automatically"));
    press("u");
    await seen(() => text().includes("Version 1 of 2"));
    button("Next version")?.click();
    await seen(() => text().includes("Version 2 of 2"));
    button("Publish result")?.click();
    const head = async (): Promise<string | undefined> => store.transact(async (tx) => (await tx.revision((await tx.dag(dagId(dag)))?.head ?? revisionId("")))?.text, { readonly: true });
    await expect.poll(head).toBe(mine.replace("limit: 4", "limit: 3").replace("interval_sec: 5", "interval_sec: 9"));
  });
  it("keeps both as two DAGs", async () => {
    await connect(store);
    await fork(store);
    open("/sync/conflicts");
    await seen(() => button("Keep both as two DAGs") !== undefined);
    button("Keep both as two DAGs")?.click();
    await expect.poll(() => store.transact(async (tx) => (await tx.dags()).length, { readonly: true })).toBe(2);
  });
  it("decides later without a modal, and says it on the DAG's own page and in the list", async () => {
    await connect(store);
    await fork(store);
    open("/sync/conflicts");
    await seen(() => button("Decide later") !== undefined);
    button("Decide later")?.click();
    await seen(() => document.querySelector("a.conflict") !== null);
    for (const path of ["/dags", "/dags/etl"]) {
      router.go(path);
      await seen(() => document.querySelector("main a.conflict-chip")?.textContent?.includes("edited on two devices") === true);
    }
    expect(document.querySelector("nav .badge")?.textContent).toContain("1");
  });
  it("shows a delete against an edit with both ways out", async () => {
    await connect(store);
    const dag = await fork(store, true);
    open("/sync/conflicts");
    await seen(() => text().includes("etl was deleted and edited"));
    expect(await faults()).toEqual([]);
    button("Keep deleted")?.click();
    await expect.poll(() => store.transact(async (tx) => (await tx.dag(dagId(dag)))?.deletedAt !== undefined, { readonly: true })).toBe(true);
  });
  it("lets a viewer look and not decide", async () => {
    await connect(store, "viewer");
    await fork(store);
    open("/sync/conflicts");
    await seen(() => text().includes("Your role may not change DAGs."));
    expect(button("Keep both as two DAGs")?.getAttribute("aria-disabled")).toBe("true");
  });
  it("warns before a silent device is retired, says what retiring means, and asks first", async () => {
    await connect(store);
    open("/sync/devices");
    await seen(() => text().includes("Silent for long: retired by itself in 9 d") || text().includes("Silent for long: retired by itself in 10 d"));
    expect(text()).toContain("holds back collection");
    expect(await faults()).toEqual([]);
    const [, retire] = [...document.querySelectorAll<HTMLElement>("main li button")].filter((one) => one.textContent?.trim() === "Retire");
    retire?.click();
    await seen(() => document.querySelector("dialog")?.textContent?.includes("fetches everything anew") === true);
    [...document.querySelectorAll<HTMLElement>("dialog footer button")].at(-1)?.click();
    await expect.poll(() => sent).toContainEqual(["retireDevice", "there"]);
  });
  it("shows the plan of a repair before anything is fetched", async () => {
    await connect(store);
    open("/sync/status?do=verify");
    await seen(() => text().includes("entries 1 001 to 2 000".replaceAll(" 0", "\u20090")));
    expect(sent.map(([name]) => name)).toEqual(["verify"]);
    button("Repair")?.click();
    await expect.poll(() => sent).toContainEqual(["repair", { checked: 2, differing: [1], head: 9 }]);
  });
  it("protects the last admin, and lets an admin change others' roles", async () => {
    await connect(store);
    open("/sync/account");
    await seen(() => document.querySelectorAll("main select").length === 2);
    const [ann, bob] = [...document.querySelectorAll<HTMLSelectElement>("main select")];
    expect([ann?.disabled, bob?.disabled]).toEqual([true, false]);
    if (bob === undefined) throw new Error("no second member");
    bob.value = "editor";
    bob.dispatchEvent(new Event("change", { bubbles: true }));
    await expect.poll(() => sent).toContainEqual(["setMember", "u2", "editor"]);
    expect(await faults()).toEqual([]);
  });
  it("rests until a person chooses when the server went back in time", async () => {
    await connect(store);
    await store.transact((tx) => tx.putSetting("sync.choice", JSON.stringify({ type: "went-back", epoch: "e1", chain: [], common: 2, at: Date.now(), newer: 4, unsent: 1 })));
    open("/sync/status");
    await seen(() => text().includes("The server went back in time"));
    expect(button("Sync now")?.getAttribute("aria-disabled")).toBe("true");
    button("Give it the newer records")?.click();
    await expect.poll(() => sent).toEqual([["chooseHistory", "upload"]]);
  });
  it("speaks Chinese throughout", async () => {
    await connect(store);
    await fork(store);
    words.choose("zh-CN");
    open("/sync/conflicts");
    await seen(() => text().includes("etl 在两台设备上被编辑"));
    expect(text()).toContain("与服务器一致，只差 1 处冲突");
  });
});
