/** Owns deep freezing of values that the core hands out, so that a caller who mutates one fails at once in development. */

const isPlain = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Freezes `value` and everything below it, without recursion; typed arrays are left alone. Returns the same value. */
export const deepFreeze = <T>(value: T): T => {
  const todo: unknown[] = [value];
  while (todo.length > 0) {
    const next = todo.pop();
    if (!isPlain(next) || ArrayBuffer.isView(next) || Object.isFrozen(next)) continue;
    Object.freeze(next);
    todo.push(...Object.values(next));
  }
  return value;
};
