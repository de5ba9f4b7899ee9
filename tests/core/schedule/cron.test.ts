import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/base/brand.ts";
import { neverFires, nextFire, parseCron, type Cron } from "../../../src/core/schedule/cron.ts";
import { zoneOf } from "../../../src/core/schedule/zone.ts";

interface Corpus {
  from: string;
  to: string;
  valid: { expr: string; zone: string; count: number; sha256: string; first: string[]; last?: string }[];
  texts: { expr: string; error?: string; first?: string }[];
}
const corpus = JSON.parse(readFileSync(new URL("cron.json", import.meta.url), "utf8")) as Corpus;
const from = Date.parse(corpus.from), to = Date.parse(corpus.to);
/** Rows with more fires than this are compared by their first ones only: the rest adds minutes, not rules. */
const wholeMax = 9_000;
const utc = zoneOf("UTC")!;
const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
const parsed = (text: string): Cron => {
  const cron = parseCron(text);
  if (!cron.ok) throw new Error(cron.error.message);
  return cron.value;
};

describe("fire times", () => {
  it.each(corpus.valid.map((row) => [`${row.zone} ${row.expr}`, row] as const))("agree with Dagu's parser: %s", (_, row) => {
    const cron = parsed(`CRON_TZ=${row.zone} ${row.expr}`);
    const hash = createHash("sha256");
    const first: string[] = [];
    let count = 0, last: string | undefined;
    const whole = row.count <= wholeMax;
    for (let at = nextFire(cron, instant(from - 1), utc); at !== undefined && at < to; at = nextFire(cron, at, utc)) {
      last = minute(at);
      hash.update(`${last}\n`);
      count += 1;
      if (first.length < row.first.length) first.push(last);
      if (!whole && first.length === row.first.length) break;
    }
    if (!whole) return expect(first).toEqual(row.first);
    expect({ count, first, last, sha256: hash.digest("hex") }).toEqual({ count: row.count, first: row.first, last: row.last, sha256: row.sha256 });
  });
});

describe("texts", () => {
  it.each(corpus.texts.map((row) => [JSON.stringify(row.expr), row] as const))("are refused or taken as Dagu does: %s", (_, row) => {
    const cron = parseCron(row.expr);
    if (row.error === "the parser crashes") expect(cron.ok).toBe(false);
    else if (row.error !== undefined) expect(cron.ok ? "taken" : cron.error.message).toBe(row.error);
    else {
      const at = cron.ok ? nextFire(cron.value, instant(from - 1), utc) : undefined;
      expect(cron.ok && (at === undefined ? "never" : minute(at))).toBe(row.first);
      expect(cron.ok && neverFires(cron.value)).toBe(row.first === "never");
    }
  });
});
