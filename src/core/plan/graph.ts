/** Owns walks over edges given as lists of numbers: cycles and reach. Iterative, linear in nodes and edges. */

/** The nodes of one cycle in walking order; empty when there is none. */
export const cycleIn = (depends: readonly (readonly number[])[], dependents: readonly (readonly number[])[]): readonly number[] => {
  const open = depends.map((list) => list.length);
  const free = open.flatMap((count, index) => (count === 0 ? [index] : []));
  let settled = 0;
  while (free.length > 0) {
    const index = free.pop()!;
    settled += 1;
    for (const next of dependents[index]!) {
      open[next]! -= 1;
      if (open[next] === 0) free.push(next);
    }
  }
  return settled === depends.length ? [] : walkCycle(depends, open);
};

/** From any node that never came free, one step up at a time: the first node met twice closes the cycle. */
const walkCycle = (depends: readonly (readonly number[])[], open: readonly number[]): readonly number[] => {
  const path: number[] = [];
  const at = new Map<number, number>();
  let index = open.findIndex((count) => count > 0);
  while (!at.has(index)) {
    at.set(index, path.length);
    path.push(index);
    index = depends[index]!.find((dep) => open[dep]! > 0)!;
  }
  return path.slice(at.get(index)).reverse();
};

/** `from` and everything below it. */
export const reach = (from: Iterable<number>, below: (index: number) => readonly number[]): ReadonlySet<number> => {
  const seen = new Set(from);
  const todo = [...seen];
  while (todo.length > 0) {
    for (const next of below(todo.pop()!)) {
      if (seen.has(next)) continue;
      seen.add(next);
      todo.push(next);
    }
  }
  return seen;
};
