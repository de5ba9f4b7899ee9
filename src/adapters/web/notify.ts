/** Owns nudges among tabs and workers of one origin by BroadcastChannel; this context hears its own ones too. */
import type { Notify, Nudge } from "../../ports/notify.ts";

export const createWebNotify = (name: string): Notify => {
  const listeners = new Set<(nudge: Nudge) => void>();
  const tell = (nudge: Nudge): void => listeners.forEach((listener) => listener(nudge));
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
  if (channel !== undefined) channel.onmessage = (event: MessageEvent<Nudge>) => tell(event.data);
  return {
    send: (nudge) => {
      channel?.postMessage(nudge);
      queueMicrotask(() => tell(nudge));
    },
    listen: (onNudge) => {
      listeners.add(onNudge);
      return () => void listeners.delete(onNudge);
    },
  };
};
