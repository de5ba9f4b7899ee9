/** Owns `node --import tsx src/cli/shell/help.ts`: writes the help's entries anew from the tables that run. A test holds the file against them. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DoorWorld } from "../../adapters/worker/kinds/doors/door.ts";
import { createDoors } from "../../adapters/worker/kinds/doors/table.ts";
import { makeEntries } from "../../shell/help/write.ts";

/** Where the entries lie: for the shell's own readers, and for the page, which may not look into the shell. */
export const helpFiles = ["shell/help/entries.json", "ui/settings/shell-help.json"] as const;

/** The text of the files: one entry a line. Doors are only described here, never called: they need no world. */
export const helpText = (): string => {
  const doors = createDoors({} as DoorWorld)({ signal: new AbortController().signal, hosts: [], deadlineMs: 0, limited: () => undefined });
  return `[\n${makeEntries([...doors.values()]).map((entry) => JSON.stringify(entry)).join(",\n")}\n]\n`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const file of helpFiles) writeFileSync(join(import.meta.dirname, "../..", file), helpText());
}
