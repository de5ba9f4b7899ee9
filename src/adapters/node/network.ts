/** Owns reaching other hosts from Node: the broker of the command line. The same refusals as in a browser, without CORS. */
import { isHostAllowed, networkError, NetworkError, responseBytesMax, type Network, type NetworkFailure } from "../../ports/network.ts";

const limitMs = 300_000;

export const createNodeNetwork = (): Network => ({
  fetch: async (request, hosts, signal) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) throw networkError("bad-url", request.url);
    if (!isHostAllowed(url.host, hosts)) throw networkError("refused-host", url.host);
    const late = AbortSignal.timeout(request.timeoutMs ?? limitMs);
    try {
      const answer = await fetch(url, {
        method: request.method, headers: request.headers.map(([name, value]) => [name, value] as [string, string]),
        redirect: request.followRedirects ? "follow" : "manual", signal: AbortSignal.any([signal, late]),
        ...(request.body === undefined ? {} : { body: request.body.slice() }),
      });
      const body = new Uint8Array(await answer.arrayBuffer());
      if (body.byteLength > responseBytesMax) throw networkError("too-large", url.host);
      return { status: answer.status, statusText: answer.statusText, headers: [...answer.headers], body, url: answer.url };
    } catch (error) {
      if (error instanceof NetworkError) throw error;
      throw networkError(signal.aborted ? "aborted" : late.aborted ? "timeout" : causeOf(error), url.host);
    }
  },
});
const causes: Readonly<Record<string, NetworkFailure>> = {
  ENOTFOUND: "unknown-host", EAI_AGAIN: "unknown-host", ECONNREFUSED: "no-listener", ETIMEDOUT: "timeout", UND_ERR_CONNECT_TIMEOUT: "timeout",
};
/** Node says why: a code, in the error or below it, of one address or of several. */
const causeOf = (error: unknown): NetworkFailure => {
  const { code, cause, errors } = error as { readonly code?: unknown; readonly cause?: unknown; readonly errors?: readonly unknown[] };
  if (typeof code === "string" && causes[code] !== undefined) return causes[code];
  if (typeof code === "string" && /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code)) return "bad-certificate";
  const below = cause ?? errors?.[0];
  return below === undefined ? "unreachable" : causeOf(below);
};
