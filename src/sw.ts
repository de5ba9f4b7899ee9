/**
 * The offline shell. W1 Every address of the app answers with the precached page, server or not. W2 Runtimes come from a cache of their own,
 * filled when the page asks. W3 A new version waits until a page says so; it never takes over a tab that runs something.
 * W4 Requests to other origins and to the API are left alone.
 */
/// <reference lib="webworker" />
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import type { RuntimeFile } from "./ports/tab/site.ts";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };
declare const __RUNTIMES__: readonly RuntimeFile[];

const runtimeCache = "dagbok-runtimes";

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [/^\/api\//, /^\/health$/, /^\/sandbox\.html$/] }));
registerRoute(({ url, sameOrigin }) => sameOrigin && /^\/(runtimes\/|workers\/step-(python|postgres)-)/.test(url.pathname), new CacheFirst({ cacheName: runtimeCache }));

/** Fetches what of a pack is missing; answers once it is complete. Old versions of its files go. */
const fillPack = async (pack: RuntimeFile["pack"]): Promise<boolean> => {
  const cache = await caches.open(runtimeCache);
  const wanted = __RUNTIMES__.filter((file) => file.pack === pack);
  for (const { url } of wanted) if ((await cache.match(url)) === undefined) await cache.add(url);
  const known = new Set(__RUNTIMES__.map((file) => new URL(file.url, self.location.origin).href));
  for (const request of await cache.keys()) if (!known.has(request.url)) await cache.delete(request);
  return true;
};

self.addEventListener("message", (event) => {
  const message = event.data as { readonly type?: string; readonly pack?: RuntimeFile["pack"] } | undefined;
  const [port] = event.ports;
  if (message?.type === "SKIP_WAITING") void self.skipWaiting();
  if (message?.type === "fill" && message.pack !== undefined)
    event.waitUntil(fillPack(message.pack).then(
      () => port?.postMessage({ ok: true }),
      (error: unknown) => port?.postMessage({ ok: false, message: error instanceof Error ? error.message : String(error) }),
    ));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
