/** Owns runtime files on Node: from the installed modules. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { AssetName, Assets } from "../../ports/assets.ts";

const require = createRequire(import.meta.url);
/** Module whose entry lies beside the file, and the path from there. */
const places: Readonly<Record<AssetName, readonly [string, string]>> = {
  "quickjs.wasm": ["@jitl/quickjs-ng-wasmfile-release-sync/wasm", ""],
  "jq.wasm": ["jq-wasm", "build/jq.js"],
  "sqlite3.wasm": ["@sqlite.org/sqlite-wasm/sqlite3.wasm", ""],
  "pyodide.asm.wasm": ["pyodide/package.json", "pyodide.asm.wasm"],
  "python_stdlib.zip": ["pyodide/package.json", "python_stdlib.zip"],
  "pyodide-lock.json": ["pyodide/package.json", "pyodide-lock.json"],
  "pglite.wasm": ["@electric-sql/pglite", "pglite.wasm"],
  "pglite.data": ["@electric-sql/pglite", "pglite.data"],
  "initdb.wasm": ["@electric-sql/pglite", "initdb.wasm"],
};
/** jq's package keeps its wasm as base64 inside a script. */
export const jqWasm = (script: string): Uint8Array => {
  const found = /base64,(AGFzbQ[A-Za-z0-9+/=]+)/.exec(script);
  if (!found) throw new Error("jq's package does not hold its wasm where it was");
  const bytes = Buffer.from(found[1] as string, "base64");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

export const createNodeAssets = (): Assets => ({
  load: async (name) => {
    const [module, file] = places[name];
    const entry = require.resolve(module);
    const bytes = await readFile(file === "" ? entry : join(dirname(entry), file));
    if (name === "jq.wasm") return jqWasm(bytes.toString("latin1"));
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
});
