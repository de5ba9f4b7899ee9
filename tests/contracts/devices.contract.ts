/** The contract of what the server knows of devices, run over every adapter. */
import { beforeEach, describe, expect, it } from "vitest";
import { openEpoch } from "../../src/core/replica/server.ts";
import type { PullRequest, PushRequest, Request } from "../../src/core/replica/protocol.ts";
import type { Accounts } from "../../src/ports/server/accounts.ts";
import type { Devices } from "../../src/ports/server/devices.ts";
import { foreignReplica, type Spaces } from "../../src/ports/server/spaces.ts";
import { answerCaller } from "../../src/server/replication.ts";

export interface OpenedDevices {
  readonly devices: Devices;
  readonly spaces: Spaces;
  readonly accounts: Accounts;
}
const space = "w";

export const devicesContract = (name: string, open: (now: () => number) => Promise<OpenedDevices>): void => {
  describe(`devices over ${name}`, () => {
    let now = 0;
    let at: OpenedDevices;
    let commits = 0;
    beforeEach(async () => {
      now = 1_000_000;
      commits = 0;
      at = await open(() => now);
      await at.spaces.create(space, "E0");
      await at.accounts.addUser({ id: "u1", name: "ann", password: "x", createdAt: 0 }, false);
      await at.accounts.addToken({ id: "t1", user: "u1", hash: "h", label: "laptop", createdAt: 0, seenAt: 0 });
    });
    const ask = (request: Request, user = "u1"): ReturnType<typeof answerCaller> =>
      answerCaller({ spaces: at.spaces, now: () => now, ids: { next: () => `c${++commits}`, random: () => 0 } },
        { space, isAllowed: () => true, caller: { user, token: "t1", appVersion: "1.2" } }, request);
    const pull = (replica: string, cursor = 0): PullRequest =>
      ({ type: "pull", proof: { epoch: "E0", token: [0, ""], replica: replica as never, acked: { n: 0, e: "" } }, cursor, floor: 0, acknowledged: cursor });
    const push = (replica: string, edits: readonly [string, unknown][]): PushRequest => ({
      type: "push", proof: { epoch: "E0", token: [0, ""], replica: replica as never, acked: { n: 0, e: "" }, inflight: { n: edits.length, e: `${replica}-${edits.length}` } },
      edits: edits.map(([record, body], i) => ({ e: `${replica}-${i + 1}` as never, record, deleted: body === undefined, body: (body ?? null) as never, ctx: {}, seen: 0, create: true, absorbed: [] })),
    });

    it("binds a replica to the first user it asks for, and serves no other with it", async () => {
      expect(await ask(push("r1", [["dag/1", { a: 1 }]]))).toMatchObject({ type: "pushed" });
      expect(await at.devices.owner(space, "r1")).toBe("u1");
      expect(await ask(pull("r1"), "u2")).toBe(foreignReplica);
      expect(await at.devices.list(space)).toEqual([
        { replica: "r1", user: "u1", userName: "ann", label: "laptop", token: "t1", appVersion: "1.2", retired: false, seenAt: 1_000_000, acknowledged: 0 },
      ]);
    });
    it("counts rows and tombstones, and tells the head with its commit", async () => {
      await ask(push("r1", [["dag/1", { a: 1 }], ["dag/2", undefined]]));
      expect(await at.devices.state(space)).toEqual({ space, epoch: "E0", head: 2, floor: 0, commit: "c1", rows: 2, tombstones: 1, lastTombstone: 2 });
      expect(await at.devices.heads()).toEqual([{ space, epoch: "E0", head: 2, commit: "c1" }]);
      expect([await at.devices.commitAt(space, 0), await at.devices.commitAt(space, 1), await at.devices.commitAt(space, 3), await at.devices.state("nowhere")]).toEqual(["", "c1", undefined, undefined]);
      expect(await at.devices.rowsBetween(space, 2, 9)).toMatchObject({ head: 2, floor: 0, rows: [{ record: "dag/2", ord: 2 }] });
    });
    it("[25] retires what was silent for too long; its next request undoes it", async () => {
      await ask(pull("old"));
      now += 1_000;
      await ask(pull("new"));
      expect(await at.devices.retireSilent(now - 500)).toBe(1);
      expect((await at.devices.list(space)).map((one) => [one.replica, one.retired])).toEqual([["new", false], ["old", true]]);
      await ask(pull("old"));
      expect((await at.devices.list(space)).map((one) => one.retired)).toEqual([false, false]);
    });
    it("[18] cuts a page by bytes, one row at least, and says that more follow", async () => {
      await ask(push("r1", [["dag/1", "x".repeat(700_000)], ["dag/2", "y".repeat(700_000)], ["dag/3", "z".repeat(2_000_000)], ["dag/4", "small"]]));
      const seen: unknown[] = [];
      for (let cursor = 0, last = false; !last; ) {
        const page = await ask(pull("r2", cursor));
        if (page === undefined || page === foreignReplica || page.type !== "page") throw new Error("no page");
        seen.push([page.rows.map((row) => row.record), page.cursor, page.last]);
        ({ cursor, last } = page);
      }
      expect(seen).toEqual([[["dag/1"], 1, false], [["dag/2"], 2, false], [["dag/3"], 3, false], [["dag/4"], 4, true]]);
    });
    it("[32] tells how much of a restored server's loss came back, and from how many devices", async () => {
      await ask(push("r1", [["dag/1", 1]]));
      await at.devices.noteOffer(space, "r1", 3);
      expect(await at.devices.recovery(space)).toEqual({ records: 0, devices: 0, left: 0 });
      await at.spaces.transact(space, { replicas: [], records: [], edits: [], ordinals: [] }, {
        commit: "E1", work: ({ head }) => ({ delta: openEpoch(head, "E1", head.ord, false), value: undefined }),
      });
      for (const left of [3, 2, 2]) await at.devices.noteOffer(space, "d1", left);
      await at.devices.noteOffer(space, "d2", 1);
      expect(await at.devices.recovery(space)).toEqual({ epoch: "E1", restoredAt: 1, records: 3, devices: 2, left: 1 });
    });
  });
};
