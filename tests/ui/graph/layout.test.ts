import { describe, expect, it } from "vitest";
import { layOut, nodeHeight, nodeWidth, type Linked } from "../../../src/ui/graph/layout.ts";

const step = (name: string, ...depends: string[]): Linked => ({ name, depends });
const overlaps = (steps: readonly Linked[]): number => {
  const { nodes } = layOut(steps, "right");
  return nodes.flatMap((a, n) => nodes.slice(n + 1).filter((b) => Math.abs(a.x - b.x) < nodeWidth && Math.abs(a.y - b.y) < nodeHeight)).length;
};

describe("the layout of steps", () => {
  it("ranks a step one beyond the longest path to it", () => {
    const { nodes } = layOut([step("a"), step("b", "a"), step("c", "a", "b")], "right");
    expect(nodes.map(({ name, rank }) => [name, rank])).toEqual([["a", 0], ["b", 1], ["c", 2]]);
  });
  it("draws a cycle instead of refusing it", () => {
    const { nodes, wires } = layOut([step("a", "b"), step("b", "a")], "down");
    expect([nodes.length, wires.length]).toEqual([2, 2]);
  });
  it("marks an edge from a step that does not exist", () => {
    expect(layOut([step("a", "ghost")], "right").wires.map((wire) => wire.unknown)).toEqual([true]);
  });
  it("never lets two steps stand on each other", () => {
    const wide = Array.from({ length: 120 }, (_, n) => step(`s${n}`, ...(n < 8 ? [] : [`s${n - 8}`, `s${(n * 7) % (n - 7)}`])));
    expect(overlaps(wide)).toBe(0);
  });
  it("lays a thousand staged steps out quickly", () => {
    const many = Array.from({ length: 1000 }, (_, n) => step(`s${n}`, ...(n < 8 ? [] : [`s${n - 8}`])));
    const from = performance.now();
    layOut(many, "right");
    expect(performance.now() - from).toBeLessThan(1500);
  });
});
