/** The contract of the server's replicated rows, run over every adapter. */
import { beforeEach, describe, expect, it } from "vitest";
import { newClient, cutPull, cutPush, numbering, recordEdit, type Delta } from "../../src/core/replica/client.ts";
import { view } from "../../src/core/replica/own.ts";
import type { Answer } from "../../src/core/replica/protocol.ts";
import { receive } from "../../src/core/replica/receive.ts";
import type { EditId } from "../../src/core/replica/row.ts";
import type { ReplicaId } from "../../src/core/replica/version.ts";
import type { Spaces } from "../../src/ports/server/spaces.ts";
import { answer, sweepTombstones, type ReplicationDep, type Sender } from "../../src/server/replication.ts";
import { sliceOf } from "../sim/sync/world.ts";
import type { SimClient } from "../sim/sync/state.ts";

const space = "w";
const everyone: Sender = { space, isAllowed: () => true };
const day = 24 * 3_600_000;

export const spacesContract = (name: string, open: (now: () => number) => Promise<Spaces>): void => {
  describe(`spaces over ${name}`, () => {
    let now = 0;
    let dep: ReplicationDep;
    let made = 0;
    beforeEach(async () => {
      now = 1_000_000;
      const spaces = await open(() => now);
      dep = { spaces, now: () => now, ids: { next: () => `id${++made}`, random: () => 0 } };
      await spaces.create(space, "E0");
    });
    const device = (id: string): SimClient => ({
      head: newClient(id as ReplicaId, [{ id: "E0", restoredAt: 0 }]), own: [], offers: [], copy: {}, recovered: [], ghosts: {},
    });
    const keep = (client: SimClient, delta: Delta): void => {
      Object.assign(client, { head: delta.head, own: delta.own, offers: delta.offers });
      for (const row of delta.copyPut) client.copy[row.record] = row;
      for (const record of delta.copyDrop) delete client.copy[record];
    };
    const edit = (client: SimClient, record: string, body: string, deleted = false): void =>
      keep(client, recordEdit(sliceOf(client), { e: `e${++made}` as EditId, record, deleted, body }, true));
    const take = (client: SimClient, got: Answer | undefined): Answer => {
      if (got === undefined) throw new Error("no such space");
      keep(client, receive(sliceOf(client), got, () => `fresh${++made}` as ReplicaId));
      return got;
    };
    const push = async (client: SimClient): Promise<Answer | undefined> => {
      const cut = cutPush(sliceOf(client), 0);
      if (cut === undefined) return undefined;
      keep(client, cut.delta);
      return take(client, await answer(dep, everyone, cut.request));
    };
    const pull = async (client: SimClient): Promise<Answer> => take(client, await answer(dep, everyone, cutPull(sliceOf(client))));
    const shown = (client: SimClient, record: string): readonly unknown[] =>
      view(client.copy[record], client.own, numbering(client.head), record)?.siblings.map((s) => s.body) ?? [];

    it("[Z1] [18] shows another device what one pushed, conflicts included", async () => {
      const [a, b] = [device("a"), device("b")];
      edit(a, "r", "one");
      edit(b, "r", "two");
      await push(a);
      await push(b);
      await pull(a);
      await pull(b);
      expect([shown(a, "r"), shown(b, "r")]).toEqual([["one", "two"], ["one", "two"]]);
      edit(a, "r", "both");
      await push(a);
      await pull(b);
      expect(shown(b, "r")).toEqual(["both"]);
    });
    it("[16] repeats the answer of a batch whose answer was lost", async () => {
      const a = device("a");
      edit(a, "r", "one");
      const cut = cutPush(sliceOf(a), 0);
      if (cut === undefined) throw new Error("nothing to push");
      keep(a, cut.delta);
      await answer(dep, everyone, cut.request);
      const again = await answer(dep, everyone, cut.request);
      expect(again).toMatchObject({ type: "pushed", accepted: true, head: 1 });
      take(a, again);
      await pull(a);
      expect([a.own, shown(a, "r")]).toEqual([[], ["one"]]);
    });
    it("[P13] consumes a refused edit, tells so, and takes the others of the batch", async () => {
      const a = device("a");
      edit(a, "locked", "no");
      edit(a, "open", "yes");
      const cut = cutPush(sliceOf(a), 0);
      if (cut === undefined) throw new Error("nothing to push");
      keep(a, cut.delta);
      const answered = await answer(dep, { space, isAllowed: (sent) => sent.record !== "locked" }, cut.request);
      expect(answered).toMatchObject({ type: "pushed", setAside: [1], denied: [1] });
      const delta = receive(sliceOf(a), answered as Answer, () => "x" as ReplicaId);
      expect(delta.recovered.map((item) => [item.record, item.reason])).toEqual([["locked", "denied"]]);
    });
    it("[11] answers a clone with fork and changes nothing", async () => {
      const a = device("a");
      edit(a, "r", "mine");
      const clone = structuredClone(a);
      await push(a);
      edit(clone, "s", "other");
      const forked = await push(clone);
      expect(forked).toEqual({ type: "fork" });
      expect(await dep.spaces.head(space)).toBe(1);
    });
    it("[22] [23] collects a delete once everybody has seen it and the undo window is over", async () => {
      const [a, b] = [device("a"), device("b")];
      edit(a, "r", "one");
      await push(a);
      await pull(a);
      await pull(b);
      edit(b, "r", "", true);
      await push(b);
      await pull(b);
      await pull(b);
      now += 2 * day;
      expect(await sweepTombstones(dep, space)).toBe(0);
      await pull(a);
      await pull(a);
      expect(await sweepTombstones(dep, space)).toBe(1);
      await pull(a);
      expect(a.copy).toEqual({});
    });
    it("[25] a retired device no longer holds collection back, and comes back by itself", async () => {
      const [a, b] = [device("a"), device("b")];
      edit(a, "r", "one");
      await push(a);
      await pull(a);
      await pull(b);
      expect(await dep.spaces.retire(space, "b")).toBe(true);
      edit(a, "r", "", true);
      await push(a);
      await pull(a);
      await pull(a);
      now += 2 * day;
      expect(await sweepTombstones(dep, space)).toBe(1);
      expect((await pull(b)).type).toBe("rebase");
      await pull(b);
      expect(b.copy).toEqual({});
    });
    it("[Z1] serves many devices at once without losing or doubling an ordinal", async () => {
      const devices = Array.from({ length: 8 }, (_, i) => device(`d${i}`));
      devices.forEach((d, i) => edit(d, `r${i}`, `v${i}`));
      await Promise.all(devices.map(push));
      await Promise.all(devices.map(pull));
      const heads = devices.map((d) => Object.values(d.copy).map((row) => row.ord).sort((x, y) => x - y));
      expect(heads.at(-1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });
    it("takes a first sync of several pages", async () => {
      const a = device("a");
      a.own = Array.from({ length: 4_500 }, (_, i) => ({ e: `p${i}` as EditId, record: `r${i}`, deleted: false, body: i, ctx: {}, seen: 0, create: true, absorbed: [] }));
      await push(a);
      const b = device("b");
      let pages = 0;
      for (let last = false; !last; pages++) {
        const page = await pull(b);
        last = page.type !== "page" || page.last;
      }
      expect([pages, Object.keys(b.copy).length]).toEqual([3, 4_500]);
    }, 60_000);
  });
};
