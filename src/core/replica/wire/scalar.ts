/** Owns the small shapes that every message is made of, with their limits. */
import * as v from "valibot";

export const idMax = 200;
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
export const id = v.pipe(v.string(), v.minLength(1), v.maxLength(idMax));
/** SHA-256 in lower-case hex. */
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const text = v.string();
