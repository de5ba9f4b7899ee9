/**
 * Owns exclusive ownership among tabs by Web Locks. Where there are none (plain http, very old engines) every tab believes it holds the
 * lock: the term in the store still fences all but the newest.
 */
import type { Lock } from "../../ports/lock.ts";

export const createWebLock = (): Lock => {
  const locks = (navigator as { readonly locks?: LockManager }).locks;
  if (locks === undefined) return createLocalLock();
  return {
    acquire: (name, onHeld) => {
      const control = new AbortController();
      let letGo: () => void = () => control.abort();
      const held = locks.request(name, { signal: control.signal }, () => {
        const until = new Promise<void>((resolve) => {
          letGo = resolve;
        });
        onHeld();
        return until;
      });
      held.catch((error: unknown) => {
        if (!control.signal.aborted) throw error;
      });
      return { release: () => letGo() };
    },
    isHeld: async (name) => ((await locks.query()).held ?? []).some((lock) => lock.name === name),
  };
};
const createLocalLock = (): Lock => {
  const held = new Set<string>();
  return {
    acquire: (name, onHeld) => {
      held.add(name);
      queueMicrotask(onHeld);
      return { release: () => void held.delete(name) };
    },
    isHeld: async (name) => held.has(name),
  };
};
