/** Owns which files of which packages are served as runtimes, and copies them to hashed names. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { jqWasm } from "../../adapters/node/assets.ts";
import type { RuntimeFile } from "../../ports/tab/site.ts";

interface Source {
  readonly name: string;
  readonly pack: RuntimeFile["pack"];
  readonly from: string;
  /** How the runtime file is taken out of `from`, when it is not the file itself. */
  readonly read?: (bytes: Buffer) => Uint8Array;
}
const require = createRequire(import.meta.url);
/** The folder of an installed package, found by its package.json or entry. */
const packageFolder = (name: string): string => {
  let folder = dirname(require.resolve(name));
  while (!folder.endsWith(join("node_modules", ...name.split("/")))) folder = dirname(folder);
  return folder;
};
const sources = (): readonly Source[] => {
  const quickjs = packageFolder("@jitl/quickjs-ng-wasmfile-release-sync");
  const sqlite = packageFolder("@sqlite.org/sqlite-wasm");
  const pyodide = packageFolder("pyodide");
  const pglite = packageFolder("@electric-sql/pglite");
  return [
    { name: "quickjs.wasm", pack: "core", from: join(quickjs, "dist/emscripten-module.wasm") },
    { name: "jq.wasm", pack: "core", from: join(packageFolder("jq-wasm"), "dist/build/jq.js"), read: (script) => jqWasm(script.toString("latin1")) },
    { name: "sqlite3.wasm", pack: "core", from: join(sqlite, "dist/sqlite3.wasm") },
    { name: "pyodide.asm.wasm", pack: "python", from: join(pyodide, "pyodide.asm.wasm") },
    { name: "python_stdlib.zip", pack: "python", from: join(pyodide, "python_stdlib.zip") },
    { name: "pyodide-lock.json", pack: "python", from: join(pyodide, "pyodide-lock.json") },
    { name: "pglite.wasm", pack: "postgres", from: join(pglite, "dist/pglite.wasm") },
    { name: "pglite.data", pack: "postgres", from: join(pglite, "dist/pglite.data") },
    { name: "initdb.wasm", pack: "postgres", from: join(pglite, "dist/initdb.wasm") },
  ];
};

export const copyRuntimes = (dist: string): readonly RuntimeFile[] => {
  mkdirSync(join(dist, "runtimes"), { recursive: true });
  return sources().map(({ name, pack, from, read }) => {
    const bytes = read === undefined ? readFileSync(from) : read(readFileSync(from));
    const ext = extname(name);
    const file = `${name.slice(0, -ext.length)}-${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}${ext}`;
    writeFileSync(join(dist, "runtimes", file), bytes);
    return { name, pack, url: `/runtimes/${file}`, bytes: bytes.byteLength };
  });
};
