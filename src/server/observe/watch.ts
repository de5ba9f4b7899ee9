/** Owns watching requests: counts, seconds and a log line for each, and one shape of answer when something breaks. Knows no route's meaning. */
import type { Context, ErrorHandler, MiddlewareHandler } from "hono";
import { timingSafeEqual, createHash } from "node:crypto";
import { refuse, type Env } from "../routes/guard.ts";
import { errorFields, type Log } from "./log.ts";
import type { Metrics, Sample } from "./metrics.ts";

export interface WatchDep {
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
}
/** Requests without a route of the API are files, health and what does not exist. */
const routeOf = (c: Context<Env>): string => c.get("route") ?? (c.req.path.startsWith("/api/") ? "unknown" : "files");

export const watched = ({ metrics, log, elapsed }: WatchDep): MiddlewareHandler<Env> => async (c, next) => {
  const from = elapsed();
  await next();
  const seconds = (elapsed() - from) / 1000;
  const [route, status, refusal] = [routeOf(c), c.res.status, c.get("refusal")];
  metrics.count("dagbok_http_requests_total", { route, method: c.req.method, status: String(status) });
  metrics.observe(route, seconds);
  if (refusal !== undefined) metrics.count("dagbok_refusals_total", { code: refusal });
  const fields = { route, method: c.req.method, status, ms: Math.round(seconds * 1000), ...(refusal === undefined ? {} : { refusal }) };
  if (status >= 500) log.warn(fields, "request failed");
  else log.debug(fields, "request");
};

/** Of the drivers: a connection that is lost, refused, or ended by the database's shutdown; SQLite that is locked or cannot write. */
const databaseCodes = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|57P|08|53|40|SQLITE_)/;
export const isDatabaseError = (error: unknown): boolean => {
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  return (typeof code === "string" && databaseCodes.test(code)) || (error instanceof Error && /connection terminated|timeout exceeded when trying to connect/i.test(error.message));
};
export const failed = ({ metrics, log }: WatchDep): ErrorHandler<Env> => (error, c) => {
  const isDatabase = isDatabaseError(error);
  if (isDatabase) metrics.count("dagbok_database_errors_total", { where: "request" });
  log.error({ route: routeOf(c), ...errorFields(error) }, isDatabase ? "the database failed" : "a request broke");
  if (isDatabase) {
    c.header("Retry-After", "5");
    return refuse(c, 503, "database", "The database does not answer: try again.");
  }
  return refuse(c, 500, "server", "The server could not do this; its log says why.");
};

export interface MetricsRouteDep {
  readonly metrics: Metrics;
  /** Absent: only callers on this machine may ask, and none that came through a proxy. */
  readonly metricsToken?: string;
  readonly addressOf: (c: Context) => string;
  readonly gauges: () => Promise<readonly Sample[]>;
}
const isSame = (a: string, b: string): boolean => timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
const isHere = (address: string): boolean => /^(127\.|::1$|::ffff:127\.)/.test(address);

export const metricsRoute = ({ metrics, metricsToken, addressOf, gauges }: MetricsRouteDep) => async (c: Context<Env>): Promise<Response> => {
  c.set("route", "/metrics");
  const [scheme, token] = (c.req.header("authorization") ?? "").split(" ");
  const isProxied = ["x-forwarded-for", "forwarded", "via", "x-real-ip"].some((name) => c.req.header(name) !== undefined);
  const may = metricsToken === undefined ? isHere(addressOf(c)) && !isProxied : scheme?.toLowerCase() === "bearer" && isSame(token ?? "", metricsToken);
  if (!may) return refuse(c, 404, "not-found", "No such address.");
  return c.body(metrics.text(await gauges()), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store" });
};
