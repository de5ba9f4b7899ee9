/** Owns `npm run shell -- DIR [--group G] [--browser]`: every script of a corpus folder against our shell; ends with "passed N of M". */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../shell/commands/table.ts";
import { checkEntry, platformClock } from "./shell/corpus.ts";
import type { CorpusEntry } from "./shell/corpus.ts";

interface Arguments {
  readonly directory: string;
  readonly group: string | undefined;
  readonly browser: boolean;
}
const readArguments = (argv: readonly string[]): Arguments | undefined => {
  let directory: string | undefined;
  let group: string | undefined;
  let browser = false;
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === "--group") group = argv[++i];
    else if (argv[i] === "--browser") browser = true;
    else directory = argv[i];
  }
  return directory === undefined ? undefined : { directory, group, browser };
};
const readCorpus = (directory: string, group: string | undefined): CorpusEntry[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as CorpusEntry[])
    .filter((entry) => group === undefined || entry.group === group);

const main = async (): Promise<number> => {
  const given = readArguments(process.argv.slice(2));
  if (given === undefined) {
    console.error("usage: npm run shell -- DIR [--group everyday|posix|bash|tricky] [--browser]");
    return 2;
  }
  const entries = readCorpus(given.directory, given.group);
  const clock = platformClock();
  const check = given.browser ? (await import("./shell/browser.ts")).createBrowserCheck : undefined;
  const browser = check === undefined ? undefined : await check();
  const groups = new Map<string, [passed: number, all: number]>();
  let passed = 0;
  for (const entry of entries) {
    const reasons = browser === undefined ? await checkEntry(entry, commands, clock) : await browser.check(entry);
    const count = groups.get(entry.group) ?? [0, 0];
    groups.set(entry.group, [count[0] + (reasons.length === 0 ? 1 : 0), count[1] + 1]);
    if (reasons.length === 0) passed++;
    else console.log(`${entry.id} ${entry.title}: ${reasons.join(" | ")}`);
  }
  await browser?.close();
  for (const [group, [good, all]] of groups) console.log(`${group}: ${good} of ${all}`);
  console.log(`passed ${passed} of ${entries.length}`);
  return passed === entries.length ? 0 : 1;
};
process.exit(await main());
