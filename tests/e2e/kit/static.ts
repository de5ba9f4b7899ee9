/** Owns a server that knows nothing: files of a folder, with our headers or with none at all, as any static host would give them. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { headersFor } from "../../../src/server/headers.ts";
import { sandboxHash } from "../../../src/server/sandbox.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png",
  ".wasm": "application/wasm", ".webmanifest": "application/manifest+json", ".zip": "application/zip",
};
export interface StaticHost {
  readonly url: string;
  /** Paths asked for so far. */
  readonly asked: readonly string[];
  /** Serves another folder from now on. */
  readonly serve: (folder: string) => void;
  readonly close: () => void;
}
export const serveFolder = async (first: string, { headers = false } = {}): Promise<StaticHost> => {
  let folder = first;
  const asked: string[] = [];
  const hash = sandboxHash();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    asked.push(pathname);
    const file = join(folder, pathname === "/" ? "/index.html" : pathname);
    const ours = headers ? headersFor(pathname, hash) : {};
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404, ours).end("Not found");
    response.writeHead(200, { ...ours, "Content-Type": types[extname(file)] ?? "application/octet-stream" }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    serve: (next) => {
      folder = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
