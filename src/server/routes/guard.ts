/** Owns who is asking: the device token of a request, its role, its limits, and the rate at which an address may try. Knows no route. */
import type { Context, MiddlewareHandler } from "hono";
import { isAtLeast, type Role } from "../../core/replica/wire/roles.ts";
import { versionHeader } from "../../core/replica/wire/session.ts";
import type { Accounts, TokenRow } from "../../ports/server/accounts.ts";
import type { Caller } from "../../ports/server/spaces.ts";
import { hashToken } from "../accounts.ts";

export type Who = TokenRow & { readonly userName: string };
/** `route` = the pattern that answered, `refusal` = the code it refused with: for watchers, never a name or a secret. */
export type Env = { Variables: { who: Who; role: Role; workspace: string; route: string; refusal: string } };
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 416 | 422 | 429 | 500 | 503;

/** A refusal in one shape, everywhere: a code for programs, a sentence for people, and what else a program may need. */
export const refuse = (c: Context, status: RefusalStatus, code: string, said: string | { readonly message: string; readonly data: object }): Response => {
  const { message, data } = typeof said === "string" ? { message: said, data: {} } : said;
  c.set("refusal", code);
  return c.json({ ...data, error: { code, message } }, status);
};

/**
 * Lets only a live device token pass. Tokens travel in the Authorization header alone, never in a cookie or URL, so that another
 * site's page cannot send one (no CSRF) and no log holds one.
 */
export const signedIn = (accounts: Accounts, now: () => number): MiddlewareHandler<Env> => async (c, next) => {
  const [scheme, token] = (c.req.header("authorization") ?? "").split(" ");
  const who = scheme?.toLowerCase() === "bearer" && token ? await accounts.tokenByHash(hashToken(token), now()) : undefined;
  if (who === undefined) return refuse(c, 401, "signed-out", "Sign in again: this device's token is missing, unknown or revoked.");
  c.set("who", who);
  await next();
};

/** Lets only members of `:workspace` pass, with at least a role. A workspace that is foreign and one that does not exist answer alike, by the same path. */
export const withRole = (accounts: Accounts, least: Role): MiddlewareHandler<Env> => async (c, next) => {
  const workspace = c.req.param("workspace") ?? "";
  const role = await accounts.roleIn(workspace, c.get("who").user);
  if (role === undefined) return refuse(c, 404, "not-found", "No such workspace.");
  if (!isAtLeast(role, least)) return refuse(c, 403, "not-allowed", least === "admin" ? "Only an admin of the workspace may do this." : `Your role is ${role}: this takes ${least} at least.`);
  c.set("role", role);
  c.set("workspace", workspace);
  await next();
};

/** The asking device, for the list of devices. */
export const callerOf = (c: Context<Env>): Caller => {
  const { user, id } = c.get("who");
  const version = c.req.header(versionHeader)?.slice(0, 40);
  return { user, token: id, ...(version === undefined ? {} : { appVersion: version }) };
};

export interface RateLimit {
  /** How many requests at once, refilled evenly over `perMs`. */
  readonly burst: number;
  readonly perMs: number;
}
/** Token buckets by key, in memory of this node; forgotten when full again. */
export const createRate = ({ burst, perMs }: RateLimit, now: () => number): ((key: string) => number) => {
  const buckets = new Map<string, { left: number; at: number }>();
  const keysMax = 10_000;
  return (key) => {
    const at = now();
    const bucket = buckets.get(key) ?? { left: burst, at };
    const left = Math.min(burst, bucket.left + ((at - bucket.at) * burst) / perMs);
    if (buckets.size >= keysMax) buckets.clear();
    if (left < 1) {
      buckets.set(key, { left, at });
      return Math.ceil(((1 - left) * perMs) / burst / 1000);
    }
    buckets.set(key, { left: left - 1, at });
    return 0;
  };
};
/** Answers 429 with Retry-After past the limit. The key is the device when known, else the address. */
export const limited = (rate: (key: string) => number, keyOf: (c: Context<Env>) => string): MiddlewareHandler<Env> => async (c, next) => {
  const waitSec = rate(keyOf(c));
  if (waitSec > 0) {
    c.header("Retry-After", String(waitSec));
    return refuse(c, 429, "too-many-requests", `Too many requests: try again in ${waitSec} s.`);
  }
  await next();
};
