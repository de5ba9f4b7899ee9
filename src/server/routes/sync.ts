/** Owns the HTTP of replication: one POST per request, one event stream of hints per device. A hint carries no data (rule 11). */
import type { Context, MiddlewareHandler } from "hono";
import { streamSSE } from "hono/streaming";
import * as v from "valibot";
import type { Answer, Request } from "../../core/replica/protocol.ts";
import { checkRequest, epochChain, requestSchema } from "../../core/replica/wire/decode.ts";
import { packHeader, packRows, packVersion } from "../../core/replica/wire/pack.ts";
import { mayWrite } from "../../core/replica/wire/roles.ts";
import { sessionHeader } from "../../core/replica/wire/session.ts";
import type { Accounts } from "../../ports/server/accounts.ts";
import { foreignReplica } from "../../ports/server/spaces.ts";
import type { Heads } from "../heads.ts";
import { countAnswer } from "../observe/counts.ts";
import type { Metrics } from "../observe/metrics.ts";
import { answerCaller, type ReplicationDep } from "../replication.ts";
import { renewSession, type SessionsDep } from "../sync/sessions.ts";
import { callerOf, refuse, type Env } from "./guard.ts";
import type { Book } from "./route.ts";

export interface SyncRoutesDep extends ReplicationDep, SessionsDep {
  readonly accounts: Accounts;
  readonly heads: Heads;
  readonly metrics: Metrics;
  /** A space was committed to: what keeps the highest head outside the database wants to know. */
  readonly onHead?: (space: string) => void;
}
const heartbeatMs = 20_000;
const root = "/api/v1/sync/:workspace";
const kind = v.literal("dagbok");

export const syncRoutes = (book: Book, dep: SyncRoutesDep, pace: MiddlewareHandler<Env>): void => {
  book.on({
    method: "post", path: root, summary: "Push, pull or offer: the protocol's one request, answered or fenced off", asks: "viewer",
    body: requestSchema as unknown as v.GenericSchema<unknown, Request>, check: checkRequest,
    answer: v.looseObject({ kind, answer: v.looseObject({ type: v.picklist(["restored", "fork", "pushed", "page", "rebase", "offered"]) }) }),
  }, (c, request) => replicate(c, dep, request), pace);
  book.on({ method: "get", path: `${root}/epoch`, summary: "The chain of epochs", asks: "viewer", answer: v.strictObject({ kind, chain: epochChain }) },
    async (c) => {
      const workspace = c.get("workspace");
      await dep.spaces.create(workspace, dep.ids.next());
      return c.json({ kind: "dagbok", chain: (await dep.spaces.chain(workspace)) ?? [] });
    }, pace);
  book.on({ method: "get", path: `${root}/events`, summary: "Hints that the head has moved: `event: head`, `data: {\"head\": n}`", asks: "viewer", answer: "event-stream" },
    (c) => events(c, dep), pace);
};

const replicate = async (c: Context<Env>, dep: SyncRoutesDep, request: Request): Promise<Response> => {
  const [space, role, { user }] = [c.get("workspace"), c.get("role"), c.get("who")];
  await dep.spaces.create(space, dep.ids.next());
  const isAllowed = (edit: { readonly record: string }): boolean => mayWrite(role, edit.record);
  const answered = await answerCaller(dep, { space, isAllowed, caller: callerOf(c) }, request);
  if (answered === undefined) return refuse(c, 404, "not-found", "No such workspace.");
  if (answered === foreignReplica) return refuse(c, 403, "replica-bound", "This device's identity belongs to another user: it needs a new one.");
  await afterwards(dep, space, request, answered);
  const session = await renewSession(dep, { space, user }, c.req.header(sessionHeader));
  if (session !== undefined) c.header(sessionHeader, session);
  const isPacked = answered.type === "page" && c.req.header(packHeader) === packVersion;
  return c.json({ kind: "dagbok", answer: isPacked ? { ...answered, rows: packRows(answered.rows) } : answered });
};
const afterwards = async (dep: SyncRoutesDep, space: string, request: Request, answered: Answer): Promise<void> => {
  countAnswer(dep.metrics, request, answered);
  if (request.type === "offer" && answered.type === "offered") await dep.devices.noteOffer(space, request.proof.replica, request.left);
  if (request.type === "pull" || !("head" in answered)) return;
  dep.heads.publish(space, answered.head);
  dep.onHead?.(space);
};

/** A head each time it moves, a beat in between; ends with the token, the role, or the node. */
const events = (c: Context<Env>, dep: SyncRoutesDep): Response => {
  const [space, { user, hash }] = [c.get("workspace"), c.get("who")];
  const mayListen = async (): Promise<boolean> =>
    (await dep.accounts.tokenByHash(hash, dep.now())) !== undefined && (await dep.accounts.roleIn(space, user)) !== undefined;
  c.header("X-Accel-Buffering", "no");
  return streamSSE(c, async (stream) => {
    let told = -1;
    const tell = async (head: number): Promise<void> => {
      if (head === told) return;
      told = head;
      await stream.writeSSE({ event: "head", data: JSON.stringify({ head }) });
    };
    let isOpen = true;
    let wake = (): void => undefined;
    const end = (): void => {
      isOpen = false;
      wake();
    };
    const stop = dep.heads.listen(space, { onHead: (head) => void tell(head), onEnd: end });
    stream.onAbort(end);
    await tell((await dep.spaces.head(space)) ?? 0);
    while (isOpen && (await mayListen())) {
      await stream.write(": beat\n\n");
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, heartbeatMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (!isOpen) wake();
      });
    }
    stop();
  });
};
