/**
 * Owns the hints that a space has moved on: told to the event streams of this node, and to other nodes through a bridge. Best effort; a hint
 * that was lost between nodes is found by `poll`. Owns the streams' end as well: a node that stops lets its devices go to another at once.
 */

export interface Listener {
  readonly onHead: (head: number) => void;
  /** The node is stopping. */
  readonly onEnd: () => void;
}
export interface Heads {
  readonly publish: (space: string, head: number) => void;
  /** Answers a function that stops listening. */
  readonly listen: (space: string, listener: Listener) => () => void;
  readonly listeners: () => number;
  /** Reads the heads of the spaces that somebody listens to, and tells what no hint has told. */
  readonly poll: (headOf: (space: string) => Promise<number | undefined>) => Promise<void>;
  readonly end: () => void;
}
/** How hints reach other nodes; absent with one node. */
export interface HeadsBridge {
  readonly send: (space: string, head: number) => void;
  readonly onHead: (listener: (space: string, head: number) => void) => void;
}

export const createHeads = (bridge?: HeadsBridge): Heads => {
  const listeners = new Map<string, Set<Listener>>();
  const told = new Map<string, number>();
  const tell = (space: string, head: number): void => {
    const all = listeners.get(space);
    if (all === undefined) return;
    told.set(space, head);
    for (const listener of all) listener.onHead(head);
  };
  bridge?.onHead(tell);
  return {
    publish: (space, head) => {
      tell(space, head);
      bridge?.send(space, head);
    },
    listen: (space, listener) => {
      const all = listeners.get(space) ?? new Set();
      listeners.set(space, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size > 0 || listeners.get(space) !== all) return;
        listeners.delete(space);
        told.delete(space);
      };
    },
    listeners: () => [...listeners.values()].reduce((sum, all) => sum + all.size, 0),
    poll: async (headOf) => {
      for (const space of [...listeners.keys()]) {
        const head = await headOf(space);
        if (head !== undefined && head !== told.get(space)) tell(space, head);
      }
    },
    end: () => {
      for (const all of [...listeners.values()]) for (const listener of [...all]) listener.onEnd();
    },
  };
};
