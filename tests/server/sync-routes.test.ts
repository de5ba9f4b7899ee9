import { gzipSync } from "node:zlib";
import type { Hono } from "hono";
import { beforeEach, describe, expect, it } from "vitest";
import { openSqlite } from "../../src/adapters/sql/sqlite.ts";
import { kinds, mayWrite, roles, type Role } from "../../src/core/replica/wire/roles.ts";
import type { PushRequest } from "../../src/core/replica/protocol.ts";
import type { EditId } from "../../src/core/replica/row.ts";
import type { ReplicaId } from "../../src/core/replica/version.ts";
import type { Accounts } from "../../src/ports/server/accounts.ts";
import { createApp } from "../../src/server/app.ts";
import type { Env } from "../../src/server/routes/guard.ts";
import { serverDep } from "../kit/server.ts";

const ann = { name: "ann", password: "correct horse", device: "laptop" };
const post = (body: unknown, token?: string): RequestInit => ({
  method: "POST",
  body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
});
const put = (body: unknown, token: string): RequestInit => ({ ...post(body, token), method: "PUT" });
const get = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } });

describe("the server's HTTP", () => {
  let app: Hono<Env>;
  let accounts: Accounts;
  let made = 0;
  let now = 0;
  beforeEach(async () => {
    now = 1_000_000;
    const ids = { next: () => `id${++made}`, random: () => 0.5 };
    const db = await openSqlite(":memory:", now);
    const clock = (): number => now;
    const dep = serverDep(db, { ids, now: clock });
    ({ accounts } = dep);
    app = createApp(dep);
  });
  const json = async (path: string, init?: RequestInit): Promise<{ status: number; body: any }> => {
    const res = await app.request(path, init);
    const text = await res.text();
    return { status: res.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const setUp = async (): Promise<{ token: string; workspace: string; epoch: string }> => {
    const { body } = await json("/api/v1/setup", post(ann));
    const { body: workspaces } = await json("/api/v1/me/workspaces", get(body.token));
    const { body: space } = await json(`/api/v1/sync/${workspaces[0].id}/epoch`, get(body.token));
    return { token: body.token, workspace: workspaces[0].id, epoch: space.chain[0].id };
  };
  const push = (epoch: string, record: string, replica = "r1"): PushRequest => {
    const e = `e${++made}` as EditId;
    return {
      type: "push",
      proof: { epoch, token: [0, ""], replica: replica as ReplicaId, acked: { n: 0, e: "" }, inflight: { n: 1, e } },
      edits: [{ e, record, deleted: false, body: { text: "x" }, ctx: {}, seen: 0, create: true, absorbed: [] }],
    };
  };
  const pull = (epoch: string, replica = "r2"): unknown => ({
    type: "pull", proof: { epoch, token: [0, ""], replica, acked: { n: 0, e: "" } }, cursor: 0, floor: 0, acknowledged: 0,
  });
  const member = async (admin: { token: string; workspace: string }, name: string, role: Role): Promise<string> => {
    const { body } = await json(`/api/v1/workspaces/${admin.workspace}/users`, post({ name, password: "another horse" }, admin.token));
    await json(`/api/v1/workspaces/${admin.workspace}/members/${body.user}`, put({ role }, admin.token));
    return (await json("/api/v1/sign-in", post({ name, password: "another horse", device: "phone" }))).body.token;
  };

  it("sets up once, signs in, and carries an edit from one device to another", async () => {
    expect((await json("/api/v1/setup")).body).toEqual({ needed: true });
    const { token, workspace, epoch } = await setUp();
    expect((await json("/api/v1/setup")).body).toEqual({ needed: false });
    expect((await json("/api/v1/setup", post(ann))).status).toBe(409);
    const pushed = await json(`/api/v1/sync/${workspace}`, post(push(epoch, "dag/1"), token));
    expect(pushed).toMatchObject({ status: 200, body: { kind: "dagbok", answer: { type: "pushed", head: 1, accepted: true } } });
    const { body: second } = await json("/api/v1/sign-in", post({ ...ann, device: "phone" }));
    const pulled = await json(`/api/v1/sync/${workspace}`, post(pull(epoch), second.token));
    expect(pulled.body.answer).toMatchObject({ type: "page", last: true, rows: [{ record: "dag/1", siblings: [{ body: { text: "x" } }] }] });
  });
  it("answers without a token, with a foreign one and after revocation with 401, and says nothing else", async () => {
    const { token, workspace, epoch } = await setUp();
    const bare = await json(`/api/v1/sync/${workspace}`, post(pull(epoch)));
    expect(bare.status).toBe(401);
    expect((await json(`/api/v1/sync/${workspace}`, post(pull(epoch), "guess"))).body).toEqual(bare.body);
    const { body: devices } = await json("/api/v1/me/devices", get(token));
    expect(devices).toEqual([expect.objectContaining({ label: "laptop", isThis: true })]);
    expect(JSON.stringify(devices)).not.toMatch(/hash|password/);
    expect((await app.request(`/api/v1/me/devices/${devices[0].id}`, { ...get(token), method: "DELETE" })).status).toBe(204);
    expect((await json(`/api/v1/sync/${workspace}`, post(pull(epoch), token))).body).toEqual(bare.body);
  });
  it("[P20] makes a foreign workspace indistinguishable from an absent one", async () => {
    const admin = await setUp();
    const bob = await member(admin, "bob", "viewer");
    const { body: made2 } = await json("/api/v1/me/workspaces", get(bob));
    expect(made2.map((w: { id: string }) => w.id)).toEqual([admin.workspace]);
    await accounts.addWorkspace({ id: "private", name: "private", createdAt: 0 }, "ann");
    for (const path of ["", "/epoch", "/events"]) {
      const foreign = await json(`/api/v1/sync/private${path}`, path === "" ? post(pull("E"), bob) : get(bob));
      const absent = await json(`/api/v1/sync/nowhere${path}`, path === "" ? post(pull("E"), bob) : get(bob));
      expect([foreign.status, foreign.body]).toEqual([404, absent.body]);
    }
    expect((await json("/api/v1/workspaces/private/members", get(bob))).body).toEqual((await json("/api/v1/workspaces/nowhere/members", get(bob))).body);
  });
  it("decides every role and kind of record at push as the table says, and lets every role pull", async () => {
    const admin = await setUp();
    for (const role of roles) {
      const token = await member(admin, `${role}-user`, role);
      now += 60_000;
      for (const kind of kinds) {
        const { body } = await json(`/api/v1/sync/${admin.workspace}`, post(push(admin.epoch, `${kind}/${role}`, `${role}-${kind}`), token));
        expect({ role, kind, denied: body.answer.denied }).toEqual({ role, kind, denied: mayWrite(role, `${kind}/x`) ? [] : [1] });
      }
      expect((await json(`/api/v1/sync/${admin.workspace}`, post(pull(admin.epoch, `pull-${role}`), token))).body.answer.type).toBe("page");
    }
  });
  it("lets only an admin invite and give roles, and keeps the last admin", async () => {
    const admin = await setUp();
    const bob = await member(admin, "bob", "editor");
    const { body: people } = await json(`/api/v1/workspaces/${admin.workspace}/members`, get(bob));
    const annId = people.find((p: { name: string }) => p.name === "ann").user;
    expect((await json(`/api/v1/workspaces/${admin.workspace}/members/${annId}`, put({ role: "viewer" }, bob))).status).toBe(403);
    expect((await json(`/api/v1/workspaces/${admin.workspace}/members/${annId}`, put({ role: null }, admin.token))).status).toBe(409);
  });
  it("refuses malformed requests with the place, and survives bombs", async () => {
    const { token, workspace, epoch } = await setUp();
    const where = `/api/v1/sync/${workspace}`;
    const bad = await json(where, post({ ...(pull(epoch) as object), cursor: -1 }, token));
    expect([bad.status, bad.body.error.message]).toEqual([400, expect.stringContaining("cursor")]);
    const wrongEnd = push(epoch, "dag/1");
    expect((await json(where, post({ ...wrongEnd, proof: { ...wrongEnd.proof, inflight: { n: 5, e: "x" } } }, token))).body.error.message).toContain("proof.inflight");
    const headers = { authorization: `Bearer ${token}`, "content-encoding": "gzip" };
    const bomb = gzipSync(Buffer.alloc(80 << 20, 32));
    expect((await json(where, { method: "POST", body: bomb, headers })).status).toBe(413);
    expect((await json(where, { method: "POST", body: "not gzip", headers })).status).toBe(400);
    const small = gzipSync(JSON.stringify(pull(epoch)));
    expect((await json(where, { method: "POST", body: small, headers })).body.answer.type).toBe("page");
  });
  it("slows down guessing, per address, and says when to come back", async () => {
    await setUp();
    const guess = (): Promise<Response> => Promise.resolve(app.request("/api/v1/sign-in", post({ ...ann, password: "wrong horse" })));
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await guess()).status);
    expect(statuses.slice(-2)).toEqual([429, 429]);
    expect(Number((await guess()).headers.get("retry-after"))).toBeGreaterThan(0);
    now += 60_000;
    expect((await guess()).status).toBe(401);
  });
  it("tells listening devices the new head, and nothing else", async () => {
    const { token, workspace, epoch } = await setUp();
    const stream = await app.request(`/api/v1/sync/${workspace}/events`, get(token));
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await json(`/api/v1/sync/${workspace}`, post(push(epoch, "dag/1"), token));
    let text = "";
    while (reader !== undefined && !text.includes('"head":1')) text += (await reader.read()).value ?? "";
    await reader?.cancel();
    expect(text.replaceAll(/: beat\n\n/g, "")).toBe('event: head\ndata: {"head":0}\n\nevent: head\ndata: {"head":1}\n\n');
  });
});
