/** Owns the merge of texts that do not parse, or whose structure cannot be followed: line by line, overlaps are conflicts. */
import { diff3Merge } from "node-diff3";
import type { Choices } from "./choice.ts";
import type { Conflict } from "./three-way.ts";

/** Lines, 1-based; `to` < `from` is an empty place before `from`. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}
export interface LineConflict extends Conflict {
  readonly at: { readonly base: Lines; readonly mine: Lines; readonly theirs: Lines };
}
export interface ByLines {
  readonly text: string;
  readonly conflicts: readonly LineConflict[];
}
/** A conflict's path is "line N", N counted in the merge that keeps mine everywhere, so that no choice renames another. */
export const mergeLines = (texts: { readonly base: string; readonly mine: string; readonly theirs: string }, choices: Choices): ByLines => {
  const regions = diff3Merge(texts.mine.split("\n"), texts.base.split("\n"), texts.theirs.split("\n"), { excludeFalseConflicts: true });
  const lines: string[] = [];
  const conflicts: LineConflict[] = [];
  let kept = 0;
  for (const region of regions) {
    if (region.ok !== undefined) {
      lines.push(...region.ok);
      kept += region.ok.length;
    }
    if (region.conflict === undefined) continue;
    const { a, aIndex, b, bIndex, o, oIndex } = region.conflict;
    const path = `line ${kept + 1}`;
    const at = { base: linesFrom(oIndex, o.length), mine: linesFrom(aIndex, a.length), theirs: linesFrom(bIndex, b.length) };
    conflicts.push({ path, base: o.join("\n"), mine: a.join("\n"), theirs: b.join("\n"), at });
    const choice = choices.get(path);
    lines.push(...(choice === undefined || choice.type === "mine" ? a : choice.type === "theirs" ? b : choice.text === "" ? [] : choice.text.split("\n")));
    kept += a.length;
  }
  return { text: lines.join("\n"), conflicts };
};
const linesFrom = (index: number, length: number): Lines => ({ from: index + 1, to: index + length });
