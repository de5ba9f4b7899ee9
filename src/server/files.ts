/** Owns serving the built files: the right twin for the caller's encodings, the shell for any address of the app. Knows no API. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import type { Context } from "hono";
import { headersFor } from "./headers.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json", ".zip": "application/zip", ".txt": "text/plain; charset=utf-8",
};
const twins = [["br", "br"], ["gzip", "gz"]] as const;

export interface FilesDep {
  readonly folder: string;
  readonly sandboxHash: string;
}
const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();
const fileOf = (folder: string, path: string): string | undefined => {
  const safe = normalize(path);
  const file = join(folder, safe);
  return file.startsWith(folder) && !/\.(br|gz)$/.test(file) && isFile(file) ? file : undefined;
};

/** Undefined for an address whose escapes are no UTF-8. */
const decodedPath = (url: string): string | undefined => {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

/** A path with a file extension that does not exist is a 404; any other path is the app's own and gets its shell. */
export const serveFile = ({ folder, sandboxHash }: FilesDep, c: Context): Response => {
  const path = decodedPath(c.req.url);
  if (path === undefined) return c.body("Not found", 404);
  const found = fileOf(folder, path === "/" ? "/index.html" : path);
  const isApp = found === undefined && extname(path) === "";
  const file = isApp ? join(folder, "index.html") : found;
  const headers: Record<string, string> = { ...headersFor(isApp ? "/" : path, sandboxHash), Vary: "Accept-Encoding" };
  if (file === undefined) return c.body("Not found", 404, headers);
  const accepted = c.req.header("accept-encoding") ?? "";
  const twin = twins.find(([name, ext]) => accepted.includes(name) && isFile(`${file}.${ext}`));
  const { mtimeMs, size } = statSync(file);
  const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}${twin === undefined ? "" : `-${twin[1]}`}"`;
  headers["ETag"] = etag;
  if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
  headers["Content-Type"] = types[extname(file)] ?? "application/octet-stream";
  if (twin !== undefined) headers["Content-Encoding"] = twin[0];
  const bytes = readFileSync(twin === undefined ? file : `${file}.${twin[1]}`);
  headers["Content-Length"] = String(bytes.byteLength);
  return c.req.method === "HEAD" ? c.body(null, 200, headers) : c.body(new Uint8Array(bytes), 200, headers);
};
