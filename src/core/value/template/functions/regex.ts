/** Owns the reading of Go's regular expressions for values: linear time, bounded size. */
import { RE2JS, RE2JSException } from "re2js";

export const patternMax = 1_000;
/** Undefined when Go would refuse the pattern, or when it is larger than `patternMax`. */
export const regexOf = (pattern: string): RE2JS | undefined => {
  if (pattern.length > patternMax) return undefined;
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) return undefined;
    throw error;
  }
};
