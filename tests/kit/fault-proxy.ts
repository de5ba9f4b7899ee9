/**
 * A proxy in front of one or several servers that does to requests what networks do. Without a rule it is an honest proxy: streams pass as
 * they come, a node that refuses connections is skipped. Faults are chosen per request by `rule`.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export type Fault =
  /** The connection is cut before the server hears of it. */
  | "drop"
  /** The server does it; the answer never comes. */
  | "lose-answer"
  /** Half of the answer's bytes, then the connection is cut. */
  | "cut"
  /** Half of the answer's bytes with a length that fits them: a proxy that ends cleanly. */
  | "truncate"
  /** The server hears it twice, one after the other; the second answer is given. */
  | "duplicate"
  /** The server hears it `delayMs` late. */
  | "delay"
  /** A captive portal's page, with status 200. */
  | "portal"
  /** A proxy's own error page. */
  | "bad-gateway";
export const faults: readonly Fault[] = ["drop", "lose-answer", "cut", "truncate", "duplicate", "delay", "portal", "bad-gateway"];
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** From 1, over all requests. */
  readonly nth: number;
}
export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  /** Undefined: passes. */
  rule: ((seen: Seen) => Fault | undefined) | undefined;
  delayMs: number;
  /** Every request so far, with what was done to it. */
  readonly seen: (Seen & { readonly fault?: Fault })[];
  /** Cuts every connection that is open, streams as well. */
  readonly cutAll: () => void;
  readonly close: () => Promise<void>;
}

const portalPage = "<!doctype html><title>Welcome to the Wi-Fi</title><h1>Please sign in to the network</h1>";
const gatewayPage = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
const hopByHop = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-authenticate", "trailer", "te"]);

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}
const forward = (upstream: string, { method, path, headers, body }: Sent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(upstream);
    const out = ask({ hostname, port, method, path, headers: { ...headers, "x-forwarded-for": "127.0.0.1" }, agent: false }, resolve);
    out.once("error", reject);
    out.end(body);
  });
const headersOf = (answer: IncomingMessage): Record<string, string | string[]> =>
  Object.fromEntries(Object.entries(answer.headers).filter(([name, value]) => value !== undefined && !hopByHop.has(name))) as Record<string, string | string[]>;

export const startFaultProxy = async (upstreams: readonly string[], port = 0): Promise<FaultProxy> => {
  let turn = 0;
  /** The next node in turn that takes connections. */
  const pass = async (sent: Sent): Promise<IncomingMessage> => {
    let last: unknown;
    for (let tried = 0; tried < upstreams.length; tried++) {
      const upstream = upstreams[turn++ % upstreams.length] ?? "";
      try {
        return await forward(upstream, sent);
      } catch (error) {
        last = error;
        if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") break;
      }
    }
    throw last;
  };
  const page = (res: ServerResponse, status: number, html: string): void => void res.writeHead(status, { "content-type": "text/html" }).end(html);
  const answerWith = async (res: ServerResponse, answer: IncomingMessage, fault: Fault | undefined): Promise<void> => {
    if (fault !== "cut" && fault !== "truncate") {
      res.writeHead(answer.statusCode ?? 502, headersOf(answer));
      res.once("close", () => answer.destroy());
      answer.once("error", () => res.destroy());
      answer.pipe(res);
      return;
    }
    const whole = await buffer(answer);
    const half = whole.subarray(0, Math.floor(whole.byteLength / 2));
    const { "content-length": _length, ...headers } = headersOf(answer);
    res.writeHead(answer.statusCode ?? 502, { ...headers, "content-length": String(fault === "cut" ? whole.byteLength : half.byteLength) });
    if (fault === "truncate") res.end(half);
    else res.write(half, () => res.destroy());
  };
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const [method, path] = [req.method ?? "GET", req.url ?? "/"];
    const seen: Seen = { method, path, nth: self.seen.length + 1 };
    const fault = self.rule?.(seen);
    self.seen.push(fault === undefined ? seen : { ...seen, fault });
    if (fault === "drop") return void res.destroy();
    if (fault === "portal") return page(res, 200, portalPage);
    if (fault === "bad-gateway") return page(res, 502, gatewayPage);
    const sent: Sent = { method, path, headers: req.headers, body: await buffer(req) };
    if (fault === "delay") await new Promise((late) => setTimeout(late, self.delayMs));
    if (fault === "duplicate") (await pass(sent)).resume();
    const answer = await pass(sent);
    if (fault === "lose-answer") {
      answer.destroy();
      res.destroy();
    } else await answerWith(res, answer, fault);
  };
  const server = createServer((req, res) => {
    handle(req, res).catch(() => (res.headersSent ? res.destroy() : page(res, 502, gatewayPage)));
  });
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const at = (server.address() as AddressInfo).port;
  const self: FaultProxy = {
    url: `http://localhost:${at}`, port: at, rule: undefined, delayMs: 200, seen: [],
    cutAll: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return self;
};
