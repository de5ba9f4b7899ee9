import { describe, expect, it } from "vitest";
import { giveUp, isLive, isOverdue, leaseMs, mayBecome, move, noProgress, sessionReasons, sessionStates, type Session, type SessionMove } from "../../../src/core/replica/session.ts";
import { readSessionMark, sessionMark } from "../../../src/core/replica/wire/session.ts";

const born: Session = { id: "s", replica: "r", state: "pending", fence: 1, leaseUntil: leaseMs, startedAt: 0, cause: "boot", progress: noProgress, device: "laptop" };
const done = (from: Session, asked: SessionMove, now = 10): Session => {
  const moved = move(from, asked, now);
  if (!moved.ok) throw new Error("superseded");
  return moved.value;
};

describe("a session of sync", () => {
  it("[L1] becomes what the table allows, and nothing from an end", () => {
    const table = sessionStates.map((from) => [from, sessionStates.filter((to) => mayBecome(from, to))]);
    expect(Object.fromEntries(table)).toEqual({ pending: ["syncing", "failed", "stale"], syncing: ["completed", "failed", "stale"], completed: [], failed: [], stale: [] });
  });
  it("gets another lease with each sign of its owner, and its progress", () => {
    const progress = { ...noProgress, sent: 3 };
    expect(done(born, { fence: 1 }, 100)).toEqual({ ...born, leaseUntil: 100 + leaseMs });
    expect(done(done(born, { fence: 1, state: "syncing" }), { fence: 1, progress }, 50)).toMatchObject({ state: "syncing", progress, leaseUntil: 50 + leaseMs });
    expect(done(born, { fence: 1, state: "failed", reason: "user" }, 7)).toEqual({ ...born, state: "failed", reason: "user", endedAt: 7, leaseUntil: 7 });
  });
  it("[L2] refuses its owner once it was given up, whatever is asked", () => {
    for (const reason of sessionReasons) {
      const lost = giveUp(born, reason, 9);
      expect(lost).toMatchObject({ state: reason === "worker_lost" ? "stale" : "failed", fence: 2, endedAt: 9 });
      for (const state of [undefined, "syncing", "completed", "failed"] as const)
        expect(move(lost, { fence: 1, ...(state === undefined ? {} : { state }) }, 10)).toEqual({ ok: false, error: { type: "superseded", session: lost } });
      expect(giveUp(lost, "user", 11)).toBe(lost);
    }
  });
  it("[L3] answers an owner's repeated end as the first time, and no other end", () => {
    const ended = done(done(born, { fence: 1, state: "syncing" }), { fence: 1, state: "completed" });
    expect(done(ended, { fence: 1, state: "completed" }, 99)).toBe(ended);
    expect(move(ended, { fence: 1, state: "failed" }, 99).ok).toBe(false);
    expect(move(ended, { fence: 1 }, 99).ok).toBe(false);
    expect(move(born, { fence: 1, state: "completed" }, 1).ok).toBe(false);
  });
  it("is overdue when its lease has run out and it lives", () => {
    expect([isOverdue(born, leaseMs), isOverdue(born, leaseMs + 1), isOverdue(giveUp(born, "user", 1), leaseMs * 9)]).toEqual([false, true, false]);
    expect(sessionStates.filter(isLive)).toEqual(["pending", "syncing"]);
  });
  it("is named by requests in one header, and by nothing else", () => {
    expect(readSessionMark(sessionMark({ id: "0b1-x", fence: 3 }))).toEqual({ id: "0b1-x", fence: 3 });
    expect([undefined, "", "a", "a.", ".1", "a.b", "a.1.2", "a b.1"].map(readSessionMark)).toEqual(Array.from({ length: 8 }, () => undefined));
  });
});
