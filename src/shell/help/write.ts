/**
 * Owns how the help's entries are made from the tables that run. Run by the command line, which keeps the answer in `entries.json`, so that
 * a page or an editor can show it without loading the shell.
 */
import { builtinInfos } from "../builtins/table.ts";
import { commands } from "../commands/table.ts";
import type { CommandInfo } from "../contract.ts";
import type { HelpEntry } from "./read.ts";

const entry = (info: CommandInfo, kind: HelpEntry["kind"]): HelpEntry => ({
  name: info.name,
  kind,
  synopsis: info.synopsis ?? "",
  en: info.summary.en,
  zh: info.summary.zh,
  options: info.options.map(({ flag, en, zh }) => [flag, en, zh] as const),
  ...(info.strict === true ? { strict: true } : {}),
  ...(info.stopsAtOperand === true ? { stops: true } : {}),
});

/** All builtins and commands, by name in byte order; a builtin that is a program too comes as the builtin. `doors` are commands of other runtimes. */
export const makeEntries = (doors: readonly CommandInfo[]): readonly HelpEntry[] => {
  const found = new Map<string, HelpEntry>();
  for (const info of [...commands.values(), ...doors]) found.set(info.name, entry(info, "command"));
  for (const info of builtinInfos) found.set(info.name, { ...entry(info, "builtin"), ...(info.bashOnly ? { bashOnly: true } : {}) });
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};
