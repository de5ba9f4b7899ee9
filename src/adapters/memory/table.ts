/** Owns a table of rows in memory whose writes can be taken back until they are committed. */

export interface Journal {
  readonly undo: (step: () => void) => void;
  readonly rollback: () => void;
  readonly forget: () => void;
}
export const createJournal = (): Journal => {
  let steps: (() => void)[] = [];
  return {
    undo: (step) => {
      steps.push(step);
    },
    rollback: () => {
      for (const step of steps.reverse()) step();
      steps = [];
    },
    forget: () => {
      steps = [];
    },
  };
};

export interface Table<Row> {
  readonly get: (key: string) => Row | undefined;
  readonly put: (key: string, row: Row) => void;
  readonly remove: (key: string) => void;
  readonly rows: () => readonly Row[];
  readonly keys: () => readonly string[];
  readonly size: () => number;
}
/** Rows are frozen one level deep on their way in: whoever mutates what it was given fails. */
export const createTable = <Row extends object>(journal: Journal): Table<Row> => {
  const map = new Map<string, Row>();
  const restore = (key: string): void => {
    const before = map.get(key);
    journal.undo(() => void (before === undefined ? map.delete(key) : map.set(key, before)));
  };
  return {
    get: (key) => map.get(key),
    put: (key, row) => {
      restore(key);
      map.set(key, Object.freeze(row));
    },
    remove: (key) => {
      if (!map.has(key)) return;
      restore(key);
      map.delete(key);
    },
    rows: () => [...map.values()],
    keys: () => [...map.keys()],
    size: () => map.size,
  };
};

/** Dense lists by key: logs, which only grow at their end or go as a whole. */
export interface Lists<Row> {
  readonly get: (key: string) => readonly Row[];
  readonly push: (key: string, rows: readonly Row[]) => void;
  readonly remove: (key: string) => void;
  readonly keys: () => readonly string[];
}
export const createLists = <Row>(journal: Journal): Lists<Row> => {
  const map = new Map<string, Row[]>();
  return {
    get: (key) => map.get(key) ?? [],
    push: (key, rows) => {
      const list = map.get(key) ?? [];
      map.set(key, list);
      const before = list.length;
      list.push(...rows);
      journal.undo(() => void (list.length = before));
    },
    remove: (key) => {
      const list = map.get(key);
      if (list === undefined) return;
      map.delete(key);
      journal.undo(() => void map.set(key, list));
    },
    keys: () => [...map.keys()],
  };
};
