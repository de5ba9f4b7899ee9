/**
 * Owns the http step (4.1): request from command and settings, Dagu's text and JSON output, what counts as failed.
 * Refuses to know how bytes travel: the `Network` port does, and it words its own failures.
 */
import { goJsonIndent } from "../../../../core/value/go/text.ts";
import type { Json, JsonObject } from "../../../../core/value/json.ts";
import { NetworkError, type NetworkRequest, type NetworkResponse } from "../../../../ports/network.ts";
import { failed, succeeded, writeText, type Exit, type Kind, type KindContext } from "../../kind.ts";

interface HttpSettings {
  readonly timeoutSec: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
  readonly silent: boolean;
  readonly json: boolean;
  readonly skipTlsVerify: boolean;
}
const isMap = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);
const textMap = (value: Json | undefined): Readonly<Record<string, string>> =>
  isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, each === null ? "" : typeof each === "object" ? JSON.stringify(each) : String(each)])) : {};
const isTrue = (value: Json | undefined): boolean => value === true || value === "true" || value === 1 || value === "1";

const readSettings = (from: JsonObject): HttpSettings => ({
  timeoutSec: Number(from["timeout"] ?? 0) || 0,
  headers: textMap(from["headers"]),
  query: textMap(from["query"]),
  body: from["body"] === undefined || from["body"] === null ? "" : typeof from["body"] === "string" ? from["body"] : JSON.stringify(from["body"]),
  silent: isTrue(from["silent"]),
  json: isTrue(from["json"]) || from["format"] === "json",
  skipTlsVerify: isTrue(from["skip_tls_verify"]),
});
/** Settings of the step: the script's JSON, else `with`. */
const settingsOf = (context: KindContext): HttpSettings => {
  const { step, settings, expand } = context;
  if (step.script === undefined || step.script.trim() === "") return readSettings(settings);
  const parsed = JSON.parse(expand(step.script, "otherCommand")) as Json;
  if (!isMap(parsed)) throw new Error("script is not a JSON object");
  return readSettings(parsed);
};

const requestOf = (context: KindContext, settings: HttpSettings): NetworkRequest => {
  const line = context.expand(context.step.commands[0] ?? "", "otherCommand").trim();
  const cut = line.search(/\s/);
  const method = (cut < 0 ? line : line.slice(0, cut)).toUpperCase();
  const url = withQuery(cut < 0 ? "" : line.slice(cut).trim(), settings.query);
  const hasBody = settings.body !== "" && method !== "GET" && method !== "HEAD";
  return {
    method, url, followRedirects: true,
    headers: Object.entries(settings.headers),
    ...(hasBody ? { body: new TextEncoder().encode(settings.body) } : {}),
    ...(settings.timeoutSec > 0 ? { timeoutMs: settings.timeoutSec * 1000 } : {}),
  };
};
const withQuery = (url: string, query: Readonly<Record<string, string>>): string => {
  const entries = Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return url;
  const text = entries.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&");
  const [base = "", hash] = url.split("#");
  return `${base}${base.includes("?") ? "&" : "?"}${text}${hash === undefined ? "" : `#${hash}`}`;
};
/** Go's query escaping: space is "+". */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll("%20", "+").replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/** `content-type` → `Content-Type`, as Go prints headers, sorted by name. */
const canonical = (name: string): string => name.toLowerCase().replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
const sortedHeaders = (response: NetworkResponse): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, string[]>();
  for (const [name, value] of response.headers) found.set(canonical(name), [...(found.get(canonical(name)) ?? []), value]);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const textResult = (response: NetworkResponse, isFull: boolean): string => {
  if (!isFull) return "";
  const lines = [...sortedHeaders(response)].flatMap(([name, values]) => values.map((value) => `${name}: ${value}\r\n`));
  return `${`${response.status} ${response.statusText || reasons[response.status] || ""}`.trim()}\n${lines.join("")}`;
};
/** Answers over HTTP/2 carry no reason; Go fills in the usual one. */
const reasons: Readonly<Record<number, string>> = {
  200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently", 302: "Found", 304: "Not Modified",
  400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict", 410: "Gone",
  418: "I'm a teapot", 422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
  503: "Service Unavailable", 504: "Gateway Timeout",
};

/** One space of indentation, keys in the order of Dagu's result. */
const jsonResult = (response: NetworkResponse, isFull: boolean): string => {
  const body = JSON.parse(new TextDecoder().decode(response.body)) as Json;
  const headers: JsonObject = Object.fromEntries(sortedHeaders(response));
  const part = (value: Json): string => goJsonIndent(value, " ", 1);
  return `{\n "status_code": ${isFull ? response.status : 0},\n "headers": ${isFull ? part(headers) : "null"},\n "body": ${part(body)}\n}`;
};

const report = async (context: KindContext, settings: HttpSettings, response: NetworkResponse): Promise<Exit> => {
  const isGood = response.status >= 200 && response.status <= 299;
  const isFull = !isGood || !settings.silent;
  if (settings.json) await writeText(context.stdout, jsonResult(response, isFull));
  else {
    await writeText(context.stdout, textResult(response, isFull));
    await context.stdout.write(response.body);
  }
  return isGood ? succeeded : failed(`http status code not 2xx: ${response.status}`);
};

export const http: Kind = async (context) => {
  let settings: HttpSettings;
  try {
    settings = settingsOf(context);
  } catch (error) {
    return failed(`invalid http configuration: ${(error as Error).message}`, 0);
  }
  if (settings.skipTlsVerify) await writeText(context.stderr, "skip_tls_verify has no effect here: a browser always verifies certificates\n");
  try {
    return await report(context, settings, await context.world.network.fetch(requestOf(context, settings), context.order.hosts, context.signal));
  } catch (error) {
    await writeText(context.stderr, `${(error as Error).message}\n`);
    const message = error instanceof NetworkError ? `${error.failure}: ${error.message}` : (error as Error).message;
    return { exitCode: 1, error: message, ...(error instanceof NetworkError && error.failure === "refused-host" ? { reason: "policy" as const } : {}) };
  }
};
