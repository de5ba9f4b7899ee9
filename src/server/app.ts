/** Owns the server as one web application: health, numbers, API, then the built files. Everything it needs is handed in. */
import { Hono } from "hono";
import * as v from "valibot";
import type { Blobs } from "../ports/server/blobs.ts";
import { headersFor } from "./headers.ts";
import { serveFile, type FilesDep } from "./files.ts";
import { isDatabaseError, failed, metricsRoute, watched, type MetricsRouteDep, type WatchDep } from "./observe/watch.ts";
import type { Sample } from "./observe/metrics.ts";
import { accountRoutes, type AccountRoutesDep } from "./routes/account.ts";
import { blobRoutes } from "./routes/blobs.ts";
import { compressed } from "./routes/body.ts";
import { createRate, limited, refuse, type Env } from "./routes/guard.ts";
import { memberRoutes } from "./routes/members.ts";
import { describeApi } from "./routes/openapi.ts";
import { createBook, type Book } from "./routes/route.ts";
import { sessionRoutes } from "./routes/sessions.ts";
import { syncRoutes, type SyncRoutesDep } from "./routes/sync.ts";

export interface ApiDep extends AccountRoutesDep, SyncRoutesDep {
  readonly blobs: Blobs;
  readonly version: string;
}
export interface AppDep extends ApiDep, FilesDep, WatchDep, Omit<MetricsRouteDep, "gauges"> {
  /** Is the database answering? */
  readonly isHealthy: () => Promise<boolean>;
}
/** Requests of one device: of replication, and of blobs, which are many. */
const pace = { burst: 600, perMs: 60_000 };
const blobPace = { burst: 3_000, perMs: 60_000 };

/** The API alone, with the table that describes it. */
export const createApi = (dep: ApiDep): Book => {
  const book = createBook(dep.accounts, dep.now);
  const byDevice = limited(createRate(pace, dep.now), (c) => c.get("who").id);
  accountRoutes(book, dep);
  memberRoutes(book, dep);
  sessionRoutes(book, dep, byDevice);
  blobRoutes(book, dep, limited(createRate(blobPace, dep.now), (c) => c.get("who").id));
  syncRoutes(book, dep, byDevice);
  let described: object | undefined;
  book.on({ method: "get", path: "/api/v1/openapi.json", summary: "This description", asks: "nobody", answer: v.looseObject({ openapi: v.string() }) },
    (c) => c.json((described ??= describeApi(book.routes, dep.version))));
  return book;
};

export const gaugesOf = async (dep: Pick<AppDep, "isHealthy" | "heads" | "devices" | "sessions">): Promise<readonly Sample[]> => {
  const isUp = await dep.isHealthy();
  const base: readonly Sample[] = [
    { name: "dagbok_up", value: 1 }, { name: "dagbok_database_up", value: isUp ? 1 : 0 }, { name: "dagbok_event_streams", value: dep.heads.listeners() },
    { name: "dagbok_process_resident_bytes", value: process.memoryUsage.rss() },
  ];
  if (!isUp) return base;
  try {
    const [heads, states] = [await dep.devices.heads(), await dep.sessions.countByState()];
    return [
      ...base, { name: "dagbok_spaces", value: heads.length }, { name: "dagbok_head", value: heads.reduce((sum, one) => sum + one.head, 0) },
      ...Object.entries(states).map(([state, value]): Sample => ({ name: "dagbok_sessions", labels: { state }, value })),
    ];
  } catch (error) {
    if (isDatabaseError(error)) return base;
    throw error;
  }
};

export const createApp = (dep: AppDep): Hono<Env> => {
  const app = new Hono<Env>();
  app.use("*", watched(dep));
  app.use("*", async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headersFor(new URL(c.req.url).pathname, dep.sandboxHash))) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.use("/api/*", compressed());
  app.onError(failed(dep));
  app.get("/health", async (c) => {
    const healthy = await dep.isHealthy();
    return c.json({ kind: "dagbok", version: dep.version, status: healthy ? "ok" : "database-unreachable" }, healthy ? 200 : 503);
  });
  app.get("/metrics", metricsRoute({ ...dep, gauges: () => gaugesOf(dep) }));
  app.route("/", createApi(dep).app);
  app.all("/api/*", (c) => refuse(c, 404, "not-found", "No such address."));
  app.on(["GET", "HEAD"], "*", (c) => serveFile(dep, c));
  return app;
};
