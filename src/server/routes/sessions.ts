/** Owns the HTTP of sync sessions and of a workspace's devices. */
import type { MiddlewareHandler } from "hono";
import * as v from "valibot";
import { deviceList as deviceListSchema, recovery } from "../../core/replica/wire/device.ts";
import { digest } from "../../core/replica/wire/digest.ts";
import { isAtLeast } from "../../core/replica/wire/roles.ts";
import { moveSession as moveBody, oneSession, openSession as openBody, sessionList, sessionsMax } from "../../core/replica/wire/session.ts";
import type { Accounts } from "../../ports/server/accounts.ts";
import type { Spaces } from "../../ports/server/spaces.ts";
import { deviceList } from "../sync/devices.ts";
import { digestOf } from "../sync/digest.ts";
import { listSessions, moveSession, openSession, type SessionsDep } from "../sync/sessions.ts";
import { limitOf } from "./members.ts";
import { refuse, type Env } from "./guard.ts";
import { param, type Book } from "./route.ts";

export interface SessionRoutesDep extends SessionsDep {
  readonly accounts: Accounts;
  readonly spaces: Spaces;
  readonly now: () => number;
}
const root = "/api/v1/sync/:workspace";

export const sessionRoutes = (book: Book, dep: SessionRoutesDep, pace: MiddlewareHandler<Env>): void => {
  book.on({ method: "post", path: `${root}/sessions`, summary: "Opens a session, or answers the one of this key", asks: "viewer", body: openBody, answer: oneSession, refusals: [403] },
    async (c, asked) => {
      const { user, label } = c.get("who");
      const opened = await openSession(dep, c.get("workspace"), { user, device: label }, asked);
      if (!opened.ok) return refuse(c, 403, "replica-bound", "This device's identity belongs to another user: it needs a new one.");
      return c.json({ session: opened.value, serverTime: await dep.sessions.now() });
    }, pace);
  book.on({ method: "post", path: `${root}/sessions/:id`, summary: "Moves a session of the caller's, or gives a sign of life", asks: "viewer", body: moveBody, answer: oneSession, refusals: [404, 409] },
    async (c, asked) => {
      const moved = await moveSession(dep, { space: c.get("workspace"), id: param(c, "id"), user: c.get("who").user }, asked);
      if (moved === undefined) return refuse(c, 404, "not-found", "No such session.");
      const serverTime = await dep.sessions.now();
      if (moved.ok) return c.json({ session: moved.value, serverTime });
      return refuse(c, 409, "superseded", { message: "The session has ended or belongs to another: open a new one.", data: { code: "superseded", session: moved.error.session, serverTime } });
    }, pace);
  book.on({ method: "get", path: `${root}/sessions`, summary: "Sessions, newest first", asks: "viewer", query: { limit: `1 to ${sessionsMax}; 50 unless said` }, answer: sessionList },
    async (c) => c.json({ sessions: await listSessions(dep, c.get("workspace"), limitOf(c, 50, sessionsMax)), serverTime: await dep.sessions.now() }), pace);
  deviceRoutes(book, dep, pace);
};

const deviceRoutes = (book: Book, dep: SessionRoutesDep, pace: MiddlewareHandler<Env>): void => {
  book.on({ method: "get", path: `${root}/devices`, summary: "The workspace's devices, latest first", asks: "viewer", query: { replica: "the asking device's own" }, answer: deviceListSchema },
    async (c) => {
      const space = c.get("workspace");
      await dep.spaces.create(space, dep.ids.next());
      const state = await dep.devices.state(space);
      if (state === undefined) return refuse(c, 404, "not-found", "No such workspace.");
      const replica = c.req.query("replica");
      return c.json(deviceList(await dep.devices.list(space), state, { token: c.get("who").id, now: dep.now(), ...(replica === undefined ? {} : { replica }) }));
    }, pace);
  book.on({ method: "post", path: `${root}/devices/:replica/retire`, summary: "Lets collection go on without a device; its next request undoes it. For admins, and for the device's own user", asks: "viewer", refusals: [404] },
    async (c) => {
      const [space, replica, { user }] = [c.get("workspace"), param(c, "replica"), c.get("who")];
      const isOwn = (await dep.devices.owner(space, replica)) === user;
      if (!isOwn && !isAtLeast(c.get("role"), "admin")) return refuse(c, 403, "not-allowed", "Only an admin of the workspace may do this.");
      if (!(await dep.spaces.retire(space, replica))) return refuse(c, 404, "not-found", "No such device.");
      await dep.accounts.audit({ at: dep.now(), user, action: "retire", target: replica, workspace: space });
      return c.body(null, 204);
    }, pace);
  book.on({ method: "get", path: `${root}/recovery`, summary: "What devices have given back since the server was restored", asks: "admin", answer: recovery },
    async (c) => c.json(await dep.devices.recovery(c.get("workspace"))), pace);
  book.on({ method: "get", path: `${root}/digest`, summary: "Hashes of the rows, per 1,000 ordinals", asks: "viewer", query: { from: "first ordinal; 0 unless said", to: "last ordinal; the head unless said" }, answer: digest, refusals: [400] },
    async (c) => {
      const range = v.safeParse(rangeQuery, [c.req.query("from") ?? "0", c.req.query("to") ?? String(Number.MAX_SAFE_INTEGER)]);
      if (!range.success) return refuse(c, 400, "invalid", "from and to are ordinals.");
      await dep.spaces.create(c.get("workspace"), dep.ids.next());
      const found = await digestOf(dep.devices, c.get("workspace"), { from: Number(range.output[0]), to: Number(range.output[1]) });
      return found === undefined ? refuse(c, 404, "not-found", "No such workspace.") : c.json(found);
    }, pace);
};
const ordinal = v.pipe(v.string(), v.regex(/^\d{1,16}$/));
const rangeQuery = v.strictTuple([ordinal, ordinal]);
