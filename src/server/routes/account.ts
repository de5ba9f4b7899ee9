/** Owns the HTTP of accounts: first set-up, sign-in, this user's devices, workspaces and their members. Rules live in `accounts`. */
import { Hono, type Context } from "hono";
import * as v from "valibot";
import { roles } from "../../core/replica/wire/roles.ts";
import { invite, setUp, signIn, type AccountRefusal, type AccountsDep } from "../accounts.ts";
import { readJson } from "./body.ts";
import { createRate, limited, refuse, signedIn, type Env } from "./guard.ts";

export interface AccountRoutesDep extends AccountsDep {
  /** Address of the caller, for rate limits. */
  readonly addressOf: (c: Context) => string;
}
const credentials = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(200)),
  password: v.pipe(v.string(), v.maxLength(1000)),
  device: v.pipe(v.string(), v.maxLength(200)),
});
const newUser = v.strictObject({ name: v.string(), password: v.pipe(v.string(), v.maxLength(1000)) });
const roleChange = v.strictObject({ role: v.nullable(v.picklist(roles)) });

const words: Readonly<Record<AccountRefusal["type"], readonly [400 | 401 | 409, string]>> = {
  "already-set-up": [409, "This server has its first user already: sign in."],
  "name-invalid": [400, "A name has 1 to 63 letters, digits, dots, hyphens or underscores and starts with a letter or digit."],
  "password-too-short": [400, "A password has at least 10 characters."],
  "name-taken": [409, "This name is taken."],
  "wrong-name-or-password": [401, "Name or password is wrong."],
};
const refused = (c: Context, error: AccountRefusal): Response => refuse(c, words[error.type][0], error.type, words[error.type][1]);

const read = async <S extends v.GenericSchema>(c: Context, schema: S): Promise<v.InferOutput<S> | Response> => {
  const body = await readJson(c);
  if (!body.ok) return refuse(c, body.error === "too-large" ? 413 : 400, body.error, "The request's body cannot be read.");
  const parsed = v.safeParse(schema, body.value);
  return parsed.success ? parsed.output : refuse(c, 400, "invalid", `${v.getDotPath(parsed.issues[0]) ?? "body"}: ${parsed.issues[0].message}`);
};

/** Guessing a password: ten tries, then one every six seconds, per address. */
const tries = { burst: 10, perMs: 60_000 };

export const accountRoutes = (dep: AccountRoutesDep): Hono<Env> => {
  const app = new Hono<Env>();
  const slow = limited(createRate(tries, dep.now), dep.addressOf);
  app.get("/setup", async (c) => c.json({ needed: (await dep.accounts.userCount()) === 0 }));
  app.post("/setup", slow, async (c) => {
    const who = await read(c, credentials);
    if (who instanceof Response) return who;
    const done = await setUp(dep, who);
    return done.ok ? c.json(done.value, 201) : refused(c, done.error);
  });
  app.post("/sign-in", slow, async (c) => {
    const who = await read(c, credentials);
    if (who instanceof Response) return who;
    const done = await signIn(dep, who);
    return done.ok ? c.json(done.value) : refused(c, done.error);
  });
  app.use("/me/*", signedIn(dep.accounts, dep.now));
  app.use("/workspaces/*", signedIn(dep.accounts, dep.now));
  app.get("/me/devices", async (c) => {
    const who = c.get("who");
    const tokens = await dep.accounts.tokensOf(who.user);
    return c.json(tokens.map(({ hash: _hash, user: _user, ...token }) => ({ ...token, isThis: token.id === who.id })));
  });
  app.delete("/me/devices/:id", async (c) => {
    const { user } = c.get("who");
    if (!(await dep.accounts.revokeToken(user, c.req.param("id"), dep.now()))) return refuse(c, 404, "not-found", "No such device.");
    await dep.accounts.audit({ at: dep.now(), user, action: "revoke", target: c.req.param("id") });
    return c.body(null, 204);
  });
  app.get("/me/workspaces", async (c) => c.json(await dep.accounts.workspacesOf(c.get("who").user)));
  return memberRoutes(app, dep);
};

const memberRoutes = (app: Hono<Env>, dep: AccountRoutesDep): Hono<Env> => {
  /** A workspace that is foreign and one that does not exist answer alike. */
  const asAdmin = async (c: Context<Env>): Promise<Response | string> => {
    const workspace = c.req.param("workspace") ?? "";
    const role = await dep.accounts.roleIn(workspace, c.get("who").user);
    if (role === undefined) return refuse(c, 404, "not-found", "No such workspace.");
    return role === "admin" ? workspace : refuse(c, 403, "not-allowed", "Only an admin of the workspace may do this.");
  };
  app.get("/workspaces/:workspace/members", async (c) => {
    const workspace = c.req.param("workspace");
    if ((await dep.accounts.roleIn(workspace, c.get("who").user)) === undefined) return refuse(c, 404, "not-found", "No such workspace.");
    return c.json(await dep.accounts.members(workspace));
  });
  app.post("/workspaces/:workspace/users", async (c) => {
    const workspace = await asAdmin(c);
    if (workspace instanceof Response) return workspace;
    const user = await read(c, newUser);
    if (user instanceof Response) return user;
    const done = await invite(dep, user.name, user.password);
    if (!done.ok) return refused(c, done.error);
    await dep.accounts.setRole(workspace, done.value, "viewer");
    await dep.accounts.audit({ at: dep.now(), user: c.get("who").user, action: "invite", target: user.name });
    return c.json({ user: done.value }, 201);
  });
  app.put("/workspaces/:workspace/members/:user", async (c) => {
    const workspace = await asAdmin(c);
    if (workspace instanceof Response) return workspace;
    const change = await read(c, roleChange);
    if (change instanceof Response) return change;
    const user = c.req.param("user");
    if (!(await dep.accounts.setRole(workspace, user, change.role ?? undefined))) return refuse(c, 409, "last-admin", "A workspace needs an admin.");
    await dep.accounts.audit({ at: dep.now(), user: c.get("who").user, action: `role ${change.role ?? "none"}`, target: user });
    return c.body(null, 204);
  });
  return app;
};
