import { describe, expect, it } from "vitest";
import { bindParams, type Bound } from "../../../src/core/value/params/bind.ts";
import { callParams } from "../../../src/core/value/params/call.ts";
import type { Declared, DeclaredParams } from "../../../src/core/value/params/declared.ts";
import { paramsText, tokenize } from "../../../src/core/value/params/tokens.ts";

const named = (name: string, rest: Partial<Declared> = {}): Declared => ({ name, type: "string", required: false, ...rest });
const plain = (...declared: Declared[]): DeclaredParams => ({ form: declared.length === 0 ? "none" : "plain", declared });
const rich = (...declared: Declared[]): DeclaredParams => ({ form: "rich", declared });
const bind = (params: DeclaredParams, ...args: string[]): Bound => {
  const turn = bindParams(params, args, { host: () => undefined }).next();
  if (!turn.done) throw new Error("asked for a command");
  return turn.value;
};
const texts = (bound: Bound): readonly string[] | string => (bound.ok ? bound.params.map(({ name, value }) => `${name}=${value}`) : bound.message);

describe("binding of arguments (5.2)", () => {
  it("replaces by name and keeps declared order", () => {
    expect(texts(bind(plain(named("CITY", { default: "Oslo" }), named("N", { default: "3" })), "N=4"))).toEqual(["CITY=Oslo", "N=4"]);
  });
  it("never fills a declared name by position; the value is added under its index", () => {
    expect(texts(bind(plain(named("NOTE", { default: "none" })), "NOTE=hello big"))).toEqual(["NOTE=hello", "2=big"]);
    const bound = bind(plain(named("CITY", { default: "Oslo" })), "kiwi");
    expect(bound).toEqual({ ok: true, params: [{ name: "CITY", value: "Oslo" }, { name: "1", value: "kiwi" }], paramsJson: '{"1":"kiwi","CITY":"Oslo"}' });
  });
  it("replaces positional defaults", () => {
    expect(texts(bind(plain({ default: "apple", type: "string", required: false }, { default: "pear", type: "string", required: false }), "kiwi"))).toEqual(["1=kiwi", "2=pear"]);
  });
  it("fills rich params in order, named tokens uncounted", () => {
    expect(texts(bind(rich(named("A"), named("B", { type: "integer" })), "B=7", "x"))).toEqual(["A=x", "B=7"]);
  });
  it("refuses unknown names only beside declared ones", () => {
    expect(texts(bind(plain(named("CITY", { default: "Oslo" })), "TOWN=Rome"))).toContain('unknown parameter(s): "TOWN"; accepted parameters are: CITY');
    expect(texts(bind(plain(), "TOWN=Rome"))).toEqual(["TOWN=Rome"]);
  });
  it("counts positionals against all declared params", () => {
    expect(texts(bind(plain(named("A", { default: "" })), "a", "b"))).toBe("too many positional params: expected at most 1, got 2");
  });
  it("coerces and checks", () => {
    expect(texts(bind(rich(named("N", { type: "number" }), named("B", { type: "boolean" })), "N=2.50", "B=TRUE"))).toEqual(["N=2.5", "B=true"]);
    expect(texts(bind(rich(named("N", { type: "integer" })), "N=x"))).toContain('N: cannot coerce "x" to integer');
    expect(texts(bind(rich(named("N", { type: "integer", maximum: 10 })), "N=11"))).toContain("maximum: 11/1 is greater than 10.000000");
    expect(texts(bind(rich(named("S", { enum: ["dev", "prod"] })), "S=qa"))).toContain("enum: qa does not equal any of: [dev prod]");
    expect(texts(bind(rich(named("W", { required: true }))))).toContain('required: missing properties: ["WHO"]'.replace("WHO", "W"));
  });
  it("takes one JSON object, and keeps its text", () => {
    const text = '{"COUNT": 1000000, "L": [1,2]}';
    expect(bind(plain(named("COUNT", { default: "3" }), named("L", { default: "x" })), text)).toEqual({
      ok: true, params: [{ name: "COUNT", value: "1e+06" }, { name: "L", value: "[1 2]" }], paramsJson: text,
    });
  });
  it("leaves an optional param unset and the JSON absent", () => {
    expect(bind(rich(named("EXTRA")))).toEqual({ ok: true, params: [] });
  });
});
describe("params of a call (5.4)", () => {
  const names = { get: (name: string) => ({ A: "two words", B: 'q"x' })[name], host: () => undefined, ref: () => undefined };
  it("expands text and splits it again, spaces inside named values survive", () => {
    expect(tokenize(callParams({ type: "text", text: "X=${A} ${A} Y=plain" }, names)).map(({ name, value }) => [name, value])).toEqual([
      ["X", "two words"], [undefined, "two"], [undefined, "words"], ["Y", "plain"],
    ]);
  });
  it("keeps list and map values whole", () => {
    expect(tokenize(callParams({ type: "pairs", pairs: [{ name: "P", value: "${B} ${A}" }] }, names))).toEqual([{ name: "P", value: 'q"x two words', quoted: true }]);
  });
  it("reads back what it writes", () => {
    const pairs = [{ name: "A", value: "x y" }, { value: 'say "hi"' }];
    expect(tokenize(paramsText(pairs)).map(({ name, value }) => ({ ...(name === undefined ? {} : { name }), value }))).toEqual(pairs);
  });
});
