/** The contract of the server's sync sessions, run over every adapter with its database's own clock; `age` moves leases and starts into the past. */
import { beforeEach, describe, expect, it } from "vitest";
import { giveUp, leaseMs, move, type Session } from "../../src/core/replica/session.ts";
import type { NewSession, Sessions } from "../../src/ports/server/sessions.ts";

export interface OpenedSessions {
  readonly sessions: Sessions;
  readonly age: (ms: number) => Promise<unknown>;
}
const space = "w";
const dayMs = 24 * 3_600_000;

export const sessionsContract = (name: string, open: () => Promise<OpenedSessions>): void => {
  describe(`sessions over ${name}`, () => {
    let at: OpenedSessions;
    let made = 0;
    beforeEach(async () => {
      at = await open();
    });
    const begin = (key: string, over: Partial<NewSession> = {}): Promise<Session> =>
      at.sessions.open({ id: `s${++made}`, space, replica: "r1", user: "u1", key, cause: "manual", device: "laptop", node: "n1", ...over }, leaseMs);
    const apply = async (session: Session, asked: Parameters<typeof move>[1]): Promise<Session> => {
      const moved = move(session, asked, await at.sessions.now());
      if (!moved.ok) throw new Error(moved.error.type);
      expect(await at.sessions.put(session, moved.value, "n1")).toBe(true);
      return moved.value;
    };

    it("[V2] opens one session for one key, however many ask at once", async () => {
      const all = await Promise.all([begin("k"), begin("k"), begin("k")]);
      expect(new Set(all.map((one) => one.id)).size).toBe(1);
      expect(all[0]).toMatchObject({ state: "pending", fence: 1, cause: "manual", replica: "r1", device: "laptop", progress: { sent: 0 } });
      expect(all[0]!.leaseUntil - all[0]!.startedAt).toBe(leaseMs);
      expect(Math.abs((await at.sessions.now()) - all[0]!.startedAt)).toBeLessThan(60_000);
    });
    it("[L4] a newer session of the replica supersedes the live one, and leaves those of others alone", async () => {
      const [old, other, foreign] = [await begin("a"), await begin("a", { replica: "r2" }), await begin("f", { user: "u2" })];
      const fresh = await begin("b");
      expect(await at.sessions.find(space, old.id, "u1")).toMatchObject({ state: "failed", reason: "superseded", fence: 2 });
      expect((await at.sessions.list(space, 10)).filter((one) => one.endedAt === undefined).map((one) => one.id).sort()).toEqual([other.id, foreign.id, fresh.id].sort());
    });
    it("[V1] takes a move from the state it was read in, and from no other", async () => {
      const pending = await begin("k");
      const syncing = await apply(pending, { fence: 1, state: "syncing" });
      expect(await at.sessions.put(pending, giveUp(pending, "user", 1), "n1")).toBe(false);
      const done = await apply(syncing, { fence: 1, state: "completed", progress: { sent: 1, received: 2, unsent: 0, head: 3, seen: 3 } });
      expect(await at.sessions.find(space, pending.id, "u1")).toEqual(done);
      expect(await at.sessions.renew({ space, id: done.id, fence: 1, user: "u1", node: "n1" }, leaseMs)).toBe(false);
      expect(await at.sessions.find(space, pending.id, "somebody else")).toBeUndefined();
      expect(await at.sessions.find("elsewhere", pending.id, "u1")).toBeUndefined();
    });
    it("[V3] reaps what nobody has renewed within the lease, once", async () => {
      const [dead, alive] = [await begin("a"), await begin("a", { replica: "r2" })];
      await at.age(leaseMs - 5_000);
      expect(await at.sessions.reap()).toBe(0);
      expect(await at.sessions.renew({ space, id: alive.id, fence: 1, user: "u1", node: "n1" }, leaseMs)).toBe(true);
      await at.age(10_000);
      expect((await Promise.all([at.sessions.reap(), at.sessions.reap()])).sort()).toEqual([0, 1]);
      expect(await at.sessions.find(space, dead.id, "u1")).toMatchObject({ state: "stale", reason: "worker_lost", fence: 2 });
      expect(await at.sessions.renew({ space, id: dead.id, fence: 1, user: "u1", node: "n1" }, leaseMs)).toBe(false);
      expect(await at.sessions.find(space, alive.id, "u1")).toMatchObject({ state: "pending" });
    });
    it("closes the sessions of a node that shuts down, those it serves now", async () => {
      const [here, moved] = [await begin("a"), await begin("a", { replica: "r2" })];
      await at.sessions.renew({ space, id: moved.id, fence: 1, user: "u1", node: "n2" }, leaseMs);
      expect(await at.sessions.closeNode("n1")).toBe(1);
      expect(await at.sessions.find(space, here.id, "u1")).toMatchObject({ state: "failed", reason: "shutdown" });
      expect(await at.sessions.find(space, moved.id, "u1")).toMatchObject({ state: "pending" });
      expect(await at.sessions.countByState()).toEqual({ failed: 1, pending: 1 });
    });
    it("forgets ended sessions past the limit of a device, and old ones", async () => {
      for (let i = 0; i < 5; i++) {
        await begin(`k${i}`);
        await at.age(1_000);
      }
      expect(await at.sessions.trim(3, 30 * dayMs)).toBe(2);
      expect((await at.sessions.list(space, 10)).map((one) => one.state)).toEqual(["pending", "failed", "failed"]);
      await at.age(31 * dayMs);
      expect(await at.sessions.trim(50, 30 * dayMs)).toBe(2);
      expect((await at.sessions.list(space, 10)).map((one) => one.state)).toEqual(["pending"]);
    });
  });
};
