/** Owns the HTTP of replication: one POST per request, one event stream of hints per device. A hint carries no data (rule 11). */
import { Hono, type Context } from "hono";
import { streamSSE } from "hono/streaming";
import { decodeRequest } from "../../core/replica/wire/decode.ts";
import { packHeader, packRows, packVersion } from "../../core/replica/wire/pack.ts";
import { mayWrite, type Role } from "../../core/replica/wire/roles.ts";
import type { Accounts } from "../../ports/server/accounts.ts";
import type { Heads } from "../heads.ts";
import { answer, type ReplicationDep } from "../replication.ts";
import { readJson } from "./body.ts";
import { createRate, limited, refuse, signedIn, type Env } from "./guard.ts";

export interface SyncRoutesDep extends ReplicationDep {
  readonly accounts: Accounts;
  readonly heads: Heads;
}
const pace = { burst: 600, perMs: 60_000 };
const heartbeatMs = 20_000;
const bodyStatus = { "too-large": 413, "not-json": 400, corrupt: 400, "unsupported-encoding": 415 } as const;

export const syncRoutes = (dep: SyncRoutesDep): Hono<Env> => {
  const app = new Hono<Env>();
  app.use("*", signedIn(dep.accounts, dep.now));
  app.use("*", limited(createRate(pace, dep.now), (c) => c.get("who").id));
  const roleOf = (c: Context<Env>): Promise<Role | undefined> => dep.accounts.roleIn(c.req.param("workspace") ?? "", c.get("who").user);

  app.post("/:workspace", async (c) => {
    const role = await roleOf(c);
    const workspace = c.req.param("workspace");
    if (role === undefined) return refuse(c, 404, "not-found", "No such workspace.");
    const body = await readJson(c);
    if (!body.ok) return refuse(c, bodyStatus[body.error], body.error, "The request's body cannot be read.");
    const request = decodeRequest(body.value);
    if (!request.ok) return refuse(c, 400, "invalid", `${request.error.path}: ${request.error.message}`);
    await dep.spaces.create(workspace, dep.ids.next());
    const isAllowed = (edit: { readonly record: string }): boolean => mayWrite(role, edit.record);
    const answered = await answer(dep, { space: workspace, isAllowed }, request.value);
    if (answered === undefined) return refuse(c, 404, "not-found", "No such workspace.");
    if (request.value.type !== "pull" && "head" in answered) dep.heads.publish(workspace, answered.head);
    const isPacked = answered.type === "page" && c.req.header(packHeader) === packVersion;
    return c.json({ kind: "dagbok", answer: isPacked ? { ...answered, rows: packRows(answered.rows) } : answered });
  });

  app.get("/:workspace/epoch", async (c) => {
    if ((await roleOf(c)) === undefined) return refuse(c, 404, "not-found", "No such workspace.");
    const workspace = c.req.param("workspace");
    await dep.spaces.create(workspace, dep.ids.next());
    const chain = await dep.spaces.chain(workspace);
    return c.json({ kind: "dagbok", chain: chain ?? [] });
  });

  app.get("/:workspace/events", async (c) => {
    if ((await roleOf(c)) === undefined) return refuse(c, 404, "not-found", "No such workspace.");
    const workspace = c.req.param("workspace");
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      const tell = (head: number): Promise<void> => stream.writeSSE({ event: "head", data: JSON.stringify({ head }) });
      const stop = dep.heads.listen(workspace, (head) => void tell(head));
      stream.onAbort(stop);
      await tell((await dep.spaces.head(workspace)) ?? 0);
      while (!stream.aborted && !stream.closed) {
        await stream.write(": beat\n\n");
        await stream.sleep(heartbeatMs);
      }
      stop();
    });
  });
  return app;
};
