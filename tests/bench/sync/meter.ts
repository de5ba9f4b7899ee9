/**
 * Owns what stands between a page and its server in the sync bench: it serves the page, forwards everything else, and counts requests and
 * bytes as they would travel behind the same compression. What a side did not compress itself is compressed here (gzip, level 6) and
 * counted so; a peer that cannot compress its requests is counted as if it did.
 */
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

export interface Traffic {
  readonly requests: number;
  readonly up: number;
  readonly down: number;
}
export interface Meter {
  readonly url: string;
  readonly traffic: () => Traffic;
  readonly close: () => Promise<void>;
}
const smallest = 256;
const page = `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/page.js"></script>`;
const packed = (body: Buffer, encoding: unknown): Buffer => (encoding === undefined && body.length >= smallest ? gzipSync(body, { level: 6 }) : body);
const headBytes = (message: IncomingMessage): number => message.rawHeaders.reduce((sum, text) => sum + text.length + 2, 20 + (message.url?.length ?? 0));
const read = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

export const startMeter = async (port: number, script: string): Promise<Meter> => {
  let requests = 0;
  let up = 0;
  let down = 0;
  const answer = async (from: IncomingMessage, to: ServerResponse): Promise<void> => {
    if (from.url === "/bench/" || from.url === "/bench/page.js") {
      to.writeHead(200, { "content-type": from.url === "/bench/" ? "text/html" : "text/javascript" }).end(from.url === "/bench/" ? page : script);
      return;
    }
    const body = await read(from);
    requests += 1;
    up += headBytes(from) + packed(body, from.headers["content-encoding"]).length;
    const headers = { ...from.headers, "accept-encoding": from.headers["accept-encoding"] ?? "gzip" };
    const onward = ask({ port, host: "127.0.0.1", method: from.method, path: from.url, headers: { ...headers, host: `localhost:${port}` } }, (got) => {
      down += headBytes(got);
      const isStream = String(got.headers["content-type"]).includes("event-stream");
      const isPacked = got.headers["content-encoding"] !== undefined;
      if (isStream || isPacked) {
        to.writeHead(got.statusCode ?? 502, got.headers);
        got.on("data", (chunk: Buffer) => {
          down += chunk.length;
          to.write(chunk);
        });
        got.on("end", () => to.end());
        to.on("close", () => got.destroy());
        return;
      }
      void read(got).then((whole) => {
        const small = packed(whole, undefined);
        down += small.length;
        const { "transfer-encoding": _chunked, "content-length": _length, ...rest } = got.headers;
        const zipped = small === whole ? {} : { "content-encoding": "gzip" };
        to.writeHead(got.statusCode ?? 502, { ...rest, ...zipped, "content-length": String(small.length) }).end(small);
      });
    });
    onward.on("error", () => to.destroy());
    to.on("close", () => onward.destroy());
    onward.end(body);
  };
  const server: Server = createServer((from, to) => void answer(from, to).catch(() => to.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    traffic: () => ({ requests, up, down }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
