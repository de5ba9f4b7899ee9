/** Owns talking to the user's server: JSON over POST, hints by an event stream with a watchdog. Knows no rule of replication. */
import { err, ok, type Result } from "../../core/base/result.ts";
import type { Answer, Epoch, Request } from "../../core/replica/protocol.ts";
import type { Remote, RemoteRefusal } from "../../ports/sync/remote.ts";

export interface HttpRemoteOptions {
  /** "" = this page's own origin. */
  readonly origin: string;
  readonly workspace: string;
  readonly token: string;
}
const requestMs = 30_000;
const silenceMs = 45_000;
const reconnectMs = { min: 1_000, max: 60_000 } as const;

export const createHttpRemote = ({ origin, workspace, token }: HttpRemoteOptions): Remote => {
  const base = `${origin}/api/v1/sync/${encodeURIComponent(workspace)}`;
  const headers = { authorization: `Bearer ${token}` };
  const call = async <T>(path: string, init: RequestInit, pick: (body: Readonly<Record<string, unknown>>) => T): Promise<Result<T, RemoteRefusal>> => {
    let response: Response;
    try {
      response = await fetch(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers }, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(requestMs) });
    } catch {
      return err({ type: "unreachable" });
    }
    return read(response, pick);
  };
  return {
    chain: () => call("/epoch", {}, (body) => body["chain"] as readonly Epoch[]),
    send: (request: Request) =>
      call("", { method: "POST", body: JSON.stringify(request), headers: { "content-type": "application/json" } }, (body) => body["answer"] as Answer),
    hints: (onHead) => listen(`${base}/events`, headers, onHead),
  };
};

const read = async <T>(response: Response, pick: (body: Readonly<Record<string, unknown>>) => T): Promise<Result<T, RemoteRefusal>> => {
  if (response.headers.get("content-type")?.includes("application/json") !== true) return err({ type: "not-dagbok" });
  let body: Readonly<Record<string, unknown>>;
  try {
    body = (await response.json()) as Readonly<Record<string, unknown>>;
  } catch {
    return err({ type: "not-dagbok" });
  }
  if (response.ok) return body["kind"] === "dagbok" ? ok(pick(body)) : err({ type: "not-dagbok" });
  const error = body["error"] as { readonly code?: string; readonly message?: string } | undefined;
  if (error?.code === undefined) return err({ type: "not-dagbok" });
  if (response.status === 401) return err({ type: "signed-out" });
  if (response.status === 403 || response.status === 404) return err({ type: "not-allowed" });
  if (response.status === 429) return err({ type: "busy", retryAfterMs: Number(response.headers.get("retry-after") ?? 5) * 1000 });
  return err({ type: "server-error", status: response.status, message: error.message ?? "" });
};

/** Reads the event stream; silence longer than the heartbeat allows, or its end, connects again. */
const listen = (url: string, headers: Readonly<Record<string, string>>, onHead: (head: number) => void): (() => void) => {
  let isOpen = true;
  let control = new AbortController();
  let failures = 0;
  const once = async (): Promise<void> => {
    control = new AbortController();
    const response = await fetch(url, { headers, signal: control.signal, cache: "no-store" });
    if (!response.ok || response.body === null || response.headers.get("content-type")?.includes("text/event-stream") !== true) throw new Error(`no stream: ${response.status}`);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const watchdog = setTimeout(() => control.abort(), silenceMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(watchdog));
      if (done) return;
      failures = 0;
      text += value;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) onHead((JSON.parse(line.slice(6)) as { readonly head: number }).head);
    }
  };
  const forever = async (): Promise<void> => {
    while (isOpen) {
      // A lost stream is no trouble to show: hints are best effort, and the poll finds what they missed.
      await once().catch(() => undefined);
      failures++;
      const wait = Math.min(reconnectMs.max, reconnectMs.min * 2 ** Math.min(failures, 6));
      if (isOpen) await new Promise((done) => setTimeout(done, wait));
    }
  };
  void forever();
  return () => {
    isOpen = false;
    control.abort();
  };
};
