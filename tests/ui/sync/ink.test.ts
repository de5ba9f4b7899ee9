import { describe, expect, it } from "vitest";
import { inked } from "../../../src/ui/sync/merge/ink.ts";

const inks = (line: string): string => inked(line).map(({ text, ink }) => (ink === "plain" ? text : `<${ink[0]}:${text}>`)).join("");

describe("the ink of a YAML line", () => {
  it.each([
    ['schedule: "0 8 * * *"', '<k:schedule><k::> <s:"0 8 * * *">'],
    ["  - id: load # the long one", "  - <k:id><k::> load<c: # the long one>"],
    ["    limit: 4", "    <k:limit><k::> <n:4>"],
    ["    run: echo ${HOME}/x-1 $A", "    <k:run><k::> echo <v:${HOME}>/x-1 <v:$A>"],
    ["  - plain text: no, a key", "  - <k:plain text><k::> no, a key"],
    ["# all", "<c:# all>"],
    ["", ""],
  ])("%s", (line, wanted) => {
    expect(inks(line)).toBe(wanted);
    expect(inked(line).map(({ text }) => text).join("")).toBe(line);
  });
});
