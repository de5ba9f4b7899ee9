/** Owns Python on Node: the interpreter's files lie in the installed module; it is loaded when first called. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { KindWorld, PythonRunner } from "../worker/kind.ts";

const folder = (): string => `${dirname(createRequire(import.meta.url).resolve("pyodide/package.json"))}/`;

export const createNodePython = (world: Pick<KindWorld, "files" | "assets" | "now">): PythonRunner => {
  let runner: Promise<PythonRunner> | undefined;
  const load = async (): Promise<PythonRunner> => {
    const { createPython } = await import("../worker/kinds/python/run.ts");
    return createPython(world, () => Promise.resolve({ indexURL: folder(), jsglobals: Object.create(null) as object }));
  };
  return async (program) => {
    runner ??= load();
    return (await runner)(program);
  };
};
