/** Owns the HTTP of accounts: first set-up, sign-in, this user's password, devices and workspaces. Rules live in `accounts`. */
import type { Context } from "hono";
import * as v from "valibot";
import { roles } from "../../core/replica/wire/roles.ts";
import { count, id, text } from "../../core/replica/wire/scalar.ts";
import { changePassword, setUp, signIn, type AccountRefusal, type AccountsDep } from "../accounts.ts";
import { createRate, limited, refuse, type Env } from "./guard.ts";
import { param, type Book } from "./route.ts";

export interface AccountRoutesDep extends AccountsDep {
  /** Address of the caller, for rate limits. */
  readonly addressOf: (c: Context) => string;
}
export const password = v.pipe(v.string(), v.maxLength(1000));
const credentials = v.strictObject({ name: v.pipe(v.string(), v.maxLength(200)), password, device: v.pipe(v.string(), v.maxLength(200)) });
const entered = v.strictObject({ token: text, user: id, name: text });
const passwordChange = v.strictObject({ current: password, password });
const tokenList = v.array(v.strictObject({ id, label: text, createdAt: count, seenAt: count, revokedAt: v.optional(count), isThis: v.boolean() }));
const workspaceList = v.array(v.strictObject({ id, name: text, createdAt: count, role: v.picklist(roles) }));

const words: Readonly<Record<AccountRefusal["type"], readonly [400 | 401 | 409, string]>> = {
  "already-set-up": [409, "This server has its first user already: sign in."],
  "name-invalid": [400, "A name has 1 to 63 letters, digits, dots, hyphens or underscores and starts with a letter or digit."],
  "password-too-short": [400, "A password has at least 10 characters."],
  "name-taken": [409, "This name is taken."],
  "wrong-name-or-password": [401, "Name or password is wrong."],
};
export const refused = (c: Context<Env>, error: AccountRefusal): Response => refuse(c, words[error.type][0], error.type, words[error.type][1]);

/** Guessing a password: ten tries, then one every six seconds, per address. */
const tries = { burst: 10, perMs: 60_000 };

export const accountRoutes = (book: Book, dep: AccountRoutesDep): void => {
  const slow = limited(createRate(tries, dep.now), dep.addressOf);
  book.on({ method: "get", path: "/api/v1/setup", summary: "Does this server still need its first user?", asks: "nobody", answer: v.strictObject({ needed: v.boolean() }) },
    async (c) => c.json({ needed: (await dep.accounts.userCount()) === 0 }));
  book.on({ method: "post", path: "/api/v1/setup", summary: "Makes the first user, admin of the first workspace", asks: "nobody", body: credentials, answer: entered, status: 201, refusals: [409] },
    async (c, who) => {
      const done = await setUp(dep, who);
      return done.ok ? c.json(done.value, 201) : refused(c, done.error);
    }, slow);
  book.on({ method: "post", path: "/api/v1/sign-in", summary: "Signs a device in; its token is shown this once", asks: "nobody", body: credentials, answer: entered, refusals: [401] },
    async (c, who) => {
      const done = await signIn(dep, who);
      return done.ok ? c.json(done.value) : refused(c, done.error);
    }, slow);
  book.on({ method: "post", path: "/api/v1/me/password", summary: "Changes the caller's password and signs out its other devices", asks: "device", body: passwordChange, answer: v.strictObject({ signedOut: count }), refusals: [401] },
    async (c, change) => {
      const { user, userName, id: token } = c.get("who");
      const done = await changePassword(dep, { user, name: userName, token }, change);
      // Not 401: the device's token is as good as before.
      if (!done.ok) return done.error.type === "wrong-name-or-password" ? refuse(c, 403, "wrong-password", "The present password is wrong.") : refused(c, done.error);
      return c.json({ signedOut: done.value });
    }, slow);
  book.on({ method: "get", path: "/api/v1/me/devices", summary: "The caller's signed-in devices, revoked ones included", asks: "device", answer: tokenList },
    async (c) => {
      const who = c.get("who");
      const tokens = await dep.accounts.tokensOf(who.user);
      return c.json(tokens.map(({ hash: _hash, user: _user, ...token }) => ({ ...token, isThis: token.id === who.id })));
    });
  book.on({ method: "delete", path: "/api/v1/me/devices/:id", summary: "Signs one of the caller's devices out", asks: "device", refusals: [404] },
    async (c) => {
      const { user } = c.get("who");
      if (!(await dep.accounts.revokeToken(user, param(c, "id"), dep.now()))) return refuse(c, 404, "not-found", "No such device.");
      await dep.accounts.audit({ at: dep.now(), user, action: "revoke", target: param(c, "id") });
      return c.body(null, 204);
    });
  book.on({ method: "get", path: "/api/v1/me/workspaces", summary: "The caller's workspaces and role in each", asks: "device", answer: workspaceList },
    async (c) => c.json(await dep.accounts.workspacesOf(c.get("who").user)));
};
