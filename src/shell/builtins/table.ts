/** Owns the table of builtins: which exist in which dialect, and what the help page says of them. */
import type { CommandInfo } from "../contract.ts";
import type { Shell } from "../state/shell.ts";
import { controlBuiltins } from "./control.ts";
import { directoryBuiltins } from "./directories.ts";
import { echoBuiltins } from "./output/echo.ts";
import type { Builtin } from "./entry.ts";
import { jobBuiltins } from "./jobs.ts";
import { registerName } from "./names.ts";
import { printfBuiltins } from "./output/printf.ts";
import { readBuiltins } from "./input/read.ts";
import { settingBuiltins } from "./settings.ts";
import { testBuiltins } from "./condition/test.ts";
import { typeBuiltins } from "./type.ts";
import { variableBuiltins } from "./variables.ts";

const table = new Map<string, Builtin>();
for (const group of [
  controlBuiltins, directoryBuiltins, echoBuiltins, jobBuiltins, printfBuiltins, readBuiltins, settingBuiltins, testBuiltins, typeBuiltins, variableBuiltins,
]) {
  for (const builtin of group) {
    table.set(builtin.name, builtin);
    registerName(builtin.name, builtin.bashOnly === true);
  }
}

export const builtinOf = (sh: Shell, name: string): Builtin | undefined => {
  const builtin = table.get(name);
  return builtin?.bashOnly === true && sh.dialect === "sh" ? undefined : builtin;
};
/** Every builtin with its summary and options, by name, for the help page. */
export const builtinInfos: readonly (CommandInfo & { readonly bashOnly: boolean })[] = [...table.values()]
  .map(({ name, summary, options, synopsis, bashOnly }) => ({ name, summary, options, bashOnly: bashOnly === true, ...(synopsis === undefined ? {} : { synopsis }) }))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
