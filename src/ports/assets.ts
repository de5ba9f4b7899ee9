/** The contract with runtime files: wasm and packs by name, as bytes. A browser worker gets them by message, Node reads its modules. */
export type AssetName =
  | "quickjs.wasm" | "jq.wasm" | "sqlite3.wasm" | "pyodide.asm.wasm" | "python_stdlib.zip" | "pyodide-lock.json" | "pglite.wasm" | "pglite.data" | "initdb.wasm";
export interface Assets {
  /** Rejects with a plain sentence when the pack is not installed. */
  readonly load: (name: AssetName) => Promise<Uint8Array>;
}
