/**
 * The contract with other origins. Steps never fetch themselves: a broker does, which holds the grants.
 * N1 A host that the order does not allow is refused before any byte leaves. N2 A failure says which of these things happened, in words: a browser
 * cannot tell the last three apart from "unreachable", Node can.
 */
export interface NetworkRequest {
  readonly url: string;
  readonly method: string;
  /** In order; names as written. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array;
  /** Milliseconds; absent = the broker's own limit. */
  readonly timeoutMs?: number;
  readonly followRedirects: boolean;
}
export interface NetworkResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  /** After redirects. */
  readonly url: string;
}
export type NetworkFailure = "cors" | "mixed-content" | "offline" | "refused-host" | "timeout" | "aborted" | "too-large" | "bad-url" | "unreachable" | "unknown-host" | "no-listener" | "bad-certificate";
/** The only error that `fetch` rejects with. `message` names the cause and a way out, in English. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  readonly failure: NetworkFailure;
  readonly host: string;
  constructor(failure: NetworkFailure, host: string, message: string) {
    super(message);
    this.failure = failure;
    this.host = host;
  }
}
export interface Network {
  /** `hosts`: what the step's DAG may reach ("api.example.com", "*.example.com", "*"). */
  readonly fetch: (request: NetworkRequest, hosts: readonly string[], signal: AbortSignal) => Promise<NetworkResponse>;
}
/** Largest body of an answer, bytes. */
export const responseBytesMax = 64 * 1024 * 1024;

/** Whether a host (with port, if not the usual one) is among the allowed ones. */
export const isHostAllowed = (host: string, hosts: readonly string[]): boolean => {
  const bare = host.replace(/:\d+$/, "");
  return hosts.some((each) => {
    if (each === "*" || each === host || each === bare) return true;
    return each.startsWith("*.") && (bare.endsWith(each.slice(1)) || bare === each.slice(2));
  });
};
const words: Readonly<Record<NetworkFailure, (host: string) => string>> = {
  cors: (host) => `${host} answered, but does not allow pages to read it (CORS). Ask its owner to allow this origin, or run the step on a backend.`,
  "mixed-content": (host) => `this page was loaded over https and may not read http://${host}. Use https, or open the app over http on localhost.`,
  offline: (host) => `no network: ${host} cannot be reached while this device is offline. Run the step again when it is online.`,
  "refused-host": (host) => `this DAG has not been granted the host ${host}. Grant it in the DAG's settings, then run the step again.`,
  timeout: (host) => `${host} did not answer in time. Raise the step's timeout, or try again later.`,
  aborted: (host) => `the request to ${host} was stopped`,
  "too-large": (host) => `the answer of ${host} is larger than ${responseBytesMax} bytes`,
  "bad-url": (host) => `not a usable URL: ${host}`,
  "unknown-host": (host) => `the name of ${host} is unknown (DNS). Check how it is written, and whether this network knows it.`,
  "no-listener": (host) => `${host} refused the connection: nothing listens there. Check the port, and whether the service runs.`,
  "bad-certificate": (host) => `the certificate of ${host} is not trusted. Renew it, or use a name that it is made out to.`,
  unreachable: (host) => `${host} cannot be reached: the name is unknown, nothing listens there, or it forbids pages to read it (CORS).`,
};
export const networkError = (failure: NetworkFailure, host: string): NetworkError => new NetworkError(failure, host, words[failure](host));
