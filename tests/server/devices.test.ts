/** Sessions, devices, blobs, digests and people over HTTP, on a whole server without a socket. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Hono } from "hono";
import { openSqlite } from "../../src/adapters/sql/sqlite.ts";
import type { Database } from "../../src/adapters/sql/schema.ts";
import { bucketText, repairPlan } from "../../src/core/replica/wire/digest.ts";
import { retireAfterMs } from "../../src/core/replica/wire/device.ts";
import { createApp, type AppDep } from "../../src/server/app.ts";
import { sweep } from "../../src/server/chores.ts";
import { createHeads } from "../../src/server/heads.ts";
import { createLog } from "../../src/server/observe/log.ts";
import type { Env } from "../../src/server/routes/guard.ts";
import { serverDep } from "../kit/server.ts";

let db: Database;
let dep: AppDep;
let app: Hono<Env>;
let now = 0;
let logged = "";
let admin: { readonly token: string; readonly workspace: string; readonly epoch: string };
let edits = 0;
const day = 24 * 3_600_000;

interface Answered {
  readonly status: number;
  readonly body: any;
  readonly headers: Headers;
}
const ask = async (method: string, path: string, { token = admin?.token, body, headers = {} }: { token?: string | undefined; body?: unknown; headers?: Record<string, string> } = {}): Promise<Answered> => {
  const response = await app.request(path, {
    method, headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text };
};
const sync = (path = ""): string => `/api/v1/sync/${admin.workspace}${path}`;
const people = (path: string): string => `/api/v1/workspaces/${admin.workspace}${path}`;
beforeEach(async () => {
  now = 1_000_000;
  logged = "";
  db = await openSqlite(":memory:", now);
  dep = serverDep(db, { now: () => now, log: createLog("debug", (line) => (logged += line)) });
  app = createApp(dep);
  const { token } = (await ask("POST", "/api/v1/setup", { token: undefined, body: { name: "ann", password: "correct horse", device: "laptop" } })).body;
  const [workspace] = (await ask("GET", "/api/v1/me/workspaces", { token })).body;
  const { chain } = (await ask("GET", `/api/v1/sync/${workspace.id}/epoch`, { token })).body;
  admin = { token, workspace: workspace.id, epoch: chain[0].id };
});
afterEach(() => {
  vi.useRealTimers();
  return db.destroy();
});
const push = (replica: string, record: string, how: { readonly body?: unknown; readonly token?: string; readonly headers?: Record<string, string> } = {}): Promise<Answered> => {
  const e = `e${++edits}`;
  const { body = { a: 1 }, ...rest } = how;
  return ask("POST", sync(), { ...rest, body: {
    type: "push", proof: { epoch: admin.epoch, token: [0, ""], replica, acked: { n: 0, e: "" }, inflight: { n: 1, e } },
    edits: [{ e, record, deleted: body === null, body, ctx: {}, seen: 0, create: true, absorbed: [] }],
  } });
};
const pull = (replica: string, how: { readonly acknowledged?: number; readonly token?: string; readonly headers?: Record<string, string> } = {}): Promise<Answered> => {
  const { acknowledged = 0, ...rest } = how;
  return ask("POST", sync(), { ...rest, body: { type: "pull", proof: { epoch: admin.epoch, token: [0, ""], replica, acked: { n: 0, e: "" } }, cursor: 0, floor: 0, acknowledged } });
};
const member = async (name: string, role: string): Promise<string> => {
  await ask("POST", people("/users"), { body: { name, password: "another horse", role } });
  return (await ask("POST", "/api/v1/sign-in", { token: undefined, body: { name, password: "another horse", device: `${name}'s phone` } })).body.token;
};

describe("sessions over HTTP", () => {
  it("open once per key, move by their fence, and end", async () => {
    const { session, serverTime } = (await ask("POST", sync("/sessions"), { body: { key: "k", replica: "r1", cause: "manual" } })).body;
    expect(session).toMatchObject({ state: "pending", fence: 1, device: "laptop", replica: "r1" });
    expect(serverTime).toBeGreaterThan(0);
    expect((await ask("POST", sync("/sessions"), { body: { key: "k", replica: "r1", cause: "manual" } })).body.session.id).toBe(session.id);
    const at = sync(`/sessions/${session.id}`);
    const progress = { sent: 3, received: 4, unsent: 0, head: 9, seen: 9 };
    expect((await ask("POST", at, { body: { fence: 1, state: "syncing" } })).body.session.state).toBe("syncing");
    expect((await ask("POST", at, { body: { fence: 1, progress } })).body.session).toMatchObject({ state: "syncing", progress });
    expect(await ask("POST", at, { body: { fence: 2 } })).toMatchObject({ status: 409, body: { code: "superseded", error: { code: "superseded" }, session: { id: session.id } } });
    for (const _again of [1, 2]) expect((await ask("POST", at, { body: { fence: 1, state: "completed" } })).body.session).toMatchObject({ state: "completed", progress });
    expect(await ask("POST", at, { body: { fence: 1, state: "failed", reason: "user" } })).toMatchObject({ status: 409 });
    expect((await ask("GET", sync("/sessions"))).body.sessions).toHaveLength(1);
    expect((await ask("POST", sync("/sessions/other"), { body: { fence: 1 } })).status).toBe(404);
  });
  it("are told by each request of replication whether they still live, whose data is taken either way", async () => {
    const { session } = (await ask("POST", sync("/sessions"), { body: { key: "k", replica: "r1", cause: "boot" } })).body;
    const mark = `${session.id}.${session.fence}`;
    expect((await push("r1", "dag/1", { headers: { "Dagbok-Session": mark } })).headers.get("dagbok-session")).toBe("live");
    await dep.sessions.closeNode(dep.node);
    const late = await pull("r2", { headers: { "Dagbok-Session": mark } });
    expect([late.status, late.headers.get("dagbok-session"), late.body.answer.rows.length]).toEqual([200, "superseded", 1]);
    expect((await pull("r2")).headers.get("dagbok-session")).toBeNull();
  });
});

describe("devices over HTTP", () => {
  it("tell who is behind, who holds collection back, and when a silent one is retired", async () => {
    await push("r1", "dag/1", { headers: { "Dagbok-Version": "1.2.3" } });
    await push("gone", "dag/2", { body: null });
    await pull("r1", { acknowledged: 2 }).catch(() => undefined);
    const { body } = await ask("GET", sync("/devices?replica=gone"));
    expect(body).toMatchObject({ head: 2, floor: 0, tombstones: 1, rows: 2, serverTime: now });
    const byId = Object.fromEntries(body.devices.map((one: { replica: string }) => [one.replica, one]));
    expect(byId.gone).toMatchObject({ label: "laptop", user: "ann", state: "active", behind: 2, holdsBack: true, isThis: true, retiresAt: now + retireAfterMs });
    expect(byId.r1.appVersion).toBe("1.2.3");
    now += 91 * day;
    await sweep(dep);
    expect((await ask("GET", sync("/devices"))).body.devices.map((one: { state: string; holdsBack: boolean }) => [one.state, one.holdsBack])).toEqual([["retired", false], ["retired", false]]);
  });
  it("belong to one user: another is refused, may not retire it, and an admin may", async () => {
    const bob = await member("bob", "editor");
    await push("r-bob", "dag/1", { token: bob });
    await push("r-ann", "dag/2");
    expect(await push("r-bob", "dag/3")).toMatchObject({ status: 403, body: { error: { code: "replica-bound" } } });
    expect(await pull("r-ann", { token: bob })).toMatchObject({ status: 403 });
    expect((await ask("POST", sync("/sessions"), { body: { key: "x", replica: "r-bob", cause: "poll" } })).status).toBe(403);
    expect((await ask("POST", sync("/devices/r-ann/retire"), { token: bob })).status).toBe(403);
    expect((await ask("POST", sync("/devices/r-bob/retire"), { token: bob })).status).toBe(204);
    expect((await ask("POST", sync("/devices/r-bob/retire"))).status).toBe(204);
    expect((await ask("POST", sync("/devices/nobody/retire"))).status).toBe(404);
  });
});

describe("blobs over HTTP", () => {
  const bytes = new TextEncoder().encode("0123456789".repeat(10));
  const hash = createHash("sha256").update(bytes).digest("hex");
  const at = (): string => sync(`/blobs/${hash}`);
  it("go up in parts, come down in ranges, and say what is missing", async () => {
    expect((await ask("POST", sync("/blobs/have"), { body: { hashes: [hash] } })).body).toEqual({ missing: [hash] });
    expect((await ask("PUT", at(), { body: bytes.subarray(0, 40), headers: { "content-range": "bytes 0-39/100" } })).body).toEqual({ hash, have: 40, total: 100, complete: false });
    expect(await ask("PUT", at(), { body: bytes.subarray(60), headers: { "content-range": "bytes 60-99/100" } })).toMatchObject({ status: 409, body: { have: 40, error: { code: "gap" } } });
    expect((await ask("PUT", at(), { headers: { "content-range": "bytes */100" } })).body).toMatchObject({ have: 40 });
    expect((await ask("GET", at())).status).toBe(404);
    expect((await ask("PUT", at(), { body: bytes.subarray(40), headers: { "content-range": "bytes 40-99/100" } })).body).toMatchObject({ complete: true });
    expect((await ask("POST", sync("/blobs/have"), { body: { hashes: [hash] } })).body).toEqual({ missing: [] });
    const part = await ask("GET", at(), { headers: { range: "bytes=8-11" } });
    expect([part.status, part.body, part.headers.get("content-range"), part.headers.get("content-length")]).toEqual([206, "8901", "bytes 8-11/100", "4"]);
    expect((await ask("GET", at(), { headers: { range: "bytes=-3" } })).body).toBe("789");
    expect(await ask("GET", at(), { headers: { range: "bytes=100-" } })).toMatchObject({ status: 416 });
    expect((await ask("GET", at(), { headers: { "if-none-match": `"${hash}"` } })).status).toBe(304);
    expect((await ask("GET", at())).body).toBe("0123456789".repeat(10));
  });
  it("are refused to viewers, under a wrong name, past the limits, and from other workspaces", async () => {
    const eve = await member("eve", "viewer");
    expect((await ask("PUT", at(), { token: eve, body: bytes })).status).toBe(403);
    expect(await ask("PUT", sync(`/blobs/${"0".repeat(64)}`), { body: bytes })).toMatchObject({ status: 422, body: { error: { code: "wrong-hash" } } });
    expect((await ask("PUT", at(), { body: bytes, headers: { "content-range": "bytes 0-9/100" } })).status).toBe(400);
    expect((await ask("PUT", at(), { body: bytes.subarray(0, 1), headers: { "content-range": `bytes 0-0/${300 << 20}` } })).status).toBe(413);
    expect((await ask("PUT", at(), { body: new Uint8Array((16 << 20) + 1) })).status).toBe(413);
    expect((await ask("PUT", sync("/blobs/nonsense"), { body: bytes })).status).toBe(400);
    await ask("PUT", at(), { body: bytes });
    await dep.accounts.addWorkspace({ id: "mine", name: "mine", createdAt: 0 }, (await dep.accounts.userByName("eve"))?.id ?? "");
    expect((await ask("GET", `/api/v1/sync/mine/blobs/${hash}`, { token: eve })).status).toBe(404);
    expect((await ask("GET", at(), { token: eve })).status).toBe(200);
  });
});

describe("digests", () => {
  it("prove a copy equal, and find what differs", async () => {
    for (let i = 0; i < 3; i++) await push(`r${i}`, `dag/${i}`);
    const { body: theirs } = await ask("GET", sync("/digest"));
    const { rows } = (await pull("reader")).body.answer;
    const mine = (of: readonly any[]) => [{ bucket: 0, count: of.length, hash: createHash("sha256").update(bucketText(of)).digest("hex") }];
    expect(theirs).toEqual({ head: 3, floor: 0, buckets: mine(rows) });
    expect(repairPlan(mine(rows.toReversed()), theirs.buckets)).toEqual([]);
    const spoilt = rows.map((row: any, i: number) => (i === 1 ? { ...row, siblings: [{ ...row.siblings[0], body: { a: 2 } }] } : row));
    expect([repairPlan(mine(spoilt), theirs.buckets), repairPlan([], theirs.buckets)]).toEqual([[0], [0]]);
    expect((await ask("GET", sync("/digest?from=2000"))).body).toEqual({ head: 3, floor: 0, buckets: [] });
    expect((await ask("GET", sync("/digest?from=x"))).status).toBe(400);
  });
});

describe("people", () => {
  it("are invited, added, given other roles and taken out by admins alone, who cannot leave a workspace without one", async () => {
    const bob = await member("bob", "operator");
    const list = (await ask("GET", people("/members"), { token: bob })).body;
    expect(list.map((one: any) => [one.name, one.role])).toEqual([["ann", "admin"], ["bob", "operator"]]);
    const [ann, bobId] = list.map((one: any) => one.user);
    expect((await ask("DELETE", people(`/members/${ann}`))).body.error.code).toBe("last-admin");
    expect((await ask("PUT", people(`/members/${bobId}`), { body: { role: "admin" } })).status).toBe(204);
    expect((await ask("DELETE", people(`/members/${ann}`), { token: bob })).status).toBe(204);
    expect((await ask("GET", people("/members"))).status).toBe(404);
    expect((await ask("POST", people("/members"), { token: bob, body: { name: "Ann", role: "viewer" } })).body).toEqual({ user: ann });
    expect((await ask("POST", people("/members"), { token: bob, body: { name: "eve", role: "viewer" } })).body.error.code).toBe("no-user");
    expect((await ask("PUT", people("/members/nobody"), { token: bob, body: { role: "viewer" } })).status).toBe(404);
    const { body: audit } = await ask("GET", people("/audit"), { token: bob });
    expect(audit.map((row: any) => row.action)).toEqual(expect.arrayContaining(["role viewer", "role none", "role admin", "invite", "sign-in", "set-up"]));
    expect((await ask("GET", people("/audit"))).status).toBe(403);
  });
  it("change their password, which signs their other devices out", async () => {
    const { token: phone } = (await ask("POST", "/api/v1/sign-in", { token: undefined, body: { name: "ann", password: "correct horse", device: "phone" } })).body;
    expect(await ask("POST", "/api/v1/me/password", { body: { current: "wrong horse", password: "battery staple" } })).toMatchObject({ status: 403, body: { error: { code: "wrong-password" } } });
    expect((await ask("POST", "/api/v1/me/password", { body: { current: "correct horse", password: "short" } })).status).toBe(400);
    expect((await ask("POST", "/api/v1/me/password", { body: { current: "correct horse", password: "battery staple" } })).body).toEqual({ signedOut: 1 });
    expect((await ask("GET", "/api/v1/me/workspaces", { token: phone })).status).toBe(401);
    expect((await ask("GET", "/api/v1/me/workspaces")).status).toBe(200);
    expect((await ask("POST", "/api/v1/sign-in", { token: undefined, body: { name: "ann", password: "correct horse", device: "x" } })).status).toBe(401);
  });
});

describe("watching", () => {
  it("counts without a name or a secret, for this machine alone or for who knows the token", async () => {
    await push("r-secret", "dag/named-thing");
    const { status, body } = await ask("GET", "/metrics", { token: undefined });
    expect(status).toBe(200);
    expect(body).toContain('dagbok_sync_edits_total{outcome="taken"} 1');
    expect(body).toContain('dagbok_http_requests_total{route="/api/v1/sync/:workspace",method="POST",status="200"} 1');
    expect(body).toMatch(/^dagbok_head 1$/m);
    for (const secret of ["ann", "r-secret", "named-thing", admin.token, admin.workspace]) expect(body).not.toContain(secret);
    expect((await ask("GET", "/metrics", { headers: { "x-forwarded-for": "10.0.0.1" } })).status).toBe(404);
    app = createApp({ ...dep, metricsToken: "m" });
    expect([(await ask("GET", "/metrics")).status, (await ask("GET", "/metrics", { token: "m" })).status]).toEqual([404, 200]);
    app = createApp({ ...dep, addressOf: () => "10.0.0.7" });
    expect((await ask("GET", "/metrics", { token: undefined })).status).toBe(404);
  });
  it("logs JSON lines that hold no token and no password, also where somebody passes one", async () => {
    await push("r1", "dag/1");
    dep.log.error({ authorization: `Bearer ${admin.token}`, deep: { password: "correct horse" }, error: "connect postgres://dagbok:hunter2@db/x" }, `said Bearer ${admin.token}`);
    const lines = logged.trim().split("\n").map((line) => JSON.parse(line));
    expect(lines).toContainEqual(expect.objectContaining({ level: "debug", route: "/api/v1/sync/:workspace", method: "POST", status: 200, msg: "request" }));
    for (const secret of [admin.token, "correct horse", "hunter2"]) expect(logged).not.toContain(secret);
  });
  it("answers 503 in its own words when the database fails, and counts it", async () => {
    app = createApp({ ...dep, accounts: { ...dep.accounts, tokenByHash: () => Promise.reject(Object.assign(new Error("gone postgres://u:pw@h/d"), { code: "ECONNREFUSED" })) } });
    const failed = await ask("GET", "/api/v1/me/workspaces");
    expect([failed.status, failed.body, failed.headers.get("retry-after")]).toEqual([503, { error: { code: "database", message: "The database does not answer: try again." } }, "5"]);
    expect(dep.metrics.text([])).toContain('dagbok_database_errors_total{where="request"} 1');
    expect(logged).not.toContain("u:pw");
  });
  it("sends large answers compressed to who takes that, and small ones as they are", async () => {
    await push("r1", "dag/1", { body: "x".repeat(5_000) });
    const answer = async (encoding: string): Promise<Response> => app.request(sync(), {
      method: "POST", headers: { authorization: `Bearer ${admin.token}`, "accept-encoding": encoding },
      body: JSON.stringify({ type: "pull", proof: { epoch: admin.epoch, token: [0, ""], replica: "z", acked: { n: 0, e: "" } }, cursor: 0, floor: 0, acknowledged: 0 }),
    });
    const zipped = await answer("gzip, br");
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    const wire = Buffer.from(await zipped.arrayBuffer());
    expect(wire.byteLength).toBeLessThan(1_000);
    expect(JSON.parse(gunzipSync(wire).toString())).toEqual(await (await answer("identity")).json());
    expect((await app.request("/api/v1/setup", { headers: { "accept-encoding": "gzip" } })).headers.get("content-encoding")).toBeNull();
  });
});

describe("hints", () => {
  it("that were lost are found by looking, told once, and end with the node", async () => {
    const heads = createHeads();
    const heard: (number | string)[] = [];
    const stop = heads.listen("w", { onHead: (head) => void heard.push(head), onEnd: () => void heard.push("end") });
    heads.publish("w", 1);
    await heads.poll(async () => 1);
    await heads.poll(async () => 2);
    await heads.poll(async () => 2);
    heads.end();
    expect([heard, heads.listeners()]).toEqual([[1, 2, "end"], 1]);
    stop();
    expect(heads.listeners()).toBe(0);
  });
  it("stop when the listener's role is taken away", async () => {
    const bob = await member("bob", "viewer");
    const id = (await dep.accounts.userByName("bob"))?.id ?? "";
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const stream = await app.request(sync("/events"), { headers: { authorization: `Bearer ${bob}` } });
    const text = stream.text();
    await vi.waitFor(() => expect(dep.heads.listeners()).toBe(1));
    await dep.accounts.setRole(admin.workspace, id, undefined);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await text).toContain("event: head");
    expect(dep.heads.listeners()).toBe(0);
  });
});
