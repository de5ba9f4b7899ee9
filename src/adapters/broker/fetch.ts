/**
 * Owns reaching other origins: one request, one answer, and which of the ways to fail it was. Runs in the only worker whose policy lets it.
 * A browser does not say why a fetch failed; a second, opaque request tells "answers, but not to pages" from "does not answer".
 */
import { networkError, responseBytesMax, type NetworkError, type NetworkRequest, type NetworkResponse } from "../../ports/network.ts";

/** Milliseconds when the step names none. */
const timeoutMsDefault = 60_000;
const probeMsMax = 4000;

export const hostOf = (url: string): string | undefined => {
  try {
    const { protocol, host } = new URL(url);
    return (protocol === "http:" || protocol === "https:") && host !== "" ? host : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

/** Rejects with a `NetworkError` only. */
export const reach = async (request: NetworkRequest, signal: AbortSignal): Promise<NetworkResponse> => {
  const host = hostOf(request.url);
  if (host === undefined) throw networkError("bad-url", request.url);
  if (new URL(request.url).protocol === "http:" && self.location.protocol === "https:" && !isLoopback(host)) throw networkError("mixed-content", host);
  const late = AbortSignal.timeout(request.timeoutMs ?? timeoutMsDefault);
  const either = AbortSignal.any([signal, late]);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers.map(([name, value]): [string, string] => [name, value]),
      redirect: request.followRedirects ? "follow" : "manual",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: either,
      ...(request.body === undefined ? {} : { body: request.body as Uint8Array<ArrayBuffer> }),
    });
    const body = await bodyOf(response, host);
    return { status: response.status, statusText: response.statusText, headers: [...response.headers], body, url: response.url };
  } catch (error) {
    throw await causeOf(error, { host, url: request.url, signal, late });
  }
};
const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);

const bodyOf = async (response: Response, host: string): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > responseBytesMax) {
      await reader?.cancel();
      throw networkError("too-large", host);
    }
    pieces.push(part.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

interface Place {
  readonly host: string;
  readonly url: string;
  readonly signal: AbortSignal;
  readonly late: AbortSignal;
}
const causeOf = async (error: unknown, { host, url, signal, late }: Place): Promise<NetworkError> => {
  if ((error as Error).name === "NetworkError" && "failure" in (error as object)) return error as NetworkError;
  if (signal.aborted) return networkError("aborted", host);
  if (late.aborted) return networkError("timeout", host);
  if (!navigator.onLine && !isLoopback(host)) return networkError("offline", host);
  return networkError((await answersAtAll(url)) ? "cors" : "unreachable", host);
};
const answersAtAll = async (url: string): Promise<boolean> => {
  try {
    await fetch(url, { mode: "no-cors", credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(probeMsMax) });
    return true;
  } catch (error) {
    if (error instanceof TypeError || error instanceof DOMException) return false;
    throw error;
  }
};
