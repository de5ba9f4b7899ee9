/** Owns edits of a text by offset: collected in any order, applied once, the rest of the text byte for byte as it was. */

export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Edits at the same place count once; one that overlaps an earlier one is left out. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  const sorted = [...edits].sort((a, b) => a.from - b.from || a.to - b.to);
  const parts: string[] = [];
  let at = 0, last: Edit | undefined;
  for (const edit of sorted) {
    const twice = last !== undefined && edit.from === last.from && edit.to === last.to;
    if (twice || edit.from < at) continue;
    parts.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
    last = edit;
  }
  return parts.join("") + text.slice(at);
};

export const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
export const columnOf = (text: string, at: number): number => at - lineStart(text, at);
/** Whether only blanks or a dash stand before `at` on its line. */
export const beginsLine = (text: string, at: number): boolean => /^[ -]*$/.test(text.slice(lineStart(text, at), at));
/** The end of the last line that holds something of [from, to). */
export const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};
/** Moves the lines that begin in (from, to) by `by` columns; blank lines stay. */
export const shiftLines = (text: string, from: number, to: number, by: number): readonly Edit[] => {
  const edits: Edit[] = [];
  for (let at = text.indexOf("\n", from); at >= 0 && at + 1 < to; at = text.indexOf("\n", at + 1)) {
    const line = text.slice(at + 1, lineEnd(text, at + 1));
    const indent = /^ */.exec(line)![0].length;
    if (line.trim() === "") continue;
    if (by >= 0) edits.push({ from: at + 1, to: at + 1, text: " ".repeat(by) });
    else edits.push({ from: at + 1, to: at + 1 + Math.min(indent, -by), text: "" });
  }
  return edits;
};
