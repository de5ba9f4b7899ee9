/** Owns the reading of Go's regular expressions, in linear time and of bounded size. */
import { RE2JS } from "re2js";

export const patternMax = 4_096;
/** Undefined when Go would refuse the pattern, or when it is larger than `patternMax`. */
export const regexOf = (pattern: string): RE2JS | undefined => {
  if (pattern.length > patternMax) return undefined;
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof Error && /RE2JS/.test(error.name)) return undefined;
    throw error;
  }
};
