/**
 * Owns `npm run conformance -- DIR [--only TOPIC[/SLUG]] [--browser] [--verbose]`: plays a corpus of recorded workflows and says which hold.
 * Ends with `held N of M`; exit code 0 only when all do. Cases that need what we do otherwise on purpose are named apart.
 */
import { parseArgs } from "node:util";
import type { CaseFolder } from "./case.ts";
import { readCorpus } from "./corpus.ts";
import { judgeAll, type Judged, type Player } from "./judge.ts";
import { nodeStage } from "./node.ts";
import { play } from "./play.ts";

/** Cases under way at once: most of them wait. */
const width = 12;
const usage = "usage: npm run conformance -- DIR [--only TOPIC[/SLUG]] [--browser] [--verbose]";

export const conformance = async (argv: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { only: { type: "string" }, browser: { type: "boolean", default: false }, verbose: { type: "boolean", default: false } },
  });
  const directory = positionals[0];
  if (directory === undefined) {
    console.error(usage);
    return 2;
  }
  const folders = readCorpus(directory, values.only);
  const stage = await openStage(values.browser);
  try {
    const round = await judgeAll(folders, stage.player, width, (judged) => show(judged, values.verbose));
    const held = round.judged.filter((one) => one.differs.length === 0).length;
    for (const { topic, slug, case: { needs } } of round.skipped) console.log(`skipped ${topic}/${slug} (${needs.join(", ")})`);
    console.log(`held ${held} of ${round.judged.length}`);
    return held === round.judged.length ? 0 : 1;
  } finally {
    await stage.close();
  }
};

const openStage = async (isBrowser: boolean): Promise<{ readonly player: Player; readonly close: () => Promise<void> }> => {
  if (isBrowser) return (await import("./browser.ts")).openBrowserStage();
  const stage = nodeStage();
  return { player: (folder: CaseFolder) => play(stage, folder), close: () => Promise.resolve() };
};

const show = ({ folder, differs, report }: Judged, isVerbose: boolean): void => {
  if (differs.length === 0) return;
  console.log(`differs ${folder.topic}/${folder.slug}\n  ${differs.join("\n  ")}`);
  if (!isVerbose || report === undefined) return;
  for (const path of differs) console.log(`  ${path}\n    expected ${valueAt(folder.expect, path)}\n    found    ${valueAt(report, path)}`);
};
/** `stdout.STEP` is compared by step, but lies in the nodes. */
const valueAt = (tree: unknown, path: string): string => {
  const [head, ...rest] = path.split(".");
  if (head === "stdout" || head === "stderr") {
    const node = (tree as { readonly nodes?: readonly { readonly name: string }[] }).nodes?.find((one) => one.name === rest.join("."));
    return JSON.stringify((node as Record<string, unknown> | undefined)?.[head]);
  }
  let value: unknown = tree;
  for (const part of path.split(".")) value = (value as Record<string, unknown> | null | undefined)?.[part];
  return JSON.stringify(value) ?? "nothing";
};
