/** What every Files must do: POSIX refusals, positional reads and writes, links, renames. */
import { describe, expect, it } from "vitest";
import type { Files } from "../../src/ports/files.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const filesContract = (name: string, open: () => Promise<Files>): void =>
  void describe(`the files contract over ${name}`, () => {
    const text = async (files: Files, path: string): Promise<string> => new TextDecoder().decode(await files.read(path, 0, 1 << 20));
    const put = async (files: Files, path: string, content: string): Promise<void> => {
      await files.create(path, 0o644, false);
      await files.truncate(path, 0);
      await files.write(path, 0, bytes(content));
    };
    const code = async (work: () => unknown): Promise<string | undefined> => {
      try {
        await work();
        return undefined;
      } catch (error) {
        return (error as { readonly code?: string }).code;
      }
    };

    it("[F2] reads and writes at positions and at the end, and answers the new size", async () => {
      const files = await open();
      await files.create("/a", 0o644, false);
      expect(await files.write("/a", 0, bytes("hello"))).toBe(5);
      expect(await files.write("/a", "end", bytes("!"))).toBe(6);
      expect(await files.write("/a", 8, bytes("x"))).toBe(9);
      expect(await text(files, "/a")).toBe("hello!\u0000\u0000x");
      expect(new TextDecoder().decode(await files.read("/a", 1, 3))).toBe("ell");
      expect((await files.read("/a", 50, 3)).length).toBe(0);
      await files.truncate("/a", 2);
      expect(await text(files, "/a")).toBe("he");
      await files.truncate("/a", 3);
      expect(await text(files, "/a")).toBe("he\u0000");
    });
    it("[F3] refuses with an errno", async () => {
      const files = await open();
      await files.mkdir("/d", 0o755);
      await put(files, "/d/f", "x");
      expect(await code(() => files.stat("/none"))).toBe("ENOENT");
      expect(await code(() => files.stat("/d/f/g"))).toBe("ENOTDIR");
      expect(await code(() => files.create("/none/f", 0o644, false))).toBe("ENOENT");
      expect(await code(() => files.create("/d/f", 0o644, true))).toBe("EEXIST");
      expect(await code(() => files.mkdir("/d", 0o755))).toBe("EEXIST");
      expect(await code(() => files.read("/d", 0, 1))).toBe("EISDIR");
      expect(await code(() => files.rmdir("/d"))).toBe("ENOTEMPTY");
      expect(await code(() => files.readdir("/d/f"))).toBe("ENOTDIR");
      expect(await code(() => files.write("/d/g", 0, bytes("x")))).toBe("ENOENT");
    });
    it("lists in byte order, removes, renames over", async () => {
      const files = await open();
      await files.mkdir("/d", 0o755);
      for (const name of ["b", "a", "C"]) await put(files, `/d/${name}`, name);
      expect(await files.readdir("/d")).toEqual(["C", "a", "b"]);
      await files.rename("/d/a", "/d/b");
      expect(await files.readdir("/d")).toEqual(["C", "b"]);
      expect(await text(files, "/d/b")).toBe("a");
      await files.unlink("/d/C");
      await files.rename("/d", "/e");
      expect(await files.readdir("/e")).toEqual(["b"]);
      await files.removeTree("/e");
      await files.removeTree("/e");
      expect(await code(() => files.stat("/e"))).toBe("ENOENT");
    });
    it("knows kinds, sizes, modes, times, and the same file by its number", async () => {
      const files = await open();
      await put(files, "/f", "four");
      await files.chmod("/f", 0o755);
      await files.utimes("/f", 1_000);
      const before = await files.stat("/f");
      expect(before).toMatchObject({ kind: "file", size: 4, mode: 0o755, mtimeMs: 1_000 });
      await files.rename("/f", "/g");
      expect((await files.stat("/g")).ino).toBe(before.ino);
    });
    it("follows symlinks, also broken and circular ones", async () => {
      const files = await open();
      await files.mkdir("/d", 0o755);
      await put(files, "/d/f", "x");
      await files.symlink("d", "/l");
      await files.symlink("/d/f", "/d/abs");
      await files.symlink("loop", "/loop");
      expect(await text(files, "/l/f")).toBe("x");
      expect(await text(files, "/l/abs")).toBe("x");
      expect((await files.stat("/l", false)).kind).toBe("symlink");
      expect((await files.stat("/l")).kind).toBe("directory");
      expect(await files.readlink("/l")).toBe("d");
      expect(await code(() => files.stat("/loop"))).toBe("ELOOP");
      await files.unlink("/l");
      expect(await text(files, "/d/f")).toBe("x");
    });
  });
