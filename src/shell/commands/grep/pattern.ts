/** Owns what grep selects: many patterns of one kind as one test. */
import { Stop, type Run } from "../option/declare.ts";
import { hasHigh } from "../stream/bytes.ts";
import { createMatcher, type Matcher } from "../regex/match.ts";
import { createPerlMatcher } from "../regex/perl.ts";
import { PatternError } from "../regex/tree.ts";

export interface Selector {
  readonly test: (line: string) => boolean;
  /** The matching parts, left to right, not empty, not overlapping. */
  readonly parts: (line: string) => readonly (readonly [number, number])[];
}

const WORD: readonly [string, string] = ["(?<!\\w)", "(?!\\w)"];
const LINE: readonly [string, string] = ["^", "$"];

const createMatchers = (run: Run, patterns: readonly string[], mode: string, utf8: boolean): Matcher[] => {
  const { has } = run.args;
  const around: readonly [string, string] = has("x") ? LINE : has("w") ? WORD : ["", ""];
  const ignoreCase = has("i");
  if (mode === "P") {
    if (patterns.length > 1) throw new Stop(2, "the -P option only supports a single pattern");
    return [createPerlMatcher(patterns[0] ?? "", { utf8, ignoreCase, around })];
  }
  const plain = (text: string): string => text.replace(/[\\^$.*[\]]/g, "\\$&");
  const flavor = mode === "E" ? ("extended" as const) : ("basic" as const);
  const sources = mode === "F" ? patterns.map(plain) : [...patterns];
  const joinable = sources.length > 1 && (mode === "F" || !sources.some((source) => /\\[1-9(]|\(/.test(source)));
  const joined = joinable ? [sources.join(flavor === "extended" ? "|" : "\\|")] : sources;
  return joined.map((source) => createMatcher(source, { flavor, escapes: false, utf8, ignoreCase, around }));
};

const earliest = (matchers: readonly Matcher[], line: string, from: number): readonly [number, number] | undefined => {
  let best: readonly [number, number] | undefined;
  for (const matcher of matchers) {
    const match = matcher.exec(line, from);
    if (match === undefined) continue;
    if (best === undefined || match.start < best[0] || (match.start === best[0] && match.end > best[1])) best = [match.start, match.end];
  }
  return best;
};

const readMode = (run: Run, otherwise: string): string => run.args.given.findLast(({ key }) => "EFGP".includes(key) && key.length === 1)?.key ?? otherwise;

export const createSelector = (run: Run, patterns: readonly string[], otherwise: string, utf8: boolean): Selector => {
  if (patterns.length === 0) return { test: () => false, parts: () => [] };
  const mode = readMode(run, otherwise);
  let matchers: Matcher[];
  try {
    matchers = createMatchers(run, patterns, mode, utf8);
  } catch (error) {
    if (error instanceof PatternError) throw new Stop(2, error.message);
    throw error;
  }
  const [only] = matchers;
  const literal = mode === "F" && patterns.length === 1 && !["i", "w", "x"].some((key) => run.args.has(key)) ? patterns[0] : undefined;
  const test = literal !== undefined && !hasHigh(literal) ? (line: string): boolean => line.includes(literal) : matchers.length === 1 ? only!.test : (line: string): boolean => matchers.some((matcher) => matcher.test(line));
  const parts = (line: string): (readonly [number, number])[] => {
    const found: (readonly [number, number])[] = [];
    for (let from = 0; from <= line.length; ) {
      const part = earliest(matchers, line, from);
      if (part === undefined) break;
      if (part[1] > part[0]) found.push(part);
      from = part[1] > part[0] ? part[1] : part[0] + 1;
    }
    return found;
  };
  return { test, parts };
};
