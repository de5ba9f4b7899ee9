/** The store contract over the browser's own IndexedDB. */
import { openDexieStore } from "../../../src/adapters/dexie/store.ts";
import { storeContract } from "../../contracts/store.contract.ts";

let last = 0;
storeContract("IndexedDB in Chromium", async () => {
  last += 1;
  const name = `contract-${Date.now()}-${last}`;
  return {
    store: await openDexieStore({ name }),
    other: () => openDexieStore({ name }),
    dispose: async () => void indexedDB.deleteDatabase(name),
  };
});
