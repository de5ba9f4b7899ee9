/** Owns the set of builtin names per dialect, filled by the table. */
import type { Shell } from "../state/shell.ts";

const all = new Set<string>();
const posix = new Set<string>();
export const registerName = (name: string, bashOnly: boolean): void => {
  all.add(name);
  if (!bashOnly) posix.add(name);
};
export const builtinNames = (sh: Shell): ReadonlySet<string> => (sh.dialect === "sh" ? posix : all);
