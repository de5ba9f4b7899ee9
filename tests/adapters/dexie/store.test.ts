/** The store contract over IndexedDB as far as Node has one. */
import "fake-indexeddb/auto";
import { openDexieStore } from "../../../src/adapters/dexie/store.ts";
import { storeContract } from "../../contracts/store.contract.ts";

let last = 0;
storeContract("IndexedDB in Node", async () => {
  last += 1;
  const name = `contract-${last}`;
  return { store: await openDexieStore({ name }), other: () => openDexieStore({ name }) };
});
