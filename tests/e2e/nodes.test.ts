/** Two nodes of the server on one PostgreSQL, as processes of their own behind a proxy that misbehaves: what was acknowledged stays, and comes through. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../../src/adapters/sql/postgres.ts";
import type { Answer } from "../../src/core/replica/protocol.ts";
import { createApp } from "../../src/server/app.ts";
import { createWireDevice, enter, type Account, type WireDevice } from "../kit/device.ts";
import { faults, startFaultProxy, type FaultProxy } from "../kit/fault-proxy.ts";
import { startNode, type Node } from "../kit/node.ts";
import { startCluster, type Cluster } from "../kit/postgres.ts";
import { serverDep } from "../kit/server.ts";
import { seeded } from "../sim/random.ts";

let cluster: Cluster;
let data: string;
let databaseUrl: string;
const nodes: Node[] = [];
const stopped = new Set<Node>();
let proxy: FaultProxy;
let account: Account;
const start = (): Promise<Node> => startNode({ data, databaseUrl });
beforeAll(async () => {
  cluster = await startCluster();
  data = mkdtempSync(join(tmpdir(), "dagbok-nodes-"));
  databaseUrl = cluster.url("postgres");
  nodes.push(...(await Promise.all([start(), start()])));
  account = await enter(nodes[0]!.url);
});
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()));
  cluster.stop();
  rmSync(data, { recursive: true, force: true });
});
/** Nodes are kept from case to case, save those that a case stopped; a device is new in each. */
beforeEach(async () => {
  for (const [i, node] of nodes.entries()) if (stopped.delete(node)) nodes[i] = await start();
  proxy = await startFaultProxy(nodes.map((node) => node.url));
});
afterEach(() => proxy.close());
const stop = (node: Node, signal?: "SIGKILL"): Promise<number | null> => {
  stopped.add(node);
  return node.stop(signal);
};

const device = (url = proxy.url): Promise<WireDevice> => createWireDevice(() => url, account);
const headOf = (answer: Answer | undefined): number => {
  if (answer === undefined || !("head" in answer)) throw new Error(`no head in ${JSON.stringify(answer)}`);
  return answer.head;
};
/** Hears the heads that one node tells; `until` answers once one of at least `head` came. */
const listen = async (url: string): Promise<{ readonly until: (head: number) => Promise<void>; readonly ended: Promise<void> }> => {
  const response = await fetch(`${url}/api/v1/sync/${account.workspace}/events`, { headers: { authorization: `Bearer ${account.token}` } });
  const waiting: { readonly head: number; readonly hear: () => void }[] = [];
  let latest = -1;
  const read = async (): Promise<void> => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      for (const [, head] of chunk.matchAll(/"head":(\d+)/g)) latest = Math.max(latest, Number(head));
      for (const one of waiting) if (latest >= one.head) one.hear();
    }
  };
  const ended = read().catch(() => undefined);
  return { ended, until: (head) => new Promise((hear) => (latest >= head ? hear() : waiting.push({ head, hear }))) };
};
const sessions = async (url: string, path = "", body?: object): Promise<{ readonly status: number; readonly body: any }> => {
  const response = await fetch(`${url}/api/v1/sync/${account.workspace}/sessions${path}`, {
    headers: { authorization: `Bearer ${account.token}` }, ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
};

describe("two nodes on one database", () => {
  it("tell a push on one to those who listen at the other, who then see it there", async () => {
    const [one, two] = [await device(nodes[0]!.url), await device(nodes[1]!.url)];
    const heard = await listen(nodes[1]!.url);
    one.edit("dag/told", "by one");
    await heard.until(headOf(await one.push()));
    await two.sync();
    expect(two.shown("dag/told")).toEqual(["by one"]);
  });
  it("find what no hint has told, by looking themselves", async () => {
    const heard = await listen(nodes[1]!.url);
    const db = await openPostgres(databaseUrl, 0);
    // A node without its bridge: it commits, and its word is lost.
    const mute = createApp(serverDep(db, { isPostgres: true }));
    const request = { type: "push", proof: { epoch: (await device()).client.head.epoch, token: [0, ""], replica: "mute", acked: { n: 0, e: "" }, inflight: { n: 1, e: "e" } },
      edits: [{ e: "e", record: "dag/mute", deleted: false, body: 1, ctx: {}, seen: 0, create: true, absorbed: [] }] };
    const answered = await mute.request(`/api/v1/sync/${account.workspace}`, { method: "POST", body: JSON.stringify(request), headers: { authorization: `Bearer ${account.token}` } });
    await heard.until(headOf(((await answered.json()) as { readonly answer: Answer }).answer));
    await db.destroy();
  });
  it("lose nothing acknowledged when one is killed while it commits", async () => {
    const [writer, reader] = [await device(), await device()];
    const acknowledged: string[] = [];
    let killed: Promise<unknown> | undefined;
    for (let i = 0; i < 60; i++) {
      writer.edit(`dag/${i}`, i);
      const pushing = writer.push();
      if (i === 20) killed = stop(nodes[0]!, "SIGKILL");
      if ((await pushing)?.type === "pushed") acknowledged.push(`dag/${i}`);
    }
    await killed;
    expect(acknowledged.length).toBeGreaterThan(30);
    await reader.sync();
    expect(acknowledged.filter((record) => reader.shown(record).length !== 1)).toEqual([]);
    await writer.sync();
    await reader.sync();
    expect(Array.from({ length: 60 }, (_, i) => reader.shown(`dag/${i}`))).toEqual(Array.from({ length: 60 }, (_, i) => [i]));
    expect(writer.client.head.acked.n).toBe(60);
  });
  it("carry every edit once through a network that drops, delays, cuts, repeats, truncates and lies", async () => {
    const random = seeded(7);
    proxy.delayMs = 30;
    proxy.rule = ({ path }) => (path.endsWith("/epoch") || random.below(2) === 0 ? undefined : faults[random.below(faults.length)]);
    const devices = [await device(), await device()];
    for (let i = 0; i < 25; i++) {
      for (const [who, one] of devices.entries()) {
        one.edit(`dag/fault-${who}-${i}`, `${who} ${i}`);
        await one.push();
        await one.pull();
      }
    }
    expect(new Set(proxy.seen.map((one) => one.fault)).size).toBe(faults.length + 1);
    proxy.rule = undefined;
    for (const one of [...devices, ...devices]) await one.sync();
    const all = [0, 1].flatMap((who) => Array.from({ length: 25 }, (_, i) => [`dag/fault-${who}-${i}`, [`${who} ${i}`]] as const));
    for (const one of devices) expect(all.map(([record]) => [record, one.shown(record)])).toEqual(all);
    // Nobody was taken for a copy of itself: every repeated batch was recognised.
    expect(devices.map((one) => one.client.head.acked.n)).toEqual([25, 25]);
  });
  it("keep a session over both, and end those of a node that stops, with its streams", async () => {
    const opened = await sessions(nodes[0]!.url, "", { key: "k", replica: "r", cause: "boot" });
    const { id, fence } = opened.body.session;
    expect((await sessions(nodes[1]!.url, "", { key: "k", replica: "r", cause: "boot" })).body.session.id).toBe(id);
    expect((await sessions(nodes[1]!.url, `/${id}`, { fence, state: "syncing" })).body.session.state).toBe("syncing");
    const [left, stays] = [await listen(nodes[1]!.url), await listen(nodes[0]!.url)];
    expect(await stop(nodes[1]!)).toBe(0);
    await left.ended;
    const { body } = await sessions(nodes[0]!.url);
    expect(body.sessions.find((session: { readonly id: string }) => session.id === id)).toMatchObject({ state: "failed", reason: "shutdown" });
    expect(await sessions(nodes[0]!.url, `/${id}`, { fence, state: "completed" })).toMatchObject({ status: 409, body: { code: "superseded", session: { id } } });
    const one = await device(nodes[0]!.url);
    one.edit("dag/stays", 1);
    await stays.until(headOf(await one.push()));
  });
});
