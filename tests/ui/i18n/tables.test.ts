import { describe, expect, it } from "vitest";
import { en } from "../../../src/ui/i18n/en.ts";
import { zh } from "../../../src/ui/i18n/zh.ts";

const places = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].sort();

describe("the message tables", () => {
  it("name the same values in both languages", () => {
    const differing = Object.entries(en).filter(([key, text]) => places(text).join() !== places(zh[key as keyof typeof en]).join()).map(([key]) => key);
    expect(differing).toEqual([]);
  });
  it("leave nothing untranslated", () => {
    const same = Object.entries(en).filter(([key, text]) => zh[key as keyof typeof en] === text && /[a-z]{4,}/.test(text.replaceAll(/\{\w+\}/g, ""))).map(([key]) => key);
    expect(same.filter((key) => !/Web Locks|IndexedDB|set\.fact|DAG/.test(`${key} ${en[key as keyof typeof en]}`))).toEqual([]);
  });
  it("have an English plural where a number decides", () => {
    for (const [key, text] of Object.entries(en)) expect(text.split("|").length, key).toBeLessThanOrEqual(2);
  });
});
