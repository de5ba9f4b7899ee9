/** Owns one request to the user's server: the token in its header alone, large bodies compressed, and what an answer says about who answered. */
import { err, ok, type Result } from "../../core/base/result.ts";
import type { RemoteRefusal, SignInRefusal } from "../../ports/sync/remote.ts";

const requestMs = 30_000;
/** A body at least this long is compressed; the server takes no more than 100 bytes out of one, so what shrinks too well goes as it is. */
const gzipFrom = 8 << 10;
const ratioMax = 80;
const retryAfterMs = 5_000;

export interface Sent {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly bytes?: Uint8Array<ArrayBuffer>;
}
/** The raw answer, or that there was none. `onDate` hears what time it is there. */
export const ask = async ({ url, method, headers = {}, body, bytes }: Sent, onDate?: (at: number) => void): Promise<Result<Response, RemoteRefusal>> => {
  const packed = body === undefined ? { headers: {}, body: bytes } : await pack(JSON.stringify(body));
  const sent = packed.body === undefined ? {} : { body: packed.body };
  try {
    const response = await fetch(url, {
      method: method ?? (body === undefined ? "GET" : "POST"), ...sent, headers: { ...headers, ...packed.headers },
      cache: "no-store", redirect: "error", signal: AbortSignal.timeout(requestMs),
    });
    const date = Date.parse(response.headers.get("date") ?? "");
    if (Number.isFinite(date)) onDate?.(date);
    return ok(response);
  } catch {
    return err({ type: "unreachable" });
  }
};
const pack = async (text: string): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array<ArrayBuffer> }> => {
  const type = { "content-type": "application/json" };
  if (text.length < gzipFrom || typeof CompressionStream === "undefined") return { headers: type, body: text };
  const zipped = new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer());
  if (text.length / zipped.length > ratioMax) return { headers: type, body: text };
  return { headers: { ...type, "content-encoding": "gzip" }, body: zipped };
};

type Body = Readonly<Record<string, unknown>>;
interface Failure {
  readonly code: string;
  readonly message: string;
}
/** The JSON of an answer of our own server; anything else is somebody else's. */
export const read = async (response: Response): Promise<Result<unknown, SignInRefusal>> => {
  if (response.ok && response.status === 204) return ok(undefined);
  if (response.headers.get("content-type")?.includes("application/json") !== true) return err({ type: "not-dagbok" });
  const body = (await response.json().catch(() => undefined)) as Body | undefined;
  if (body === undefined) return err({ type: "not-dagbok" });
  if (response.ok) return ok(body);
  const error = (body["error"] ?? (typeof body["code"] === "string" ? body : undefined)) as Failure | undefined;
  return error?.code === undefined ? err({ type: "not-dagbok" }) : err({ type: "refused", code: error.code, message: error.message ?? "" });
};
/** What a refusal means for the loop, which knows no codes. */
export const refusalOf = (response: Response, refusal: SignInRefusal): RemoteRefusal => {
  if (refusal.type !== "refused") return refusal;
  const { code, message } = refusal;
  switch (response.status) {
    case 401:
      return { type: "signed-out" };
    case 403:
    case 404:
      return { type: "not-allowed" };
    case 400:
    case 413:
    case 415:
      return { type: "unreadable", code, message };
    case 429:
    case 503:
      return { type: "busy", retryAfterMs: waitOf(response.headers.get("retry-after")) };
    default:
      return { type: "server-error", status: response.status, message };
  }
};
const waitOf = (text: string | null): number => {
  const seconds = Number(text ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : retryAfterMs;
};
