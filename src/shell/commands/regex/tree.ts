/** Owns the parsed form of POSIX regular expressions. Characters are code points (or bytes, when the source was a byte string). */

export type SetItem =
  | { readonly type: "range"; readonly from: number; readonly to: number }
  | { readonly type: "class"; readonly name: string }
  | { readonly type: "escape"; readonly letter: "w" | "W" | "s" | "S" };

export type Node =
  | { readonly type: "char"; readonly point: number }
  | { readonly type: "any" }
  | { readonly type: "set"; readonly negated: boolean; readonly items: readonly SetItem[] }
  /** ^ $ < > b B ` ' */
  | { readonly type: "assert"; readonly mark: string }
  | { readonly type: "group"; readonly index: number; readonly node: Node }
  | { readonly type: "back"; readonly index: number }
  | { readonly type: "cat"; readonly nodes: readonly Node[] }
  | { readonly type: "alt"; readonly nodes: readonly Node[] }
  | { readonly type: "repeat"; readonly node: Node; readonly min: number; readonly max: number };

/** "basic" and "extended" as GNU grep and sed read them, "awk" as mawk does (no intervals, no back-references). */
export type Flavor = "basic" | "extended" | "awk";

export interface Syntax {
  readonly flavor: Flavor;
  /** sed and awk know \n, \t, \xHH… in patterns. */
  readonly escapes: boolean;
}

/** The pattern is no regular expression; `message` is GNU's text. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}
