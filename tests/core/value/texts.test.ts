import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../../src/core/value/dotenv.ts";
import { goFloat, plainDigits } from "../../../src/core/value/go/number.ts";
import { goJson, goJsonIndent, goQuote, goValue } from "../../../src/core/value/go/text.ts";
import { splitItems } from "../../../src/core/value/items.ts";
import { createMasker, masked } from "../../../src/core/value/mask.ts";
import { findsPattern, matchesExpected } from "../../../src/core/value/match.ts";
import { decodeOutput } from "../../../src/core/value/output/decode.ts";
import { outputKey } from "../../../src/core/value/output/key.ts";
import { callResultText, parallelResultText } from "../../../src/core/value/output/result.ts";
import { environment, noLayers, variables } from "../../../src/core/value/scope.ts";

describe("Go's texts", () => {
  it.each([[1.5, "1.5"], [999999, "999999"], [1e6, "1e+06"], [1234567, "1.234567e+06"], [0.0001, "0.0001"], [0.00001, "1e-05"], [123456.7, "123456.7"], [0, "0"], [-2.5, "-2.5"]])("%%v of %d", (value, text) => {
    expect(goFloat(value)).toBe(text);
  });
  it("prints plain digits of any size", () => {
    expect([1e21, 1e-7, -1.25e-8, 1.5e22].map(plainDigits)).toEqual(["1000000000000000000000", "0.0000001", "-0.0000000125", "15000000000000000000000"]);
  });
  it("sorts keys and escapes HTML", () => {
    expect(goJson({ b: "<&>", a: [1, null, true] })).toBe('{"a":[1,null,true],"b":"\\u003c\\u0026\\u003e"}');
    expect(goJsonIndent({ a: [], b: { c: 1 } }, "    ")).toBe('{\n    "a": [],\n    "b": {\n        "c": 1\n    }\n}');
    expect(goValue({ b: [1, "x"], a: null })).toBe("map[a:<nil> b:[1 x]]");
  });
  it("quotes as strconv.Quote", () => {
    expect(goQuote('a"b\\c\n\t\x01\u00a0é$`')).toBe('"a\\"b\\\\c\\n\\t\\x01\\u00a0é$`"');
  });
});

describe("precedence (14.1)", () => {
  it("lets outputs beat secrets, step env beat outputs and push-back beat all", () => {
    const entry = (value: string): readonly { name: string; value: string }[] => [{ name: "V", value }];
    const layers = { ...noLayers, params: entry("param"), dagEnv: entry("env"), dotenv: entry("dotenv"), secrets: entry("secret") };
    expect(variables(layers).get("V")).toBe("secret");
    expect(variables({ ...layers, outputs: entry("out") }).get("V")).toBe("out");
    expect(variables({ ...layers, outputs: entry("out"), stepEnv: entry("step") }).get("V")).toBe("step");
    expect(variables({ ...layers, stepEnv: entry("step"), pushBack: entry("back") }).get("V")).toBe("back");
  });
  it("passes listed host names and prefixes only", () => {
    expect([...environment({ PATH: "/bin", SNEAKY: "x", DAG_EXTRA: "y", LC_TIME: "C" }, new Map()).keys()]).toEqual(["PATH", "DAG_EXTRA", "LC_TIME"]);
  });
});

describe("dotenv files", () => {
  it("reads quotes, references, comments and export", () => {
    expect(parseDotenv('A=1\nB=${A}-x\nC=\'${A}-y\'\nE=${D}-z\nF="l1\\nl2"\nG=`echo hi`\n# no\nexport H=two words # note\nI="a # b"\n').map(({ name, value }) => `${name}=${value}`)).toEqual([
      "A=1", "B=1-x", "C=${A}-y", "E=-z", "F=l1\nl2", "G=`echo hi`", "H=two words", "I=a # b",
    ]);
  });
});

describe("items of parallel (8.5)", () => {
  it.each([
    ['["a", 1, null, {"b":2}]', ["a", "1", "null", '{"b":2}']], ['{"x":1}', ['{"x":1}']], ["a\n\n b \n", ["a", "b"]], ['"one two" three', ["one two", "three"]],
    ["a,b,,c", ["a", "b", "c"]], ["a|b,c|d", ["a", "b,c", "d"]], ["a  b\tc", ["a  b", "c"]], ["x y z", ["x", "y", "z"]], ["", []],
  ])("%s", (text, items) => {
    expect(splitItems(text)).toEqual(items);
  });
});

describe("matching (7, 8.1)", () => {
  it("compares whole lines, searches with re:", () => {
    expect([matchesExpected("production", "prod"), matchesExpected("a\nprod\n", "prod"), matchesExpected("", "re:^$"), matchesExpected("v1.2", "re:1\\."), matchesExpected("x", "re:(")]).toEqual([false, true, true, true, false]);
  });
  it("finds substrings of lines", () => {
    expect([findsPattern("one warn\n", ["warn"]), findsPattern("one", ["re:^two"]), findsPattern("abc", ["zzz", "re:b"])]).toEqual([true, false, true]);
  });
});

describe("masking", () => {
  it("masks across every chunk border, longest first", () => {
    const text = "say hunter2000 and hunter2 twice hunter";
    const expected = masked(text, ["hunter2", "hunter2000", ""]);
    expect(expected).toBe("say ******* and ******* twice hunter");
    for (let cut = 0; cut <= text.length; cut++) {
      const masker = createMasker(["hunter2", "hunter2000"]);
      expect(masker.push(text.slice(0, cut)) + masker.push(text.slice(cut)) + masker.flush()).toBe(expected);
    }
  });
});

describe("outputs (6, 6.1)", () => {
  it("names run outputs", () => {
    expect(["MY_VAR", "simple", "mixedCase_Name", "A", "TOTAL_ROW_COUNT"].map(outputKey)).toEqual(["myVar", "simple", "mixedcaseName", "a", "totalRowCount"]);
  });
  it("decodes and selects", () => {
    expect(decodeOutput('{"i":[{"id":7}]}', "json", ".i[0].id")).toEqual({ ok: true, value: 7 });
    expect(decodeOutput("server:\n  port: 80\n", "yaml", ".server.port")).toEqual({ ok: true, value: 80 });
    expect(decodeOutput("{}", "json", ".gone")).toEqual({ ok: true, value: null });
    expect(decodeOutput("not-json", "json", "")).toEqual({ ok: false, message: "failed to decode JSON: invalid character 'o' in literal null (expecting 'u')" });
  });
  it("prints results of calls", () => {
    const result = { name: "kid", dagRunId: "R", params: "A=1", outputs: { B: "x", A: "<" }, status: "succeeded" };
    expect(callResultText(result)).toBe('{\n  "name": "kid",\n  "dagRunId": "R",\n  "params": "A=1",\n  "outputs": {\n    "A": "\\u003c",\n    "B": "x"\n  },\n  "status": "succeeded"\n}\n');
    expect(JSON.parse(parallelResultText([result, { ...result, status: "failed", params: "" }]))).toEqual({
      summary: { total: 2, succeeded: 1, failed: 1 },
      results: [result, { name: "kid", dagRunId: "R", outputs: { A: "<", B: "x" }, status: "failed" }],
      outputs: [{ A: "<", B: "x" }],
    });
  });
});
