/** Owns `dagbok fmt --migrate`: an older text in today's words, comments, order and quoting kept. Notes go to standard error. */
import { readFileSync, writeFileSync } from "node:fs";
import { migrate } from "../core/spec/migrate/migrate.ts";

/** Prints each file's new text, or writes it back. 0 = done, 1 = something could not be carried over as it was. */
export const formatFiles = (files: readonly string[], write: boolean): number => {
  let lossy = 0;
  for (const file of files) {
    const before = readFileSync(file, "utf8");
    const { text, changes, notes } = migrate(before);
    for (const change of changes) process.stderr.write(`${file}:${change.line}: ${change.from} → ${change.to}\n`);
    for (const note of notes) process.stderr.write(`${file}:${note.line}: ${note.message}\n`);
    lossy += notes.length;
    if (!write) process.stdout.write(text);
    else if (text !== before) writeFileSync(file, text);
  }
  return lossy === 0 ? 0 : 1;
};
