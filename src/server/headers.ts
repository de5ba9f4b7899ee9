/** Owns the headers of every answer, by path: who may run what, reach whom, and keep it for how long. Measured in three engines. */

export type Headers = Readonly<Record<string, string>>;

const everywhere: Headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};
const page =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; " +
  "worker-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";
/** Step code: nothing but itself and wasm handed to it. Never `'self'`: it could start the broker's script or ask our server. */
const stepWorker = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'; worker-src 'none'";
const brokerWorker = "default-src 'none'; script-src 'none'; connect-src http: https: ws: wss:; worker-src 'none'";
/** Host and file workers: our own code, our own server, our own workers. */
const ownWorker = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";
const serviceWorker = "default-src 'none'; script-src 'self'; connect-src 'self'";
const sandbox = (hash: string): string =>
  `sandbox allow-scripts; default-src 'none'; script-src '${hash}'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'self'`;
/** The same frame for a page whose scripts were asked for: they run, and reach nothing. */
const sandboxRun =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; " +
  "media-src data: blob:; connect-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
const isSandbox = (path: string): boolean => path === "/sandbox.html" || path === "/sandbox-run.html";

const policyOf = (path: string, hash: string): string => {
  if (path === "/sandbox.html") return sandbox(hash);
  if (path === "/sandbox-run.html") return sandboxRun;
  if (path === "/sw.js") return serviceWorker;
  if (path.startsWith("/workers/step-")) return stepWorker;
  if (path.startsWith("/workers/broker-")) return brokerWorker;
  return path.startsWith("/workers/") ? ownWorker : page;
};
/** Hashed names never change; everything else is asked for again each time. */
const isHashed = (path: string): boolean => /^\/(assets|workers|runtimes)\/.+-[\w-]{8,}\.\w+$/.test(path);

/** `hash` is the sandbox page's script hash. */
export const headersFor = (path: string, hash: string): Headers => ({
  ...everywhere,
  ...(isSandbox(path) ? { "Cross-Origin-Resource-Policy": "cross-origin", "X-DNS-Prefetch-Control": "off" } : {}),
  "Content-Security-Policy": policyOf(path, hash),
  "Cache-Control": isHashed(path) ? "public, max-age=31536000, immutable" : "no-cache",
  ...(path === "/sw.js" ? { "Service-Worker-Allowed": "/" } : {}),
});
