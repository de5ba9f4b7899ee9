/** Owns how paths and values of a merge are written in one line, and which rows of long texts are folded away. */
import { stringify } from "yaml";
import type { AlignedRow } from "../../../core/merge-spec/align.ts";
import type { Difference } from "../../../core/merge-spec/explain.ts";
import type { Json } from "../../../core/value/json.ts";
import { t } from "../../i18n/words.svelte.ts";

const valueMax = 48;
/** "load.retry_policy.limit". */
export const pathWords = (path: string): string => {
  const order = path.endsWith("#order");
  const plain = (order ? path.slice(0, -6) : path).replace(/^document \d+\/?/, "");
  const name = (plain === "steps" || !plain.startsWith("steps/") ? plain : plain.slice(6)).replaceAll("/", ".");
  const line = /^line (\d+)$/.exec(path)?.[1];
  if (line !== undefined) return t("sync.line", { n: Number(line) });
  return order ? t("sync.orderOf", { name: name === "" ? t("sync.wholeText") : name }) : name === "" ? t("sync.wholeText") : name;
};
/** One line at most, cut; an absent value is said in words. */
export const valueWords = (value: Json | undefined): string => {
  if (value === undefined) return t("sync.absent");
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s*\n\s*/g, " ⏎ ").trim();
  return line.length > valueMax ? `${line.slice(0, valueMax - 1)}…` : line === "" ? '""' : line;
};
/** What a person starts from who writes another value. */
export const valueYaml = (value: Json | undefined): string => (value === undefined ? "" : stringify(value).trimEnd());

export type Row = AlignedRow | { readonly fold: number; readonly from: number };
const unfoldedMax = 60;
const around = 4;
/** Long runs of lines that all three share become one row that tells how many. */
export const folded = (all: readonly AlignedRow[]): readonly Row[] => {
  // Behind the last line break stands no line.
  const rows = all.at(-1)?.same === true && all.length > 1 ? all.slice(0, -1) : all;
  if (rows.length <= unfoldedMax) return rows;
  const shown = rows.map(() => false);
  rows.forEach((row, i) => {
    if (!row.same) shown.fill(true, Math.max(0, i - around), i + around + 1);
  });
  const out: Row[] = [];
  rows.forEach((row, i) => {
    const last = out.at(-1);
    if (shown[i]) out.push(row);
    else if (last !== undefined && "fold" in last) out[out.length - 1] = { fold: last.fold + 1, from: last.from };
    else out.push({ fold: 1, from: i });
  });
  return out;
};

export type Side = "mine" | "base" | "theirs";
export type Mark = "merged" | "conflict" | "current";
/** Marks of a side's lines: green where only this side changed something, amber where both did. The base shows conflicts only. */
export const marksOf = (all: readonly Difference[], side: Side, current: string | undefined): ReadonlyMap<number, Mark> => {
  const marks = new Map<number, Mark>();
  for (const one of all) {
    const lines = one.lines[side];
    const isMine = one.by === "conflict" || one.by === side || (one.by === "both" && side !== "base");
    if (lines === undefined || !isMine || one.path.endsWith("#order")) continue;
    const mark: Mark = one.by !== "conflict" ? "merged" : one.path === current ? "current" : "conflict";
    for (let line = lines.from; line <= lines.to; line++) marks.set(line, mark);
  }
  return marks;
};
