/**
 * Owns the `Network` port across message ports: a step worker asks, the broker answers. The order's hosts are checked here, before a byte
 * leaves; a host that is not among them becomes a question to the host worker, which knows the grants and can ask the person.
 */
import { isHostAllowed, networkError, NetworkError, type Network, type NetworkFailure, type NetworkRequest, type NetworkResponse } from "../../ports/network.ts";
import { hostOf, reach } from "./fetch.ts";

interface Ask {
  readonly type: "fetch";
  readonly id: number;
  readonly request: NetworkRequest;
  readonly hosts: readonly string[];
  readonly run: string;
  readonly step: string;
}
type FromStep = Ask | { readonly type: "abort"; readonly id: number };
type ToStep =
  | { readonly id: number; readonly ok: true; readonly response: NetworkResponse }
  | { readonly id: number; readonly ok: false; readonly failure: NetworkFailure; readonly host: string; readonly message: string };

/** May this run reach this host? Asked of whoever knows; settles when it is known, however long a person takes. */
export type AskGrant = (question: { readonly run: string; readonly step: string; readonly host: string }, signal: AbortSignal) => Promise<boolean>;

/** The step's end of the line. */
export const createRemoteNetwork = (line: MessagePort, whose: () => { readonly run: string; readonly step: string }): Network => {
  let last = 0;
  const waiting = new Map<number, { readonly resolve: (response: NetworkResponse) => void; readonly reject: (error: Error) => void }>();
  line.onmessage = ({ data }: MessageEvent<ToStep>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.ok) asked?.resolve(data.response);
    else asked?.reject(new NetworkError(data.failure, data.host, data.message));
  };
  return {
    fetch: (request, hosts, signal) =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        waiting.set(id, { resolve, reject });
        signal.addEventListener("abort", () => line.postMessage({ type: "abort", id } satisfies FromStep), { once: true });
        line.postMessage({ type: "fetch", id, request, hosts, ...whose() } satisfies FromStep);
      }),
  };
};

/** The broker's end of the line. */
export const serveNetwork = (line: MessagePort, askGrant: AskGrant): void => {
  const aborts = new Map<number, AbortController>();
  const carryOut = async ({ id, request, hosts, run, step }: Ask): Promise<void> => {
    const control = new AbortController();
    aborts.set(id, control);
    try {
      const host = hostOf(request.url);
      if (host === undefined) throw networkError("bad-url", request.url);
      if (!isHostAllowed(host, hosts) && !(await askGrant({ run, step, host }, control.signal))) {
        throw networkError(control.signal.aborted ? "aborted" : "refused-host", host);
      }
      line.postMessage({ id, ok: true, response: await reach(request, control.signal) } satisfies ToStep);
    } catch (error) {
      const known = error instanceof NetworkError ? error : networkError("unreachable", request.url);
      line.postMessage({ id, ok: false, failure: known.failure, host: known.host, message: known.message } satisfies ToStep);
    } finally {
      aborts.delete(id);
    }
  };
  line.onmessage = ({ data }: MessageEvent<FromStep>) => {
    if (data.type === "abort") aborts.get(data.id)?.abort();
    else void carryOut(data);
  };
};
