/** Owns finding in all lines of a log, in slices so that the tab stays awake. Refuses to know where the lines come from. */
import { plain } from "./ansi.ts";

export interface Wanted {
  readonly text: string;
  readonly matchCase: boolean;
  readonly regex: boolean;
}
const sliceLines = 40_000;
const hitsMax = 100_000;
/** A pattern sees at most this much of a line: a bound on what a careless one can cost. */
const patternCharsMax = 2000;

/** The test for one line; undefined when the pattern is not valid. */
export const testOf = (wanted: Wanted): ((line: string) => boolean) | undefined => {
  if (wanted.regex) {
    try {
      const pattern = new RegExp(wanted.text, wanted.matchCase ? "" : "i");
      return (line) => pattern.test(line.slice(0, patternCharsMax));
    } catch {
      return undefined;
    }
  }
  if (wanted.matchCase) return (line) => line.includes(wanted.text);
  const lower = wanted.text.toLowerCase();
  return (line) => line.toLowerCase().includes(lower);
};
/** Pieces of a line inside and outside of the hit. */
export const split = (line: string, wanted: Wanted): readonly { readonly text: string; readonly hit: boolean }[] => {
  if (wanted.text === "") return [{ text: line, hit: false }];
  const source = wanted.regex ? wanted.text : wanted.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found: { text: string; hit: boolean }[] = [];
  let from = 0;
  try {
    for (const match of line.slice(0, patternCharsMax).matchAll(new RegExp(source, wanted.matchCase ? "g" : "gi"))) {
      if (match[0] === "") continue;
      if (match.index > from) found.push({ text: line.slice(from, match.index), hit: false });
      found.push({ text: match[0], hit: true });
      from = match.index + match[0].length;
    }
  } catch {
    return [{ text: line, hit: false }];
  }
  if (from < line.length) found.push({ text: line.slice(from), hit: false });
  return found;
};
/** Tells the line numbers (0-based) found so far after each slice; answers a function that stops. */
export const findAll = (count: number, line: (index: number) => string, wanted: Wanted, tell: (hits: readonly number[], done: boolean) => void): (() => void) => {
  const test = testOf(wanted);
  let stopped = false;
  if (test === undefined || wanted.text === "") {
    tell([], true);
    return () => {};
  }
  const hits: number[] = [];
  const slice = (from: number): void => {
    if (stopped) return;
    const to = Math.min(count, from + sliceLines);
    for (let at = from; at < to && hits.length < hitsMax; at += 1) if (test(plain(line(at)))) hits.push(at);
    const done = to >= count || hits.length >= hitsMax;
    tell([...hits], done);
    if (!done) setTimeout(() => slice(to), 0);
  };
  slice(0);
  return () => {
    stopped = true;
  };
};
