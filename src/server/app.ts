/** Owns the server as one web application: health, API, then the built files. Everything it needs is handed in. */
import { Hono } from "hono";
import { accountRoutes, type AccountRoutesDep } from "./routes/account.ts";
import { syncRoutes, type SyncRoutesDep } from "./routes/sync.ts";
import { serveFile, type FilesDep } from "./files.ts";
import { headersFor } from "./headers.ts";
import { refuse, type Env } from "./routes/guard.ts";

export interface AppDep extends AccountRoutesDep, SyncRoutesDep, FilesDep {
  readonly version: string;
  /** Is the database answering? */
  readonly isHealthy: () => Promise<boolean>;
}

export const createApp = (dep: AppDep): Hono<Env> => {
  const app = new Hono<Env>();
  app.use("*", async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headersFor(new URL(c.req.url).pathname, dep.sandboxHash))) if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  });
  app.get("/health", async (c) => {
    const healthy = await dep.isHealthy();
    return c.json({ kind: "dagbok", version: dep.version, status: healthy ? "ok" : "database-unreachable" }, healthy ? 200 : 503);
  });
  app.route("/api/v1/sync", syncRoutes(dep));
  app.route("/api/v1", accountRoutes(dep));
  app.all("/api/*", (c) => refuse(c, 404, "not-found", "No such address."));
  app.on(["GET", "HEAD"], "*", (c) => serveFile(dep, c));
  return app;
};
