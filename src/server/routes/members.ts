/** Owns the HTTP of a workspace's people: members, roles, invitations, and what was done by whom. A workspace keeps an admin whatever is asked. */
import type { Context } from "hono";
import * as v from "valibot";
import { roles, type Role } from "../../core/replica/wire/roles.ts";
import { count, id, text } from "../../core/replica/wire/scalar.ts";
import { invite } from "../accounts.ts";
import { password, refused, type AccountRoutesDep } from "./account.ts";
import { refuse, type Env } from "./guard.ts";
import { param, type Book } from "./route.ts";

const role = v.picklist(roles);
const newUser = v.strictObject({ name: text, password, role: v.optional(role) });
const oldUser = v.strictObject({ name: text, role });
const roleChange = v.strictObject({ role: v.nullable(role) });
const memberList = v.array(v.strictObject({ workspace: id, user: id, name: text, role }));
const auditList = v.array(v.strictObject({ at: count, user: id, name: v.optional(text), action: text, target: text, workspace: v.optional(id) }));
const auditMax = 500;
const root = "/api/v1/workspaces/:workspace";

export const memberRoutes = (book: Book, dep: AccountRoutesDep): void => {
  const note = (c: Context<Env>, action: string, target: string): Promise<void> =>
    dep.accounts.audit({ at: dep.now(), user: c.get("who").user, action, target, workspace: c.get("workspace") });
  const change = async (c: Context<Env>, user: string, to: Role | undefined): Promise<Response> => {
    const workspace = c.get("workspace");
    const isKnown = to === undefined ? (await dep.accounts.roleIn(workspace, user)) !== undefined : (await dep.accounts.userNameOf(user)) !== undefined;
    if (!isKnown) return refuse(c, 404, "no-user", "No such user.");
    if (!(await dep.accounts.setRole(workspace, user, to))) return refuse(c, 409, "last-admin", "A workspace needs an admin.");
    await note(c, `role ${to ?? "none"}`, user);
    return c.body(null, 204);
  };

  book.on({ method: "get", path: `${root}/members`, summary: "The members and their roles", asks: "viewer", answer: memberList },
    async (c) => c.json(await dep.accounts.members(c.get("workspace"))));
  book.on({ method: "post", path: `${root}/users`, summary: "Makes a user and gives a role here (viewer unless said)", asks: "admin", body: newUser, answer: v.strictObject({ user: id }), status: 201, refusals: [409] },
    async (c, user) => {
      const done = await invite(dep, user.name, user.password);
      if (!done.ok) return refused(c, done.error);
      await dep.accounts.setRole(c.get("workspace"), done.value, user.role ?? "viewer");
      await note(c, "invite", user.name);
      return c.json({ user: done.value }, 201);
    });
  book.on({ method: "post", path: `${root}/members`, summary: "Gives a user who is on this server already a role here", asks: "admin", body: oldUser, answer: v.strictObject({ user: id }), refusals: [404, 409] },
    async (c, { name, role: given }) => {
      const user = await dep.accounts.userByName(name.trim().toLowerCase());
      if (user === undefined) return refuse(c, 404, "no-user", "No such user.");
      const done = await change(c, user.id, given);
      return done.ok ? c.json({ user: user.id }) : done;
    });
  book.on({ method: "put", path: `${root}/members/:user`, summary: "Changes a role; null takes the member out", asks: "admin", body: roleChange, refusals: [404, 409] },
    (c, to) => change(c, param(c, "user"), to.role ?? undefined));
  book.on({ method: "delete", path: `${root}/members/:user`, summary: "Takes a member out", asks: "admin", refusals: [404, 409] },
    (c) => change(c, param(c, "user"), undefined));
  book.on({ method: "get", path: `${root}/audit`, summary: "What was done by whom, newest first", asks: "admin", query: { limit: `1 to ${auditMax}; 100 unless said` }, answer: auditList },
    async (c) => c.json(await dep.accounts.auditLog(limitOf(c, 100, auditMax), c.get("workspace"))));
};

/** `?limit=`, held between 1 and `max`. */
export const limitOf = (c: Context, usual: number, max: number): number => {
  const asked = Math.trunc(Number(c.req.query("limit") ?? usual));
  return Number.isFinite(asked) ? Math.min(max, Math.max(1, asked)) : usual;
};
