/** Owns which files of which packages are served as runtimes, and copies them to hashed names. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type { RuntimeFile } from "../../ports/site.ts";

interface Source {
  readonly name: string;
  readonly pack: RuntimeFile["pack"];
  readonly from: string;
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
  return sources().map(({ name, pack, from }) => {
    const bytes = readFileSync(from);
    const ext = extname(name);
    const file = `${name.slice(0, -ext.length)}-${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}${ext}`;
    copyFileSync(from, join(dist, "runtimes", file));
    return { name, pack, url: `/runtimes/${file}`, bytes: bytes.byteLength };
  });
};
