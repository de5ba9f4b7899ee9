/** Owns laying three texts side by side, line by line: lines that all have stand in one row, what lies between stands row by row from the top. */
import { diffIndices } from "node-diff3";

/** Line numbers, 1-based; absent where a text has no line in this row. */
export interface AlignedRow {
  readonly base?: number;
  readonly mine?: number;
  readonly theirs?: number;
  /** All three say the same. */
  readonly same: boolean;
}
export const align = (texts: { readonly base: string; readonly mine: string; readonly theirs: string }): readonly AlignedRow[] => {
  const [base, mine, theirs] = [texts.base, texts.mine, texts.theirs].map((text) => text.split("\n"));
  const inMine = matchesOf(base ?? [], mine ?? []);
  const inTheirs = matchesOf(base ?? [], theirs ?? []);
  const rows: AlignedRow[] = [];
  let at: Place = { base: 0, mine: 0, theirs: 0 };
  (base ?? []).forEach((_, b) => {
    const [m, t] = [inMine.get(b), inTheirs.get(b)];
    if (m === undefined || t === undefined) return;
    rows.push(...between(at, { base: b, mine: m, theirs: t }), { base: b + 1, mine: m + 1, theirs: t + 1, same: true });
    at = { base: b + 1, mine: m + 1, theirs: t + 1 };
  });
  return [...rows, ...between(at, { base: base?.length ?? 0, mine: mine?.length ?? 0, theirs: theirs?.length ?? 0 })];
};
interface Place {
  readonly base: number;
  readonly mine: number;
  readonly theirs: number;
}
const between = (from: Place, to: Place): readonly AlignedRow[] => {
  const count = Math.max(to.base - from.base, to.mine - from.mine, to.theirs - from.theirs);
  return Array.from({ length: count }, (_, n): AlignedRow => ({
    ...(from.base + n < to.base ? { base: from.base + n + 1 } : {}),
    ...(from.mine + n < to.mine ? { mine: from.mine + n + 1 } : {}),
    ...(from.theirs + n < to.theirs ? { theirs: from.theirs + n + 1 } : {}),
    same: false,
  }));
};
/** Index of each base line in the other text, where it is the same line. */
const matchesOf = (base: readonly string[], other: readonly string[]): ReadonlyMap<number, number> => {
  const matches = new Map<number, number>();
  let [b, o] = [0, 0];
  for (const { buffer1, buffer2 } of diffIndices([...base], [...other])) {
    for (; b < buffer1[0]; b++, o++) matches.set(b, o);
    [b, o] = [buffer1[0] + buffer1[1], buffer2[0] + buffer2[1]];
  }
  for (; b < base.length; b++, o++) matches.set(b, o);
  return matches;
};
