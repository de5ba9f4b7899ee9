/**
 * The contract with whoever reads texts beside the page: issues (those of scripts among them) and the spec, without the weight of its
 * scripts. A text of ten thousand steps must not hold the keyboard.
 */
import type { Dag } from "../../core/spec/dag.ts";
import type { Issue } from "../../core/spec/issue.ts";

export interface SpecReading {
  /** At most `issuesMax`, in the order of the text's phases; hints on scripts last. */
  readonly issues: readonly Issue[];
  /** Absent when the text does not load. Scripts and commands are cut to their first line, `with` and `foreign` to what badges look at. */
  readonly dag?: Dag;
}
export interface SpecReadOptions {
  readonly name: string;
  /** Text of the base configuration. */
  readonly base?: string;
}
export interface SpecReader {
  /** Undefined when a newer text came before this one's turn: one text is read at a time, and only the newest waits. */
  readonly read: (text: string, options: SpecReadOptions) => Promise<SpecReading | undefined>;
}
export const issuesMax = 500;
