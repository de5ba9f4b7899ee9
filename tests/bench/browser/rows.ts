/** Owns how samples become rows of a result: median, spread, verdict. */
import type { Row } from "../main.ts";

export interface Target {
  readonly words: string;
  readonly holds: (median: number) => boolean;
}
export const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);
/** NaN of none. */
export const medianOf = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
export const row = (name: string, values: readonly number[], target?: Target): Row => {
  const all = sorted(values);
  const median = medianOf(values);
  return {
    name, median, low: all[0] ?? Number.NaN, high: all.at(-1) ?? Number.NaN,
    ...(target === undefined ? {} : { target: target.words, held: target.holds(median) }),
  };
};
export const atLeast = (limit: number, words: string): Target => ({ words: `at least ${words}`, holds: (median) => median >= limit });
export const atMost = (limit: number, words: string): Target => ({ words: `at most ${words}`, holds: (median) => median <= limit });
