import { strToU8, zipSync, type Zippable } from "fflate";
import { describe, expect, it } from "vitest";
import { archiveMax, gather, textMax } from "../../../src/ui/import/gather.ts";

const file = (path: string, data: Uint8Array | string): { readonly path: string; readonly file: File } => ({ path, file: new File([typeof data === "string" ? data : new Uint8Array(data)], path.split("/").at(-1)!) });
const sized = (path: string, size: number) => ({ path, file: Object.defineProperty(new File(["x"], path), "size", { value: size }) });
const zip = (entries: Zippable): Uint8Array => zipSync(entries);
const take = (...files: readonly { readonly path: string; readonly file: File }[]) => gather(files, () => undefined);
const text = "steps:\n  - echo\n";

describe("what is dropped", () => {
  it("becomes texts, a base configuration and files", async () => {
    const got = await take(file("a.yaml", text), file("base.yaml", "env: []\n"), file("data/in.csv", "a,b\n"));
    expect([got.texts, got.base, [...got.files.keys()], got.refused]).toEqual([[{ path: "a.yaml", text }], { path: "base.yaml", text: "env: []\n" }, ["data/in.csv"], []]);
  });
  it("is a script or a crontab where no YAML is beside it", async () => {
    expect((await take(file("go.sh", "echo\n"), file("crontab", "0 * * * * a\n"))).texts.map(({ path }) => path)).toEqual(["go.sh", "crontab"]);
    expect((await take(file("go.sh", "echo\n"), file("a.yaml", text))).texts.map(({ path }) => path)).toEqual(["a.yaml"]);
  });
  it("is named with its reason when it is no text, too big or empty, and the rest goes on", async () => {
    const got = await take(file("photo.yaml", new Uint8Array([0, 1, 255])), file("latin.yaml", new Uint8Array([0x61, 0xe9])), file("long.yaml", "a".repeat(textMax + 1)), file("none.yaml", " \n"), sized("huge.zip", archiveMax + 1), file("ok.yaml", text));
    expect(got.texts.map(({ path }) => path)).toEqual(["ok.yaml"]);
    expect(got.refused.map(({ path, why }) => [path, why])).toEqual([["huge.zip", "too-big"], ["photo.yaml", "binary"], ["latin.yaml", "binary"], ["long.yaml", "too-big"], ["none.yaml", "empty"]]);
  });
  it("tells how far it is", async () => {
    const heard: string[] = [];
    await gather([file("a.yaml", text), file("b.yaml", text)], (done, of) => heard.push(`${done}/${of}`));
    expect(heard).toEqual(["0/2", "1/2"]);
  });
});
describe("an archive", () => {
  it("is unpacked, also under another name, and sorted like a folder", async () => {
    const bytes = zip({ "home/dags/a.yaml": strToU8(text), "home/dags/a/in.csv": strToU8("x"), "home/config.yaml": strToU8("port: 1\n"), "home/logs/a.log": strToU8("x") });
    const got = await take(file("home.backup", bytes));
    expect([got.texts.map(({ path }) => path), [...got.files.keys()], got.refused.map(({ path, why }) => [path, why])]).toEqual([["home/dags/a.yaml"], ["home/dags/a/in.csv"], [["home/config.yaml", "server"]]]);
  });
  it("that is damaged, cut off or none is named", async () => {
    const whole = zip({ "a.yaml": strToU8(text.repeat(50)) });
    const got = await take(file("none.zip", "hello"), file("cut.zip", whole.slice(0, 40)));
    expect(got.refused.map(({ path, why }) => [path, why])).toEqual([["none.zip", "bad-archive"], ["cut.zip", "bad-archive"]]);
  });
  it("cannot reach outside, nor unpack without end", async () => {
    const got = await take(file("evil.zip", zip({ "../../etc/a.yaml": strToU8(text), "in/b.yaml": strToU8(text), "in/bomb.bin": new Uint8Array(60 * 1_048_576) })));
    expect(got.texts.map(({ path }) => path)).toEqual(["in/b.yaml"]);
    expect(got.refused.map(({ path, why }) => [path, why])).toEqual([["../../etc/a.yaml", "outside"], ["in/bomb.bin", "too-big"]]);
  });
});
