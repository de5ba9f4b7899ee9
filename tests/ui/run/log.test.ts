import { describe, expect, it } from "vitest";
import { pieces, plain } from "../../../src/ui/run/logs/ansi.ts";
import { findAll, split, testOf } from "../../../src/ui/run/logs/find.ts";
import { kindOf, tableOf } from "../../../src/ui/run/artifacts/kind.ts";
import { ticksOf } from "../../../src/ui/run/timeline/ticks.ts";

describe("the colours of a log line", () => {
  it("names colours and drops what is no colour", () => {
    expect(pieces("\u001b[1;31mbad\u001b[0m ok\u001b[2K")).toEqual([{ text: "bad", tone: "a-red a-bold" }, { text: " ok", tone: "" }]);
    expect(plain("\u001b[32mgreen\u001b[39m\u001b]0;title\u0007!")).toBe("green!");
  });
});
describe("finding in a log", () => {
  const lines = ["One", "two", "one more", "three"];
  const hits = (wanted: Parameters<typeof findAll>[2]): readonly number[] => {
    let found: readonly number[] = [];
    findAll(lines.length, (n) => lines[n] ?? "", wanted, (all) => (found = all));
    return found;
  };
  it("looks at all lines, with case and patterns by choice", () => {
    expect(hits({ text: "one", matchCase: false, regex: false })).toEqual([0, 2]);
    expect(hits({ text: "one", matchCase: true, regex: false })).toEqual([2]);
    expect(hits({ text: "^t", matchCase: false, regex: true })).toEqual([1, 3]);
  });
  it("refuses a pattern that is none", () => expect(testOf({ text: "(", matchCase: false, regex: true })).toBeUndefined());
  it("splits a line at its hits", () => {
    expect(split("a.b.a", { text: "a", matchCase: true, regex: false })).toEqual([{ text: "a", hit: true }, { text: ".b.", hit: false }, { text: "a", hit: true }]);
  });
});
describe("previews", () => {
  it("go by the name", () => {
    expect(["a.chart.json", "b.json", "c.CSV", "d.svg", "e.html", "f.sqlite", "g"].map(kindOf)).toEqual(["chart", "json", "table", "image", "html", "binary", "text"]);
  });
  it("read quoted cells as RFC 4180 has it", () => {
    expect(tableOf('a,b\r\n"x, ""y""","line\nbreak"\n', ",", 10)).toEqual([["a", "b"], ['x, "y"', "line\nbreak"]]);
  });
});
describe("the time axis", () => {
  it("has at most six round ticks", () => {
    for (const span of [90, 500, 2300, 14_200, 61_000, 4_000_000, 1e9]) expect(ticksOf(span).length).toBeLessThanOrEqual(6);
    expect(ticksOf(14_200)).toEqual([0, 4000, 8000, 12_000]);
  });
});
