import { createMemoryFiles } from "../../../src/adapters/memory/files.ts";
import { createMemoryStore } from "../../../src/adapters/memory/store.ts";
import { filesContract } from "../../contracts/files.contract.ts";
import { storeContract } from "../../contracts/store.contract.ts";

storeContract("memory", async () => ({ store: createMemoryStore() }));
filesContract("memory", async () => createMemoryFiles(() => Date.now()));
