/** Owns the hints that a space has moved on: told to the event streams of this node, and to other nodes through a bridge. Best effort. */

export interface Heads {
  readonly publish: (space: string, head: number) => void;
  readonly listen: (space: string, onHead: (head: number) => void) => () => void;
}
/** How hints reach other nodes; absent with one node. */
export interface HeadsBridge {
  readonly send: (space: string, head: number) => void;
  readonly onHead: (listener: (space: string, head: number) => void) => void;
}

export const createHeads = (bridge?: HeadsBridge): Heads => {
  const listeners = new Map<string, Set<(head: number) => void>>();
  const tell = (space: string, head: number): void => {
    for (const listener of listeners.get(space) ?? []) listener(head);
  };
  bridge?.onHead(tell);
  return {
    publish: (space, head) => {
      tell(space, head);
      bridge?.send(space, head);
    },
    listen: (space, onHead) => {
      const all = listeners.get(space) ?? new Set();
      listeners.set(space, all.add(onHead));
      return () => {
        all.delete(onHead);
        if (all.size === 0) listeners.delete(space);
      };
    },
  };
};
