/**
 * Owns the table of the API: each address with what it takes, answers and asks of the caller. The same entry guards the request, decodes its
 * body and describes it, so that the description cannot tell otherwise than the checks.
 */
import { Hono, type Context, type MiddlewareHandler } from "hono";
import * as v from "valibot";
import { err, ok, type Result } from "../../core/base/result.ts";
import type { Role } from "../../core/replica/wire/roles.ts";
import type { Accounts } from "../../ports/server/accounts.ts";
import { readJson } from "./body.ts";
import { refuse, signedIn, withRole, type Env, type RefusalStatus } from "./guard.ts";

export interface Route<B = unknown> {
  readonly method: "get" | "post" | "put" | "delete";
  /** From the root of the server, with `:name` for what varies. */
  readonly path: string;
  readonly summary: string;
  /** "nobody": without a token; "device": any signed-in device; a role: in the workspace of the address. */
  readonly asks: "nobody" | "device" | Role;
  readonly body?: v.GenericSchema<unknown, B>;
  /** Beyond the schema: what must hold between the parts of a body. */
  readonly check?: (body: B) => Result<B, BodyFault>;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON by this schema; bytes or an event stream by type; absent: 204. */
  readonly answer?: v.GenericSchema | "bytes" | "event-stream" | "text";
  /** Of the answer; 200 unless said. */
  readonly status?: 200 | 201;
  readonly takesBytes?: boolean;
  readonly refusals?: readonly RefusalStatus[];
}
export interface BodyFault {
  readonly path: string;
  readonly message: string;
}
export interface Book {
  readonly app: Hono<Env>;
  /** Every route that was added, in order. */
  readonly routes: readonly Route[];
  readonly on: <B>(route: Route<B>, handle: (c: Context<Env>, body: B) => Promise<Response> | Response, ...guards: readonly MiddlewareHandler<Env>[]) => void;
}
export const param = (c: Context, name: string): string => c.req.param(name) ?? "";

const bodyStatus = { "too-large": 413, "not-json": 400, corrupt: 400, "unsupported-encoding": 415 } as const;

const readBody = async <B>(c: Context<Env>, route: Route<B>): Promise<Result<B, Response>> => {
  if (route.body === undefined) return ok(undefined as B);
  const body = await readJson(c);
  if (!body.ok) return err(refuse(c, bodyStatus[body.error], body.error, "The request's body cannot be read."));
  const read = v.safeParse(route.body, body.value);
  const fault = (at: BodyFault): Result<B, Response> => err(refuse(c, 400, "invalid", `${at.path}: ${at.message}`));
  if (!read.success) return fault({ path: v.getDotPath(read.issues[0]) ?? "body", message: read.issues[0].message });
  const checked = route.check?.(read.output) ?? ok(read.output);
  return checked.ok ? checked : fault(checked.error);
};

export const createBook = (accounts: Accounts, now: () => number): Book => {
  const app = new Hono<Env>();
  const routes: Route[] = [];
  const token = signedIn(accounts, now);
  return {
    app,
    routes,
    on: (route, handle, ...guards) => {
      routes.push(route as Route);
      const named: MiddlewareHandler<Env> = async (c, next) => {
        c.set("route", route.path);
        await next();
      };
      const asked = route.asks === "nobody" ? [] : route.asks === "device" ? [token] : [token, withRole(accounts, route.asks)];
      // Limits stand after the token, so that they count devices, and before the role, so that guessing is slowed as well.
      const [first, ...rest] = asked;
      for (const guard of [named, ...(first === undefined ? [] : [first]), ...guards, ...rest]) app.on([route.method], route.path, guard);
      app.on([route.method], route.path, async (c) => {
        const body = await readBody(c, route);
        return body.ok ? handle(c, body.value) : body.error;
      });
    },
  };
};
