/** Owns who is asking: the device token of a request, its limits, and the rate at which an address may try. Knows no route. */
import type { Context, MiddlewareHandler } from "hono";
import type { Accounts, TokenRow } from "../../ports/server/accounts.ts";
import { hashToken } from "../accounts.ts";

export type Who = TokenRow & { readonly userName: string };
export type Env = { Variables: { who: Who } };

/** A refusal in one shape, everywhere: a code for programs, a sentence for people. */
export const refuse = (c: Context, status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503, code: string, message: string): Response =>
  c.json({ error: { code, message } }, status);

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
