/** Every recorded script against our shell. The marks may only rise. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkEntry, platformClock } from "../../src/cli/shell/corpus.ts";
import type { CorpusEntry } from "../../src/cli/shell/corpus.ts";
import { commands } from "../../src/shell/commands/table.ts";

/** Scripts that pass, by folder and group; raise a number when more do. */
const marks: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  corpus: { everyday: 118, posix: 86, bash: 81, tricky: 95 },
  variations: { posix: 213, bash: 176, tricky: 77 },
};
const entriesIn = (folder: string): CorpusEntry[] =>
  readdirSync(join(import.meta.dirname, folder)).flatMap((name) => JSON.parse(readFileSync(join(import.meta.dirname, folder, name), "utf8")) as CorpusEntry[]);

for (const [folder, groups] of Object.entries(marks)) {
  describe(`recorded scripts: ${folder}`, () => {
    const entries = entriesIn(folder);
    it.each(Object.entries(groups))("%s passes at least %i", { timeout: 120_000 }, async (group, mark) => {
      const clock = platformClock();
      const misses: string[] = [];
      const chosen = entries.filter((entry) => entry.group === group);
      for (const entry of chosen) {
        const reasons = await checkEntry(entry, commands, clock);
        if (reasons.length > 0) misses.push(`${entry.id} ${entry.title}: ${reasons.join(" | ")}`);
      }
      expect(chosen.length - misses.length, misses.join("\n")).toBeGreaterThanOrEqual(mark);
    });
  });
}
