/** Owns the collecting of findings: offsets become lines and columns, each place says one thing once. */
import { lintText } from "./words.ts";
import type { LintCode } from "./words.ts";

export interface LintFinding {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly code: string;
  readonly data: Record<string, string>;
  /** English. */
  readonly text: string;
}

export class Findings {
  private readonly found: { readonly at: number; readonly code: LintCode; readonly data: Record<string, string> }[] = [];
  add(at: number, code: LintCode, data: Record<string, string> = {}): void {
    if (!this.found.some((other) => other.at === at && other.code === code)) this.found.push({ at, code, data });
  }
  /** In the order of the text. */
  placed(text: string): readonly LintFinding[] {
    return [...this.found]
      .sort((a, b) => a.at - b.at)
      .map(({ at, code, data }) => {
        const before = text.slice(0, at);
        return { line: before.split("\n").length, column: at - before.lastIndexOf("\n"), code, data, text: lintText(code, data, "en") };
      });
  }
}
