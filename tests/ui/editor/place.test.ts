import { Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { keysAt, valuesAt } from "../../../src/core/spec/schema/lookup.ts";
import { insideScript, placeOf, valueBeside } from "../../../src/ui/editor/know/place.ts";

const text = `name: x
schedule:
  start:
    - "0 * * * *"
env:
  - A: 1
params:
  - name: P
    default: 1
    
steps:
  - name: one
    type: http
    with:
      timeout: 3
      
    retry_policy:
      limit: 3
      
  - name: two
    depends:
      - one
    script: |
      echo: not a key
      two
handler_on:
  exit:
    command: echo

list:
- a: 1
  b: 2
`;
const doc = Text.of(text.split("\n"));
const at = (line: number, column = doc.line(line).length) => {
  const { path, key } = placeOf(doc, line, column);
  return key === undefined ? path : `${path}:${key}`;
};

describe("the place of a line", () => {
  it.each([
    [1, ":name"], [3, "schedule:start"], [4, "schedule.start[]"], [6, "env[]:A"], [8, "params[]:name"], [9, "params[]:default"], [10, "params[]"], [12, "steps[]:name"], [13, "steps[]:type"],
    [15, "steps[].with:timeout"], [16, "steps[].with"], [18, "steps[].retry_policy:limit"], [19, "steps[].retry_policy"], [20, "steps[]:name"], [22, "steps[].depends[]"], [27, "handler_on:exit"], [28, "handler_on.exit:command"],
    [31, "list[]:a"], [32, "list[]:b"],
  ])("%i: %s", (line, place) => {
    expect(at(line)).toBe(place);
  });
  it("is that of the key while the cursor stands in it", () => {
    expect(at(13, 6)).toBe("steps[]");
    expect(at(1, 2)).toBe("");
  });
  it("leads to the keys and values that fit", () => {
    expect(keysAt(at(19)).map((help) => help.key)).toContain("interval_sec");
    expect(keysAt(at(16), valueBeside(doc, 14, "type")).map((help) => help.key)).toContain("headers");
    expect(keysAt(at(10)).map((help) => help.key)).toContain("pattern");
    expect(valuesAt("steps[].type").map((help) => help.value)).toContain("jq");
  });
  it("knows a script's lines from keys", () => {
    expect([insideScript(doc, 24), insideScript(doc, 25), insideScript(doc, 23), insideScript(doc, 28)]).toEqual([true, true, false, false]);
  });
  it("looks beside a key, not past its map", () => {
    expect([valueBeside(doc, 14, "type"), valueBeside(doc, 21, "type"), valueBeside(doc, 12, "type")]).toEqual(["http", undefined, "http"]);
  });
});
