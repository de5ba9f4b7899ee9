import { describe, expect, it } from "vitest";
import { instant, runId } from "../../../src/core/base/brand.ts";
import type { LogChunk, LogStream } from "../../../src/ports/store.ts";
import { MergedLines, type Source } from "../../../src/ui/run/logs/merged-lines.ts";

const chunk = (step: string, n: number, at: number, text: string, stream: LogStream = "stdout"): LogChunk =>
  ({ run: runId("r"), attempt: 1, step, stream, n, offset: 0, bytes: new TextEncoder().encode(text), at: instant(at) });
const source = (step: string, isOpen = true, stream: LogStream = "stdout"): Source => ({ step, attempt: 1, stream, isOpen });
const shown = (merged: MergedLines): readonly string[] => merged.lines.map((line) => `${line.at} ${line.step} ${line.text}`);

describe("the log of all steps", () => {
  it("stands in the order of time, then of the steps, and keeps the order within a step", () => {
    const merged = new MergedLines();
    merged.take([source("a"), source("b")], [chunk("b", 0, 5, "b1\nb2\n"), chunk("a", 0, 5, "a1\n"), chunk("a", 1, 9, "a2\n"), chunk("b", 1, 7, "b3\n")]);
    expect(shown(merged)).toEqual(["5 a a1", "5 b b1", "5 b b2", "7 b b3", "9 a a2"]);
  });
  it("never moves what is there: late lines come after it, and a chunk is taken once", () => {
    const merged = new MergedLines();
    merged.take([source("a"), source("b")], [chunk("a", 0, 9, "late\n")]);
    merged.take([source("a"), source("b")], [chunk("b", 0, 3, "early\n"), chunk("a", 0, 9, "late\n")]);
    expect(shown(merged)).toEqual(["9 a late", "3 b early"]);
    expect([merged.next(source("a")), merged.next(source("c")), merged.bytes(source("b"))]).toEqual([1, 0, 6]);
  });
  it("waits for the end of a line, across chunks and letters of several bytes, until its step is done", () => {
    const merged = new MergedLines();
    const bytes = new TextEncoder().encode("50 %\r100 % ✓ done\nrest");
    const cut = (n: number, from: number, to: number): LogChunk => ({ ...chunk("a", n, n, ""), bytes: bytes.slice(from, to) });
    merged.take([source("a")], [cut(0, 0, 13), cut(1, 13, bytes.length)]);
    expect(shown(merged)).toEqual(["1 a 100 % ✓ done"]);
    merged.take([source("a", false)], []);
    expect(shown(merged)).toEqual(["1 a 100 % ✓ done", "1 a rest"]);
  });
});
