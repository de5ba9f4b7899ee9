/** The API as a table: every route described as it is guarded and decoded, and what each role gets at each, foreign workspaces included. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Hono } from "hono";
import { openSqlite } from "../../src/adapters/sql/sqlite.ts";
import type { Database } from "../../src/adapters/sql/schema.ts";
import { isAtLeast, roles, type Role } from "../../src/core/replica/wire/roles.ts";
import { createApi, createApp, type AppDep } from "../../src/server/app.ts";
import { hashToken } from "../../src/server/accounts.ts";
import type { Env } from "../../src/server/routes/guard.ts";
import { pathOf, schemaOf } from "../../src/server/routes/openapi.ts";
import type { Route } from "../../src/server/routes/route.ts";
import { serverDep } from "../kit/server.ts";

let db: Database;
let dep: AppDep;
let app: Hono<Env>;
let routes: readonly Route[];
let now = 0;
beforeEach(async () => {
  now = 1_000_000;
  db = await openSqlite(":memory:", now);
  dep = serverDep(db, { now: () => now });
  app = createApp(dep);
  ({ routes } = createApi(dep));
  for (const workspace of ["home", "private"]) await dep.accounts.addWorkspace({ id: workspace, name: workspace, createdAt: 0 }, "root");
  for (const role of roles) {
    await dep.accounts.addUser({ id: role, name: role, password: "x", createdAt: 0 }, false);
    await dep.accounts.addToken({ id: `t-${role}`, user: role, hash: hashToken(role), label: role, createdAt: 0, seenAt: now });
    await dep.accounts.setRole("home", role, role);
  }
});
afterEach(() => db.destroy());

const request = (route: Route, token: string | undefined, workspace = "home"): Promise<Response> =>
  Promise.resolve(app.request(route.path.replace(":workspace", workspace).replaceAll(/:(\w+)/g, "nobody"), {
    method: route.method.toUpperCase(),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(route.method === "get" || route.method === "delete" ? {} : { body: JSON.stringify({ nonsense: true }) }),
  }));
const isOfWorkspace = (route: Route): boolean => route.path.includes(":workspace");
const told = async (response: Response): Promise<unknown> => ({ status: response.status, body: await response.text(), headers: [...response.headers] });

describe("the description", () => {
  it("lists every route that the application answers, and no other", async () => {
    const described = (await (await app.request("/api/v1/openapi.json")).json()) as { openapi: string; paths: Record<string, Record<string, any>> };
    expect(described.openapi).toBe("3.1.0");
    const listed = Object.entries(described.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`)).sort();
    const served = [...new Set(app.routes.filter((one) => one.path.startsWith("/api/v1") && one.method !== "ALL").map((one) => `${one.method.toLowerCase()} ${pathOf(one.path)}`))].sort();
    expect(listed).toEqual(served);
    expect(listed.length).toBeGreaterThan(25);
  });
  it("serves for each body the very schema that decodes it", async () => {
    const described = (await (await app.request("/api/v1/openapi.json")).json()) as { paths: Record<string, Record<string, any>> };
    const withBody = routes.filter((route) => route.body !== undefined);
    expect(withBody.length).toBeGreaterThan(8);
    for (const route of withBody) {
      const shown = described.paths[pathOf(route.path)]?.[route.method].requestBody.content["application/json"].schema;
      expect(shown).toEqual(JSON.parse(JSON.stringify(schemaOf(route.body!))));
      expect(JSON.stringify(shown)).toContain(route.path.endsWith("/:workspace") ? "oneOf" : "properties");
      now += 60_000;
      const refused = await request(route, route.asks === "nobody" ? undefined : "admin");
      expect({ path: route.path, status: refused.status, code: ((await refused.json()) as any).error.code }).toEqual({ path: route.path, status: 400, code: "invalid" });
    }
  });
});

describe("who may do what", () => {
  it("asks every caller for a live token, save where it says so", async () => {
    for (const route of routes) {
      now += 60_000;
      expect({ path: route.path, isOut: (await request(route, undefined)).status === 401 }).toEqual({ path: route.path, isOut: route.asks !== "nobody" });
    }
  });
  it("lets each role do at each address what the table says, and no more", async () => {
    for (const route of routes.filter(isOfWorkspace)) {
      for (const role of roles) {
        now += 60_000;
        const response = await request(route, role);
        const may = isAtLeast(role, route.asks as Role);
        // Retiring is asked of everybody and decided by whose device it is.
        const isDenied = response.status === 403 && !(route.path.endsWith("/retire") && role !== "admin");
        expect({ path: route.path, method: route.method, role, isDenied }).toEqual({ path: route.path, method: route.method, role, isDenied: !may });
        await response.body?.cancel();
      }
    }
  });
  it("[P20] answers at every address for a foreign workspace as for one that does not exist, and touches nothing of it", async () => {
    const of = routes.filter(isOfWorkspace);
    expect(of.length).toBeGreaterThan(17);
    for (const route of of) {
      now += 60_000;
      const [foreign, absent] = [await told(await request(route, "viewer", "private")), await told(await request(route, "viewer", "nowhere"))];
      expect(foreign).toEqual(absent);
      expect(foreign).toMatchObject({ status: 404, body: '{"error":{"code":"not-found","message":"No such workspace."}}' });
    }
    expect(await dep.devices.heads()).toEqual([]);
  });
});
