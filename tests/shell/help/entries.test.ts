/** The help as it is kept is the help the code gives. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { helpFiles, helpText } from "../../../src/cli/shell/help.ts";
import { helpEntries } from "../../../src/shell/help/read.ts";

describe("the help", () => {
  it.each(helpFiles)("in %s is what the tables say (write it anew: node --import tsx src/cli/shell/help.ts)", (file) => {
    expect(readFileSync(join(import.meta.dirname, "../../../src", file), "utf8")).toBe(helpText());
  });
  it("has a line in both languages for everything", () => {
    for (const { name, en, zh, options } of helpEntries) {
      expect([en, zh].every((text) => text.trim() !== ""), name).toBe(true);
      expect(zh, name).toMatch(/[\u4e00-\u9fff]/);
      for (const [flag, inEnglish, inChinese] of options) expect(flag.startsWith("-") || flag !== "" ? inEnglish !== "" && inChinese !== "" : false, `${name} ${flag}`).toBe(true);
    }
  });
});
