/** A server whose data was put back from a copy, as people do it: what devices still hold comes back, and an admin sees it come. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWireDevice, enter, type Account, type WireDevice } from "../kit/device.ts";
import { runCommand, startNode, type Node } from "../kit/node.ts";

let data: string;
let node: Node;
let account: Account;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), "dagbok-restore-"));
  node = await startNode({ data });
  account = await enter(node.url);
});
afterEach(async () => {
  await node.stop();
  rmSync(data, { recursive: true, force: true });
});
const device = (): Promise<WireDevice> => createWireDevice(() => node.url, account);
const recovery = async (): Promise<unknown> =>
  (await fetch(`${node.url}/api/v1/sync/${account.workspace}/recovery`, { headers: { authorization: `Bearer ${account.token}` } })).json();
const write = async (one: WireDevice, record: string): Promise<void> => {
  one.edit(record, record);
  await one.sync();
};

describe("a server restored from a copy", () => {
  it("takes back by the command, tells who gave what, and ends with everything", async () => {
    const [one, two] = [await device(), await device()];
    await write(one, "dag/before");
    await two.sync();
    const copy = join(data, "copy.sqlite");
    expect(await runCommand(["backup", copy], { data })).toMatchObject({ code: 0 });
    expect(await runCommand(["backup", copy], { data })).toMatchObject({ code: 1 });
    await write(one, "dag/after");
    await write(two, "dag/other");
    expect(await runCommand(["restore", copy], { data })).toMatchObject({ code: 1, said: expect.stringContaining("stop the server first") });
    await node.stop();
    expect(await runCommand(["restore", copy], { data })).toMatchObject({ code: 0 });
    expect(readdirSync(data).filter((name) => name.includes(".before-"))).toHaveLength(1);
    node = await startNode({ data });
    expect(node.said()).not.toContain("older than it was");
    expect(await recovery()).toMatchObject({ restoredAt: 1, records: 0, devices: 0 });
    for (const each of [one, two, one]) await each.sync();
    expect([one, two].map((each) => ["dag/before", "dag/after", "dag/other"].map((record) => each.shown(record)))).toEqual(
      [[["dag/before"], ["dag/after"], ["dag/other"]], [["dag/before"], ["dag/after"], ["dag/other"]]]);
    expect(await recovery()).toMatchObject({ devices: 2, left: 0 });
  });
  it("notices at its start a file that was put back by hand", async () => {
    const one = await device();
    await write(one, "dag/before");
    await node.stop();
    const [file, old] = [join(data, "dagbok.sqlite"), join(data, "old")];
    copyFileSync(file, old);
    node = await startNode({ data });
    await write(one, "dag/after");
    await node.stop();
    for (const rest of ["-wal", "-shm"]) if (existsSync(`${file}${rest}`)) rmSync(`${file}${rest}`);
    copyFileSync(old, file);
    node = await startNode({ data });
    expect(node.said()).toContain("older than it was");
    expect(await recovery()).toMatchObject({ restoredAt: 1 });
    const fresh = await device();
    await one.sync();
    await fresh.sync();
    expect([fresh.shown("dag/before"), fresh.shown("dag/after")]).toEqual([["dag/before"], ["dag/after"]]);
  });
  it("refuses what is no copy, and leaves the data alone", async () => {
    await write(await device(), "dag/1");
    await node.stop();
    writeFileSync(join(data, "noise"), "no database");
    expect(await runCommand(["restore", join(data, "noise")], { data })).toMatchObject({ code: 1, said: expect.stringContaining("is not a copy") });
    expect(await runCommand(["restore", join(data, "nowhere")], { data })).toMatchObject({ code: 1 });
    node = await startNode({ data });
    const fresh = await device();
    await fresh.sync();
    expect(fresh.shown("dag/1")).toEqual(["dag/1"]);
  });
});
