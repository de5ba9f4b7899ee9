/**
 * Owns finding the lines that differ: Myers' O(ND) in linear space (E. Myers, "An O(ND) Difference Algorithm", 1986), then runs of
 * changes slid down as far as they go, as GNU diff does.
 */

/** Lines `[aFrom, aTo)` of the first file are replaced by `[bFrom, bTo)` of the second. */
export interface Hunk {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

interface Box {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** A point on a shortest path, about its middle. */
const middle = (a: Int32Array, b: Int32Array, box: Box): readonly [number, number] => {
  const { aFrom, aTo, bFrom, bTo } = box;
  const n = aTo - aFrom;
  const m = bTo - bFrom;
  const size = 2 * (n + m) + 3;
  const offset = n + m + 1;
  const forward = new Int32Array(size).fill(-1);
  const backward = new Int32Array(size).fill(n + 1);
  forward[offset + 1] = 0;
  backward[offset + (n - m) - 1] = n;
  const delta = n - m;
  const odd = (delta & 1) !== 0;
  for (let d = 0; ; d++) {
    for (let k = -d; k <= d; k += 2) {
      if (k < -m || k > n) continue;
      let x = k === -d || (k !== d && forward[offset + k - 1]! < forward[offset + k + 1]!) ? forward[offset + k + 1]! : forward[offset + k - 1]! + 1;
      let y = x - k;
      if (x < 0 || y < 0 || x > n || y > m) continue;
      while (x < n && y < m && a[aFrom + x] === b[bFrom + y]) {
        x++;
        y++;
      }
      forward[offset + k] = x;
      if (odd && Math.abs(k - delta) <= d - 1 && x >= backward[offset + k]!) return [aFrom + x, bFrom + y];
    }
    for (let k = delta - d; k <= delta + d; k += 2) {
      if (k < -m || k > n) continue;
      let x = k === delta + d || (k !== delta - d && backward[offset + k - 1]! < backward[offset + k + 1]!) ? backward[offset + k - 1]! : backward[offset + k + 1]! - 1;
      let y = x - k;
      if (x > n || y > m || x < 0 || y < 0) continue;
      while (x > 0 && y > 0 && a[aFrom + x - 1] === b[bFrom + y - 1]) {
        x--;
        y--;
      }
      backward[offset + k] = x;
      if (!odd && Math.abs(k) <= d && x <= forward[offset + k]!) return [aFrom + x, bFrom + y];
    }
  }
};

const mark = (a: Int32Array, b: Int32Array, changedA: Uint8Array, changedB: Uint8Array): void => {
  const todo: Box[] = [{ aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }];
  while (todo.length > 0) {
    let { aFrom, aTo, bFrom, bTo } = todo.pop()!;
    while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) {
      aFrom++;
      bFrom++;
    }
    while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) {
      aTo--;
      bTo--;
    }
    if (aFrom === aTo) changedB.fill(1, bFrom, bTo);
    else if (bFrom === bTo) changedA.fill(1, aFrom, aTo);
    else {
      const [x, y] = middle(a, b, { aFrom, aTo, bFrom, bTo });
      todo.push({ aFrom, aTo: x, bFrom, bTo: y }, { aFrom: x, aTo, bFrom: y, bTo });
    }
  }
};

/** Slides each run of changes as far down as it goes, joining runs it meets; stays where the other file changes too. */
const slide = (lines: Int32Array, changed: Uint8Array, other: Uint8Array): void => {
  let i = 0;
  let j = 0;
  const end = lines.length;
  for (;;) {
    while (i < end && changed[i] === 0) {
      while (other[j++] === 1);
      i++;
    }
    if (i === end) return;
    let start = i;
    while (changed[++i] === 1);
    while (other[j] === 1) j++;
    let length: number;
    let corresponding: number;
    do {
      length = i - start;
      while (start > 0 && lines[start - 1] === lines[i - 1]) {
        changed[--start] = 1;
        changed[--i] = 0;
        while (start > 0 && changed[start - 1] === 1) start--;
        while (other[--j] === 1);
      }
      corresponding = j > 0 && other[j - 1] === 1 ? i : end;
      while (i !== end && lines[start] === lines[i]) {
        changed[start++] = 0;
        changed[i++] = 1;
        while (changed[i] === 1) i++;
        while (other[++j] === 1) corresponding = i;
      }
    } while (length !== i - start);
    while (corresponding < i) {
      changed[--start] = 1;
      changed[--i] = 0;
      while (other[--j] === 1);
    }
  }
};

/** The differences of two lists of lines, where `keyOf` says which lines count as equal. */
export const findChanges = (left: readonly string[], right: readonly string[], keyOf: (line: string) => string): Hunk[] => {
  const ids = new Map<string, number>();
  const idOf = (line: string): number => {
    const key = keyOf(line);
    const known = ids.get(key) ?? ids.size;
    ids.set(key, known);
    return known;
  };
  const a = Int32Array.from(left, idOf);
  const b = Int32Array.from(right, idOf);
  const changedA = new Uint8Array(a.length + 1);
  const changedB = new Uint8Array(b.length + 1);
  mark(a, b, changedA, changedB);
  slide(a, changedA, changedB);
  slide(b, changedB, changedA);
  const hunks: Hunk[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [aFrom, bFrom] = [i, j];
    while (changedA[i] === 1) i++;
    while (changedB[j] === 1) j++;
    if (i > aFrom || j > bFrom) hunks.push({ aFrom, aTo: i, bFrom, bTo: j });
    else {
      i++;
      j++;
    }
  }
  return hunks;
};
