/**
 * The offline shell. W1 Every address of the app answers with the precached page, server or not. W2 Runtimes come from a cache of their own,
 * filled when the page asks. W3 A new version waits until a page says so; it never takes over a tab that runs something.
 * W4 Requests to other origins and to the API are left alone. W5 What a host sends without our headers leaves here with them: on a static
 * host the policies hold from the second load on.
 */
/// <reference lib="webworker" />
import { addPlugins, cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { CacheFirst } from "workbox-strategies";
import type { RuntimeFile } from "./ports/tab/site.ts";
import { headersFor } from "./server/headers.ts";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (PrecacheEntry | string)[] };
declare const __RUNTIMES__: readonly RuntimeFile[];
declare const __SANDBOX_HASH__: string;

const runtimeCache = "dagbok-runtimes";

/** Our headers where the host has sent none. */
const guarded = {
  handlerWillRespond: async ({ request, response }: { readonly request: Request; readonly response: Response }): Promise<Response> => {
    if (response.headers.has("Content-Security-Policy")) return response;
    const { pathname } = new URL(request.url);
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(headersFor(pathname === "/index.html" ? "/" : pathname, __SANDBOX_HASH__))) headers.set(name, value);
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
  },
};
addPlugins([guarded]);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [/^\/api\//, /^\/health$/, /^\/sandbox(-run)?\.html$/] }));
registerRoute(({ url, sameOrigin }) => sameOrigin && /^\/(runtimes\/|workers\/step-(python|postgres)-)/.test(url.pathname), new CacheFirst({ cacheName: runtimeCache, plugins: [guarded] }));

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
