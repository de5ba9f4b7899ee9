/** The files contract over the disk's devices, and what only a disk can get wrong: restarts, torn logs, reused blocks. */
import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { createMemoryDevices, type Devices } from "../../../src/adapters/disk/device.ts";
import { openDiskFiles, type DiskFiles } from "../../../src/adapters/disk/files.ts";
import { openIndexedDevices } from "../../../src/adapters/disk/indexed.ts";
import { filesContract } from "../../contracts/files.contract.ts";

const now = (): number => 1_700_000_000_000;
filesContract("a disk in memory", async () => openDiskFiles(createMemoryDevices(), now));
let last = 0;
filesContract("a disk in IndexedDB", async () => openDiskFiles(await openIndexedDevices(`disk-${(last += 1)}`), now));

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
/** Everything there is: path, kind, mode, content. */
const dump = async (files: DiskFiles, path = ""): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const name of await files.readdir(path === "" ? "/" : path)) {
    const full = `${path}/${name}`;
    const { kind, mode, size } = await files.stat(full, false);
    const content = kind === "file" ? text(await files.read(full, 0, size)) : kind === "symlink" ? await files.readlink(full) : "";
    lines.push(`${full} ${kind} ${mode.toString(8)} ${content}`, ...(kind === "directory" ? await dump(files, full) : []));
  }
  return lines;
};

describe("a disk", () => {
  it("is the same after a restart, whatever was done to it", async () => {
    const devices = createMemoryDevices();
    const files = await openDiskFiles(devices, now);
    let state = 7;
    const random = (max: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state % max;
    };
    const model = new Map<string, string>();
    await files.mkdir("/d", 0o755);
    for (let n = 0; n < 600; n += 1) {
      const path = `/d/f${random(12)}`;
      const piece = String.fromCharCode(97 + random(26)).repeat(random(20_000));
      const old = model.get(path);
      const act = random(5);
      if (act === 0 && old !== undefined) {
        await files.unlink(path);
        model.delete(path);
      } else if (act === 1 && old !== undefined) {
        const size = random(30_000);
        await files.truncate(path, size);
        model.set(path, old.slice(0, size).padEnd(size, "\0"));
      } else if (act === 2 && old !== undefined) {
        const at = random(30_000);
        await files.write(path, at, bytes(piece));
        if (piece.length > 0) model.set(path, old.slice(0, at).padEnd(at, "\0") + piece + old.slice(at + piece.length));
      } else {
        await files.create(path, 0o644, false);
        await files.write(path, "end", bytes(piece));
        model.set(path, (old ?? "") + piece);
      }
    }
    const expected = [...model].map(([path, content]) => `${path} file 644 ${content}`).sort();
    expect((await dump(files)).slice(1)).toEqual(expected);
    await files.close();
    const again = await openDiskFiles(devices, now);
    expect((await dump(again)).slice(1)).toEqual(expected);
    for (const path of model.keys()) await again.unlink(path);
    expect(again.usage().bytes).toBe(0);
  });

  it("forgets a torn last line and keeps all before it", async () => {
    const devices = createMemoryDevices();
    const files = await openDiskFiles(devices, now);
    await files.create("/a", 0o600, true);
    await files.write("/a", 0, bytes("hello"));
    const log = await devices.open("tree-0");
    log.write(log.size(), bytes('["n",99,"file",420,17'));
    const again = await openDiskFiles(devices, now);
    expect(await dump(again)).toEqual(["/a file 600 hello"]);
    await again.create("/b", 0o644, true);
    expect(await dump(await openDiskFiles(devices, now))).toEqual(["/a file 600 hello", "/b file 644 "]);
  });

  it("rewrites a log that is mostly history, and reads the same from it", async () => {
    const devices = createMemoryDevices();
    const files = await openDiskFiles(devices, now);
    await files.create("/kept", 0o644, true);
    await files.write("/kept", 0, bytes("kept"));
    for (let n = 0; n < 12_000; n += 1) {
      await files.create("/gone", 0o644, true);
      await files.write("/gone", 0, bytes("x"));
      await files.unlink("/gone");
    }
    const before = files.usage().logBytes;
    const again = await openDiskFiles(devices, now);
    expect(again.usage().logBytes).toBeLessThan(before / 100);
    expect(await dump(again)).toEqual(["/kept file 644 kept"]);
    expect(await dump(await openDiskFiles(devices, now))).toEqual(["/kept file 644 kept"]);
  });

  it("says ENOSPC when the device is full, and the rest stays readable", async () => {
    const plain = createMemoryDevices();
    let room = 40_000;
    const devices: Devices = {
      ...plain,
      open: async (name) => {
        const device = await plain.open(name);
        if (name !== "blocks") return device;
        return {
          ...device,
          write: (at, piece) => {
            room -= piece.length;
            if (room < 0) throw new DOMException("full", "QuotaExceededError");
            device.write(at, piece);
          },
        };
      },
    };
    const files = await openDiskFiles(devices, now);
    await files.create("/a", 0o644, true);
    await files.write("/a", 0, bytes("small"));
    await files.create("/b", 0o644, true);
    expect(() => files.write("/b", 0, new Uint8Array(100_000))).toThrow(expect.objectContaining({ code: "ENOSPC" }) as Error);
    expect(text(await files.read("/a", 0, 5))).toBe("small");
  });
});
