/** The contract of the server's bytes by hash, run over every adapter. */
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { graceMs } from "../../src/core/replica/wire/blob.ts";
import type { Blobs } from "../../src/ports/server/blobs.ts";
import type { Spaces } from "../../src/ports/server/spaces.ts";
import { answer } from "../../src/server/replication.ts";

export interface OpenedBlobs {
  readonly blobs: Blobs;
  readonly spaces: Spaces;
}
const space = "w";
const sha = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const blobsContract = (name: string, open: (now: () => number, spaceMax: number) => Promise<OpenedBlobs>): void => {
  describe(`blobs over ${name}`, () => {
    let now = 0;
    let at: OpenedBlobs;
    beforeEach(async () => {
      now = 1_000_000;
      at = await open(() => now, 1_000);
      await at.spaces.create(space, "E0");
    });
    const whole = (bytes: Uint8Array, hash = sha(bytes)): ReturnType<Blobs["put"]> =>
      at.blobs.put({ space, hash }, { first: 0, total: bytes.byteLength, bytes: bytes.byteLength }, bytes);
    const read = async (hash: string, first: number, last: number): Promise<string> => {
      const parts: Uint8Array[] = [];
      for await (const part of at.blobs.read({ space, hash }, first, last)) parts.push(part);
      return Buffer.concat(parts).toString();
    };

    it("stores bytes once and gives them back, whole and in ranges", async () => {
      const bytes = bytesOf("hello blobs");
      const hash = sha(bytes);
      expect(await at.blobs.missing(space, [hash, hash, sha(bytesOf("other"))])).toEqual([hash, sha(bytesOf("other"))]);
      expect(await whole(bytes)).toEqual({ hash, have: 11, total: 11, complete: true });
      expect(await whole(bytes)).toEqual({ hash, have: 11, total: 11, complete: true });
      expect([await at.blobs.missing(space, [hash]), await at.blobs.missing("elsewhere", [hash])]).toEqual([[], [hash]]);
      expect([await read(hash, 0, 10), await read(hash, 6, 8), await at.blobs.size(space, hash), await at.blobs.size("elsewhere", hash)]).toEqual(["hello blobs", "blo", 11, undefined]);
      const empty = new Uint8Array();
      expect(await whole(empty)).toMatchObject({ have: 0, total: 0, complete: true });
    });
    it("[B1] [B2] takes parts in order, goes on where it was cut, and shows nothing before the end", async () => {
      const bytes = bytesOf("0123456789");
      const key = { space, hash: sha(bytes) };
      const part = (first: number, size: number): ReturnType<Blobs["put"]> => at.blobs.put(key, { first, total: 10, bytes: size }, bytes.subarray(first, first + size));
      expect(await at.blobs.put(key, { first: 0, total: 10, bytes: 0 }, new Uint8Array())).toMatchObject({ have: 0, complete: false });
      expect(await part(4, 3)).toEqual({ type: "gap", have: 0 });
      expect(await part(0, 4)).toMatchObject({ have: 4 });
      expect(await part(0, 4)).toMatchObject({ have: 4 });
      expect(await part(6, 4)).toEqual({ type: "gap", have: 4 });
      expect(await at.blobs.put(key, { first: 4, total: 11, bytes: 3 }, bytes.subarray(4, 7))).toEqual({ type: "other-size", total: 10 });
      expect([await at.blobs.size(space, key.hash), await at.blobs.missing(space, [key.hash])]).toEqual([undefined, [key.hash]]);
      expect(await part(4, 6)).toMatchObject({ have: 10, complete: true });
      expect(await read(key.hash, 2, 6)).toBe("23456");
    });
    it("[B1] refuses bytes that are not what their name says, and forgets them", async () => {
      const hash = sha(bytesOf("right"));
      expect(await whole(bytesOf("wrong"), hash)).toEqual({ type: "wrong-hash" });
      expect(await at.blobs.put({ space, hash }, { first: 0, total: 5, bytes: 0 }, new Uint8Array())).toMatchObject({ have: 0 });
      expect(await whole(bytesOf("right"), hash)).toMatchObject({ complete: true });
    });
    it("keeps a space within its quota", async () => {
      expect(await whole(new Uint8Array(800))).toMatchObject({ complete: true });
      expect(await whole(new Uint8Array(300))).toEqual({ type: "quota", max: 1_000 });
    });
    it("[B3] sweeps what no row speaks of, after the grace, and never what one does", async () => {
      const [kept, gone, asked] = ["kept", "gone", "asked"].map(bytesOf).map((bytes) => [sha(bytes), bytes] as const);
      for (const one of [kept, gone, asked]) await whole(one![1]);
      await answer({ spaces: at.spaces, now: () => now, ids: { next: () => "c1", random: () => 0 } }, { space, isAllowed: () => true }, {
        type: "push", proof: { epoch: "E0", token: [0, ""], replica: "r" as never, acked: { n: 0, e: "" }, inflight: { n: 1, e: "e1" } },
        edits: [{ e: "e1" as never, record: "unknown/1", deleted: false, body: { deep: [{ hash: kept![0] }] }, ctx: {}, seen: 0, create: true, absorbed: [] }],
      });
      now += graceMs + 1_000;
      expect(await at.blobs.missing(space, [asked![0]])).toEqual([]);
      expect(await at.blobs.sweep(space, now - graceMs)).toBe(1);
      expect(await at.blobs.missing(space, [kept![0], gone![0], asked![0]])).toEqual([gone![0]]);
    });
  });
};
