/**
 * Owns nudges among tabs and workers of one origin by BroadcastChannel; this context hears its own ones too. News of commits are many and
 * best effort: at most one per `quietMs` leaves, the newest.
 */
import type { Notify, Nudge } from "../../ports/notify.ts";

const quietMs = 100;

export const createWebNotify = (name: string): Notify => {
  const listeners = new Set<(nudge: Nudge) => void>();
  const tell = (nudge: Nudge): void => listeners.forEach((listener) => listener(nudge));
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(name);
  if (channel !== undefined) channel.onmessage = (event: MessageEvent<Nudge>) => tell(event.data);
  const send = (nudge: Nudge): void => {
    channel?.postMessage(nudge);
    tell(nudge);
  };
  let committed: Nudge | undefined;
  const sendCommitted = (): void => {
    if (committed !== undefined) send(committed);
    committed = undefined;
  };
  return {
    send: (nudge) => {
      if (nudge.type !== "committed") return queueMicrotask(() => send(nudge));
      if (committed === undefined) setTimeout(sendCommitted, quietMs);
      committed = nudge;
    },
    listen: (onNudge) => {
      listeners.add(onNudge);
      return () => void listeners.delete(onNudge);
    },
  };
};
