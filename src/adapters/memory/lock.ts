/** Owns exclusive ownership and nudges among hosts of one process: tabs in a simulation, or the command line alone. */
import type { Lock } from "../../ports/lock.ts";
import type { Notify, Nudge } from "../../ports/notify.ts";

export const createMemoryLock = (): Lock => {
  const queues = new Map<string, { readonly onHeld: () => void }[]>();
  const grant = (name: string): void => queues.get(name)?.[0]?.onHeld();
  return {
    acquire: (name, onHeld) => {
      const queue = queues.get(name) ?? [];
      queues.set(name, queue);
      const entry = { onHeld };
      queue.push(entry);
      if (queue[0] === entry) queueMicrotask(() => queue[0] === entry && onHeld());
      return {
        release: () => {
          const at = queue.indexOf(entry);
          if (at === -1) return;
          queue.splice(at, 1);
          if (at === 0) grant(name);
        },
      };
    },
    isHeld: async (name) => (queues.get(name)?.length ?? 0) > 0,
  };
};

export const createMemoryNotify = (): Notify => {
  const listeners = new Set<(nudge: Nudge) => void>();
  return {
    send: (nudge) => {
      for (const listener of [...listeners]) queueMicrotask(() => listeners.has(listener) && listener(nudge));
    },
    listen: (onNudge) => {
      listeners.add(onNudge);
      return () => void listeners.delete(onNudge);
    },
  };
};
