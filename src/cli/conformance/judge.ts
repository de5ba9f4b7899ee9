/** Owns a round over many cases: several at once, each judged, the outcome counted. */
import { lacking, type CaseFolder, type CaseReport } from "./case.ts";
import { compareResults } from "./compare.mjs";

export interface Judged {
  readonly folder: CaseFolder;
  /** Differing paths; empty = it holds. */
  readonly differs: readonly string[];
  readonly report?: CaseReport;
}
export interface Round {
  readonly judged: readonly Judged[];
  readonly skipped: readonly CaseFolder[];
}
export type Player = (folder: CaseFolder) => Promise<CaseReport>;

/** Plays every case that this engine does not decline, `width` at a time, answers in the given order. */
export const judgeAll = async (folders: readonly CaseFolder[], player: Player, width: number, onJudged?: (judged: Judged) => void): Promise<Round> => {
  const skipped = folders.filter((folder) => folder.case.needs.some((need) => lacking.includes(need)));
  const wanted = folders.filter((folder) => !skipped.includes(folder));
  const judged: Judged[] = new Array<Judged>(wanted.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < wanted.length; at = next++) {
      judged[at] = await judge(wanted[at]!, player);
      onJudged?.(judged[at]!);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, wanted.length)) }, work));
  return { judged, skipped };
};

const judge = async (folder: CaseFolder, player: Player): Promise<Judged> => {
  try {
    const report = await player(folder);
    return { folder, report, differs: compareResults(folder.case, folder.expect, report) };
  } catch (error) {
    return { folder, differs: [`(failed: ${error instanceof Error ? error.stack ?? error.message : String(error)})`] };
  }
};
