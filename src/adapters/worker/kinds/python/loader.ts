/**
 * Owns starting Pyodide from bytes, in a worker that may fetch nothing: the runtime asks for its files by name, a stand-in for `fetch` answers
 * those names and no other. The module function is bundled, since a sandboxed worker may import nothing either.
 */
import type { Assets } from "../../../../ports/assets.ts";
import type { PythonLoader } from "./run.ts";

const base = "https://runtime.invalid/";
/** What `js` would show if it were importable: enough for the runtime's own start. */
const scope = (): object => ({ Object, Array, Promise, setTimeout, clearTimeout, Date, Map });

export const createByteLoader = (createPyodideModule: unknown): PythonLoader => async (assets: Assets) => {
  const [wasm, library, lock] = await Promise.all([assets.load("pyodide.asm.wasm"), assets.load("python_stdlib.zip"), assets.load("pyodide-lock.json")]);
  const answers: Readonly<Record<string, readonly [Uint8Array, string]>> = {
    "pyodide.asm.wasm": [wasm, "application/wasm"], "python_stdlib.zip": [library, "application/zip"],
  };
  const answer = (input: unknown): Promise<Response> => {
    const found = answers[String(input instanceof Request ? input.url : input).slice(base.length)];
    if (found === undefined) return Promise.reject(new TypeError("steps cannot fetch"));
    return Promise.resolve(new Response(found[0].slice(), { headers: { "content-type": found[1] } }));
  };
  Object.defineProperty(globalThis, "fetch", { value: answer, configurable: true, writable: true });
  return {
    indexURL: base, packageBaseUrl: base, stdLibURL: `${base}python_stdlib.zip`, lockFileContents: new TextDecoder().decode(lock), jsglobals: scope(),
    createPyodideModule: createPyodideModule as never,
  };
};
