/** Owns the parsed form of sed scripts. */
import type { Matcher } from "../regex/match.ts";

export type Address =
  | { readonly type: "line"; readonly line: number }
  | { readonly type: "step"; readonly first: number; readonly step: number }
  | { readonly type: "last" }
  | { readonly type: "zero" }
  /** `undefined`: the regular expression used last. */
  | { readonly type: "match"; readonly matcher: Matcher | undefined }
  | { readonly type: "plus"; readonly count: number }
  | { readonly type: "multiple"; readonly of: number };

/** A piece of a replacement: text, a group (0 is the whole match), or a change of case. */
export type ReplacePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "group"; readonly index: number }
  | { readonly type: "case"; readonly mode: "L" | "U" | "l" | "u" | "E" };

export interface Substitution {
  readonly matcher: Matcher | undefined;
  readonly parts: readonly ReplacePart[];
  readonly global: boolean;
  readonly nth: number;
  /** Print after; how often p was given before and after e does not matter here. */
  readonly print: boolean;
  readonly evaluate: boolean;
  readonly file: string | undefined;
}

export interface SedCommand {
  readonly name: string;
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly negated: boolean;
  /** Text of a, i, c; file of r, R, w, W; label of b, t, T; command of e. */
  readonly text: string;
  /** Exit code of q and Q, width of l, or where a block ends and a branch goes. */
  number: number;
  readonly substitution?: Substitution;
  readonly map?: ReadonlyMap<string, string>;
  /** Whether a range is open, and the line that closes it. */
  open: boolean;
  until: number;
}

export interface SedScript {
  readonly commands: readonly SedCommand[];
  readonly needsLast: boolean;
  /** "#n" as the first two characters. */
  readonly silent: boolean;
}
