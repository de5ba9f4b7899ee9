/**
 * Owns the page's side of the service worker: is everything cached that the next visit needs, does a newer version wait, apply it when
 * the person says so. Refuses to know any screen. Ready means: the worker controls this page and the core pack is complete.
 */
import { Workbox } from "workbox-window";
import type { RuntimeFile } from "../../ports/tab/site.ts";

export interface OfflineNews {
  readonly offlineReady: boolean;
  readonly updateReady: boolean;
  /** Why the core pack is not complete, in the browser's words; absent while it is being fetched or done. */
  readonly error?: string;
}
export interface Offline {
  readonly news: () => OfflineNews;
  /** Tells after each change; answers a function that stops. */
  readonly listen: (tell: (news: OfflineNews) => void) => () => void;
  /** Lets the waiting version take over and reloads this page once it has. */
  readonly update: () => void;
  /** Fetches a pack into the cache; rejects with the reason. */
  readonly fill: (pack: RuntimeFile["pack"]) => Promise<void>;
}
const fillTimeoutMs = 120_000;

/** Registers `/sw.js`. Where there is no service worker (private window, plain HTTP) it says "not ready" and refuses packs. */
export const createOffline = (): Offline => {
  const listeners = new Set<(news: OfflineNews) => void>();
  let news: OfflineNews = { offlineReady: false, updateReady: false };
  const set = (change: Partial<OfflineNews>): void => {
    news = { ...news, ...change };
    for (const tell of listeners) tell(news);
  };
  const workbox = "serviceWorker" in navigator ? new Workbox("/sw.js") : undefined;
  const fill = async (pack: RuntimeFile["pack"]): Promise<void> => {
    if (workbox === undefined) throw new Error("This browser gives the page no service worker, so nothing can be kept for offline use.");
    await navigator.serviceWorker.ready;
    await askToFill(pack);
  };
  workbox?.addEventListener("waiting", () => set({ updateReady: true }));
  workbox?.register().then(
    () => fill("core").then(() => set({ offlineReady: true }), (error: unknown) => set({ error: textOf(error) })),
    (error: unknown) => set({ error: textOf(error) }),
  );
  return {
    news: () => news,
    listen: (tell) => {
      listeners.add(tell);
      tell(news);
      return () => void listeners.delete(tell);
    },
    update: () => {
      if (workbox === undefined || !news.updateReady) return;
      workbox.addEventListener("controlling", () => location.reload());
      workbox.messageSkipWaiting();
    },
    fill,
  };
};

const askToFill = async (pack: RuntimeFile["pack"]): Promise<void> => {
  const worker = (await navigator.serviceWorker.ready).active;
  if (worker === null) throw new Error("The service worker is not active yet.");
  const channel = new MessageChannel();
  const answered = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("Fetching the runtimes took too long.")), fillTimeoutMs);
    channel.port1.onmessage = (event: MessageEvent<{ readonly ok: boolean; readonly message?: string }>) => {
      clearTimeout(timer);
      if (event.data.ok) resolve();
      else reject(new Error(event.data.message ?? "The runtimes could not be fetched."));
    };
  });
  worker.postMessage({ type: "fill", pack }, [channel.port2]);
  await answered;
};
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
