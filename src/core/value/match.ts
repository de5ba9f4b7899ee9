/** Owns how texts are matched (7, 8.1): whole-line literals, `re:` searches, over lines. Guest: `re2js`, linear in the text. */
import { RE2JS } from "re2js";

/** A compiled search, or undefined for an invalid pattern (it never matches). */
const compiled = (source: string): RE2JS | undefined => {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined; // The contract says: an invalid regex never matches.
  }
};
/** Lines of a text; a last newline opens no further line; an empty text is one empty line. */
export const linesOf = (text: string): readonly string[] => {
  const lines = text.split("\n").map((each) => (each.endsWith("\r") ? each.slice(0, -1) : each));
  if (lines.length > 1 && lines[lines.length - 1] === "") lines.pop();
  return lines;
};
/** Condition match: any line equals the literal, or is found by the regex. */
export const matchesExpected = (value: string, expected: string): boolean => {
  if (!expected.startsWith("re:")) return linesOf(value).includes(expected) || value === expected;
  const pattern = compiled(expected.slice(3));
  return pattern !== undefined && linesOf(value).some((line) => pattern.matcher(line).find());
};
/** `continue_on.output`: substring or `re:` in a line of the log. */
export const findsPattern = (text: string, patterns: readonly string[]): boolean => {
  const lines = linesOf(text);
  return patterns.some((each) => {
    if (!each.startsWith("re:")) return each !== "" && lines.some((line) => line.includes(each));
    const pattern = compiled(each.slice(3));
    return pattern !== undefined && lines.some((line) => pattern.matcher(line).find());
  });
};
