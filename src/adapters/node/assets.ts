/** Owns runtime files on Node: from the installed modules. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { AssetName, Assets } from "../../ports/assets.ts";

const require = createRequire(import.meta.url);
/** Module whose entry lies beside the file, and the path from there. */
const places: Readonly<Record<AssetName, readonly [string, string]>> = {
  "quickjs.wasm": ["@jitl/quickjs-ng-wasmfile-release-sync/wasm", ""],
  "sqlite3.wasm": ["@sqlite.org/sqlite-wasm/sqlite3.wasm", ""],
  "pyodide.asm.wasm": ["pyodide/package.json", "pyodide.asm.wasm"],
  "python_stdlib.zip": ["pyodide/package.json", "python_stdlib.zip"],
  "pyodide-lock.json": ["pyodide/package.json", "pyodide-lock.json"],
  "pglite.wasm": ["@electric-sql/pglite", "pglite.wasm"],
  "pglite.data": ["@electric-sql/pglite", "pglite.data"],
  "initdb.wasm": ["@electric-sql/pglite", "initdb.wasm"],
};
export const createNodeAssets = (): Assets => ({
  load: async (name) => {
    const [module, file] = places[name];
    const entry = require.resolve(module);
    const bytes = await readFile(file === "" ? entry : join(dirname(entry), file));
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  },
});
