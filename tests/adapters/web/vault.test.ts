/** The keeper of secrets over a real key and an IndexedDB in memory. */
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { createWebVault } from "../../../src/adapters/web/vault.ts";
import { instant } from "../../../src/core/base/brand.ts";
import type { Vault } from "../../../src/ports/vault.ts";

let count = 0;
let name = "";
let time = 0;
const open = (): Vault => createWebVault({ name, now: () => instant((time += 1)) });
const fresh = (): Vault => {
  count += 1;
  name = `vault-${count}`;
  time = 0;
  return open();
};
/** Every byte that lies in the database, as Latin-1 text. */
const everything = async (): Promise<string> => {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof ArrayBuffer) found.push(Buffer.from(value).toString("latin1"));
    else if (ArrayBuffer.isView(value)) found.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("latin1"));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
    else found.push(String(value));
  };
  for (const store of db.objectStoreNames) walk(await new Promise((resolve) => (db.transaction(store).objectStore(store).getAll().onsuccess = (event) => resolve((event.target as IDBRequest).result))));
  db.close();
  return found.join("\n");
};
const passphrase = "correct horse";

describe("the vault", () => {
  it("[V1] gives values back to runs alone, and keeps no byte of them in clear", async () => {
    const vault = fresh();
    await vault.put("", "TOKEN", "canary-77aa");
    expect(await vault.open("d1", ["TOKEN", "NONE"])).toEqual({ ok: true, values: { TOKEN: "canary-77aa" } });
    expect(JSON.stringify(await vault.view())).not.toContain("canary");
    expect(await everything()).not.toContain("canary-77aa");
    expect(await open().open("d1", ["TOKEN"])).toEqual({ ok: true, values: { TOKEN: "canary-77aa" } });
  });
  it("[V3] lets a DAG's secret hide the workspace's, and notes the use", async () => {
    const vault = fresh();
    await vault.put("", "A", "for all");
    await vault.put("d1", "A", "for one");
    expect([await vault.open("d1", ["A"]), await vault.open("d2", ["A"])]).toEqual([{ ok: true, values: { A: "for one" } }, { ok: true, values: { A: "for all" } }]);
    expect((await vault.view()).secrets).toEqual([
      { name: "A", scope: "", createdAt: 1, updatedAt: 1, lastUsedAt: 4 }, { name: "A", scope: "d1", createdAt: 2, updatedAt: 2, lastUsedAt: 3 },
    ]);
    await vault.put("d1", "A", "again");
    await vault.delete("", "A");
    expect((await vault.view()).secrets).toEqual([{ name: "A", scope: "d1", createdAt: 2, updatedAt: 5, lastUsedAt: 3 }]);
  });
  it("[V2] opens nothing while locked, in any tab, and everything after the right passphrase", async () => {
    const [vault, other] = [fresh(), open()];
    await vault.put("", "A", "canary-1");
    await vault.protect(passphrase);
    expect([await other.open("d", ["A"]), (await other.view()).isLocked]).toEqual([{ ok: true, values: { A: "canary-1" } }, false]);
    await vault.lock();
    await expect.poll(async () => (await other.view()).isLocked).toBe(true);
    expect(await vault.open("d", ["A"])).toEqual({ ok: false, reason: "locked", name: "A" });
    expect(await vault.open("d", ["B"])).toEqual({ ok: true, values: {} });
    await expect(vault.put("", "B", "x")).rejects.toMatchObject({ code: "locked" });
    await expect(vault.unlock("wrong horse")).rejects.toMatchObject({ code: "wrong_passphrase" });
    await vault.unlock(passphrase);
    expect([await vault.open("d", ["A"]), (await vault.view()).isProtected]).toEqual([{ ok: true, values: { A: "canary-1" } }, true]);
    await vault.unprotect();
    await vault.lock();
    expect([await open().open("d", ["A"]), (await vault.view()).isProtected]).toEqual([{ ok: true, values: { A: "canary-1" } }, false]);
    expect(await everything()).not.toContain("canary-1");
  });
  it("notices a value that was moved or spoilt", async () => {
    const vault = fresh();
    await vault.put("", "A", "one");
    const request = indexedDB.open(name);
    await new Promise((resolve) => (request.onsuccess = resolve));
    const store = request.result.transaction("secrets", "readwrite").objectStore("secrets");
    const row = await new Promise<Record<string, unknown>>((resolve) => (store.get(["", "A"]).onsuccess = (event) => resolve((event.target as IDBRequest).result as Record<string, unknown>)));
    await new Promise((resolve) => (store.put({ ...row, name: "B" }).onsuccess = resolve));
    request.result.close();
    expect(await vault.open("d", ["B"])).toEqual({ ok: false, reason: "damaged", name: "B" });
  });
});
