/** A real folder as part of a step's file system: nothing outside of it can be reached, whichever way one tries. */
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryFiles } from "../../../src/adapters/memory/files.ts";
import { createDiskFiles } from "../../../src/adapters/node/disk-files.ts";
import { readTextFile, writeWhole } from "../../../src/adapters/worker/files/whole.ts";
import type { Files } from "../../../src/ports/files.ts";

const at = "/folders/d";
let top: string;
let files: Files;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "dagbok-disk-"));
  for (const name of ["inside", "outside"]) mkdirSync(join(top, name));
  writeFileSync(join(top, "outside/secret.txt"), "out");
  writeFileSync(join(top, "inside/mine.txt"), "in");
  files = createDiskFiles({ at, folder: join(top, "inside") }, createMemoryFiles());
});
afterEach(() => rmSync(top, { recursive: true, force: true }));
const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return "done";
  } catch (error) {
    return (error as { readonly code?: string }).code ?? "error";
  }
};
const bytes = new TextEncoder().encode("evil");

describe("a folder of the disk", () => {
  it("reads and writes inside, and leaves other paths to the files below", async () => {
    await writeWhole(files, `${at}/new.txt`, bytes);
    expect([readFileSync(join(top, "inside/new.txt"), "utf8"), await readTextFile(files, `${at}/mine.txt`)]).toEqual(["evil", "in"]);
    await files.mkdir("/runs", 0o755);
    await writeWhole(files, "/runs/x", bytes);
    expect(await codeOf(() => files.rename("/runs/x", `${at}/x`))).toBe("EXDEV");
    expect(existsSync("/runs/x")).toBe(false);
  });
  it("refuses every way out", async () => {
    symlinkSync(join(top, "outside"), join(top, "inside/way"));
    symlinkSync(join(top, "outside/secret.txt"), join(top, "inside/file"));
    symlinkSync("../outside/not-there", join(top, "inside/dangling"));
    symlinkSync("/", join(top, "inside/root"));
    const tries: readonly (() => unknown)[] = [
      () => files.read(`${at}/../outside/secret.txt`, 0, 9), () => files.read(`${at}/way/secret.txt`, 0, 9), () => files.read(`${at}/file`, 0, 9),
      () => files.stat(`${at}/file`), () => files.readdir(`${at}/way`), () => files.readdir(`${at}/root`), () => files.write(`${at}/file`, 0, bytes),
      () => files.write(`${at}/file`, "end", bytes), () => files.truncate(`${at}/file`, 0), () => files.create(`${at}/way/made`, 0o644, false),
      () => files.create(`${at}/dangling`, 0o644, false), () => files.mkdir(`${at}/way/made`, 0o755), () => files.unlink(`${at}/way/secret.txt`),
      () => files.rename(`${at}/mine.txt`, `${at}/way/mine.txt`), () => files.rename(`${at}/way/secret.txt`, `${at}/stolen`),
      () => files.removeTree(`${at}/way/secret.txt`), () => files.chmod(`${at}/file`, 0o777), () => files.utimes(`${at}/file`, 0),
      () => files.symlink("x", `${at}/way/link`), () => files.rmdir(`${at}/way/..`),
    ];
    const codes = await Promise.all(tries.map(codeOf));
    expect(codes.map((code, n) => (code === "done" ? `try ${n}` : "")).filter((text) => text !== "")).toEqual([]);
    expect([readFileSync(join(top, "outside/secret.txt"), "utf8"), existsSync(join(top, "outside/not-there")), existsSync(join(top, "outside/made"))]).toEqual(["out", false, false]);
  });
  it("follows a link that leads nowhere yet, inside", async () => {
    symlinkSync("sub/later.txt", join(top, "inside/soon"));
    mkdirSync(join(top, "inside/sub"));
    await writeWhole(files, `${at}/soon`, bytes);
    expect(readFileSync(join(top, "inside/sub/later.txt"), "utf8")).toBe("evil");
  });
  it("removes a link, not what it points to", async () => {
    symlinkSync(join(top, "outside"), join(top, "inside/way"));
    await files.removeTree(`${at}/way`);
    expect([existsSync(join(top, "inside/way")), existsSync(join(top, "outside/secret.txt"))]).toEqual([false, true]);
  });
  it("makes log files when they are asked for", async () => {
    await files.write("/runs/r/logs/1/a.out", "end", bytes);
    expect(await readTextFile(files, "/runs/r/logs/1/a.out")).toBe("evil");
    expect(await codeOf(() => files.write("/runs/r/work/a.out", "end", bytes))).toBe("ENOENT");
  });
  it("keeps a hard link's other name out of reach of a rename", async () => {
    linkSync(join(top, "inside/mine.txt"), join(top, "inside/again.txt"));
    await files.rename(`${at}/again.txt`, `${at}/third.txt`);
    expect(await readTextFile(files, `${at}/third.txt`)).toBe("in");
  });
});
